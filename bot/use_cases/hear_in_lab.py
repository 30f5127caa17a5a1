"""What learners write, change and take back in a lab's thread: kept in the transaction that keeps the event.

Nothing here speaks to Slack, and none of it waits for a job: an edit or a deletion reaches the persona even
while it is answering.
"""

import re
from datetime import datetime
from typing import Any

from bot.people import Person
from bot.slack_words import spoken
from bot.use_cases.talk_in_lab import (
    ask_for_debrief,
    ask_for_reply,
    ask_to_judge_again,
    take_back_reply,
)
from storage.labs import LabSession
from storage.transaction import Transaction

_ASKS_FOR_DEBRIEF = re.compile(
    r"\W*(?:(?:please|show|give|me|my|the|a|can i (?:have|see)|could i (?:have|see)|i would like|i['’]d like)\W+)*"
    r"debrief(?:ing)?(?:\W+(?:me|please|now))*\W*",
    re.IGNORECASE,
)


def hear_in_lab(tx: Transaction, person: Person, event_id: str, event: dict[str, Any], now: datetime) -> bool:
    """Take a message event of a lab's thread; False when somebody else has to look at it, too."""
    if event.get("channel_type") != "im":
        return False
    subtype = event.get("subtype")
    message = event.get("message") or event.get("previous_message") or event
    session = _session(tx, person, str(event.get("channel")), message)
    if session is None:
        return False
    turn_id = f"{session.session_id}.{message.get('ts')}"
    text = spoken(str(message.get("text") or ""))
    if subtype == "message_changed":
        _change(tx, person, session, turn_id, text, event_id)
    elif subtype == "message_deleted":
        _take_back(tx, person, session, turn_id)
    elif subtype in {None, "thread_broadcast", "file_share"} and text.strip():
        _hear(tx, person, session, turn_id, text, str(event["ts"]), event_id, now)
        return not event.get("files")
    else:
        return False
    return True


def asks_for_debrief(text: str) -> bool:
    """Tell whether the message is a wish for the debrief and nothing else.

    >>> asks_for_debrief("Debrief, please!"), asks_for_debrief("Show me my debrief")
    (True, True)
    >>> asks_for_debrief("A clerk gets a debrief on every name.")
    False
    """
    return bool(_ASKS_FOR_DEBRIEF.fullmatch(text.strip()[:80])) and len(text.strip()) <= 80  # noqa: PLR2004


def _session(tx: Transaction, person: Person, channel_id: str, message: dict[str, Any]) -> LabSession | None:
    thread_ts = message.get("thread_ts")
    session = tx.labs.by_thread(person.team_id, channel_id, str(thread_ts)) if thread_ts else None
    return session if session and session.user_id == person.user_id else None


def _hear(
    tx: Transaction,
    person: Person,
    session: LabSession,
    turn_id: str,
    text: str,
    ts: str,
    event_id: str,
    now: datetime,
) -> None:
    if asks_for_debrief(text):
        ask_for_debrief(tx, person, session.session_id, event_id)
    elif tx.labs.add_turn(person.team_id, session.session_id, turn_id, "learner", text, ts, now):
        ask_for_reply(tx, person, session.session_id, turn_id)
        tx.reminders.answered(person.team_id, person.user_id, now)


def _change(
    tx: Transaction, person: Person, session: LabSession, turn_id: str, text: str, event_id: str
) -> None:
    """Keep the new words. A reply that is not written yet answers them; else they are only counted anew."""
    turn = tx.labs.turn(person.team_id, turn_id)
    if turn is None or turn.state == "deleted" or turn.text == text:
        return
    if not text.strip():
        _take_back(tx, person, session, turn_id)
        return
    tx.labs.update_turn(person.team_id, turn_id, text=text)
    if turn.state == "done":
        ask_to_judge_again(tx, person, session, turn_id, event_id)


def _take_back(tx: Transaction, person: Person, session: LabSession, turn_id: str) -> None:
    """Forget the words and what was answered to them; an exchange that counted counts no more."""
    turn = tx.labs.turn(person.team_id, turn_id)
    if turn is None or turn.state == "deleted":
        return
    tx.labs.update_turn(person.team_id, turn_id, text="", state="deleted", counts=False)
    take_back_reply(tx, person, session, turn_id)
