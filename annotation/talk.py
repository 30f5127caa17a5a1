"""Who talked how much: plain figures for the reply."""

from dataclasses import dataclass

from annotation.model import Annotation, Turn


@dataclass(frozen=True, slots=True)
class SpeakerTalk:
    """One speaker's part in a recording."""

    speaker: str
    talk_s: float
    #: Part of all speakers' talk time, 0 to 1; the shares of all speakers make 1.
    share: float
    num_turns: int
    longest: Turn


def talk_by_speaker(annotation: Annotation) -> tuple[SpeakerTalk, ...]:
    """Return every speaker's figures, most talk first.

    >>> talk_by_speaker(Annotation.of("clip", [Turn(0, 3, "A"), Turn(3, 4, "B")]))[0].share
    0.75
    """
    seconds = annotation.talk_time_s()
    total_s = sum(seconds.values())
    turns: dict[str, list[Turn]] = {}
    for turn in annotation.turns:
        turns.setdefault(turn.speaker, []).append(turn)
    figures = [
        SpeakerTalk(
            speaker,
            seconds[speaker],
            seconds[speaker] / total_s,
            len(own),
            max(own, key=lambda turn: (turn.duration_s, -turn.start_s)),
        )
        for speaker, own in turns.items()
    ]
    return tuple(sorted(figures, key=lambda talk: -talk.talk_s))
