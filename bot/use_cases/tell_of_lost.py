"""Owning up to what could not be done: nobody waits for an answer that will not come."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.deps import Deps
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.say_once import say_once
from bot.views.help import build_remark_message
from storage.later_tries import LostJob
from storage.transaction import Transaction

UNANSWERED = (
    "I could not answer your message: something went wrong on our side, several times. Please send it again."
)
UNDONE = "Something you asked for did not work, several times. It is our fault. Please ask for it again."
UNSENT = "Slack did not take all files of this result. To get them, have it labelled again."
NOT_SHOWN = (
    "The result could not be shown: something went wrong on our side, several times. Please try again."
)
#: In the place of each of these where another try would fail alike.
NO_USE = "{what}: a fault of ours that another try would not change. Please tell whoever runs this app the number {number}."
#: What a person asked for, and would wait for.
_ASKED_FOR = frozenset(
    {"open_lab", "export_labs", "debrief_lab", "score_clip", "show_doubt", "send_practice", "read_roster", "export_cohort"}
)  # fmt: skip
#: Later than this, an answer to what somebody wrote would only puzzle them.
_STILL_REMEMBERED = timedelta(days=2)

logger = logging.getLogger(__name__)


def ask_to_tell(tx: Transaction, lost: LostJob) -> None:
    """Enqueue the words about a job that is not tried any more."""
    logger.error("Job %s (%s) is lost, number %s", lost.job_id, lost.workflow, number_of(lost.job_id))
    if lost.workflow != "tell_of_lost":
        tx.jobs.enqueue(
            "tell_of_lost",
            "replies",
            f"lost:{lost.job_id}",
            lost.workflow,
            lost.job_id,
            lost.user_key,
            list(lost.arguments),
            lost.is_permanent,
            user_key=lost.user_key,
        )


def number_of(job_id: str) -> str:
    """Return the number under which a lost job stands in the log and in what its person reads.

    >>> number_of("event:Ev1")
    'e55170ee'
    """
    return hashlib.sha256(job_id.encode()).hexdigest()[:8]


def tell_of_lost(
    deps: Deps,
    workflow: str,
    job_id: str,
    user_key: str,
    arguments: Sequence[Any],
    is_permanent: bool = False,
) -> None:
    """Say that something was lost to whoever waits for it, and let go of what was kept for it."""

    def words(usual: str, what: str) -> str:
        return NO_USE.format(what=what, number=number_of(job_id)) if is_permanent else usual

    match workflow:
        case "handle_event":
            said = words(UNANSWERED, "I could not answer your message")
            _let_event_go(deps, job_id, said, *arguments)
        case "answer_lab_turn":
            said = words(UNANSWERED, "I could not answer your message")
            _say_in_lab(deps, job_id, said, *arguments)
        case "show_clip":
            unsent = words(UNSENT, "Not all files of this result could be sent")
            _let_clip_go(deps, unsent, words(NOT_SHOWN, "The result could not be shown"), *arguments)
        case _ if workflow in _ASKED_FOR and user_key:
            person = Person(*user_key.split(":", 1))
            said = words(UNDONE, "Something you asked for did not work")
            say_once(
                deps, person.team_id, f"lost:{job_id}", dm_channel(deps, person), build_remark_message(said)
            )
        case _:
            pass


def _let_event_go(deps: Deps, job_id: str, said: str, event_id: str, user_id: str) -> None:
    with deps.database.read() as tx:
        kept = tx.inbox.get(event_id)
    if kept is None or kept.payload is None:
        return
    is_said = kept.kind in {"message", "app_mention", "shortcut"}
    if is_said and user_id and deps.now() - kept.received_at < _STILL_REMEMBERED:
        channel_id = dm_channel(deps, Person(kept.team_id, user_id))
        here = kept.payload if kept.payload.get("channel") == channel_id else {}
        thread_ts = here.get("thread_ts") or (here.get("ts") if here.get("files") else None)
        key, message = f"lost:{job_id}", build_remark_message(said)
        say_once(deps, kept.team_id, key, channel_id, message, thread_ts=thread_ts)
    with deps.database.begin() as tx:
        tx.inbox.handled(event_id, deps.now())


def _say_in_lab(deps: Deps, job_id: str, said: str, team_id: str, session_id: str, turn_id: str) -> None:
    with deps.database.read() as tx:
        session = tx.labs.get(team_id, session_id)
        turn = tx.labs.turn(team_id, turn_id)
    if session and turn and turn.state == "stored":
        message = build_remark_message(said)
        place = session.channel_id, session.thread_ts
        say_once(deps, team_id, f"lost:{job_id}", place[0], message, thread_ts=place[1])
        deps.messenger_for(team_id).set_status(*place, "")


def _let_clip_go(deps: Deps, unsent: str, not_shown: str, team_id: str, clip_id: str) -> None:
    """End a clip whose result was on its way, so that its learner can go on with it."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip, work = tx.clips.get(team_id, clip_id), tx.clip_queue.get(team_id, clip_id)
        if clip is None or work is None:
            return
        has_result = tx.clips.load(team_id, clip_id, "result") is not None
        if tx.clips.move(team_id, clip_id, {"replying"}, "done" if has_result else "failed", now):
            tx.clips.update(team_id, clip_id, now, error=unsent if has_result else not_shown)
            tx.clip_queue.ask_to_show(clip, work.run, "lost")
