"""A lab's conversation as a tutor, the export and the debrief read it: its stored turns in order."""

from collections.abc import Sequence

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.tutor.protocol import Author, Conversation, LabTurn
from bot.use_cases.course_state import module_as_of
from course.model import Lab, Lesson, Module
from storage.labs import LabSession, StoredTurn
from storage.transaction import Transaction

#: Longer messages are kept whole, but only so much of them is read.
MAX_TURN_CHARS = 4_000
#: Begins what stands for a message's ts in the turn of a pressed opener, which has no message of the learner's.
OPENER_KEY = "opener."
_AUTHORS: dict[str, Author] = {"anthropic": "anthropic", "scripted": "scripted", "both": "both"}


def reply_id_of(turn_id: str) -> str:
    """Return the id of the persona's reply to a turn."""
    return f"{turn_id}.reply"


def is_kept(turn: StoredTurn) -> bool:
    """Tell whether there is anything to read in a turn: it was not taken back, and has words."""
    return turn.state != "deleted" and bool(turn.text.strip())


def conversation_of(
    deps: Deps, tx: Transaction, team_id: str, session_id: str, turn_id: str
) -> tuple[LabSession, Conversation] | None:
    """Return all that was said up to the learner's turn; None when the turn was deleted or the lab is gone."""
    session = tx.labs.get(team_id, session_id)
    turns = tx.labs.turns(team_id, session_id)
    module = module_as_of(deps, tx, session.content_version) if session else deps.current_module()
    asked = next((turn for turn in turns if turn.turn_id == turn_id and is_kept(turn)), None)
    if session is None or asked is None:
        return None
    lab, lesson = lab_of(module, session.lab_id)
    said = tuple(heard(turn) for turn in in_order(turns, asked) if is_kept(turn))
    return session, Conversation(module=module, lesson=lesson, lab=lab, turns=said)


def in_order(turns: Sequence[StoredTurn], until: StoredTurn | None = None) -> list[StoredTurn]:
    """Return the turns as a conversation: each reply follows the message it answers, up to that of the learner.

    As stored, two messages sent at once come before both of their replies.
    """
    by_id = {turn.turn_id: turn for turn in turns}
    learners = [turn for turn in turns if turn.role == "learner"]
    replies = {reply_id_of(turn.turn_id) for turn in learners}
    found = [turn for turn in turns if turn.role == "persona" and turn.turn_id not in replies]
    for turn in learners:
        if until and turn.seq > until.seq:
            break
        found.append(turn)
        reply = by_id.get(reply_id_of(turn.turn_id))
        if reply and turn != until:
            found.append(reply)
    return found


def heard(turn: StoredTurn) -> LabTurn:
    """Return the turn as a tutor reads it: of a very long message only the beginning."""
    if turn.role != "learner":
        return LabTurn("persona", turn.text, _AUTHORS.get(turn.tutor or ""))
    return LabTurn("learner", turn.text[:MAX_TURN_CHARS])


def lab_of(module: Module, lab_id: str) -> tuple[Lab, Lesson]:
    """Return the lab and its lesson; raises when the module has it no more."""
    lab, lesson = module.lab(lab_id), module.lesson_of(lab_id)
    if lab is None or lesson is None:
        raise NotThereAnyMoreError
    return lab, lesson
