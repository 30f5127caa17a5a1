"""Letting go of what only the machinery needed: jobs that ended, events and lists that came, notes of what was said."""

from datetime import timedelta

from bot.deps import Deps
from bot.people import Person
from storage.errors import NotWipedError
from storage.job_records import JobRecords
from storage.transaction import Transaction

#: Slack delivers an event again for an hour at most, and a job is begun anew for two days.
_JOBS_KEPT = timedelta(days=7)
#: Longer than anything that a message of ours is about is kept.
_POSTS_KEPT_LONGER = timedelta(days=30)
#: Said once in a lifetime: without the note it would be said again.
_SAID_FOR_GOOD = ("certificate:", "congratulate:")
#: What is being said to the person at this moment ends by then, and cleans up after itself.
_LET_END_S = 20.0


def tidy_up(deps: Deps) -> int:
    """Delete what is old; returns how many jobs went."""
    now = deps.now()
    num_jobs = JobRecords(deps.database).delete_ended_before(now - _JOBS_KEPT)
    kept = timedelta(days=max(deps.clip_retention_days, deps.lab_retention_days)) + _POSTS_KEPT_LONGER
    with deps.database.begin() as tx:
        tx.inbox.delete_before(now - _JOBS_KEPT)
        tx.rosters.delete_before(now - _JOBS_KEPT)
        tx.posts.delete_before(now - kept, except_for=_SAID_FOR_GOOD)
    deps.database.wipe_deleted()
    return num_jobs


def ask_to_forget_jobs(deps: Deps, tx: Transaction, person: Person) -> None:
    """Enqueue the deletion of the person's jobs, in the transaction that forgets what they were about."""
    key = f"{person.team_id}:{person.user_id}"
    # Nobody's job by its key, or it would delete itself.
    tx.jobs.enqueue(
        "forget_jobs",
        "replies",
        f"forget:{key}:{deps.new_id()}",
        key,
        partition_key=f"forget:{key}",
        delay_s=_LET_END_S,
    )


def forget_jobs(deps: Deps, user_key: str) -> None:
    """Delete all jobs of a person, and what SQLite still holds of the rows that went.

    Raises:
        NotWipedError: It still holds something; to be tried again.
    """
    JobRecords(deps.database).delete_of(user_key)
    if not deps.database.wipe_deleted():
        raise NotWipedError(
            "What was deleted is not overwritten yet: the database is busy, or its disk is full."
        )
