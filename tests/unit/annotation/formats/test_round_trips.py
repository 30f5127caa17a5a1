"""Whatever we write, we read back as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.formats import (
    audacity,
    csv,
    read_labels,
    rttm,
    srt,
    textgrid,
    turns_text,
    uem,
    vtt,
    whospoke_json,
)
from annotation.model import Annotation, Segment, Turn, Word, union

#: Printable, without the control characters no label file can hold, and without the marks that may stand between
#: a typed time and its speaker, or between a SubRip speaker and the words.
LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters=":,;")
#: What a word may be made of: brackets are the mark of overlap.
WORD_LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters=":,;[]?")
NAMES = st.text(LETTERS, min_size=1, max_size=12)
SPACED_NAMES = st.lists(NAMES, min_size=1, max_size=3).map(" ".join)


@st.composite
def annotations(draw, names=SPACED_NAMES):
    spans = draw(
        st.lists(st.tuples(st.integers(0, 4_000_000), st.integers(1, 90_000), names), min_size=1, max_size=15)
    )
    return Annotation.of("clip", [Turn(a / 1000, (a + b) / 1000, name) for a, b, name in spans])


@st.composite
def spoken_words(draw):
    texts = st.text(WORD_LETTERS, min_size=1, max_size=12)
    items = draw(st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 900), texts, NAMES), max_size=10))
    confidence = draw(st.none() | st.integers(0, 100).map(lambda percent: percent / 100))
    return tuple(
        Word(a / 1000, (a + b) / 1000, text, confidence, speaker, is_overlapped=b > 450)
        for a, b, text, speaker in items
    )


@settings(max_examples=40)
@given(annotations(NAMES))
def test_rttm_keeps_every_turn(annotation):
    assert rttm.parse(rttm.serialize(annotation)) == annotation


@pytest.mark.parametrize("kind", [audacity, csv, srt, textgrid, vtt, whospoke_json])
@settings(max_examples=40)
@given(annotation=annotations())
def test_other_formats_keep_every_turn(kind, annotation):
    assert kind.parse(kind.serialize(annotation), "clip") == annotation


@settings(max_examples=40)
@given(annotations())
def test_typed_turns_keep_every_turn(annotation):
    assert turns_text.parse(turns_text.serialize(annotation), "clip") == annotation


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        (audacity, ".txt"),
        (csv, ".csv"),
        (srt, ".srt"),
        (textgrid, ".TextGrid"),
        (turns_text, ".txt"),
        (vtt, ".vtt"),
    ],
)
@settings(max_examples=40)
@given(annotation=annotations())
def test_a_dropped_file_is_recognised(kind, suffix, annotation):
    text = kind.serialize(annotation)
    assert read_labels(f"my labels{suffix}", text.encode(), "clip").annotation == annotation
    assert read_labels("labels", text, "clip").annotation == annotation


@settings(max_examples=40)
@given(spoken_words(), annotations())
def test_our_json_keeps_words(words, annotation):
    text = whospoke_json.serialize(annotation, words)
    assert whospoke_json.parse_words(text) == words
    assert whospoke_json.words_from_list(whospoke_json.words_to_list(words)) == words
    assert whospoke_json.annotation_from_dict(whospoke_json.annotation_to_dict(annotation)) == annotation


@settings(max_examples=40)
@given(spoken_words())
def test_transcripts_keep_the_words_in_order_with_their_speakers_and_overlap(words):
    ordered = [
        (w.text, w.speaker, w.is_overlapped)
        for w in sorted(words, key=lambda word: (word.start_s, word.end_s))
    ]
    annotation = Annotation.of("clip", [Turn(0.0, 1.0, "A")])
    doubtful = [Turn(word.start_s, word.end_s, word.speaker) for word in words]
    for kind in (srt, vtt):
        if words:
            marked = kind.parse_words(kind.serialize(annotation, words, None, doubtful))
            assert [(w.text, w.speaker, w.is_overlapped) for w in marked] == ordered
    for kind in (csv, srt, vtt):
        if words:
            read = kind.parse_words(kind.serialize(annotation, words))
            assert [(w.text, w.speaker, w.is_overlapped) for w in read] == ordered


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**5)), min_size=1, max_size=10))
def test_uem_keeps_every_stretch(spans):
    segments = union(Segment(a / 1000, (a + b) / 1000) for a, b in spans)
    assert uem.parse(uem.serialize("clip", segments)) == segments
