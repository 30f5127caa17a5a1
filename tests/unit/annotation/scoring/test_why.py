"""The sentence says what is so for the recording at hand."""

from annotation.model import Annotation, Turn
from annotation.scoring import score
from annotation.scoring.why import why_they_differ

TRUTH = Annotation.of("clip", [Turn(0, 10, "A"), Turn(9, 20, "B")])


def _why(*turns):
    return why_they_differ(score(TRUTH, Annotation.of("clip", turns)).settings)


def test_errors_in_what_is_left_out():
    said = _why(Turn(0, 9, "x"), Turn(9, 20, "y"))
    assert "both together" in said
    assert "100 % of the errors fall into what is left out, so DER goes from 4.8 % to 0.0 %" in said


def test_errors_outside_what_is_left_out():
    assert "most errors lie outside" in _why(Turn(0, 5, "x"), Turn(9, 20, "y"), Turn(9, 10, "x"))


def test_no_errors():
    assert "without errors that changes nothing here" in _why(*TRUTH.turns)


def test_reference_without_speech():
    empty = score(Annotation.of("clip", []), TRUTH)
    assert "Nobody speaks in the reference" in why_they_differ(empty.settings)


def test_nothing_is_left():
    short = score(Annotation.of("c", [Turn(0, 0.4, "A")]), Annotation.of("c", [Turn(0, 0.4, "x")]))
    assert "nothing is left to be scored" in why_they_differ(short.settings)
