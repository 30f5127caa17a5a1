"""Labs: opening one, keeping what the learner says, and answering it once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.deps import Deps
from bot.errors import NoModelError, NotThereAnyMoreError, NotYoursError
from bot.people import Person
from bot.screens import LabScreen
from bot.tutor.debrief import Debrief, debrief
from bot.tutor.notice import notice
from bot.tutor.protocol import Conversation, LabTurn
from bot.use_cases.course_state import complete_step, ensure_open, module_as_of, remember_module, step_id_of
from course import exchanges
from course.model import Lab, Lesson, Module
from storage.labs import LabSession, StoredTurn
from storage.transaction import Transaction

#: Longer messages are kept whole, but only so much of them is read.
MAX_TURN_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under a reply."""

    text: str | None
    #: The session, when this reply completed its lab.
    done_session_id: str | None = None


def plan_lab(deps: Deps, person: Person, lab_id: str, session_id: str | None = None) -> LabScreen:
    """Return the lab's opening, before its thread exists; raises while the lab is locked."""
    module = deps.current_module()
    with deps.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        ensure_open(module, record.completed, lab_id)
    return _screen(deps, module, lab_id, session_id or deps.new_id(), uses_model=deps.model_name is not None)


def _screen(deps: Deps, module: Module, lab_id: str, session_id: str, *, uses_model: bool) -> LabScreen:
    lab, lesson = lab_of(module, lab_id)
    words = notice(
        "anthropic" if uses_model else "scripted",
        persona=lab.persona.name,
        retention_days=deps.lab_retention_days,
        model=deps.model_name,
    )
    return LabScreen(
        lab=lab,
        lesson=lesson,
        session_id=session_id,
        notice=words,
        has_model=deps.model_name is not None,
        uses_model=uses_model,
    )


def begin_lab(deps: Deps, person: Person, screen: LabScreen, channel_id: str, thread_ts: str) -> None:
    """Record that the lab's thread is open."""
    module = deps.current_module()
    with deps.database.begin() as tx:
        remember_module(deps, tx, module)
        tx.labs.open(
            person.team_id,
            screen.session_id,
            person.user_id,
            module.id,
            screen.lab.id,
            channel_id,
            thread_ts,
            module.version,
            "anthropic" if screen.uses_model else "scripted",
            deps.now(),
        )
        if screen.lab.opening:
            opening_id = f"{screen.session_id}.opening"
            tx.labs.add_turn(
                person.team_id,
                screen.session_id,
                opening_id,
                "persona",
                screen.lab.opening,
                thread_ts,
                deps.now(),
            )


def own_session(tx: Transaction, person: Person, session_id: str) -> LabSession:
    """Return the person's lab session; raises when it is gone or somebody else's."""
    session = tx.labs.get(person.team_id, session_id)
    if session is None:
        raise NotThereAnyMoreError
    if session.user_id != person.user_id:
        raise NotYoursError
    return session


def choose_tutor(
    deps: Deps, person: Person, session_id: str, tutor: Literal["anthropic", "scripted"]
) -> LabScreen:
    """Let somebody else answer from the next reply on; returns the lab's opening with its new notice."""
    if tutor == "anthropic" and deps.model_name is None:
        raise NoModelError
    with deps.database.begin() as tx:
        session = own_session(tx, person, session_id)
        module = module_as_of(deps, tx, session.content_version)
        tx.labs.set_tutor(person.team_id, session_id, tutor)
    return _screen(deps, module, session.lab_id, session_id, uses_model=tutor == "anthropic")


def choose_opener(deps: Deps, person: Person, session_id: str, number: int) -> tuple[LabSession, str, bool]:
    """Store a suggested opener as the learner's turn and ask for a reply.

    Returns:
        The session, the opener's text, and whether it was new.
    """
    with deps.database.begin() as tx:
        session = own_session(tx, person, session_id)
        lab, _ = lab_of(module_as_of(deps, tx, session.content_version), session.lab_id)
        if not 0 <= number < len(lab.openers):
            raise NotThereAnyMoreError
        turn_id = f"{session_id}.opener.{number}"
        was_new = tx.labs.add_turn(
            person.team_id,
            session_id,
            turn_id,
            "learner",
            lab.openers[number],
            f"opener.{number}",
            deps.now(),
        )
        if was_new:
            ask_for_reply(tx, person, session_id, turn_id)
    return session, lab.openers[number], was_new


def ask_for_reply(tx: Transaction, person: Person, session_id: str, turn_id: str) -> None:
    """Enqueue the persona's reply in the transaction that stores the learner's turn."""
    _enqueue(tx, person, "answer_lab_turn", f"lab:{person.team_id}:{turn_id}", session_id, turn_id)


def ask_for_debrief(tx: Transaction, person: Person, session_id: str, event_id: str) -> None:
    """Enqueue the debrief, after the replies that are still to come."""
    _enqueue(tx, person, "debrief_lab", f"debrief:{event_id}", session_id, person.user_id)


def take_back_reply(tx: Transaction, person: Person, session: LabSession, turn_id: str) -> None:
    """Forget the reply to a turn that was taken back, and have its message removed."""
    reply = tx.labs.turn(person.team_id, reply_id_of(turn_id))
    tx.labs.set_exchanges(person.team_id, session.session_id, num_exchanges(tx, session))
    if reply is not None:
        tx.labs.update_turn(person.team_id, reply.turn_id, text="", state="deleted")
        job_id = f"unsay:{person.team_id}:{turn_id}"
        _enqueue(tx, person, "unsay_lab_reply", job_id, session.session_id, turn_id)


