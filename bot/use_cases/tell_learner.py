"""A word to learners about what managers did for them: enrolled, moved, given more time, let begin anew.

It comes in the learner's own working hours, by a job, once.
"""

from bot.deps import Deps
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.say_once import say_once
from bot.views.learner_words import Change, build_change_message
from course import progress
from course.reminders import is_working_time, local_day, next_working_time
from storage.transaction import Transaction

#: What many get waits for what somebody waits for: lower runs first, and jobs without a number before all.
PRIORITY = 10
#: One transaction for all would keep everybody else from writing.
_AT_ONCE = 50


def greet_newcomers(deps: Deps) -> int:
    """Have those told who were enrolled and are at work now; returns how many."""
    now = deps.now()
    with deps.database.begin() as tx:
        awake = [
            one for one in tx.enrolments.newcomers() if is_working_time(one.zone, now, on_weekends=False)
        ]
    for start in range(0, len(awake), _AT_ONCE):
        with deps.database.begin() as tx:
            for one in awake[start : start + _AT_ONCE]:
                tx.enrolments.welcomed(one.team_id, one.cohort_id, one.user_id, now)
                stamp = f"{one.enrolled_at:%Y%m%dT%H%M%S}"
                _ask(tx, one.team_id, one.user_id, one.cohort_id, "enrolled", stamp)
    return len(awake)


def ask_to_tell_learner(deps: Deps, tx: Transaction, person: Person, cohort_id: str, change: Change) -> None:
    """Have a learner told of a change that was made in this transaction."""
    now = deps.now()
    known = tx.people.get(person.team_id, person.user_id)
    when = next_working_time(known.zone if known else None, now, on_weekends=False)
    stamp = f"{now:%Y%m%dT%H%M%S}"
    delay_s = (when - now).total_seconds()
    _ask(tx, person.team_id, person.user_id, cohort_id, change, stamp, delay_s)


def tell_learner(deps: Deps, team_id: str, user_id: str, cohort_id: str, change: Change, stamp: str) -> bool:
    """Say it as things stand now; returns False where it does not hold any more."""
    module = deps.current_module()
    with deps.database.begin() as tx:
        cohort = tx.cohorts.get(team_id, cohort_id)
        place = tx.enrolments.get(team_id, cohort_id, user_id)
        if cohort is None or cohort.archived_at or place is None or place.state == "left":
            return False
        known = tx.people.get(team_id, user_id)
        today = local_day(known.zone if known else None, deps.now())
        row = tx.overview.learner(question_about(module, cohort, today), user_id)
    if change == "enrolled" and row and row.passed_at:
        return False
    message = build_change_message(
        change, module.title, cohort, place, today, row.num_done if row else 0, len(progress.steps(module))
    )
    channel_id = dm_channel(deps, Person(team_id, user_id))
    say_once(deps, team_id, f"learner:{cohort_id}:{user_id}:{change}:{stamp}", channel_id, message)
    return True


def _ask(
    tx: Transaction,
    team_id: str,
    user_id: str,
    cohort_id: str,
    change: Change,
    stamp: str,
    delay_s: float = 0.0,
) -> None:
    tx.jobs.enqueue(
        "tell_learner",
        "managers",
        f"learner:{team_id}:{cohort_id}:{user_id}:{change}:{stamp}",
        team_id,
        user_id,
        cohort_id,
        change,
        stamp,
        user_key=f"{team_id}:{user_id}",
        partition_key=team_id,
        priority=PRIORITY,
        delay_s=delay_s or None,
    )
