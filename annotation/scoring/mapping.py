"""Which hypothesis label stands for which reference speaker."""

from scipy.optimize import linear_sum_assignment

from annotation.scoring.grid import Floats


def best_pairs(gain: Floats) -> list[tuple[int, int]]:
    """Return the one-to-one pairs (row, column) with the largest total gain, leaving out pairs that gain nothing.

    >>> import numpy as np
    >>> best_pairs(np.array([[5.0, 4.0], [4.0, 0.0]]))
    [(0, 1), (1, 0)]
    """
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [
        (int(row), int(column)) for row, column in zip(rows, columns, strict=True) if gain[row, column] > 0
    ]
