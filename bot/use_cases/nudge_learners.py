"""A manager's nudge: shown before it is sent, then one job that asks for each learner's own working hours."""

from bot.authority import NotAllowedError, authorise
from bot.deps import Deps
from bot.manager_screens import NudgePreview
from bot.people import Person
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.manage_cohorts import FormError, cohort_in_use, today_of
from bot.use_cases.remind_learners import AT_ONCE, ask_to_nudge_one, pace_missed, situation_of
from bot.views.reminders import nudge_words
from course.reminders import MAX_UNANSWERED, Refusal, local_day, next_working_time, refusal
from storage.cohorts import Cohort
from storage.transaction import Transaction

_WHY_NOT: dict[Refusal, str] = {
    "stopped": "stopped reminders",
    "silent": f"did not answer {MAX_UNANSWERED} reminders",
    "snoozed": "asked to be left alone for now",
    "today": "were reminded today",
}


def preview_nudge(deps: Deps, person: Person, cohort_id: str, user_id: str | None) -> NudgePreview:
    """Return what a nudge would send and to whom, before anything is sent."""
    with deps.database.begin() as tx:
        authorise(tx, person, "nudge")
        cohort = cohort_in_use(tx, person, cohort_id)
        return _preview(deps, tx, person, cohort, user_id)


def ask_to_nudge(deps: Deps, person: Person, cohort_id: str, user_id: str | None) -> NudgePreview:
    """Ask for the nudge to everybody who is behind, or to one; each gets it in their own working hours."""
    now = deps.now()
    with deps.database.begin() as tx:
        authorise(tx, person, "nudge")
        cohort = cohort_in_use(tx, person, cohort_id)
        shown = _preview(deps, tx, person, cohort, user_id)
        if not shown.user_ids:
            raise FormError("nudge", "Nobody would get it, so nothing was sent.")
        detail = {"people": len(shown.user_ids)}
        tx.audit.append(person.team_id, person.user_id, "nudged", f"cohort:{cohort_id}", detail, now)
        tx.jobs.enqueue(
            "nudge_cohort",
            "managers",
            f"nudge:{person.team_id}:{cohort_id}:{user_id or 'late'}:{now:%Y-%m-%dT%H}",
            person.team_id,
            cohort_id,
            user_id,
            person.user_id,
            partition_key=person.team_id,
        )
    return shown


def nudge_cohort(deps: Deps, team_id: str, cohort_id: str, user_id: str | None, actor_id: str) -> int:
    """Enqueue each learner's nudge, a few in each transaction; returns how many. Runs as a job."""
    now, person = deps.now(), Person(team_id, actor_id)
    with deps.database.begin() as tx:
        cohort = tx.cohorts.get(team_id, cohort_id)
        try:
            authorise(tx, person, "nudge")
        except NotAllowedError:
            return 0
        if cohort is None or cohort.archived_at:
            return 0
        chosen = _preview(deps, tx, person, cohort, user_id).user_ids
        standings = tx.reminders.standings(team_id, cohort_id, user_id)
    for start in range(0, len(chosen), AT_ONCE):
        with deps.database.begin() as tx:
            for one in chosen[start : start + AT_ONCE]:
                ask_to_nudge_one(tx, standings[one], actor_id, now, "")
    return len(chosen)


def _preview(
    deps: Deps, tx: Transaction, person: Person, cohort: Cohort, user_id: str | None
) -> NudgePreview:
    now, module = deps.now(), deps.current_module()
    asked = question_about(module, cohort, today_of(deps, tx, person))
    if user_id:
        row = tx.overview.learner(asked, user_id)
        rows = [row] if row and row.status not in {"passed", "paused"} else []
    else:
        rows = tx.overview.learners(asked, is_behind=True)
    standings = tx.reminders.standings(person.team_id, cohort.cohort_id, user_id)
    chosen: list[str] = []
    num_waiting = 0
    reasons: dict[str, int] = {}
    variants: dict[str, int] = {}
    for row in rows:
        one = standings[row.user_id]
        if why_not := refusal(situation_of(one), now):
            reasons[_WHY_NOT[why_not]] = reasons.get(_WHY_NOT[why_not], 0) + 1
            continue
        when = next_working_time(one.zone, now, on_weekends=one.on_weekends)
        chosen.append(row.user_id)
        num_waiting += when > now
        today = local_day(one.zone, when)
        who = f"<@{person.user_id}>"
        text = nudge_words(module.title, cohort, who, one.due_on, today, pace_missed(asked, row))
        variants[text] = variants.get(text, 0) + 1
    by_number = sorted(variants.items(), key=lambda one: -one[1])
    return NudgePreview(cohort, tuple(by_number), tuple(chosen), num_waiting, tuple(reasons.items()))
