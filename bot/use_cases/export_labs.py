"""A learner's own lab conversations as two files in their direct messages: one to read, one for programs."""

import json
from typing import Any

from pydantic import TypeAdapter

from bot.deps import Deps
from bot.people import Person
from bot.tutor.debrief import Debrief, debrief
from bot.use_cases.course_state import module_as_of
from bot.use_cases.send_own_file import send_own_file
from bot.use_cases.talk_in_lab import heard, in_order, lab_of
from storage.labs import LabSession, StoredTurn
from storage.transaction import Transaction

#: The debrief's schema: what is written was read back by it.
DEBRIEF = TypeAdapter(Debrief)


def ask_to_export_labs(deps: Deps, person: Person) -> int:
    """Enqueue the export; returns how many conversations there are, and does nothing where there are none."""
    owner = f"{person.team_id}:{person.user_id}"
    with deps.database.begin() as tx:
        sessions = tx.labs.of_user(person.team_id, person.user_id)
        if sessions:
            tx.audit.append(
                person.team_id, person.user_id, "labs_exported", f"user:{person.user_id}", {}, deps.now()
            )
            tx.jobs.enqueue(
                "export_labs",
                "replies",
                f"export_labs:{person.team_id}:{deps.new_id()}",
                person.team_id,
                person.user_id,
                user_key=owner,
                partition_key=owner,
            )
    return len(sessions)


def export_labs(deps: Deps, team_id: str, user_id: str, job_id: str) -> None:
    """Send both files; one that a process died over is taken back and sent anew."""
    person = Person(team_id, user_id)
    document = lab_document(deps, person)
    send_own_file(deps, person, f"{job_id}:txt", "lab-conversations.txt", as_text(document))
    written = json.dumps(document, ensure_ascii=False, indent=2)
    send_own_file(deps, person, f"{job_id}:json", "lab-conversations.json", written)


def lab_document(deps: Deps, person: Person) -> dict[str, Any]:
    """Return all of the person's lab conversations; messages taken back are gone and not in it."""
    with deps.database.begin() as tx:
        sessions = tx.labs.of_user(person.team_id, person.user_id)
        labs = [_session(deps, tx, session) for session in sessions]
    return {"format": "whospoke.lab-conversations", "version": 1, "user": person.user_id, "labs": labs}


def _session(deps: Deps, tx: Transaction, session: LabSession) -> dict[str, Any]:
    lab, _ = lab_of(module_as_of(deps, tx, session.content_version), session.lab_id)
    turns = [turn for turn in in_order(tx.labs.turns(session.team_id, session.session_id)) if _is_kept(turn)]
    looked_back = DEBRIEF.dump_python(debrief(lab, tuple(heard(turn) for turn in turns)), mode="json")
    DEBRIEF.validate_python(looked_back)
    return {
        "lab": lab.id,
        "title": lab.title,
        "persona": lab.persona.name,
        "begun": session.started_at.isoformat(),
        "completed": session.completed_at.isoformat() if session.completed_at else None,
        "exchanges": session.exchanges,
        "turns": [
            {
                "by": "you" if turn.role == "learner" else lab.persona.name,
                "at": turn.created_at.isoformat(),
                "text": turn.text,
                "counts": turn.counts and turn.role == "learner" and turn.state == "done",
            }
            for turn in turns
        ],
        "debrief": looked_back,
    }


def _is_kept(turn: StoredTurn) -> bool:
    return turn.state != "deleted" and bool(turn.text)


def as_text(document: dict[str, Any]) -> str:
    """Return the conversations for reading."""
    parts = [
        "Your lab conversations with whospoke. Only you get this file; managers never see what was said."
    ]
    for lab in document["labs"]:
        state = f"complete since {lab['completed']}" if lab["completed"] else "not complete"
        parts.append(f"{lab['title']}\nbegun {lab['begun']}, {state}, exchanges: {lab['exchanges']}")
        parts += [f"[{turn['at']}] {turn['by']}:\n{turn['text'].strip()}" for turn in lab["turns"]]
        parts.append("-" * 40)
    return "\n\n".join(parts) + "\n"
