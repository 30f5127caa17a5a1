"""Which hypothesis label stands for which reference speaker."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from annotation.scoring.grid import Comparison, Floats

Places: TypeAlias = NDArray[np.int_]

#: Beyond this many labels ties fall as they may: nobody has that many speakers.
MAX_TIED_LABELS = 200
#: By how much leaving a speaker without a partner costs more than the worst partner: NIST's figure.
_HAIR = 1e-12


def best_pairs(gain: Floats) -> list[tuple[int, int]]:
    """Return the one-to-one pairs (row, column) with the largest total gain, leaving out pairs that gain nothing.

    >>> best_pairs(np.array([[5.0, 4.0], [4.0, 0.0]]))
    [(0, 1), (1, 0)]
    """
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [
        (int(row), int(column)) for row, column in zip(rows, columns, strict=True) if gain[row, column] > 0
    ]


def mapped_pairs(comparison: Comparison) -> list[tuple[int, int]]:
    """Return the pairs (reference speaker, hypothesis label) that share the most time.

    Where several mappings share equally much, one of them is as good as another, yet their error rates may differ.
    The choice is then md-eval's, which is by name: speakers and labels are tried in alphabetical order.
    """
    shared_s = comparison.shared_in_order_s()
    if max(shared_s.shape) > MAX_TIED_LABELS:
        return best_pairs(shared_s)
    rows = _by_name(comparison.reference.speakers, shared_s.sum(axis=1))
    columns = _by_name(comparison.hypothesis.speakers, shared_s.sum(axis=0))
    if not rows:
        return []
    gain = shared_s[np.ix_(rows, columns)]
    is_turned = len(rows) < len(columns)  # the longer side looks for partners
    partners = _partners(gain.T if is_turned else gain)
    places = [(b, a) if is_turned else (a, b) for a, b in enumerate(partners) if b is not None]
    return sorted((rows[a], columns[b]) for a, b in places if gain[a, b] > 0)


def _by_name(labels: tuple[str, ...], heard_s: Floats) -> list[int]:
    return sorted(np.flatnonzero(heard_s).tolist(), key=labels.__getitem__)


def _partners(gain: Floats) -> list[int | None]:
    """Return a column for each row, or None, such that the total gain is largest."""
    num_rows, num_columns = gain.shape
    most = float(gain.max())
    # One row and one column more stand for nobody, so that every speaker may stay alone.
    size = 1 + max(num_rows, num_columns)
    costs = np.full((size, size), most * (1 + _HAIR))
    costs[:num_rows, :num_columns] = np.where(gain > 0, most - gain, costs[:num_rows, :num_columns])
    matching = _Matching(costs - costs.min(axis=0))
    while (matching.column_of < 0).any():
        matching.add_a_pair()
    found = matching.column_of[:num_rows].tolist()
    return [column if column < num_columns else None for column in found]


class _Matching:
    """The Hungarian method: prices that make the cheapest pairs cost nothing, and pairs among those that do.

    Which of several best pairings comes out depends on the order in which rows and columns are tried, and so on
    the order in which they are given.
    """

    def __init__(self, costs: Floats) -> None:
        size = len(costs)
        self._costs = costs
        self._row_prices, self._column_prices = np.zeros(size), np.zeros(size)
        self.column_of, self._row_of = np.full(size, -1), np.full(size, -1)
        for row in range(size):
            free = np.flatnonzero((costs[row] == 0) & (self._row_of < 0))
            if len(free):
                self._pair(row, int(free[0]))

    def add_a_pair(self) -> None:
        """Search from all rows without a partner at once, raising prices until a free column is reached."""
        size = len(self._costs)
        slack, slack_row, reached_from = np.full(size, np.inf), np.full(size, -1), np.full(size, -1)
        queue: list[int] = np.flatnonzero(self.column_of < 0).tolist()
        done = 0
        while True:
            while done < len(queue):
                row = queue[done]
                gap = self._costs[row] - self._row_prices[row] + self._column_prices
                is_nearer = (slack > 0) & (gap < slack)
                is_reached = is_nearer & (gap == 0)
                goal = np.flatnonzero(is_reached & (self._row_of < 0))
                if len(goal):
                    self._change_partners(row, int(goal[0]), reached_from)
                    return
                slack = np.where(is_nearer, gap, slack)
                slack_row[is_nearer] = row
                reached_from[is_reached] = row
                queue += self._row_of[is_reached].tolist()
                done += 1
            was_reached = slack == 0
            step = float(slack[~was_reached].min())
            self._row_prices[queue] += step
            self._column_prices[was_reached] += step
            slack[~was_reached] -= step
            is_reached = (slack == 0) & ~was_reached
            goal = np.flatnonzero(is_reached & (self._row_of < 0))
            if len(goal):
                self._change_partners(int(slack_row[goal[0]]), int(goal[0]), reached_from)
                return
            reached_from[is_reached] = slack_row[is_reached]
            queue += self._row_of[is_reached].tolist()

    def _change_partners(self, row: int, column: int, reached_from: Places) -> None:
        """Pair the row with the free column, and the rows on the way there each with the column before."""
        while column >= 0:
            before = int(self.column_of[row])
            self._pair(row, column)
            row, column = int(reached_from[before]), before

    def _pair(self, row: int, column: int) -> None:
        self.column_of[row], self._row_of[column] = column, row
