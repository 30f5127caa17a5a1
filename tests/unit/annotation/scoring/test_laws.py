"""What holds for every pair of annotations."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyannote.core import Annotation as Labels
from pyannote.core import Segment as Span
from pyannote.core import Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from annotation.marks import Marks
from annotation.model import Annotation, Segment, Turn, union
from annotation.scoring import FOUR_SETTINGS, score
from annotation.scoring.der import CellErrors, Score, score_stretches
from annotation.scoring.grid import Comparison
from annotation.scoring.mapping import best_pairs, mapped_pairs
from annotation.scoring.regions import scored_stretches
from annotation.scoring.settings import Setting

pytestmark = pytest.mark.thorough

UEM = [Segment(0.0, 40.0)]
SPANS = st.tuples(st.integers(0, 300), st.integers(1, 80), st.sampled_from("ABCD"))


def annotation_of(spans):
    return Annotation.of("clip", [Turn(a / 10, (a + b) / 10, name) for a, b, name in spans])


ANNOTATIONS = st.lists(SPANS, min_size=1, max_size=12).map(annotation_of)


def joined(annotation):
    """Return the turns with each speaker's own overlaps and abutting turns made one."""
    return Annotation.of(
        annotation.uri,
        [
            Turn(s.start_s, s.end_s, name)
            for name in annotation.speakers
            for s in union(t for t in annotation.turns if t.speaker == name)
        ],
    )


def figures(scored):
    return (scored.scored_speaker_s, scored.missed_s, scored.false_alarm_s, scored.confusion_s)


@given(ANNOTATIONS)
def test_an_annotation_has_no_error_against_itself(annotation):
    card = score(annotation, annotation)
    assert all(scored.error_s == pytest.approx(0.0) for scored in card.settings.values())
    assert card.jer.percent == pytest.approx(0.0, abs=1e-9)
    assert card.worst == ()


@given(ANNOTATIONS, ANNOTATIONS)
def test_names_do_not_matter(reference, hypothesis):
    renamed = hypothesis.relabelled({"A": "Zoe", "B": "A", "C": "B", "D": "Q 1"})
    before, after = score(reference, hypothesis, UEM), score(reference, renamed, UEM)
    assert figures(before.strict) == pytest.approx(figures(after.strict))
    assert before.jer.percent == pytest.approx(after.jer.percent)


@given(ANNOTATIONS, ANNOTATIONS, st.floats(0.05, 0.95))
def test_splitting_a_turn_does_not_matter(reference, hypothesis, at):
    def split(annotation):
        first, *rest = annotation.turns
        cut = first.start_s + at * first.duration_s
        return Annotation.of(
            "clip", [Turn(first.start_s, cut, first.speaker), Turn(cut, first.end_s, first.speaker), *rest]
        )

    card = score(reference, hypothesis, UEM)
    for key, scored in score(reference, split(hypothesis), UEM).settings.items():
        assert figures(scored) == pytest.approx(figures(card.settings[key]))
    # A split reference has a boundary more, and a collar there is NIST's rule; without a collar nothing changes.
    for key in ("collar_0_overlap_scored", "collar_0_overlap_skipped"):
        assert figures(score(split(reference), hypothesis, UEM).settings[key]) == pytest.approx(
            figures(card.settings[key])
        )


@given(ANNOTATIONS, ANNOTATIONS)
def test_the_parts_add_up(reference, hypothesis):
    card = score(reference, hypothesis, UEM)
    for scored in card.settings.values():
        assume(scored.der_percent is not None)
        parts = scored.missed_percent + scored.false_alarm_percent + scored.confusion_percent
        assert parts == pytest.approx(scored.der_percent)
        # Whatever is not missed or confused is found, and what is claimed is found, confused or false.
        found_s = scored.scored_speaker_s - scored.missed_s - scored.confusion_s
        assert found_s >= -1e-9
    assert sum(s.found_s for s in card.speakers) == pytest.approx(
        card.strict.scored_speaker_s - card.strict.missed_s - card.strict.confusion_s
    )
    assert Score.total([card.strict, card.strict]).der_percent == pytest.approx(card.strict.der_percent)


@given(ANNOTATIONS, ANNOTATIONS, st.lists(st.integers(0, 30).map(lambda c: c / 20), min_size=2, max_size=2))
def test_more_collar_never_scores_more_time(reference, hypothesis, collars):
    for is_overlap_scored in (True, False):
        more, less = (
            scored_stretches(reference, UEM, Marks(), Setting(collar, is_overlap_scored))
            for collar in sorted(collars)
        )
        comparison = Comparison(reference, hypothesis, UEM, [less, more])
        errors = CellErrors.of(comparison, mapped_pairs(comparison))
        less, more = (score_stretches(comparison, errors, left, 0.0) for left in (less, more))
        assert all(a <= b + 1e-9 for a, b in zip(figures(less), figures(more), strict=True))


@given(ANNOTATIONS, ANNOTATIONS)
def test_the_mapping_shares_as_much_time_as_any_can(reference, hypothesis):
    comparison = Comparison(reference, hypothesis, UEM)
    shared_s = comparison.shared_s
    found, best = mapped_pairs(comparison), best_pairs(shared_s)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
    assert sum(shared_s[pair] for pair in found) == pytest.approx(sum(shared_s[pair] for pair in best))


def as_labels(annotation):
    labels = Labels(uri="clip")
    for index, turn in enumerate(annotation.turns):
        labels[Span(turn.start_s, turn.end_s), index] = turn.speaker
    return labels


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(ANNOTATIONS.map(joined), ANNOTATIONS.map(joined))
def test_pyannote_metrics_agrees_where_its_rule_is_the_same(reference, hypothesis):
    theirs = as_labels(reference), as_labels(hypothesis)
    uem = Timeline([Span(s.start_s, s.end_s) for s in UEM])
    card = score(reference, hypothesis, UEM)
    parts = DiarizationErrorRate()(*theirs, uem=uem, detailed=True)
    assert figures(card.strict) == pytest.approx(
        (parts["total"], parts["missed detection"], parts["false alarm"], parts["confusion"]), abs=1e-6
    )


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(ANNOTATIONS.map(joined), ANNOTATIONS.map(joined))
def test_pyannote_metrics_differs_by_its_mapping_alone(reference, hypothesis):
    """With a collar or without overlap it picks the mapping again on what is left: never a higher error."""
    theirs = as_labels(reference), as_labels(hypothesis)
    uem = Timeline([Span(s.start_s, s.end_s) for s in UEM])
    card = score(reference, hypothesis, UEM)
    for setting in FOUR_SETTINGS:
        metric = DiarizationErrorRate(
            collar=2 * setting.collar_each_side_s, skip_overlap=not setting.is_overlap_scored
        )
        parts = metric(*theirs, uem=uem, detailed=True)
        ours = card.settings[setting.key]
        assert (ours.scored_speaker_s, ours.missed_s, ours.false_alarm_s) == pytest.approx(
            (parts["total"], parts["missed detection"], parts["false alarm"]), abs=1e-5
        )
        assert ours.confusion_s >= parts["confusion"] - 1e-5
