"""What a cohort's channel is told: a weekly digest if a manager switched it on, and who agreed to be congratulated."""

import logging
from datetime import datetime, timedelta

from bot.deps import Deps
from bot.messenger import Message
from bot.people import Person
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.manage_cohorts import today_of
from bot.views.reminders import build_congratulation_message, build_digest_message
from course import progress
from course.reminders import is_working_time
from storage.cohorts import Cohort

_WEEK = timedelta(days=7)

logger = logging.getLogger(__name__)


def post_digests(deps: Deps) -> int:
    """Post the digest of each cohort that wants one, on its maker's Monday; returns how many were posted."""
    now, module = deps.now(), deps.current_module()
    num_posted = 0
    with deps.database.begin() as tx:
        wanted = [one for one in tx.cohorts.in_use() if one.posts_digest and one.channel_id]
    for cohort in wanted:
        with deps.database.begin() as tx:
            maker = tx.people.get(cohort.team_id, cohort.created_by)
            today = today_of(deps, tx, Person(cohort.team_id, cohort.created_by))
            zone = maker.zone if maker else None
            if today.weekday() != 0 or not is_working_time(zone, now, on_weekends=False):
                continue
            asked = question_about(module, cohort, today)
            totals = tx.overview.totals(asked)
            per_day = tx.overview.per_day(asked)
        num_stops = sum(number for day, number in per_day.items() if today - _WEEK <= day < today)
        message = build_digest_message(cohort, sum(totals.values()), totals["passed"], num_stops)
        num_posted += _say(deps, cohort, f"digest:{cohort.cohort_id}:{today.isoformat()}", message, now)
    return num_posted


def congratulate(deps: Deps) -> int:
    """Congratulate in their cohort's channel who passed in the last week and agreed; once each."""
    now, module = deps.now(), deps.current_module()
    last_step = progress.steps(module)[-1].id
    num_posted = 0
    with deps.database.begin() as tx:
        found = tx.reminders.to_congratulate(last_step, module.id, now - _WEEK)
    for team_id, cohort_id, user_id in found:
        with deps.database.begin() as tx:
            cohort = tx.cohorts.get(team_id, cohort_id)
            known = tx.people.get(team_id, user_id)
        if cohort:
            message = build_congratulation_message(
                user_id, known.name if known else "A learner", module.title
            )
            num_posted += _say(deps, cohort, f"congratulate:{cohort_id}:{user_id}", message, now)
    return num_posted


def _say(deps: Deps, cohort: Cohort, key: str, message: Message, now: datetime) -> bool:
    """Claim, then post: at most once, whatever happens in between."""
    channel_id = str(cohort.channel_id)
    with deps.database.begin() as tx:
        _, is_new = tx.posts.claim(cohort.team_id, key, channel_id, None, now)
    if not is_new:
        return False
    try:
        ts = deps.messenger_for(cohort.team_id).post(channel_id, message, key=key)
    except Exception as error:  # noqa: BLE001 - a channel that the app was not added to must not stop the others
        logger.warning("a cohort's channel could not be told: %s", type(error).__name__)
        return False
    with deps.database.begin() as tx:
        tx.posts.sent(cohort.team_id, key, ts)
    return True
