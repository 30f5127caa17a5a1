"""Jaccard error rate, as the DIHARD challenges and dscore define it: every speaker weighs the same."""

from dataclasses import dataclass

import numpy as np

from annotation.scoring.grid import Comparison, Floats
from annotation.scoring.mapping import best_pairs


@dataclass(frozen=True, slots=True)
class JaccardError:
    """A mean over speakers that still adds up over recordings."""

    #: Sum over reference speakers of the share (0 to 1) that is missed or too much.
    error_sum: float = 0.0
    num_speakers: int = 0

    def __add__(self, other: "JaccardError") -> "JaccardError":
        return JaccardError(self.error_sum + other.error_sum, self.num_speakers + other.num_speakers)

    @property
    def percent(self) -> float | None:
        """0 to 100; None without reference speakers."""
        return 100.0 * self.error_sum / self.num_speakers if self.num_speakers else None


def jaccard_error(comparison: Comparison) -> JaccardError:
    """Return the error with the mapping that suits it best; collar and overlap settings never touch it.

    A reference speaker without a partner counts as wholly wrong. Only speakers heard inside the evaluated
    region count.
    """
    shares = jaccard_errors(comparison)
    heard = comparison.weights_s @ comparison.ref_active > 0
    shares = shares[heard]
    num_speakers = int(heard.sum())
    gained = sum(1.0 - shares[row, column] for row, column in best_pairs(1.0 - shares))
    return JaccardError(num_speakers - float(gained), num_speakers)


def jaccard_errors(comparison: Comparison) -> Floats:
    """Return the error of each possible pair, 0 to 1: (num_ref_speakers, num_hyp_speakers)."""
    ref_s = comparison.weights_s @ comparison.ref_active
    hyp_s = comparison.weights_s @ comparison.hyp_active
    either_s = ref_s[:, None] + hyp_s[None, :] - comparison.shared_s
    safe_s = np.where(either_s > 0, either_s, 1.0)
    return np.where(either_s > 0, 1.0 - comparison.shared_s / safe_s, 1.0)
