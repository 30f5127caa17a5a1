"""What people take away: the machine's labels or a person's corrections of them, with names and words.

The machine's own output stays what is scored; see `bot.use_cases.clip_labels`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotation.certainty import uncertain_turns
from annotation.editing import give_words, key_of
from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn, Word
from bot.use_cases.clip_labels import names_of
from bot.use_cases.clip_reference import names_in
from storage.clips import Clip
from storage.references import Reference
from storage.transaction import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class EffectiveLabels:
    """A clip's labels as they are shown and sent."""

    annotation: Annotation
    words: tuple[Word, ...]
    names: dict[str, str]
    #: What people call the machine's own labels, which its notes speak of.
    machine_names: dict[str, str]
    #: Version of the corrections; None for the machine's own labels.
    version: int | None = None
    #: Whether there are corrections of an earlier run's labels, which no longer fit these.
    has_older_corrections: bool = False
    #: Turns whose label is uncertain, and how sure the machine was of those it made, by turn key.
    uncertain: tuple[Turn, ...] = ()
    margins: Mapping[str, float]


def effective_labels(tx: Transaction, clip: Clip, result: Mapping[str, Any]) -> EffectiveLabels | None:
    """Return the full corrections of these labels if there are any, else the machine's; None without labels.

    Args:
        tx: The transaction to read in.
        clip: Whose labels.
        result: Its document "result".
    """
    if not result.get("annotation"):
        return None
    machine = whospoke_json.annotation_from_dict(result["annotation"])
    words = whospoke_json.words_from_list(result.get("words") or [])
    corrections = newest_corrections(tx, clip)
    fits = corrections is not None and corrects(corrections.document, machine)
    shown = machine
    if corrections is not None and fits:
        shown = whospoke_json.annotation_from_dict(corrections.document["annotation"])
        typed = whospoke_json.words_from_list(corrections.document.get("words") or [])
        words = give_words(typed or words, shown)
    margins = _margins(tx, clip)
    return EffectiveLabels(
        annotation=shown,
        words=words,
        names=names_in(tx, clip, corrections)
        if corrections is not None and fits
        else names_of(tx, clip, machine),
        machine_names=names_of(tx, clip, machine),
        version=corrections.version if corrections is not None and fits else None,
        has_older_corrections=corrections is not None and not fits,
        uncertain=uncertain_turns(shown, machine, margins),
        margins=margins,
    )


def fingerprint(annotation: Annotation) -> str:
    """Return a short name for these turns: a correction notes which labels it is of."""
    turns = whospoke_json.annotation_to_dict(annotation)["turns"]
    return hashlib.sha256(json.dumps(turns, sort_keys=True).encode()).hexdigest()[:16]


def corrects(document: Mapping[str, Any], machine: Annotation) -> bool:
    """Return whether a reference was made from these labels of the machine, as far as it says."""
    return document.get("corrects") in {None, fingerprint(machine)}


def newest_corrections(tx: Transaction, clip: Clip) -> Reference | None:
    """Return the newest corrections of the whole clip; what was only checked here and there is none."""
    return next(
        (
            one
            for one in reversed(tx.references.all(clip.team_id, clip.clip_id))
            if one.taken_back_at is None
            and one.document.get("origin") == "corrected"
            and not one.document.get("checked")
        ),
        None,
    )


def _margins(tx: Transaction, clip: Clip) -> dict[str, float]:
    """Return how much closer each turn's voice was to its label than to the next, where an engine says so."""
    labelled = tx.clips.load(clip.team_id, clip.clip_id, "labels") or {}
    rows = (labelled.get("certainty") or labelled.get("evidence") or {}).get("turns") or []
    return {
        key_of(Turn(round(float(row[0]), 3), round(float(row[1]), 3), str(row[2]))): float(row[3])
        for row in rows
        if row[3] is not None
    }
