"""Which of a lab's messages count, when the lab is complete, and what stands under a reply."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.deps import Deps
from bot.people import Person
from bot.tutor.protocol import Author
from bot.tutor.rubric import counts_as_exchange
from bot.tutor.sensitive import concern_in
from bot.use_cases.course_state import complete_step, module_as_of, step_id_of
from bot.use_cases.lab_conversation import MAX_TURN_CHARS, lab_of, reply_id_of
from course.model import Card, Lesson, Module
from storage.labs import LabSession, StoredTurn
from storage.transaction import Transaction

#: Buttons under one reply.
_MAX_CARDS = 2
#: What stands around the title of a card; bold has two stars.
_MARKS = (("*", "*"), ("_", "_"), ('"', '"'), ("“", "”"))


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under a reply."""

    text: str | None
    #: The session, when this reply completed its lab.
    done_session_id: str | None = None
    #: Who wrote it, where that is known and worth a line.
    author: str | None = None
    #: The cards that the reply names.
    cards: tuple[tuple[Lesson, Card], ...] = ()


def finish_reply(
    deps: Deps, team_id: str, session_id: str, turn_id: str, text: str, author: Author | None = None
) -> None:
    """Store the reply, count the exchange if the learner engaged, and complete the lab when it is time.

    Words that were taken back meanwhile stay so, and so does the reply to them.
    """
    with deps.database.begin() as tx:
        session = tx.labs.get(team_id, session_id)
        turns = tx.labs.turns(team_id, session_id)
        asked = _turn(turns, turn_id)
        if session is None or asked is None or asked.state == "deleted":
            return
        tx.labs.update_turn(team_id, reply_id_of(turn_id), text=text, state="done", tutor=author)
        _judge(deps, tx, session, turns, asked)


def judge_again(deps: Deps, team_id: str, session_id: str, turn_id: str) -> None:
    """Count a message anew whose words were changed after its reply; a lab that is complete stays so."""
    with deps.database.begin() as tx:
        session = tx.labs.get(team_id, session_id)
        turns = tx.labs.turns(team_id, session_id)
        asked = _turn(turns, turn_id)
        if session and asked and asked.state == "done":
            _judge(deps, tx, session, turns, asked)


def _judge(
    deps: Deps, tx: Transaction, session: LabSession, turns: Sequence[StoredTurn], asked: StoredTurn
) -> None:
    module = module_as_of(deps, tx, session.content_version)
    lab, _ = lab_of(module, session.lab_id)
    earlier = [t.text for t in turns if t.role == "learner" and t.seq < asked.seq and t.state != "deleted"]
    counts = counts_as_exchange(lab, asked.text[:MAX_TURN_CHARS], earlier)
    tx.labs.update_turn(session.team_id, asked.turn_id, state="done", counts=counts)
    number = num_exchanges(tx, session)
    tx.labs.set_exchanges(session.team_id, session.session_id, number)
    if number >= lab.exchanges_needed and tx.labs.complete(session.team_id, session.session_id, deps.now()):
        step_id = step_id_of(module, lab.id)
        complete_step(deps, tx, Person(session.team_id, session.user_id), module, step_id)


def num_exchanges(tx: Transaction, session: LabSession) -> int:
    """Count the exchanges so far; the learner's message is what counts."""
    turns = tx.labs.turns(session.team_id, session.session_id)
    return sum(_is_exchange(turn) for turn in turns)


def _is_exchange(turn: StoredTurn) -> bool:
    # A turn that waits for its reply is no exchange yet.
    return turn.role == "learner" and turn.state == "done" and turn.counts


def footer_of(deps: Deps, tx: Transaction, team_id: str, session_id: str, turn_id: str) -> Footer:
    """Return what stands under a reply: how far the lab has come with it. The same whenever it is asked."""
    session = tx.labs.get(team_id, session_id)
    turns = tx.labs.turns(team_id, session_id)
    module = module_as_of(deps, tx, session.content_version) if session else None
    asked, reply = _turn(turns, turn_id), _turn(turns, reply_id_of(turn_id))
    if session is None or asked is None or module is None or concern_in(asked.text) == "distress":
        return Footer(None)  # beside a human contact nothing is counted
    lab, lesson = lab_of(module, session.lab_id)
    so_far = sum(_is_exchange(turn) for turn in turns if turn.seq <= asked.seq)
    completes = asked.counts and so_far == lab.exchanges_needed
    return Footer(
        " ".join(_progress(asked, so_far, lab.exchanges_needed)) or None,
        session_id if completes else None,
        reply.tutor if reply else None,
        cards_named(module, lesson, reply.text) if reply else (),
    )


def _progress(asked: StoredTurn, so_far: int, needed: int) -> list[str]:
    lines = []
    if len(asked.text) > MAX_TURN_CHARS:
        lines.append(f"Your message was long: its first {MAX_TURN_CHARS:,} characters were read.")
    if asked.counts and so_far == needed:
        lines.append(f"Exchange {so_far} of {needed}: this lab is complete. Go on talking if you like.")
    elif asked.counts and so_far < needed:
        lines.append(f"Exchange {so_far} of {needed}")
    elif so_far < needed:
        lines.append(
            f"{so_far} of {needed} exchanges so far. Say a thought of your own on the case, and it counts."
        )
    return lines


def cards_named(module: Module, lesson: Lesson, text: str) -> tuple[tuple[Lesson, Card], ...]:
    """Return the cards whose titles a reply gives in italics, bold or quotation marks, as it names them."""
    # The lab's own lesson last, so that of two cards with one title its own is kept.
    lessons = sorted(module.lessons, key=lambda each: each.id == lesson.id)
    found = {
        card.title: (each, card)
        for each in lessons
        for card in each.cards
        if any(f"{before}{card.title}{after}" in text for before, after in _MARKS)
    }
    return tuple(sorted(found.values(), key=lambda pair: text.index(pair[1].title)))[:_MAX_CARDS]


def _turn(turns: Sequence[StoredTurn], turn_id: str) -> StoredTurn | None:
    return next((turn for turn in turns if turn.turn_id == turn_id), None)