def _enqueue(
    tx: Transaction, person: Person, workflow: str, job_id: str, session_id: str, subject: str
) -> None:
    # One at a time for each person, so that two messages are answered in order.
    owner = f"{person.team_id}:{person.user_id}"
    tx.jobs.enqueue(
        workflow, "labs", job_id, person.team_id, session_id, subject, user_key=owner, partition_key=owner
    )


def reply_id_of(turn_id: str) -> str:
    """Return the id of the persona's reply to a turn."""
    return f"{turn_id}.reply"


def num_exchanges(tx: Transaction, session: LabSession) -> int:
    """Count the exchanges so far; the learner's message is what counts."""
    turns = tx.labs.turns(session.team_id, session.session_id)
    return sum(_is_exchange(turn) for turn in turns)


def _is_exchange(turn: StoredTurn) -> bool:
    # A turn that waits for its reply is no exchange yet.
    return turn.role == "learner" and turn.state == "done" and turn.counts


def conversation_of(
    deps: Deps, team_id: str, session_id: str, turn_id: str
) -> tuple[LabSession, Conversation] | None:
    """Return all that was said up to the learner's turn; None when the turn was deleted or the lab is gone."""
    with deps.database.begin() as tx:
        session = tx.labs.get(team_id, session_id)
        turns = tx.labs.turns(team_id, session_id)
        module = module_as_of(deps, tx, session.content_version) if session else deps.current_module()
    asked = next((turn for turn in turns if turn.turn_id == turn_id and turn.state != "deleted"), None)
    if session is None or asked is None:
        return None
    lab, lesson = lab_of(module, session.lab_id)
    said = tuple(heard(turn) for turn in in_order(turns, asked) if turn.state != "deleted" and turn.text)
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
        return LabTurn("persona", turn.text)
    return LabTurn("learner", turn.text[:MAX_TURN_CHARS])


def finish_reply(deps: Deps, team_id: str, session_id: str, turn_id: str, text: str) -> None:
    """Store the reply, count the exchange if the learner engaged, and complete the lab when it is time.

    Words that were taken back meanwhile stay so, and so does the reply to them.
    """
    with deps.database.begin() as tx:
        session = tx.labs.get(team_id, session_id)
        turns = tx.labs.turns(team_id, session_id)
        asked = next((turn for turn in turns if turn.turn_id == turn_id), None)
        if session is None or asked is None or asked.state == "deleted":
            return
        module = module_as_of(deps, tx, session.content_version)
        lab, _ = lab_of(module, session.lab_id)
        earlier = [
            t.text for t in turns if t.role == "learner" and t.seq < asked.seq and t.state != "deleted"
        ]
        counts = exchanges.is_engaged(asked.text[:MAX_TURN_CHARS], earlier, lab.topics)
        tx.labs.update_turn(team_id, turn_id, state="done", counts=counts)
        tx.labs.update_turn(team_id, reply_id_of(turn_id), text=text, state="done")
        number = num_exchanges(tx, session)
        tx.labs.set_exchanges(team_id, session_id, number)
        if number >= lab.exchanges_needed and tx.labs.complete(team_id, session_id, deps.now()):
            step_id = step_id_of(module, lab.id)
            complete_step(deps, tx, Person(team_id, session.user_id), module, step_id)


def footer_of(deps: Deps, team_id: str, session_id: str, turn_id: str) -> Footer:
    """Return what stands under a reply: how far the lab has come with it. The same whenever it is asked."""
    with deps.database.begin() as tx:
        session = tx.labs.get(team_id, session_id)
        turns = tx.labs.turns(team_id, session_id)
        asked = next((turn for turn in turns if turn.turn_id == turn_id), None)
        if session is None or asked is None:
            return Footer(None)
        lab, _ = lab_of(module_as_of(deps, tx, session.content_version), session.lab_id)
    needed = lab.exchanges_needed
    so_far = sum(_is_exchange(turn) for turn in turns if turn.seq <= asked.seq)
    completes = asked.counts and so_far == needed
    lines = [f"Your message was long: its first {MAX_TURN_CHARS:,} characters were read."]
    lines = lines if len(asked.text) > MAX_TURN_CHARS else []
    if completes:
        lines.append(f"Exchange {so_far} of {needed}: this lab is complete. Go on talking if you like.")
    elif asked.counts and so_far < needed:
        lines.append(f"Exchange {so_far} of {needed}")
    elif so_far < needed:
        lines.append(f"{so_far} of {needed} exchanges so far. Say a little more, and it counts as one.")
    return Footer(" ".join(lines) or None, session_id if completes else None)


def debrief_lab(deps: Deps, person: Person, session_id: str) -> tuple[LabSession, Debrief]:
    """Return what the conversation explored and what it missed, by the lab's own rubric."""
    with deps.database.begin() as tx:
        session = own_session(tx, person, session_id)
        lab, _ = lab_of(module_as_of(deps, tx, session.content_version), session.lab_id)
        turns = [t for t in tx.labs.turns(person.team_id, session_id) if t.state != "deleted" and t.text]
    return session, debrief(lab, tuple(heard(turn) for turn in turns))


def lab_of(module: Module, lab_id: str) -> tuple[Lab, Lesson]:
    """Return the lab and its lesson; raises when the module has it no more."""
    lab, lesson = module.lab(lab_id), module.lesson_of(lab_id)
    if lab is None or lesson is None:
        raise NotThereAnyMoreError
    return lab, lesson
