"""The files of a labelled clip: for reading, for players, for other tools, and all of it as JSON. Pure."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotation.editing import key_of
from annotation.formats import rttm, srt, txt, vtt, whospoke_json
from annotation.model import Annotation, Turn, Word
from bot.screens import ClipResult

_Serialize = Callable[[Annotation, Sequence[Word], Mapping[str, str] | None, Sequence[Turn]], str]
_SPOKEN: Mapping[str, _Serialize] = {"txt": txt.serialize, "vtt": vtt.serialize, "srt": srt.serialize}


def clip_files(result: ClipResult) -> dict[str, str]:
    """Return the files by kind; without words, those for reading say who speaks when."""
    draft = ".rough-draft" if result.words_are_draft and result.words else ""
    annotation = result.annotation
    if annotation is None:
        text = " ".join(word.text for word in result.words)
        return {f"{draft}.txt": text} if text else {}
    found = {
        f"{draft}.{suffix}": serialize(annotation, result.words, result.names, result.uncertain)
        for suffix, serialize in _SPOKEN.items()
    }
    found[".rttm"] = rttm.serialize(annotation.relabelled(result.names))
    found[".json"] = json.dumps(_document(result, annotation), ensure_ascii=False, indent=1) + "\n"
    return {kind: text for kind, text in found.items() if text}


def file_name(clip_name: str, kind: str) -> str:
    """Return what a file of a clip is called in Slack.

    We note files by their kind alone: the clip's own name has to be gone when the clip is.

    >>> file_name("stand-up.m4a", ".rough-draft.txt"), file_name("stand-up.m4a", "timeline.png")
    ('stand-up.rough-draft.txt', 'timeline.png')
    """
    stem = clip_name.rsplit(".", 1)[0] or "clip"
    return f"{stem}{kind}" if kind.startswith(".") else kind


def content_version(result: ClipResult) -> str:
    """Return a short name for all that the files and the picture say; another one means sending them anew."""
    files = sorted((file_name(result.name, kind), text) for kind, text in clip_files(result).items())
    said = [*files, ("timeline", result.timeline_alt_text or "")]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def is_of_result(kind: str) -> bool:
    """Return whether a file is one of these, for a new version takes the place of those and of no other.

    >>> is_of_result(".rttm"), is_of_result("score-ours-v1.png"), is_of_result("short.flac")
    (True, False, False)
    """
    return kind == "timeline.png" or kind.startswith(".")


def _document(result: ClipResult, annotation: Annotation) -> dict[str, Any]:
    document = whospoke_json.annotation_to_dict(annotation)
    uncertain = set(result.uncertain)
    for item, turn in zip(document["turns"], annotation.turns, strict=True):
        if (margin := result.margins.get(key_of(turn))) is not None:
            item["margin"] = round(margin, 3)
        if turn in uncertain:
            item["is_uncertain"] = True
    return {
        **document,
        "duration_s": result.duration_s,
        "names": result.names,
        "words": whospoke_json.words_to_list(result.words),
        "words_are_draft": result.words_are_draft,
        "engine": result.engine,
        "words_engine": result.words_engine,
        "corrected_version": result.corrected_version,
        "recorded": result.recorded,
        "notes": list(result.notes),
    }
