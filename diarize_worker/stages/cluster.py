"""How many speakers there are, and which of them each local speaker of each window is."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.stages.embed import Embeddings
from diarize_worker.stages.segment import NUM_LOCAL
from diarize_worker.stages.tree import (
    Indices,
    MergeTree,
    Vectors,
    merge_within_blocks,
    single_groups,
    ward_tree,
)

#: The step the threshold was set at; with another step, a window counts for more or for less.
_REFERENCE_STEP_S = 0.5


@dataclass(frozen=True, slots=True)
class ClusterConfig:
    """Ward linkage with a threshold that grows with the number of vectors.

    Ward's distance grows with the size of the clusters, so that one speaker would drift over any fixed threshold
    as a recording gets longer. Between two given clusters it grows with the root of their size, and once a voice
    has been heard in all its ways, more of it only makes its clusters heavier: so does the threshold then.
    """

    threshold: float = 2.25
    at_num_vectors: float = 75.0
    exponent: float = 0.35
    #: From here on, some twenty minutes of speech, the exponent is a half.
    all_heard_at: float = 3000.0
    #: Vectors of at least this much speech without overlap decide; the others are only assigned.
    clean_s: float = 0.5
    less_clean_s: float = 0.4
    fewest_clean: int = 3
    #: Above this many vectors, close ones are joined first: once, and again and wider while too many are left.
    most_single: int = 800
    most_groups: int = 2000
    block_size: int = 400
    block_distance: float = 0.12
    #: Clusters with less clean speech, summed over overlapping windows, are folded into the closest.
    smallest_s: float = 3.0
    num_refinements: int = 3


@dataclass(frozen=True, slots=True)
class Clustering:
    """Speakers, and what there is to know about how they were told apart."""

    #: (num_windows, 3) speaker of each local speaker; -1 for none
    speaker_of: npt.NDArray[np.int64]
    #: (num_windows, 3) how much closer that speaker is than the next, as a difference of cosines; NaN for none
    margin: npt.NDArray[np.float32]
    num_speakers: int
    tree: MergeTree | None = None
    threshold: float = 0.0
    #: Speakers there would be if the threshold were 10 % lower, and 10 % higher, hint aside.
    count_range: tuple[int, int] = (0, 0)
    #: How many speakers were found before the hint was applied.
    num_found: int = 0


@dataclass(frozen=True, slots=True)
class _Training:
    """The vectors that decide, with what the fold needs to know about them."""

    vectors: Vectors
    clean_s: npt.NDArray[np.float64]
    group_of: Indices
    tree: MergeTree
    smallest_s: float

    def labels(self, num_clusters: int, fewest: int) -> Indices:
        """Cut the tree and fold clusters that are too small, down to `fewest` clusters at least."""
        labels = self.tree.cut(num_clusters)[self.group_of]
        while labels.max() + 1 > fewest:
            talk_s = np.bincount(labels, self.clean_s)
            smallest = int(talk_s.argmin())
            if talk_s[smallest] >= self.smallest_s:
                break
            centroids = _centroids(self.vectors, labels, self.clean_s)
            similarity = centroids @ centroids[smallest]
            similarity[smallest] = -np.inf
            labels[labels == smallest] = similarity.argmax()
            labels = _renumbered(labels)
        return labels

    def labels_at(self, threshold: float) -> Indices:
        """Cut at a distance and fold."""
        return self.labels(self.tree.num_clusters_at(threshold), fewest=1)

    def labels_within(self, hint: SpeakerHint, threshold: float) -> Indices:
        """Cut at the threshold; where that leads outside the hint, cut the same tree as near to it as allowed."""
        labels = self.labels_at(threshold)
        if labels.max() + 1 > hint.maximum:
            return self._with_num(hint.maximum, labels)
        return self._with_num(hint.minimum, labels) if labels.max() + 1 < hint.minimum else labels

    def _with_num(self, wanted: int, labels: Indices) -> Indices:
        """Return the highest cut that leaves `wanted` clusters worth the name; else any with that many."""
        most = min(self.tree.num_leaves, 4 * wanted + 10)
        for num_clusters in range(wanted, most + 1):
            labels = self.labels(num_clusters, fewest=1)
            if labels.max() + 1 >= wanted:
                break
        if labels.max() + 1 == wanted:
            return labels
        return self.labels(wanted, fewest=wanted)


@dataclass(frozen=True, slots=True)
class Clusterer:
    """Finds the speakers of a recording."""

    config: ClusterConfig = ClusterConfig()

    def __call__(
        self, embeddings: Embeddings, num_windows: int, step_s: float, hint: SpeakerHint
    ) -> Clustering:
        """Cluster the vectors and assign each local speaker.

        Args:
            embeddings: Of all windows.
            num_windows: How many windows there are.
            step_s: Time between the starts of two windows.
            hint: Bounds on the number of speakers; fewer vectors than that mean fewer speakers.
        """
        if not len(embeddings):
            nobody = np.full((num_windows, NUM_LOCAL), -1)
            return Clustering(nobody, np.full(nobody.shape, np.nan, np.float32), 0)
        weight = step_s / _REFERENCE_STEP_S
        chosen = self._choose(embeddings)
        vectors = embeddings.vectors[chosen].astype(np.float64)
        clean_s = embeddings.clean_s[chosen].astype(np.float64)
        tree, group_of = self._tree(vectors, weight)
        training = _Training(vectors, clean_s, group_of, tree, self.config.smallest_s / weight)
        threshold = self._threshold(len(vectors) * weight)
        labels = training.labels_within(hint, threshold)
        labels = self._refined(vectors, labels, may_shrink=hint.minimum <= 1)
        centroids = _centroids(vectors, labels, clean_s)
        speaker_of, margin = _assign(embeddings, centroids, num_windows)
        counts = [int(training.labels_at(factor * threshold).max()) + 1 for factor in (1.1, 0.9)]
        num_found = int(training.labels_at(threshold).max()) + 1
        return Clustering(
            speaker_of, margin, len(centroids), tree, threshold, (min(counts), max(counts)), num_found
        )

    def _threshold(self, num_vectors: float) -> float:
        config = self.config
        heard = min(num_vectors, config.all_heard_at)
        grown: float = (heard / config.at_num_vectors) ** config.exponent
        return config.threshold * grown * math.sqrt(num_vectors / heard)

    def _choose(self, embeddings: Embeddings) -> npt.NDArray[np.bool_]:
        """Return which vectors decide: those of clean speech, or all when there are too few."""
        chosen: npt.NDArray[np.bool_] = embeddings.clean_s >= self.config.clean_s
        if chosen.sum() < self.config.fewest_clean:
            chosen = embeddings.clean_s >= self.config.less_clean_s
        return chosen if chosen.any() else np.ones(len(embeddings), np.bool_)

    def _tree(self, vectors: Vectors, weight: float) -> tuple[MergeTree, Indices]:
        config = self.config
        groups = single_groups(vectors, weight)
        distance = config.block_distance
        most = config.most_single
        while len(groups) > most:
            groups = merge_within_blocks(groups, config.block_size, distance)
            # voices in noise lie further apart, and memory must stay bounded for them too
            most, distance = config.most_groups, 1.5 * distance
        return ward_tree(groups), groups.group_of

    def _refined(self, vectors: Vectors, labels: Indices, *, may_shrink: bool) -> Indices:
        """Move each vector to the most similar centroid, a few times."""
        for _ in range(self.config.num_refinements):
            moved = (vectors @ _centroids(vectors, labels).T).argmax(1)
            is_smaller = len(np.unique(moved)) <= labels.max()
            if np.array_equal(moved, labels) or (is_smaller and not may_shrink):
                break
            labels = _renumbered(moved)
        return labels


def _assign(
    embeddings: Embeddings, centroids: Vectors, num_windows: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Give each local speaker the most similar speaker; two of one window never get the same."""
    similarity = embeddings.vectors @ centroids.T  # (num_items, num_speakers)
    best = similarity.argmax(1)
    num_in_window = np.bincount(embeddings.window, minlength=num_windows)
    if centroids.shape[0] > 1:
        for window in np.flatnonzero(num_in_window > 1):
            items = _items_of(embeddings, int(window))
            best[items] = -1  # who is left over when speakers run out stays out
            rows, columns = linear_sum_assignment(-similarity[items])
            best[items[rows]] = columns
    speaker_of = np.full((num_windows, NUM_LOCAL), -1)
    margin = np.full((num_windows, NUM_LOCAL), np.nan, np.float32)
    speaker_of[embeddings.window, embeddings.local] = best
    margin[embeddings.window, embeddings.local] = _margins(similarity, best)
    return speaker_of, margin


def _items_of(embeddings: Embeddings, window: int) -> Indices:
    """Return the items of one window; they stand next to each other."""
    first, last = np.searchsorted(embeddings.window, [window, window + 1])
    return np.arange(first, last)


def _margins(similarity: npt.NDArray[np.float64], best: Indices) -> npt.NDArray[np.float64]:
    """Return how much more similar the chosen speaker is than the best other: (num_items,)."""
    if similarity.shape[1] == 1:
        return np.ones(len(best))
    rows = np.arange(len(best))
    own = similarity[rows, best]
    others = similarity.copy()
    others[rows, best] = -np.inf
    return np.where(best >= 0, own - others.max(1), np.nan)


def _centroids(vectors: Vectors, labels: Indices, weights: npt.NDArray[np.float64] | None = None) -> Vectors:
    """Return the mean of each cluster, of length 1: (num_clusters, dimension)."""
    sums = np.zeros((labels.max() + 1, vectors.shape[1]))
    np.add.at(sums, labels, vectors if weights is None else vectors * np.maximum(weights, 1e-9)[:, None])
    centroids: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return centroids


def _renumbered(labels: Indices) -> Indices:
    renumbered: Indices = np.unique(labels, return_inverse=True)[1]
    return renumbered
