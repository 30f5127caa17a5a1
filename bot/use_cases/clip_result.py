"""A labelled clip as its message and its files show it, read from storage."""

import re
from collections.abc import Mapping
from typing import Any

from annotation import timeline
from annotation.formats import whospoke_json
from bot.clip_files import file_name
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.screens import ClipResult
from bot.use_cases.effective_labels import EffectiveLabels, effective_labels
from storage.clips import Clip
from storage.transaction import Transaction

#: Kind of the picture among a clip's files, and among its pictures in storage.
TIMELINE_FILE, TIMELINE = "timeline.png", "timeline"
_LABEL = re.compile(r"\bSPEAKER_\d+\b")


def shown_result(deps: Deps, clip: Clip) -> ClipResult:
    """Return the clip as its message shows it; raises when its results are gone."""
    with deps.database.read() as tx:
        found = result_of(tx, clip)
    if found is None:
        raise NotThereAnyMoreError
    return found


def result_of(tx: Transaction, clip: Clip) -> ClipResult | None:
    """Return what there is by now, corrected and named as people did; None before there is anything."""
    document = tx.clips.load(clip.team_id, clip.clip_id, "result")
    current = tx.clips.get(clip.team_id, clip.clip_id)
    if document is None or current is None:
        return None
    labels = effective_labels(tx, clip, document)
    picture = tx.clips.picture(clip.team_id, clip.clip_id, TIMELINE)
    files = current.posted.get("files", {})
    return ClipResult(
        clip_id=clip.clip_id,
        name=clip.name,
        duration_s=float(document["duration_s"]),
        annotation=labels.annotation if labels else None,
        names=labels.names if labels else {},
        words=labels.words if labels else whospoke_json.words_from_list(document.get("words") or []),
        words_are_draft=bool(document.get("words_are_draft")),
        notes=tuple(_in_names(note, labels) for note in document.get("notes") or ()),
        failures=tuple(document.get("failures") or ()),
        engine=document.get("engine"),
        words_engine=document.get("words_engine"),
        recorded=document.get("recorded"),
        failed_parts=tuple(document.get("failed_parts") or ()),
        remark=clip.error,
        corrected_version=labels.version if labels else None,
        has_older_corrections=labels.has_older_corrections if labels else False,
        uncertain=labels.uncertain if labels else (),
        margins=labels.margins if labels else {},
        timeline_file_id=files.get(TIMELINE_FILE) if _is_sent(current.posted) else None,
        timeline_alt_text=_alt_text(labels, float(document["duration_s"])) if picture and labels else None,
        unsent=tuple(file_name(clip.name, kind) for kind in current.posted.get("unsent", ())),
    )


def picture_of(deps: Deps, clip: Clip, result: ClipResult) -> bytes | None:
    """Return the timeline of the labels as they are shown; None where its keeping was not agreed to."""
    with deps.database.read() as tx:
        stored = tx.clips.picture(clip.team_id, clip.clip_id, TIMELINE)
    if stored is None or result.annotation is None or not result.annotation.turns:
        return None
    if not result.names and result.corrected_version is None:
        return stored[0]
    return timeline.draw(result.annotation, result.duration_s, result.names).png


def _is_sent(posted: Mapping[str, Any]) -> bool:
    return TIMELINE_FILE in posted.get("sent", ())


def _alt_text(labels: EffectiveLabels, duration_s: float) -> str:
    return timeline.describe(labels.annotation, duration_s, labels.names)


def _in_names(note: str, labels: EffectiveLabels | None) -> str:
    """Return a note of the worker with the names that people gave to its labels."""
    names = labels.machine_names if labels else {}
    return _LABEL.sub(lambda found: names.get(found[0], found[0]), note)
