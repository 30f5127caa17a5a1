"""Rough stems: forms of one word meet, different words stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tutor.words import content_stems, sentences, stem


@pytest.mark.parametrize(
    "forms",
    [
        ("voice", "voices"),
        ("enrolment", "enrollment", "enrolled", "enrol", "enrolling"),
        ("score", "scores", "scored", "scoring"),
        ("overlap", "overlaps", "overlapping", "overlapped"),
        ("policy", "policies"),
        ("cluster", "clusters", "clustering"),
        ("judge", "judges"),
    ],
)
def test_forms_meet(forms):
    assert len({stem(form) for form in forms}) == 1


def test_other_words_stay_apart():
    words = [
        "room",
        "role",
        "pass",
        "bias",
        "analysis",
        "process",
        "noise",
        "nose",
        "speaker",
        "score",
        "scope",
    ]
    assert len({stem(word) for word in words}) == len(words)


def test_numbers_and_lettered_terms_are_words():
    assert content_stems("x-vectors reached 0.17%") == ["xvector", "vector", "reach", "0.17"]


@given(st.text(max_size=300))
def test_sentences_lose_nothing(text):
    assert "".join(sentences(text)) == text
