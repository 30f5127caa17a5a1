"""Turns that somebody confirmed or gave to another speaker, and what becomes of them when a clip is labelled again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotation.editing import new_speaker, reassign
from annotation.fit import shared_s
from annotation.formats.writing import milliseconds
from annotation.model import Annotation, Segment, Turn, union
from annotation.scoring import score

_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """Who speaks in one turn, by the labels and by the person who listened."""

    start_s: float
    end_s: float
    heard: str
    said: str

    @property
    def span(self) -> Segment:
        """The seconds that were listened to."""
        return Segment(self.start_s, self.end_s)

    @property
    def turn(self) -> Turn:
        """The turn that was asked about."""
        return Turn(self.start_s, self.end_s, self.heard)


def answers_to_list(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Return the answers as JSON values."""
    return [
        {
            "start_s": milliseconds(one.start_s) / 1000,
            "end_s": milliseconds(one.end_s) / 1000,
            "heard": one.heard,
            "said": one.said,
        }
        for one in answers
    ]


def answers_from_list(items: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Return the answers of a list made by answers_to_list."""
    return [
        Answer(float(item["start_s"]), float(item["end_s"]), str(item["heard"]), str(item["said"]))
        for item in items
    ]


def partners(before: Annotation, after: Annotation) -> dict[str, str]:
    """Return which label of one run stands for which of another, by the time they share over the whole clip.

    >>> old = Annotation.of("clip", [Turn(0, 2, "SPEAKER_00"), Turn(3, 9, "SPEAKER_01")])
    >>> partners(old, old.relabelled({"SPEAKER_00": "SPEAKER_01", "SPEAKER_01": "SPEAKER_00"}))
    {'SPEAKER_00': 'SPEAKER_01', 'SPEAKER_01': 'SPEAKER_00'}
    """
    if before.turns == after.turns:
        return {label: label for label in before.speakers}
    return score(before, after).mapping


def carried(answers: Sequence[Answer], before: Annotation, after: Annotation) -> list[Answer]:
    """Return answers about the labels of one run in the labels of another; somebody new stays somebody new."""
    names = partners(before, after)
    taken = Annotation("", after.turns)
    for label in dict.fromkeys(label for one in answers for label in (one.heard, one.said)):
        if label not in names:
            names[label] = new_speaker(taken)
            taken = Annotation("", (*taken.turns, Turn(0.0, 0.0, names[label])))
    return [replace(one, heard=names[one.heard], said=names[one.said]) for one in answers]


def with_answers(labels: Annotation, answers: Iterable[Answer]) -> Annotation:
    """Return the labels with every answer heeded; a later answer overrides an earlier one.

    Where the turn that was asked about is not there as it was, as after a new run, the answer alone says who speaks,
    beside those who are heard at the same time as that speaker.

    >>> labels = Annotation.of("clip", [Turn(0, 2, "A"), Turn(2, 5, "B")])
    >>> [(t.end_s, t.speaker) for t in with_answers(labels, [Answer(0, 4, "A", "A")]).turns]
    [(4, 'A'), (5, 'B')]
    """
    found = labels
    for answer in answers:
        if answer.turn in found.turns:
            found = reassign(found, answer.turn, answer.said)
        else:
            found = _asserted(found, answer)
    return found


def num_right(labels: Annotation, answers: Iterable[Answer]) -> int:
    """Return in how many of the turns the labels say what the person said.

    >>> labels = Annotation.of("clip", [Turn(0, 2, "A"), Turn(2, 5, "B")])
    >>> num_right(labels, [Answer(0, 2, "A", "A"), Answer(2, 5, "B", "A")])
    1
    """
    return sum(_is_right(labels, one) for one in answers)


def _is_right(labels: Annotation, answer: Answer) -> bool:
    if answer.turn in labels.turns:
        return answer.said == answer.heard
    talk = union(turn for turn in labels.turns if turn.speaker == answer.said)
    return shared_s(talk, (answer.span,)) >= _MOSTLY * answer.span.duration_s


def _asserted(labels: Annotation, answer: Answer) -> Annotation:
    own = union(turn for turn in labels.turns if turn.speaker == answer.said)
    kept: list[Turn] = []
    for turn in labels.turns:
        if turn.end_s <= answer.start_s or turn.start_s >= answer.end_s:
            kept.append(turn)
            continue
        kept += [
            Turn(turn.start_s, answer.start_s, turn.speaker),
            Turn(answer.end_s, turn.end_s, turn.speaker),
        ]
        if turn.speaker != answer.said:
            inside = max(turn.start_s, answer.start_s), min(turn.end_s, answer.end_s)
            kept += [Turn(*both, turn.speaker) for both in _shared(own, *inside)]
    # The speaker's own turns were cut at the edges of the answer; no boundary is left there.
    touching = [t for t in kept if t.speaker == answer.said and t.duration_s > 0 and _touches(t, answer.span)]
    joined = union([*touching, answer.span])
    return Annotation.of(
        labels.uri,
        [*(t for t in kept if t not in touching), *(Turn(s.start_s, s.end_s, answer.said) for s in joined)],
    )


def _shared(own: Sequence[Segment], start_s: float, end_s: float) -> list[tuple[float, float]]:
    both = ((max(s.start_s, start_s), min(s.end_s, end_s)) for s in own)
    return [(a, b) for a, b in both if b > a]


def _touches(turn: Turn, span: Segment) -> bool:
    return turn.end_s == span.start_s or turn.start_s == span.end_s
