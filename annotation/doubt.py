"""What can be said about labels without a reference: never how right they are, only where to be careful."""

from dataclasses import dataclass

from annotation.formats.writing import clock
from annotation.model import Annotation, Turn
from annotation.talk import talk_by_speaker

#: Below this a voice model has little to go by.
SHORT_TURN_S = 1.0
NUM_SHORTEST = 3
#: A speaker with less talk than this may be a stray cluster.
LITTLE_TALK_S = 3.0
#: Overlap above this share of speech is worth a sentence.
NOTABLE_OVERLAP = 0.05


@dataclass(frozen=True, slots=True)
class Doubts:
    """Figures that tell a reader how far to trust labels that nobody has checked."""

    num_turns: int
    num_speakers: int
    speech_s: float
    overlap_s: float
    num_short_turns: int
    #: The shortest turns under SHORT_TURN_S, shortest first.
    shortest: tuple[Turn, ...]
    #: Talk time share by speaker, 0 to 1, most talk first.
    talk_share: dict[str, float]
    #: Speakers who are heard for less than LITTLE_TALK_S.
    little_heard: tuple[str, ...]

    @property
    def overlap_share(self) -> float:
        """Part of the speech in which two or more talk, 0 to 1."""
        return self.overlap_s / self.speech_s if self.speech_s > 0 else 0.0


def doubts(annotation: Annotation) -> Doubts:
    """Return what the labels themselves give away.

    >>> found = doubts(Annotation.of("clip", [Turn(0, 9, "A"), Turn(8, 10, "B")]))
    >>> found.overlap_share, found.little_heard
    (0.1, ('B',))
    """
    talk = talk_by_speaker(annotation)
    short = sorted(
        (t for t in annotation.turns if t.duration_s < SHORT_TURN_S), key=lambda t: (t.duration_s, t)
    )
    return Doubts(
        num_turns=len(annotation.turns),
        num_speakers=len(talk),
        speech_s=sum(s.duration_s for s in annotation.speech()),
        overlap_s=sum(s.duration_s for s in annotation.overlaps()),
        num_short_turns=len(short),
        shortest=tuple(short[:NUM_SHORTEST]),
        talk_share={figures.speaker: figures.share for figures in talk},
        little_heard=tuple(figures.speaker for figures in talk if figures.talk_s < LITTLE_TALK_S),
    )


def in_words(found: Doubts) -> list[str]:
    """Return the doubts as sentences for the reply; none when there is nothing to warn of."""
    notes: list[str] = []
    if not found.num_turns:
        return ["No speech was found, so there is nothing to label."]
    if found.overlap_share >= NOTABLE_OVERLAP:
        notes.append(
            f"People talk at once for {found.overlap_s:.0f} s ({100 * found.overlap_share:.0f} % of the speech). "
            "Labels are least reliable there."
        )
    if found.num_short_turns:
        times = ", ".join(clock(turn.start_s) for turn in found.shortest)
        count = "1 turn is" if found.num_short_turns == 1 else f"{found.num_short_turns} turns are"
        notes.append(
            f"{count} shorter than {SHORT_TURN_S:g} s, too short to tell voices apart well; check {times} first."
        )
    if found.little_heard and found.num_speakers > 1:
        who = ", ".join(found.little_heard)
        notes.append(
            f"{who}: under {LITTLE_TALK_S:g} s of talk. This may be somebody else under a second label."
        )
    return notes
