"""Time cut at every boundary anybody names, so that between two cuts nothing changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotation.model import Annotation, Segment, Turn
from annotation.scoring.errors import ScoringError

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int32]
Mask: TypeAlias = NDArray[np.bool_]

#: Cells (cuts x speakers) one score may take: about a gigabyte at four bytes each.
MAX_CELLS = 250_000_000


class Grid:
    """Cells between neighbouring cuts.

    >>> grid = Grid([np.array([0.0, 2.0, 3.0])])
    >>> grid.durations_s.tolist(), grid.count(np.array([0.0, 1.0][:1]), np.array([2.0])).tolist()
    ([2.0, 1.0], [1, 0])
    """

    def __init__(self, cuts: Iterable[Floats]) -> None:
        self.edges_s: Floats = np.unique(np.concatenate([np.empty(0), *cuts]))
        self.durations_s: Floats = np.diff(self.edges_s)

    @property
    def num_cells(self) -> int:
        """How many cells there are."""
        return len(self.durations_s)

    def count(self, starts_s: Floats, ends_s: Floats) -> Counts:
        """Return how many of the stretches cover each cell; their ends have to be cuts."""
        return self.count_each(starts_s, ends_s, np.zeros(len(starts_s), np.intp), 1)[:, 0]

    def count_each(
        self, starts_s: Floats, ends_s: Floats, owners: NDArray[np.intp], num_owners: int
    ) -> Counts:
        """Return the same for each owner apart: (num_cells, num_owners).

        Raises:
            ScoringError: there would be more cells than memory is kept for.
        """
        num_rows = len(self.edges_s)
        if num_rows * num_owners > MAX_CELLS:
            raise ScoringError(
                f"{num_owners:,} different speakers in {len(starts_s):,} turns are too many to score. "
                "Check that the speaker column holds labels, not words or times."
            )
        size = num_rows * num_owners
        begin = np.searchsorted(self.edges_s, starts_s) * num_owners + owners
        end = np.searchsorted(self.edges_s, ends_s) * num_owners + owners
        steps = np.bincount(begin, minlength=size) - np.bincount(end, minlength=size)
        counts = np.cumsum(steps.reshape(num_rows, num_owners), axis=0, dtype=np.int32)
        return counts[: self.num_cells]


@dataclass(frozen=True)
class Track:
    """The turns of one side as arrays."""

    speakers: tuple[str, ...]
    starts_s: Floats
    ends_s: Floats
    owners: NDArray[np.intp]

    @classmethod
    def of(cls, annotation: Annotation) -> "Track":
        """Return the turns as arrays."""
        speakers = annotation.speakers
        index = {speaker: i for i, speaker in enumerate(speakers)}
        starts_s, ends_s = bounds(annotation.turns)
        owners = np.array([index[turn.speaker] for turn in annotation.turns], dtype=np.intp)
        return cls(speakers, starts_s, ends_s, owners)


def bounds(segments: Sequence[Segment | Turn]) -> tuple[Floats, Floats]:
    """Return all starts and all ends."""
    starts_s = np.array([segment.start_s for segment in segments], dtype=np.float64)
    return starts_s, np.array([segment.end_s for segment in segments], dtype=np.float64)


def how_many(active: Mask) -> Counts:
    """Return the number of speakers that are on in each cell: (num_cells,)."""
    total: Counts = active.sum(axis=1, dtype=np.int32)
    return total


class Comparison:
    """Reference and hypothesis on one grid, cut for every collar in use.

    Args:
        reference: what was said to be true.
        hypothesis: what is scored.
        region: the evaluated time, disjoint and in order.
        collars_each_side_s: the collars that masks will be asked for.
    """

    def __init__(
        self,
        reference: Annotation,
        hypothesis: Annotation,
        region: Sequence[Segment],
        collars_each_side_s: Iterable[float] = (),
    ) -> None:
        self.reference, self.hypothesis = Track.of(reference), Track.of(hypothesis)
        ref, hyp = self.reference, self.hypothesis
        self._region = bounds(region)
        boundaries = np.concatenate([ref.starts_s, ref.ends_s])
        self._collars = {c: (boundaries - c, boundaries + c) for c in set(collars_each_side_s) if c > 0}
        cuts = [ref.starts_s, ref.ends_s, hyp.starts_s, hyp.ends_s, *self._region]
        self.grid = Grid([*cuts, *(edge for pair in self._collars.values() for edge in pair)])

    @cached_property
    def weights_s(self) -> Floats:
        """Length of every cell inside the evaluated region, 0 outside: (num_cells,)."""
        return np.where(self.grid.count(*self._region) > 0, self.grid.durations_s, 0.0)

    @cached_property
    def ref_active(self) -> Mask:
        """Who speaks in the reference: (num_cells, num_ref_speakers). A speaker's own overlap counts once."""
        ref = self.reference
        return self.grid.count_each(ref.starts_s, ref.ends_s, ref.owners, len(ref.speakers)) > 0

    @cached_property
    def hyp_active(self) -> Mask:
        """Who speaks in the hypothesis: (num_cells, num_hyp_speakers)."""
        hyp = self.hypothesis
        return self.grid.count_each(hyp.starts_s, hyp.ends_s, hyp.owners, len(hyp.speakers)) > 0

    @cached_property
    def num_ref(self) -> Counts:
        """How many speak in the reference: (num_cells,)."""
        return how_many(self.ref_active)

    @cached_property
    def num_hyp(self) -> Counts:
        """How many speak in the hypothesis: (num_cells,)."""
        return how_many(self.hyp_active)

    @cached_property
    def is_overlap(self) -> Mask:
        """Where two reference turns run at once; as in md-eval these may be turns of one speaker: (num_cells,)."""
        return self.grid.count(self.reference.starts_s, self.reference.ends_s) > 1

    def is_in_collar(self, collar_each_side_s: float) -> Mask:
        """Where a reference boundary is near: (num_cells,)."""
        if collar_each_side_s <= 0:
            return np.zeros(self.grid.num_cells, dtype=np.bool_)
        return self.grid.count(*self._collars[collar_each_side_s]) > 0

    @cached_property
    def shared_s(self) -> Floats:
        """Time each pair of labels speaks at once, all of the region: (num_ref_speakers, num_hyp_speakers)."""
        return (self.ref_active * self.weights_s[:, None]).T @ self.hyp_active.astype(np.float64)
