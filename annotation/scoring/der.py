"""Diarization error rate: missed detection, false alarm and confusion, under one setting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.model import Segment
from annotation.scoring.grid import Comparison, Counts, how_many


@dataclass(frozen=True, slots=True)
class Score:
    """Seconds of speaker time: two people at once for one second are two of them.

    Scores of several recordings add up to the score of all; a mean of percentages would not.

    >>> total = Score(scored_speaker_s=10, missed_s=1) + Score(scored_speaker_s=30, confusion_s=3)
    >>> total.der_percent, total.missed_percent, Score().der_percent
    (10.0, 2.5, None)
    """

    #: Reference speaker time under this setting: what every percentage is a percentage of.
    scored_speaker_s: float = 0.0
    missed_s: float = 0.0
    false_alarm_s: float = 0.0
    confusion_s: float = 0.0
    #: Reference speaker time before the setting leaves any of it out.
    reference_speaker_s: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.scored_speaker_s + other.scored_speaker_s,
            self.missed_s + other.missed_s,
            self.false_alarm_s + other.false_alarm_s,
            self.confusion_s + other.confusion_s,
            self.reference_speaker_s + other.reference_speaker_s,
        )

    @classmethod
    def total(cls, scores: Iterable["Score"]) -> "Score":
        """Return the score of all recordings together."""
        return sum(scores, cls())

    @property
    def error_s(self) -> float:
        """Missed, false alarm and confusion together."""
        return self.missed_s + self.false_alarm_s + self.confusion_s

    @property
    def der_percent(self) -> float | None:
        """The diarization error rate, above 100 when errors exceed the reference; None without reference speech."""
        return self._percent(self.error_s)

    @property
    def missed_percent(self) -> float | None:
        """Missed detection as a share of reference speaker time."""
        return self._percent(self.missed_s)

    @property
    def false_alarm_percent(self) -> float | None:
        """False alarm as a share of reference speaker time."""
        return self._percent(self.false_alarm_s)

    @property
    def confusion_percent(self) -> float | None:
        """Confusion as a share of reference speaker time."""
        return self._percent(self.confusion_s)

    @property
    def left_out_percent(self) -> float | None:
        """How much of the reference speaker time the setting throws away."""
        if self.reference_speaker_s <= 0:
            return None
        return max(0.0, 100.0 * (1.0 - self.scored_speaker_s / self.reference_speaker_s))

    def _percent(self, seconds: float) -> float | None:
        return 100.0 * seconds / self.scored_speaker_s if self.scored_speaker_s > 0 else None


def num_matched(comparison: Comparison, pairs: Sequence[tuple[int, int]]) -> Counts:
    """Return how many reference speakers are found under their mapped label: (num_cells,)."""
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    return how_many(comparison.ref_active[:, rows] & comparison.hyp_active[:, columns])


@dataclass(frozen=True)
class CellErrors:
    """Speakers missed, too many and mistaken in every cell: each (num_cells,)."""

    missed: Counts
    false_alarm: Counts
    confusion: Counts

    @classmethod
    def of(cls, comparison: Comparison, pairs: Sequence[tuple[int, int]]) -> "CellErrors":
        """Count the errors of every cell under a mapping."""
        num_ref, num_hyp = comparison.num_ref, comparison.num_hyp
        return cls(
            missed=np.maximum(num_ref - num_hyp, 0),
            false_alarm=np.maximum(num_hyp - num_ref, 0),
            confusion=np.minimum(num_ref, num_hyp) - num_matched(comparison, pairs),
        )


def score_stretches(
    comparison: Comparison, errors: CellErrors, stretches: Sequence[Segment], reference_speaker_s: float
) -> Score:
    """Return the error rate over the stretches that a setting scores, of a reference with so much speaker time."""
    weights_s = comparison.weights_of(stretches)
    return Score(
        scored_speaker_s=float(weights_s @ comparison.num_ref),
        missed_s=float(weights_s @ errors.missed),
        false_alarm_s=float(weights_s @ errors.false_alarm),
        confusion_s=float(weights_s @ errors.confusion),
        reference_speaker_s=reference_speaker_s,
    )
