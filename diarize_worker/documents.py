"""What a clip's results look like in storage: versioned JSON values, times rounded to milliseconds.

Turns and words have the shape of `annotation.formats.whospoke_json`, which the bot reads as well.
"""

from typing import Any

from annotation.formats.whospoke_json import (
    annotation_from_dict,
    annotation_to_dict,
    words_from_list,
    words_to_list,
)
from diarize_worker.engines.protocol import Labels
from diarize_worker.words.protocol import Transcript

VERSION = 1


class DocumentError(ValueError):
    """A stored result is of a version this program does not read. Label the clip again."""


def labels_to_dict(labels: Labels) -> dict[str, Any]:
    """Return the labels as JSON values."""
    return {
        "version": VERSION,
        "engine": labels.engine,
        "duration_s": round(labels.duration_s, 3),
        "notes": list(labels.notes),
        "annotation": annotation_to_dict(labels.annotation),
        "exclusive": annotation_to_dict(labels.exclusive),
        "evidence": labels.evidence,
    }


def labels_from_dict(document: dict[str, Any]) -> Labels:
    """Return the labels of a document made by labels_to_dict.

    Raises:
        DocumentError: It has another version.
    """
    _require_version(document)
    return Labels(
        annotation=annotation_from_dict(document["annotation"]),
        exclusive=annotation_from_dict(document["exclusive"]),
        engine=document["engine"],
        duration_s=document["duration_s"],
        notes=tuple(document["notes"]),
        evidence=document["evidence"],
    )


def transcript_to_dict(transcript: Transcript) -> dict[str, Any]:
    """Return the transcript as JSON values."""
    return {
        "version": VERSION,
        "engine": transcript.engine,
        "language": transcript.language,
        "is_draft": transcript.is_draft,
        "notes": list(transcript.notes),
        "words": words_to_list(transcript.words),
    }


def transcript_from_dict(document: dict[str, Any]) -> Transcript:
    """Return the transcript of a document made by transcript_to_dict.

    Raises:
        DocumentError: It has another version.
    """
    _require_version(document)
    return Transcript(
        words=words_from_list(document["words"]),
        language=document["language"],
        engine=document["engine"],
        is_draft=document["is_draft"],
        notes=tuple(document["notes"]),
    )


def _require_version(document: dict[str, Any]) -> None:
    if document.get("version") != VERSION:
        raise DocumentError(
            f"This result has version {document.get('version')!r}; we read {VERSION}. Label the clip again."
        )
