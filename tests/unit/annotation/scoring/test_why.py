"""The sentence says what is so for the recording at hand."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.model import Annotation, Turn, union
from annotation.scoring import score
from annotation.scoring.why import why_they_differ

TRUTH = Annotation.of("clip", [Turn(0, 10, "A"), Turn(9, 20, "B")])


def _why(*turns):
    return why_they_differ(score(TRUTH, Annotation.of("clip", turns)).settings)


def test_errors_in_what_is_left_out():
    said = _why(Turn(0, 9, "x"), Turn(9, 20, "y"))
    assert "The collar leaves out 9.5 % of the speech in the reference, leaving out overlap 9.5 %." in said
    assert "14 % of the speech and 100 % of the errors, so DER goes from 4.8 % to 0.0 %" in said


def test_errors_outside_what_is_left_out():
    said = _why(Turn(0, 5, "x"), Turn(9, 20, "y"), Turn(9, 10, "x"))
    assert "14 % of the speech and 6.2 % of the errors, so DER goes from 19.0 % to 20.8 %" in said


def test_no_errors():
    assert "without errors that changes nothing here" in _why(*TRUTH.turns)


def test_reference_without_speech():
    empty = score(Annotation.of("clip", []), TRUTH)
    assert "Nobody speaks in the reference" in why_they_differ(empty.settings)


def test_nothing_is_left():
    short = score(Annotation.of("c", [Turn(0, 0.4, "A")]), Annotation.of("c", [Turn(0, 0.4, "x")]))
    assert "nothing is left to be scored" in why_they_differ(short.settings)


SPANS = st.tuples(st.integers(0, 300), st.integers(1, 80), st.sampled_from("ABCD"))
_SAID = re.compile(
    r"together leave out (?P<speech>\S+)(?: %)? of the speech and (?P<errors>\S+)(?: %)? of the errors, "
    r"so DER (?:goes from (?P<before>\S+) % to (?P<after>\S+) %|stays at (?P<same>\S+) %)\."
)
#: Turns begin and end at tenths, collars of 0.25 s at twentieths: so within a cell nothing changes.
_CELL_S = 0.05


def _annotation(spans):
    turns = [Turn(a / 10, (a + b) / 10, name) for a, b, name in spans]
    return Annotation.of(
        "clip",
        [
            Turn(segment.start_s, segment.end_s, name)
            for name in "ABCD"
            for segment in union(turn for turn in turns if turn.speaker == name)
        ],
    )


ANNOTATIONS = st.lists(SPANS, min_size=1, max_size=12).map(_annotation)


def _counted(reference, hypothesis, mapping):
    """Return errors and speech, in cells, as (in all, in what collar and overlap leave out)."""
    edges = [edge for turn in reference.turns for edge in (turn.start_s, turn.end_s)]
    errors, speech = [0, 0], [0, 0]
    for cell in range(round(min(edges) / _CELL_S), round(max(edges) / _CELL_S)):
        at_s = (cell + 0.5) * _CELL_S
        there, found = (
            {turn.speaker for turn in labels.turns if turn.start_s < at_s < turn.end_s}
            for labels in (reference, hypothesis)
        )
        right = sum(mapping.get(speaker) in found for speaker in there)
        is_left_out = len(there) > 1 or any(abs(at_s - edge) < 0.25 for edge in edges)
        for place in range(1 + is_left_out):
            errors[place] += max(len(there), len(found)) - right
            speech[place] += len(there)
    return errors, speech


def _percent(said):
    return 0.0 if said == "none" else float(said)


@given(ANNOTATIONS, ANNOTATIONS)
@settings(max_examples=200, deadline=None)
def test_every_number_of_it_is_true_of_any_pair(reference, hypothesis):
    card = score(reference, hypothesis)
    said = why_they_differ(card.settings)
    errors, speech = _counted(reference, hypothesis, card.mapping)
    found = _SAID.search(said)
    if found is None:
        is_equal = errors[1] == speech[1] == 0
        assert ("All four agree" in said and is_equal) or errors[0] == 0 or speech[0] == speech[1]
        return
    assert _percent(found["errors"]) == pytest.approx(100 * errors[1] / errors[0], abs=0.51)
    assert _percent(found["speech"]) == pytest.approx(100 * speech[1] / speech[0], abs=0.51)
    before, after = float(found["before"] or found["same"]), float(found["after"] or found["same"])
    assert before == pytest.approx(100 * errors[0] / speech[0], abs=0.051)
    assert after == pytest.approx(
        100 * (errors[0] - errors[1]) / (speech[0] - speech[1]), rel=1e-9, abs=0.051
    )
