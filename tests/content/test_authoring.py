"""What docs/authoring.md tells authors to write is what the loader takes."""

import re
from pathlib import Path

import pytest
import yaml

from course.lint.prose import BANNED
from course.model import Card, Fact, Lesson, Question

GUIDE = Path(__file__).parents[2] / "docs" / "authoring.md"


def snippets() -> list[dict]:
    found = re.findall(
        r"^   ```yaml\n(.*?)^   ```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [
        yaml.safe_load("\n".join(line.removeprefix("   ") for line in text.splitlines())) for text in found
    ]


def snippet(key: str) -> dict:
    return next(each for each in snippets() if key in each)


def test_the_facts_are_facts() -> None:
    document = snippet("facts")
    for fact in document["facts"]:
        assert fact["source"] in document["sources"]
        Fact.model_validate(fact)


def test_the_lesson_has_the_keys_of_a_lesson() -> None:
    document = snippet("cards")
    assert set(document) == set(Lesson.model_fields) - {"quiz", "lab"}
    for card in document["cards"]:
        Card.model_validate(card)


def test_the_question_is_one() -> None:
    for question in snippet("questions")["questions"]:
        options = Question.model_validate(question).options
        assert [option.is_correct for option in options] == [True, False, False, False]


@pytest.mark.parametrize("word", ["definitions", "stages", "stats", "callout", "figure", "body", "fact_ids"])
def test_every_part_of_a_card_is_explained(word: str) -> None:
    assert word in Card.model_fields
    assert f"`{word}`" in GUIDE.read_text(encoding="utf-8") or f"{word}:" in GUIDE.read_text(encoding="utf-8")


def test_the_guide_keeps_its_own_rules() -> None:
    text = GUIDE.read_text(encoding="utf-8").lower()
    assert [word for word in BANNED if re.search(rf"\b{re.escape(word)}\b", text)] == []
