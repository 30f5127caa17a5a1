"""A merge tree by Ward's distance, over groups given as sums and counts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

Vectors = npt.NDArray[np.float64]
Counts = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Vectors that are taken together: the sum of each group, and how many it stands for."""

    #: (num_groups, dimension)
    sums: Vectors
    #: (num_groups,)
    counts: Counts
    #: (num_items,) the group of each item
    group_of: Indices

    def __len__(self) -> int:
        return len(self.sums)


@dataclass(frozen=True, slots=True)
class MergeTree:
    """All merges from single groups to one, lowest first."""

    #: (num_groups - 1, 2): two clusters that became one; merge i makes cluster num_groups + i
    pairs: Indices
    #: (num_groups - 1,) Ward distance at which they did
    heights: npt.NDArray[np.float64]
    #: (2 * num_groups - 1,) how many vectors each cluster stands for
    sizes: npt.NDArray[np.float64]

    @property
    def num_leaves(self) -> int:
        """Groups the tree began with."""
        return len(self.heights) + 1

    def num_clusters_at(self, threshold: float) -> int:
        """Return how many clusters are left when merges above the threshold are not made."""
        return self.num_leaves - int(np.searchsorted(self.heights, threshold, side="right"))

    def cut(self, num_clusters: int) -> Indices:
        """Return the cluster, 0 to num_clusters - 1, of each group: (num_leaves,)."""
        num_merges = self.num_leaves - min(max(1, num_clusters), self.num_leaves)
        owner = np.arange(self.num_leaves + num_merges)
        for merge in range(num_merges - 1, -1, -1):
            owner[self.pairs[merge]] = owner[self.num_leaves + merge]
        labels: Indices = np.unique(owner[: self.num_leaves], return_inverse=True)[1]
        return labels


def single_groups(vectors: Vectors, weight: float) -> Groups:
    """Return each vector as a group of its own that counts `weight` times."""
    return Groups(vectors * weight, np.full(len(vectors), weight), np.arange(len(vectors)))


def merge_within_blocks(groups: Groups, block_size: int, cosine_distance: float) -> Groups:
    """Join groups that lie close in time and in direction, in time linear in their number.

    Args:
        groups: In order of time.
        block_size: Groups that are compared with each other.
        cosine_distance: Average linkage is cut here.
    """
    labels = np.empty(len(groups), np.int64)
    num_found = 0
    for first in range(0, len(groups), block_size):
        block = groups.sums[first : first + block_size]
        found = np.ones(1, np.int64)
        if len(block) > 1:
            found = fcluster(linkage(pdist(block, "cosine"), "average"), cosine_distance, "distance")
        labels[first : first + len(block)] = found - 1 + num_found
        num_found += int(found.max())
    sums = np.zeros((num_found, groups.sums.shape[1]))
    np.add.at(sums, labels, groups.sums)
    return Groups(sums, np.bincount(labels, groups.counts).astype(np.float64), labels[groups.group_of])


def ward_tree(groups: Groups) -> MergeTree:
    """Merge the closest pair of groups until one is left.

    The distance of groups of n and m vectors is sqrt(2nm / (n + m)) times that of their means. Memory and time
    grow with the square of the number of groups.
    """
    return _Merging(groups).run()


class _Merging:
    """The state of `ward_tree`: a distance matrix, and each row's nearest neighbour."""

    def __init__(self, groups: Groups) -> None:
        num = len(groups)
        self._counts = groups.counts.astype(np.float64)
        self._means = groups.sums / self._counts[:, None]
        self._norms = np.square(self._means).sum(1)
        self._is_alive = np.ones(num, np.bool_)
        self._cluster = np.arange(num)
        self._distances = np.stack([self._row(i) for i in range(num)])
        self._nearest = self._distances.argmin(1)
        self._least = self._distances[np.arange(num), self._nearest]

    def run(self) -> MergeTree:
        num = len(self._counts)
        pairs = np.empty((num - 1, 2), np.int64)
        heights = np.empty(num - 1)
        sizes = np.concatenate([self._counts, np.empty(num - 1)])
        for merge in range(num - 1):
            i = int(self._least.argmin())
            j = int(self._nearest[i])
            pairs[merge] = self._cluster[i], self._cluster[j]
            # float rounding may put a merge a hair below the one before it
            heights[merge] = max(self._least[i], heights[merge - 1] if merge else 0.0)
            self._join(i, j)
            self._cluster[i] = num + merge
            sizes[num + merge] = self._counts[i]
        return MergeTree(pairs, heights, sizes)

    def _row(self, i: int) -> npt.NDArray[np.float64]:
        squares = self._norms + self._norms[i] - 2 * (self._means @ self._means[i])
        weights = 2 * self._counts * self._counts[i] / (self._counts + self._counts[i])
        row: npt.NDArray[np.float64] = np.sqrt(np.maximum(weights * squares, 0))
        row[~self._is_alive] = np.inf
        row[i] = np.inf
        return row

    def _join(self, i: int, j: int) -> None:
        """Let group i take in group j, and mend what pointed to either."""
        count = self._counts[i] + self._counts[j]
        self._means[i] = (self._means[i] * self._counts[i] + self._means[j] * self._counts[j]) / count
        self._counts[i] = count
        self._norms[i] = np.square(self._means[i]).sum()
        self._is_alive[j] = False
        self._distances[j] = np.inf
        self._distances[:, j] = np.inf
        self._least[j] = np.inf
        row = self._row(i)
        self._distances[i] = row
        self._distances[:, i] = row
        stale = self._is_alive & ((self._nearest == i) | (self._nearest == j))
        stale[i] = True
        rows = np.flatnonzero(stale)
        self._nearest[rows] = self._distances[rows].argmin(1)
        self._least[rows] = self._distances[rows, self._nearest[rows]]
        closer = self._is_alive & (row < self._least)
        closer[i] = False
        self._nearest[closer] = i
        self._least[closer] = row[closer]
