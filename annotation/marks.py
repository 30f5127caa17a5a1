"""What an RTTM file says beside its turns, as far as NIST's scoring rule heeds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """What a stretch of a reference stands for."""

    TURN = "SPEAKER"
    WORD = "LEXEME"
    #: Not to be scored at all, nor heeded when labels are mapped to speakers.
    NO_SCORE = "NOSCORE"
    #: A laugh, a breath, a cough: heeded in the mapping, but not scored.
    NOT_A_WORD = "NON-LEX"


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the file, with its length as written."""

    kind: MarkKind
    start_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        """The end, as the sum of the two figures that the file gives."""
        return self.start_s + self.duration_s

    @property
    def middle_s(self) -> float:
        """Half way."""
        return self.start_s + self.duration_s / 2


@dataclass(frozen=True, slots=True)
class Marks:
    """All that a reference says beside its turns.

    >>> Marks().covers, Marks().has_zones
    (None, False)
    """

    #: Turns without length. They bear a collar and count in the extent, and say nothing else.
    instants_s: tuple[float, ...] = ()
    #: Turns, words and no-score marks in order of their middles; empty where nothing is left out.
    lines: tuple[Mark, ...] = ()
    #: First start and last end of all that counts in the extent; None when not even a turn does.
    covers: tuple[float, float] | None = None

    @classmethod
    def of(cls, lines: Iterable[Mark], instants_s: Iterable[float], times_s: Iterable[float]) -> "Marks":
        """Return the marks of one recording.

        Args:
            lines: turns, words and no-score marks that have a length, in the order of the file.
            instants_s: when turns without length stand.
            times_s: every start and end that counts in the extent.
        """
        kept = sorted(lines, key=lambda mark: mark.middle_s)
        leaves_out = any(mark.kind in {MarkKind.NO_SCORE, MarkKind.NOT_A_WORD} for mark in kept)
        times = tuple(times_s)
        # md-eval's extent never ends before 0, whatever the file says.
        covers = (min(times), max(0.0, *times)) if times else None
        return cls(tuple(instants_s), tuple(kept) if leaves_out else (), covers)

    @property
    def has_zones(self) -> bool:
        """Whether anything is marked as not to be scored."""
        return bool(self.lines)
