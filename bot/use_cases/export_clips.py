"""A person's consents, clips and corrections as one file in their direct messages."""

import json
from typing import Any

from bot.deps import Deps
from bot.people import Person
from bot.use_cases.send_own_file import send_own_file
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.transaction import Transaction

#: What people said and what was made of it, by the name of its document.
_DOCUMENTS = ("result", "names", "words_request", "recording", "own_labels", "confirmed")


def ask_to_export_clips(deps: Deps, person: Person) -> None:
    """Enqueue the export, and note that it was asked for."""
    owner = f"{person.team_id}:{person.user_id}"
    with deps.database.begin() as tx:
        tx.audit.append(
            person.team_id, person.user_id, "clips_exported", f"user:{person.user_id}", {}, deps.now()
        )
        tx.jobs.enqueue(
            "export_clips",
            "replies",
            f"export_clips:{person.team_id}:{deps.new_id()}",
            person.team_id,
            person.user_id,
            user_key=owner,
            partition_key=owner,
        )


def export_clips(deps: Deps, team_id: str, user_id: str, job_id: str) -> None:
    """Send the file; safe to repeat."""
    person = Person(team_id, user_id)
    written = json.dumps(clips_document(deps, person), ensure_ascii=False, indent=2)
    send_own_file(deps, person, f"{job_id}:json", "my-clips-and-consents.json", written)


def clips_document(deps: Deps, person: Person) -> dict[str, Any]:
    """Return every answer to every notice, and every clip that is still kept with all that was made of it."""
    with deps.database.begin() as tx:
        consents = [_consent(record) for record in tx.consent.of_user(person.team_id, person.user_id)]
        clips = [
            _clip(tx, clip)
            for clip in tx.clips.of_user(person.team_id, person.user_id)
            if clip.state != "deleted"
        ]
    return {
        "format": "whospoke.my-clips",
        "version": 1,
        "user": person.user_id,
        "made": deps.now().isoformat(),
        "consents": consents,
        "clips": clips,
    }


def _consent(record: ConsentRecord) -> dict[str, Any]:
    return {
        "at": record.at.isoformat(),
        "given": record.given,
        "purposes": record.purposes,
        "notice": record.notice_version,
        "clip": record.clip_id,
        "channel": record.channel_id,
    }


def _clip(tx: Transaction, clip: Clip) -> dict[str, Any]:
    documents = {kind: tx.clips.load(clip.team_id, clip.clip_id, kind) for kind in _DOCUMENTS}
    return {
        "clip": clip.clip_id,
        "file": clip.file_id,
        "name": clip.name,
        "state": clip.state,
        "shared_at": clip.created_at.isoformat(),
        "speakers": {"fewest": clip.min_speakers, "most": clip.max_speakers},
        "corrections": [
            {
                "version": one.version,
                "at": one.created_at.isoformat(),
                "taken_back_at": one.taken_back_at.isoformat() if one.taken_back_at else None,
                "reference": one.document,
            }
            for one in tx.references.all(clip.team_id, clip.clip_id)
        ],
        **{kind: document for kind, document in documents.items() if document},
    }
