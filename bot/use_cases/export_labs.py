"""A learner's own lab conversations as two files in their direct messages: one to read, one for programs."""

import json
from typing import Any

from bot.deps import Deps
from bot.people import Person
from bot.tutor.debrief import SCHEMA, checked, debrief
from bot.use_cases.course_state import module_as_of
from bot.use_cases.lab_conversation import heard, in_order, is_kept, lab_of
from bot.use_cases.send_own_file import send_own_file
from bot.views.lab import AUTHORS
from storage.labs import LabSession, LabUse
from storage.transaction import Transaction

#: Millionths in a dollar.
_MICROS = 1_000_000


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
    with deps.database.read() as tx:
        sessions = tx.labs.of_user(person.team_id, person.user_id)
        labs = [_session(deps, tx, session) for session in sessions]
    return {"format": "whospoke.lab-conversations", "version": 1, "user": person.user_id, "labs": labs}


def _session(deps: Deps, tx: Transaction, session: LabSession) -> dict[str, Any]:
    lab, _ = lab_of(module_as_of(deps, tx, session.content_version), session.lab_id)
    turns = [turn for turn in in_order(tx.labs.turns(session.team_id, session.session_id)) if is_kept(turn)]
    looked_back = checked(debrief(lab, tuple(heard(turn) for turn in turns)))
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
                "written_by": turn.tutor,
                "counts": turn.counts and turn.role == "learner" and turn.state == "done",
            }
            for turn in turns
        ],
        "debrief": SCHEMA.dump_python(looked_back, mode="json"),
        "model_use": _use(tx.labs.use_of(session.team_id, session.session_id)),
    }


def _use(used: LabUse) -> dict[str, Any]:
    """Return what the AI model was used for this lab; its cost where the price was known."""
    return {
        "calls": used.calls,
        "input_tokens": used.input_tokens,
        "cache_write_tokens": used.cache_write_tokens,
        "cached_tokens": used.cached_tokens,
        "output_tokens": used.output_tokens,
        "cost_usd": None if used.cost_micros is None else used.cost_micros / _MICROS,
    }


def as_text(document: dict[str, Any]) -> str:
    """Return the conversations for reading."""
    parts = [
        "Your lab conversations with whospoke. Only you get this file; managers never see what was said."
    ]
    for lab in document["labs"]:
        state = f"complete since {lab['completed']}" if lab["completed"] else "not complete"
        parts.append(f"{lab['title']}\nbegun {lab['begun']}, {state}, exchanges: {lab['exchanges']}")
        parts += [f"[{turn['at']}] {turn['by']}{_by(turn)}:\n{turn['text'].strip()}" for turn in lab["turns"]]
        parts.append("-" * 40)
    return "\n\n".join(parts) + "\n"


def _by(turn: dict[str, Any]) -> str:
    return f" ({AUTHORS[turn['written_by']]})" if turn["written_by"] in AUTHORS else ""
