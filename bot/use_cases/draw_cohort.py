"""The cohort's picture in Slack: drawn in a job when the numbers have changed, the old one taken away."""

from bot.cohort_chart import draw_cohorts
from bot.deps import Deps
from bot.people import Person
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.manage_cohorts import today_of
from course import progress
from storage.boards import Chart

_MAX_ROWS = 12


def draw_cohort(deps: Deps, team_id: str, cohort_id: str, fingerprint: str, user_id: str) -> bool:
    """Draw and upload the picture; returns False when it is there already or the cohort is gone."""
    module = deps.current_module()
    titles = [
        step.id.replace("-", " ").capitalize() for step in progress.steps(module)
    ]  # titles are too long
    with deps.database.read() as tx:
        cohort = tx.cohorts.get(team_id, cohort_id)
        old = tx.boards.chart(team_id, cohort_id)
        if cohort is None or (old and old.fingerprint == fingerprint):
            return False
        today = today_of(deps, tx, Person(team_id, user_id))
        asked = question_about(module, cohort, today)
        per_day = tx.overview.per_day(asked)
        num_learners = tx.overview.totals(asked).num_learners
        others = [one for one in tx.cohorts.in_use(team_id) if one.cohort_id != cohort_id]
        rows = []
        for one in [cohort, *others][:_MAX_ROWS]:
            about = question_about(module, one, today)
            size = tx.overview.totals(about).num_learners
            counts = tx.overview.per_step(about)
            rows.append((one.name, [counts[step_id] / size if size else 0.0 for step_id in about.step_ids]))
    picture = draw_cohorts(cohort, per_day, num_learners * len(titles), today, titles, rows)
    messenger = deps.messenger_for(team_id)
    file_id, upload_url = messenger.start_upload("cohort.png", len(picture.png), picture.alt_text)
    messenger.send_bytes(upload_url, picture.png)
    messenger.finish_upload(file_id, f"Progress of {cohort.name}")
    with deps.database.begin() as tx:
        tx.boards.put_chart(Chart(team_id, cohort_id, fingerprint, file_id, picture.alt_text, deps.now()))
    if old:
        messenger.delete_file(old.file_id)
    return True
