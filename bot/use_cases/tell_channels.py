"""What a cohort's channel is told: a weekly digest if a manager switched it on, and who agreed to be congratulated."""

import logging
from datetime import date, datetime, timedelta

from bot.deps import Deps
from bot.errors import NotPostedError
from bot.messenger import Message
from bot.people import Person
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.manage_cohorts import today_of
from bot.use_cases.see_channel import NOT_A_MEMBER
from bot.views.reminders import build_congratulation_message, build_digest_message
from course import progress
from course.reminders import is_working_time
from storage.cohorts import Cohort
from storage.posts import Post
from storage.transaction import Transaction

_WEEK = timedelta(days=7)
#: A digest that could not be posted on Monday may still come until Wednesday.
_LAST_WEEKDAY = 2
_LOST_AFTER = timedelta(minutes=10)
#: As stored when nobody knows whether a message arrived; the words for it are the views'.
UNSURE = "no_answer"

logger = logging.getLogger(__name__)


def post_digests(deps: Deps) -> int:
    """Post the digest of each cohort that wants one, on its maker's Monday; returns how many were posted.

    One that Slack refuses is tried again until Wednesday; one of which nobody knows whether it arrived is not.
    """
    now, module = deps.now(), deps.current_module()
    num_posted = 0
    with deps.database.read() as tx:
        wanted = [one for one in tx.cohorts.in_use() if one.posts_digest and one.channel_id]
    for cohort in wanted:
        with deps.database.begin() as tx:
            maker = tx.people.get(cohort.team_id, cohort.created_by)
            today = today_of(deps, tx, Person(cohort.team_id, cohort.created_by))
            zone = maker.zone if maker else None
            monday = today - timedelta(days=today.weekday())
            key = f"digest:{cohort.cohort_id}:{monday.isoformat()}"
            if (
                today.weekday() > _LAST_WEEKDAY
                or not is_working_time(zone, now, on_weekends=False)
                or not _is_wanted(cohort, monday, today)
            ):
                continue
            if before := tx.posts.find(cohort.team_id, key):
                _note_lost(tx, cohort, before, now)
                continue
            asked = question_about(module, cohort, today)
            totals = tx.overview.totals(asked)
            per_day = tx.overview.per_day(asked)
        num_stops = sum(number for day, number in per_day.items() if monday - _WEEK <= day < monday)
        message = build_digest_message(cohort, totals.num_learners, totals.by_status["passed"], num_stops)
        num_posted += _say(deps, cohort, key, message, now)
    return num_posted


def congratulate(deps: Deps) -> int:
    """Congratulate in their cohort's channel who passed in the last week and agreed; once each."""
    now, module = deps.now(), deps.current_module()
    last_step = progress.steps(module)[-1].id
    num_posted = 0
    with deps.database.read() as tx:
        found = tx.reminders.to_congratulate(last_step, module.id, now - _WEEK)
    for team_id, cohort_id, user_id in found:
        key = f"congratulate:{cohort_id}:{user_id}"
        with deps.database.read() as tx:
            cohort = tx.cohorts.get(team_id, cohort_id)
            known = tx.people.get(team_id, user_id)
            is_new = tx.posts.find(team_id, key) is None
        if cohort and is_new:
            message = build_congratulation_message(
                user_id, known.name if known else "A learner", module.title
            )
            num_posted += _say(deps, cohort, key, message, now)
    return num_posted


def _is_wanted(cohort: Cohort, monday: date, today: date) -> bool:
    """Tell whether this week's digest is due: on Monday, or after one that was refused."""
    return today == monday or cohort.channel_fault is not None


def _note_lost(tx: Transaction, cohort: Cohort, post: Post, now: datetime) -> None:
    """Note that a process died between its claim and Slack's answer."""
    if post.ts is None and post.claimed_at < now - _LOST_AFTER and cohort.channel_fault is None:
        tx.cohorts.set_channel_fault(cohort.team_id, cohort.cohort_id, UNSURE)


def _say(deps: Deps, cohort: Cohort, key: str, message: Message, now: datetime) -> bool:
    """Claim, then post: at most once, whatever happens in between. What Slack refuses may be tried again."""
    team_id, channel_id = cohort.team_id, str(cohort.channel_id)
    with deps.database.begin() as tx:
        _, is_new = tx.posts.claim(team_id, key, channel_id, None, now)
    if not is_new:
        return False
    fault, ts = None, None
    try:
        ts = deps.messenger_for(team_id).post(channel_id, message, key=key)
    except NotPostedError:
        fault = NOT_A_MEMBER
    except Exception as error:  # noqa: BLE001 - one channel must not stop the others
        logger.warning("nobody knows whether a cohort's channel was told: %s", type(error).__name__)
        fault = UNSURE
    with deps.database.begin() as tx:
        if fault == NOT_A_MEMBER:
            tx.posts.release(team_id, key)
        elif ts:
            tx.posts.sent(team_id, key, ts)
        if fault != cohort.channel_fault:
            tx.cohorts.set_channel_fault(team_id, cohort.cohort_id, fault)
    return ts is not None
