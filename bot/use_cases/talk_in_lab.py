"""Labs: opening one, keeping what the learner says, and answering it once."""

from typing import Literal

from bot.deps import Deps
from bot.errors import NoModelError, NotThereAnyMoreError, NotYoursError
from bot.people import Person
from bot.screens import LabScreen
from bot.tutor.debrief import Debrief, checked, debrief
from bot.tutor.notice import notice
from bot.use_cases.course_state import ensure_open, module_as_of, remember_module
from bot.use_cases.lab_conversation import OPENER_KEY, heard, in_order, is_kept, lab_of, reply_id_of
from bot.use_cases.lab_exchanges import num_exchanges
from course.model import Module
from storage.labs import LabSession
from storage.transaction import Transaction


def plan_lab(deps: Deps, person: Person, lab_id: str, session_id: str) -> LabScreen:
    """Return the lab's opening, before its thread exists; raises while the lab is locked."""
    module = deps.current_module()
    with deps.database.read() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        ensure_open(module, record.completed, lab_id)
    return _screen(deps, module, lab_id, session_id, uses_model=deps.model_name is not None)


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


def choose_opener(deps: Deps, person: Person, session_id: str, number: int) -> tuple[LabSession, bool]:
    """Store a suggested opener as the learner's turn and ask for a reply, which shows the opener first.

    Returns:
        The session, and whether the opener was new.
    """
    with deps.database.begin() as tx:
        session = own_session(tx, person, session_id)
        lab, _ = lab_of(module_as_of(deps, tx, session.content_version), session.lab_id)
        if not 0 <= number < len(lab.openers):
            raise NotThereAnyMoreError
        turn_id = f"{session_id}.{OPENER_KEY}{number}"
        was_new = tx.labs.add_turn(
            person.team_id,
            session_id,
            turn_id,
            "learner",
            lab.openers[number],
            f"{OPENER_KEY}{number}",
            deps.now(),
        )
        if was_new:
            ask_for_reply(tx, person, session_id, turn_id)
    return session, was_new


def ask_for_reply(tx: Transaction, person: Person, session_id: str, turn_id: str) -> None:
    """Enqueue the persona's reply in the transaction that stores the learner's turn."""
    _enqueue(tx, person, "answer_lab_turn", f"lab:{person.team_id}:{turn_id}", session_id, turn_id)


def ask_for_debrief(tx: Transaction, person: Person, session_id: str, event_id: str) -> None:
    """Enqueue the debrief, after the replies that are still to come."""
    _enqueue(tx, person, "debrief_lab", f"debrief:{event_id}", session_id, person.user_id)


def ask_to_judge_again(
    tx: Transaction, person: Person, session: LabSession, turn_id: str, event_id: str
) -> None:
    """Enqueue another look at a turn whose words were changed after its reply."""
    job_id = f"judge:{person.team_id}:{event_id}"
    _enqueue(tx, person, "judge_lab_turn", job_id, session.session_id, turn_id)


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


def debrief_lab(deps: Deps, person: Person, session_id: str) -> tuple[LabSession, Debrief, Module]:
    """Return what the conversation explored and what it missed, by the lab's own rubric.

    Returns:
        The session, the debrief, and the module as it was when the lab was opened, for the cards to read.
    """
    with deps.database.read() as tx:
        session = own_session(tx, person, session_id)
        module = module_as_of(deps, tx, session.content_version)
        turns = [turn for turn in in_order(tx.labs.turns(person.team_id, session_id)) if is_kept(turn)]
    lab, _ = lab_of(module, session.lab_id)
    return session, checked(debrief(lab, tuple(heard(turn) for turn in turns))), module
