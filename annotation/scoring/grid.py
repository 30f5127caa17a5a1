"""Time cut at every boundary anybody names, so that between two cuts nothing changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotation.model import Annotation, Segment, Turn
from annotation.scoring.errors import ScoringError
from annotation.scoring.regions import SAME_TIME_S

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

    def starting_after(self, all_ends_s: Floats) -> "Track":
        """Return the same with each start that comes a hair before an end moved onto it; turns stay turns."""
        moved_s = np.minimum(onto_ends(self.starts_s, all_ends_s), self.ends_s)
        return Track(self.speakers, moved_s, self.ends_s, self.owners)


def bounds(segments: Sequence[Segment | Turn]) -> tuple[Floats, Floats]:
    """Return all starts and all ends."""
    starts_s = np.array([segment.start_s for segment in segments], dtype=np.float64)
    return starts_s, np.array([segment.end_s for segment in segments], dtype=np.float64)


def onto_ends(starts_s: Floats, ends_s: Floats) -> Floats:
    """Return starts that come less than SAME_TIME_S before an end on that end.

    The end of a turn is its start plus its length, and such a sum is often a hair off. md-eval lets ends come first.
    """
    if not len(ends_s):
        return starts_s
    ordered = np.unique(ends_s)
    last = ordered[np.maximum(np.searchsorted(ordered, starts_s + SAME_TIME_S, side="right") - 1, 0)]
    return np.where((last > starts_s) & (last <= starts_s + SAME_TIME_S), last, starts_s)


def how_many(active: Mask) -> Counts:
    """Return the number of speakers that are on in each cell: (num_cells,)."""
    total: Counts = active.sum(axis=1, dtype=np.int32)
    return total


class Comparison:
    """Reference and hypothesis on one grid.

    Args:
        reference: what was said to be true.
        hypothesis: what is scored.
        region: the time that counts, in order.
        cuts: other stretches that time is going to be taken from.
    """

    def __init__(
        self,
        reference: Annotation,
        hypothesis: Annotation,
        region: Sequence[Segment],
        cuts: Iterable[Sequence[Segment]] = (),
    ) -> None:
        ref, hyp = Track.of(reference), Track.of(hypothesis)
        starts_s, ends_s = bounds(region)
        all_ends_s = np.concatenate([ref.ends_s, hyp.ends_s, ends_s])
        self.reference, self.hypothesis = ref.starting_after(all_ends_s), hyp.starting_after(all_ends_s)
        self._region = np.minimum(onto_ends(starts_s, all_ends_s), ends_s), ends_s
        edges = [*self._region, *(edge for segments in cuts for edge in bounds(segments))]
        for track in (self.reference, self.hypothesis):
            edges += [track.starts_s, track.ends_s]
        self.grid = Grid(edges)

    @cached_property
    def weights_s(self) -> Floats:
        """Length of every cell inside the region, 0 outside: (num_cells,)."""
        return self._weights(*self._region)

    def weights_of(self, stretches: Sequence[Segment]) -> Floats:
        """Length of every cell inside these stretches, whose edges have to be cuts: (num_cells,)."""
        return self._weights(*bounds(stretches))

    def _weights(self, starts_s: Floats, ends_s: Floats) -> Floats:
        return np.where(self.grid.count(starts_s, ends_s) > 0, self.grid.durations_s, 0.0)

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
    def shared_s(self) -> Floats:
        """Time each pair of labels speaks at once, all of the region: (num_ref_speakers, num_hyp_speakers)."""
        return (self.ref_active * self.weights_s[:, None]).T @ self.hyp_active.astype(np.float64)

    def shared_in_order_s(self) -> Floats:
        """The same, added up cell by cell in order of time: sums that are equal on paper are so to the last bit."""
        num_ref, num_hyp = len(self.reference.speakers), len(self.hypothesis.speakers)
        shared_s = np.zeros((num_ref, num_hyp))
        for row in range(num_ref):
            cells = np.flatnonzero(self.ref_active[:, row] & (self.weights_s > 0))
            at, columns = np.nonzero(self.hyp_active[cells])
            shared_s[row] = np.bincount(columns, weights=self.weights_s[cells[at]], minlength=num_hyp)
        return shared_s
