"""Which labels are marked as uncertain: what the machine itself was unsure of, never what a person set."""

from annotation.certainty import uncertain_turns
from annotation.editing import key_of
from annotation.model import Annotation, Turn

MACHINE = Annotation.of("clip", [Turn(0, 4, "A"), Turn(4, 8, "B"), Turn(8, 8.5, "A"), Turn(9, 12, "B")])
MARGINS = {key_of(turn): margin for turn, margin in zip(MACHINE.turns, (0.4, 0.02, 0.3, 0.2), strict=True)}


def test_short_turns_and_close_calls():
    assert [turn.start_s for turn in uncertain_turns(MACHINE, MACHINE, MARGINS)] == [4, 8]


def test_without_margins_the_short_ones_alone():
    assert [turn.start_s for turn in uncertain_turns(MACHINE, MACHINE, {})] == [8]


def test_what_a_person_set_is_not_in_doubt():
    corrected = Annotation.of("clip", [Turn(0, 4, "A"), Turn(4, 8, "A"), Turn(8, 8.4, "A"), Turn(9, 12, "B")])
    assert uncertain_turns(corrected, MACHINE, MARGINS) == ()
