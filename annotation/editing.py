"""Corrections: each takes an annotation and returns another; what was corrected stays as it was."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotation.formats.writing import clock, milliseconds
from annotation.model import Annotation, Turn, Word, union
from annotation.scoring import score

#: Shorter than this nobody could hear, and no file could hold.
SHORTEST_TURN_S = 0.01
#: A word may lie so far beside the turn that it belongs to.
MOST_BESIDE_S = 0.5


class EditError(ValueError):
    """A correction cannot be made; the message says what to write instead."""


def key_of(turn: Turn) -> str:
    """Return a short name by which a turn is found again, as long as it has not changed.

    >>> key_of(Turn(0, 1.5, "A"))
    '0.1500.559aead0'
    """
    return f"{milliseconds(turn.start_s)}.{milliseconds(turn.end_s)}.{speaker_key(turn.speaker)}"


def speaker_key(speaker: str) -> str:
    """Return a short name for a label, which may be as long and strange as a file likes.

    >>> speaker_key("A")
    '559aead0'
    """
    return hashlib.sha256(speaker.encode(errors="replace")).hexdigest()[:8]


def find(annotation: Annotation, key: str) -> Turn | None:
    """Return the turn of that key; None when it has changed since."""
    return next((turn for turn in annotation.turns if key_of(turn) == key), None)


def reassign(annotation: Annotation, turn: Turn, speaker: str) -> Annotation:
    """Return the turns with one given to somebody else.

    >>> both = Annotation.of("clip", [Turn(0, 2, "A"), Turn(2, 3, "B")])
    >>> reassign(both, both.turns[1], "A").speakers
    ('A',)
    """
    return _put(annotation, turn, [replace(turn, speaker=_named(speaker))])


def split(annotation: Annotation, turn: Turn, at_s: float, then: str | None = None) -> Annotation:
    """Return the turns with one cut in two, the second part for `then` where it is given.

    >>> whole = Annotation.of("clip", [Turn(0, 4, "A")])
    >>> [(t.end_s, t.speaker) for t in split(whole, whole.turns[0], 1.5, "B").turns]
    [(1.5, 'A'), (4, 'B')]
    """
    if not turn.start_s + SHORTEST_TURN_S <= at_s <= turn.end_s - SHORTEST_TURN_S:
        raise EditError(
            f"That is not inside the turn. Write a time between {clock(turn.start_s, 1)} and {clock(turn.end_s, 1)}."
        )
    second = turn.speaker if then is None else _named(then)
    return _put(annotation, turn, [replace(turn, end_s=at_s), Turn(at_s, turn.end_s, second)])


def next_turn(annotation: Annotation, turn: Turn) -> Turn | None:
    """Return the turn that is listed after this one."""
    index = annotation.turns.index(turn)
    return annotation.turns[index + 1] if index + 1 < len(annotation.turns) else None


def merge_turns(annotation: Annotation, turn: Turn) -> Annotation:
    """Return the turns with one joined to the next, silence between them included, for the first one's speaker.

    >>> both = Annotation.of("clip", [Turn(0, 2, "A"), Turn(3, 4, "B")])
    >>> merge_turns(both, both.turns[0]).turns
    (Turn(start_s=0, end_s=4, speaker='A'),)
    """
    following = next_turn(annotation, turn)
    if following is None:
        raise EditError("There is no turn after this one to join it with.")
    joined = replace(turn, end_s=max(turn.end_s, following.end_s))
    return _put(_put(annotation, following, []), turn, [joined])


def merge_speakers(annotation: Annotation, speaker: str, into: str) -> Annotation:
    """Return the turns with all of one speaker's given to another; where both talked at once, they are one turn.

    >>> both = Annotation.of("clip", [Turn(0, 2, "A"), Turn(1, 4, "B"), Turn(5, 6, "B")])
    >>> [(t.start_s, t.end_s) for t in merge_speakers(both, "B", "A").turns]
    [(0, 4), (5, 6)]
    """
    if speaker == into:
        raise EditError("Choose two different speakers.")
    given = [t for t in annotation.turns if t.speaker == speaker]
    own = [t for t in annotation.turns if t.speaker == into]
    touched = [t for t in own if any(t.start_s < g.end_s and g.start_s < t.end_s for g in given)]
    rest = [t for t in annotation.turns if t.speaker != speaker and t not in touched]
    # Only turns that really overlap are joined: two that merely abut were cut on purpose.
    lone = [g for g in given if not any(t.start_s < g.end_s and g.start_s < t.end_s for t in own)]
    joined = [Turn(s.start_s, s.end_s, into) for s in union([*touched, *(g for g in given if g not in lone)])]
    return Annotation.of(annotation.uri, [*rest, *joined, *(replace(g, speaker=into) for g in lone)])


def move_boundary(
    annotation: Annotation, turn: Turn, start_s: float, end_s: float, clip_s: float | None = None
) -> Annotation:
    """Return the turns with one beginning and ending elsewhere.

    >>> one = Annotation.of("clip", [Turn(0, 4, "A")])
    >>> move_boundary(one, one.turns[0], 0.5, 3).turns
    (Turn(start_s=0.5, end_s=3, speaker='A'),)
    """
    _ensure_possible(start_s, end_s, clip_s)
    return _put(annotation, turn, [Turn(start_s, end_s, turn.speaker)])


def add(
    annotation: Annotation, start_s: float, end_s: float, speaker: str, clip_s: float | None = None
) -> Annotation:
    """Return the turns with one more, where somebody speaks who was not heard.

    >>> add(Annotation.of("clip", [Turn(0, 2, "A")]), 1, 3, "B").overlaps()
    (Segment(start_s=1, end_s=2),)
    """
    _ensure_possible(start_s, end_s, clip_s)
    return Annotation.of(annotation.uri, [*annotation.turns, Turn(start_s, end_s, _named(speaker))])


def remove(annotation: Annotation, turn: Turn) -> Annotation:
    """Return the turns without one: nobody speaks there.

    >>> both = Annotation.of("clip", [Turn(0, 2, "A"), Turn(3, 4, "B")])
    >>> remove(both, both.turns[0]).speakers
    ('B',)
    """
    return _put(annotation, turn, [])


def new_speaker(annotation: Annotation) -> str:
    """Return a label that nobody has yet.

    >>> new_speaker(Annotation.of("clip", [Turn(0, 2, "SPEAKER_00"), Turn(3, 4, "Ben")]))
    'SPEAKER_01'
    """
    taken = set(annotation.speakers)
    return next(label for n in range(len(taken) + 1) if (label := f"SPEAKER_{n:02d}") not in taken)


def give_words(words: Sequence[Word], annotation: Annotation) -> tuple[Word, ...]:
    """Return the words with the speakers of the turns they fall into; a word that still fits its own keeps it.

    A word beside all turns keeps a speaker that still exists; else it goes to a turn close by, or to nobody.
    Words said where turns overlap are marked.

    >>> give_words([Word(0, 1, "hello", speaker="B")], Annotation.of("clip", [Turn(0, 2, "A")]))[0].speaker
    'A'
    """
    known, turns = set(annotation.speakers), annotation.turns
    found = list(words)
    going_on: list[Turn] = []
    before: Turn | None = None
    following = 0
    for index in sorted(range(len(words)), key=lambda i: _middle_s(words[i])):
        word, middle_s = words[index], _middle_s(words[index])
        while following < len(turns) and turns[following].start_s <= middle_s:
            going_on.append(turns[following])
            following += 1
        ended = [turn for turn in going_on if turn.end_s < middle_s]
        before = max([*ended, *([before] if before else [])], key=lambda turn: turn.end_s, default=None)
        going_on = [turn for turn in going_on if turn.end_s >= middle_s]
        here = [turn.speaker for turn in going_on]
        speaker = word.speaker if word.speaker in (here or known) else next(iter(here), None)
        if speaker is None:
            after = turns[following] if following < len(turns) else None
            speaker = _speaker_beside(middle_s, before, after)
        found[index] = replace(word, speaker=speaker, is_overlapped=len(set(here)) > 1)
    return tuple(found)


def _middle_s(word: Word) -> float:
    return (word.start_s + word.end_s) / 2


def _speaker_beside(time_s: float, before: Turn | None, after: Turn | None) -> str | None:
    gaps = [(time_s - before.end_s, before.speaker)] if before else []
    gaps += [(after.start_s - time_s, after.speaker)] if after else []
    near = [gap for gap in gaps if gap[0] <= MOST_BESIDE_S]
    return min(near)[1] if near else None


def carry_names(names: Mapping[str, str], before: Annotation, after: Annotation) -> dict[str, str]:
    """Return names given to the labels of one run for those of another, by the time they share.

    Labels are numbered anew in every run, so SPEAKER_00 may be somebody else the next time.

    >>> old = Annotation.of("clip", [Turn(0, 2, "SPEAKER_00"), Turn(3, 9, "SPEAKER_01")])
    >>> new = Annotation.of("clip", [Turn(0, 2, "SPEAKER_01"), Turn(3, 9, "SPEAKER_00")])
    >>> carry_names({"SPEAKER_00": "Ada"}, old, new)
    {'SPEAKER_01': 'Ada'}
    """
    if before.turns == after.turns:
        return dict(names)
    mapping = score(before, after).mapping
    return {mapping[label]: name for label, name in names.items() if label in mapping}


def _ensure_possible(start_s: float, end_s: float, clip_s: float | None) -> None:
    if end_s < start_s + SHORTEST_TURN_S:
        raise EditError("The end is not after the start.")
    if clip_s is not None and end_s > clip_s:
        raise EditError(f"The clip ends at {clock(clip_s, 1)}.")


def _named(speaker: str) -> str:
    name = " ".join(speaker.split())
    if not name:
        raise EditError("Choose a speaker.")
    return name


def _put(annotation: Annotation, turn: Turn, instead: Sequence[Turn]) -> Annotation:
    """Return the annotation with the first turn equal to this one replaced."""
    if turn not in annotation.turns:
        raise EditError("This turn has changed meanwhile. Look at it again.")
    index = annotation.turns.index(turn)
    return Annotation.of(
        annotation.uri, [*annotation.turns[:index], *instead, *annotation.turns[index + 1 :]]
    )
