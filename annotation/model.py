"""The field's own nouns. Times are float seconds from the start of the recording."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Segment:
    """A stretch of time that nobody has been named for yet.

    >>> Segment(1.0, 2.5).duration_s
    1.5
    """

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds, never negative."""
        return max(0.0, self.end_s - self.start_s)


@dataclass(frozen=True, order=True, slots=True)
class Turn:
    """A segment and the speaker label that goes with it."""

    start_s: float
    end_s: float
    speaker: str

    @property
    def duration_s(self) -> float:
        """Length in seconds, never negative."""
        return max(0.0, self.end_s - self.start_s)


@dataclass(frozen=True, order=True, slots=True)
class Word:
    """One spoken word, and, once assigned, who said it."""

    start_s: float
    end_s: float
    text: str
    #: 0 to 1 as the words engine reports it; None when it reports nothing.
    confidence: float | None = None
    #: Speaker label; None when no turn covers the word.
    speaker: str | None = None
    #: True when somebody else speaks at the same time.
    is_overlapped: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """All turns of one recording, sorted by time.

    >>> two = Annotation.of("clip", [Turn(2, 5, "B"), Turn(0, 3, "A")])
    >>> [turn.speaker for turn in two.turns], two.speakers
    (['A', 'B'], ('A', 'B'))
    >>> two.overlaps()
    (Segment(start_s=2, end_s=3),)
    """

    uri: str
    turns: tuple[Turn, ...]

    @classmethod
    def of(cls, uri: str, turns: Iterable[Turn]) -> "Annotation":
        """Return the turns in order of time, without the empty ones."""
        return cls(uri, tuple(sorted(turn for turn in turns if turn.end_s > turn.start_s)))

    @property
    def speakers(self) -> tuple[str, ...]:
        """Speaker labels in order of first appearance."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns))

    @property
    def end_s(self) -> float:
        """When the last turn ends; 0 for an empty annotation."""
        return max((turn.end_s for turn in self.turns), default=0.0)

    def talk_time_s(self) -> dict[str, float]:
        """Seconds of speech per speaker; a speaker's own overlapping turns are counted once.

        >>> Annotation.of("clip", [Turn(0, 3, "A"), Turn(2, 4, "A"), Turn(3, 5, "B")]).talk_time_s()
        {'A': 4, 'B': 2}
        """
        return {
            speaker: sum(s.duration_s for s in union(turn for turn in self.turns if turn.speaker == speaker))
            for speaker in self.speakers
        }

    def speech(self) -> tuple[Segment, ...]:
        """Where anybody speaks."""
        return union(self.turns)

    def overlaps(self) -> tuple[Segment, ...]:
        """Where two or more speakers talk at once."""
        own = [
            (s, speaker)
            for speaker in self.speakers
            for s in union(t for t in self.turns if t.speaker == speaker)
        ]
        edges = sorted(edge for s, _ in own for edge in ((s.start_s, 1), (s.end_s, -1)))
        found: list[Segment] = []
        depth, start_s = 0, 0.0
        for time_s, step in edges:
            if depth == 1 and step == 1:
                start_s = time_s
            elif depth == 2 and step == -1 and time_s > start_s:  # noqa: PLR2004
                found.append(Segment(start_s, time_s))
            depth += step
        return union(found)

    def relabelled(self, names: dict[str, str]) -> "Annotation":
        """Return the same turns under other labels; labels without a new name stay."""
        renamed = (Turn(t.start_s, t.end_s, names.get(t.speaker, t.speaker)) for t in self.turns)
        return Annotation.of(self.uri, renamed)


def union(segments: Iterable[Segment | Turn]) -> tuple[Segment, ...]:
    """Return the time covered by any of the segments, as disjoint segments in order.

    >>> union([Segment(0, 2), Segment(1, 3), Segment(5, 6)])
    (Segment(start_s=0, end_s=3), Segment(start_s=5, end_s=6))
    """
    merged: list[Segment] = []
    for segment in sorted(segments, key=lambda s: (s.start_s, s.end_s)):
        if merged and segment.start_s <= merged[-1].end_s:
            merged[-1] = Segment(merged[-1].start_s, max(merged[-1].end_s, segment.end_s))
        else:
            merged.append(Segment(segment.start_s, segment.end_s))
    return tuple(merged)
