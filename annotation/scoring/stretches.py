"""Where the most time is lost, and what it probably comes from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from annotation.model import Annotation
from annotation.scoring.der import CellErrors
from annotation.scoring.grid import Comparison, Floats, Mask

Kind = Literal["missed", "false_alarm", "confusion"]
Cause = Literal["overlap", "very_short_turn", "near_boundary", "similar_voices", "other"]

KINDS: tuple[Kind, ...] = ("missed", "false_alarm", "confusion")
NUM_STRETCHES = 5
#: Errors of one kind this close together are one stretch to listen to.
JOIN_GAP_S = 0.2
#: A turn shorter than this gives a voice model little to go by.
VERY_SHORT_TURN_S = 1.0
NEAR_BOUNDARY_S = 0.5
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one kind of error."""

    start_s: float
    end_s: float
    kind: Kind
    #: Speaker seconds lost; more than its length when several speakers are missed at once.
    error_s: float
    #: What it probably comes from. "similar_voices" is a guess: nothing here has heard the voices.
    cause: Cause
    #: Who speaks there by the reference, and by the hypothesis.
    reference_speakers: tuple[str, ...]
    hypothesis_speakers: tuple[str, ...]


def worst_stretches(
    reference: Annotation, comparison: Comparison, errors: CellErrors, limit: int = NUM_STRETCHES
) -> tuple[Stretch, ...]:
    """Return the stretches that cost most, worst first; no collar, overlap scored."""
    counts = np.stack([errors.missed, errors.false_alarm, errors.confusion], axis=1)
    costs_s = counts * comparison.weights_s[:, None]
    found = [
        (float(costs_s[first : last + 1, k].sum()), first, last, k)
        for k in range(len(KINDS))
        for first, last in _runs(comparison, costs_s[:, k] > 0)
    ]
    worst = sorted(found, key=lambda run: (-run[0], run[1], run[3]))[:limit]
    return tuple(
        _stretch(reference, comparison, costs_s[:, k], (first, last), KINDS[k]) for _, first, last, k in worst
    )


def _runs(comparison: Comparison, is_error: Mask) -> list[tuple[int, int]]:
    """Return first and last cell of every run of error cells, short gaps bridged."""
    cells = np.flatnonzero(is_error)
    if not len(cells):
        return []
    edges_s = comparison.grid.edges_s
    is_split = edges_s[cells[1:]] - edges_s[cells[:-1] + 1] > JOIN_GAP_S
    firsts = cells[np.concatenate([[True], is_split])]
    lasts = cells[np.concatenate([is_split, [True]])]
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]


def _stretch(
    reference: Annotation,
    comparison: Comparison,
    costs_s: Floats,
    cells: tuple[int, int],
    kind: Kind,
) -> Stretch:
    first, last = cells
    span = slice(first, last + 1)
    edges_s = comparison.grid.edges_s
    start_s, end_s = float(edges_s[first]), float(edges_s[last + 1])
    in_error = costs_s[span] > 0
    in_overlap_s = float(costs_s[span] @ (comparison.num_ref[span] > 1))
    error_s = float(costs_s[span].sum())
    return Stretch(
        start_s,
        end_s,
        kind,
        error_s,
        _cause(reference, (start_s, end_s), kind, in_overlap_s / error_s),
        _heard(comparison.reference.speakers, comparison.ref_active[span][in_error]),
        _heard(comparison.hypothesis.speakers, comparison.hyp_active[span][in_error]),
    )


def _heard(speakers: tuple[str, ...], active: Mask) -> tuple[str, ...]:
    return tuple(speakers[i] for i in np.flatnonzero(active.any(axis=0)))


def _cause(reference: Annotation, span_s: tuple[float, float], kind: Kind, overlap_share: float) -> Cause:
    start_s, end_s = span_s
    if overlap_share >= _MOSTLY:
        return "overlap"
    inside = [turn for turn in reference.turns if turn.start_s < end_s and turn.end_s > start_s]
    if inside and kind != "false_alarm" and max(turn.duration_s for turn in inside) < VERY_SHORT_TURN_S:
        return "very_short_turn"
    for turn in reference.turns:
        for boundary_s in (turn.start_s, turn.end_s):
            if max(abs(start_s - boundary_s), abs(end_s - boundary_s)) <= NEAR_BOUNDARY_S:
                return "near_boundary"
    return "similar_voices" if kind == "confusion" else "other"
