"""Which of a machine's labels are uncertain, turn by turn: what its files and messages mark with (?)."""

from collections.abc import Mapping

from annotation.doubt import SHORT_TURN_S
from annotation.editing import key_of
from annotation.model import Annotation, Turn

#: Below this the voice was about as close to another speaker (as a difference of cosines).
LOW_MARGIN = 0.05


def uncertain_turns(shown: Annotation, machine: Annotation, margins: Mapping[str, float]) -> tuple[Turn, ...]:
    """Return the turns that are still as the machine made them and that it had little to go by for.

    Args:
        shown: The turns as they are shown, corrected or not.
        machine: The turns as the machine made them: what a person set is not in doubt.
        margins: By `annotation.editing.key_of`: how much closer a voice is to its label than to the next.

    >>> turns = Annotation.of("clip", [Turn(0, 4, "A"), Turn(4, 4.5, "B"), Turn(5, 9, "B")])
    >>> [turn.start_s for turn in uncertain_turns(turns, turns, {key_of(turns.turns[2]): 0.01})]
    [4, 5]
    """
    made = set(machine.turns)
    return tuple(turn for turn in shown.turns if turn in made and _is_uncertain(turn, margins))


def _is_uncertain(turn: Turn, margins: Mapping[str, float]) -> bool:
    return turn.duration_s < SHORT_TURN_S or margins.get(key_of(turn), LOW_MARGIN) < LOW_MARGIN
