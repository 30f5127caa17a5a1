"""A small module to build on, written out as files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from course.model import Card, Lab, Lesson, Module, Option, Persona, Question, Quiz

WORDS = " ".join(["word"] * 95)


def question(question_id: str, card_id: str = "l1-a") -> dict[str, Any]:
    return {
        "id": question_id,
        "stem": "Which one?",
        "card_id": card_id,
        "fact_ids": ["F1"],
        "options": [
            {"text": "apple tree", "feedback": "An apple it is.", "is_correct": True},
            {"text": "pear tree", "feedback": "A pear is not."},
            {"text": "plum tree", "feedback": "A plum is not."},
            {"text": "fig tree", "feedback": "No fig tree here."},
        ],
    }


def documents(num_lessons: int = 1) -> dict[str, Any]:
    """Return a module's files by path; every call gives fresh ones."""
    files: dict[str, Any] = {
        "module.yaml": {
            "id": "m",
            "title": "M",
            "lessons": [f"lesson-{n}" for n in range(1, num_lessons + 1)],
        },
        "facts.yaml": {
            "sources": {"book": "A book, 1998"},
            "facts": [{"id": "F1", "statement": "It is so.", "source": "book"}],
        },
    }
    for n in range(1, num_lessons + 1):
        cards = [
            {"id": f"l{n}-{name}", "title": name.upper(), "body": WORDS, "fact_ids": ["F1"]}
            for name in "abcdefghijklmn"
        ]
        cards[4]["kind"], cards[-1]["kind"] = "more", "corrections"
        files[f"lesson-{n}/lesson.yaml"] = {
            "id": f"lesson-{n}",
            "number": n,
            "title": f"Lesson {n}",
            "tagline": "T",
            "objectives": ["Say so"],
            "cards": cards,
        }
        files[f"lesson-{n}/quiz.yaml"] = {
            "id": f"quiz-{n}",
            "title": f"Quiz {n}",
            "questions": [question(f"L{n}-Q{q}", f"l{n}-a") for q in range(1, 5)],
        }
        files[f"lesson-{n}/lab.yaml"] = {
            "id": f"lab-{n}",
            "title": f"Lab {n}",
            "persona": {"name": "P", "role": "R", "style": "S"},
            "scenario": "Scene",
            "mission": "Mission",
            "opening": "Well?",
            "openers": ["What about topic0?", "What about topic1?", "What about topic2?"],
            "topics": [
                {
                    "id": f"t{t}",
                    "title": f"T{t}",
                    "question": "Why?",
                    "keywords": [f"topic{t}"],
                    "hint": "Think of it.",
                    "sound_answer": "It is so.",
                    "card_id": f"l{n}-a",
                    "fact_ids": ["F1"],
                }
                for t in range(4)
            ],
            "traps": [
                {
                    "id": "trap",
                    "claim": "Pigs fly.",
                    "patterns": [r"\bpigs\b.*\bfly"],
                    "reply": "They do not.",
                    "card_id": f"l{n}-a",
                    "fact_ids": ["F1"],
                }
            ],
        }
    return files


WriteModule = Callable[[dict[str, Any]], Path]


@pytest.fixture
def files() -> dict[str, Any]:
    return documents()


@pytest.fixture
def write_module(tmp_path: Path) -> WriteModule:
    def write(files: dict[str, Any]) -> Path:
        for name, document in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def make_question(question_id: str, num_options: int = 4, correct: int = 0) -> Question:
    options = tuple(
        Option(text=f"{question_id} {index}", feedback=f"feedback {index}", is_correct=index == correct)
        for index in range(num_options)
    )
    return Question(id=question_id, stem="?", options=options, card_id="c")


def make_quiz(quiz_id: str, num_questions: int, pass_share: float | None = None) -> Quiz:
    questions = tuple(make_question(f"{quiz_id}-{n}", correct=n % 4) for n in range(num_questions))
    return Quiz(id=quiz_id, title=quiz_id, questions=questions, pass_share=pass_share)


def make_lesson(number: int, kinds: str = "cmcx") -> Lesson:
    """Return a lesson; `kinds` has a letter for each card: core, more, corrections (x)."""
    names = {"c": "core", "m": "more", "x": "corrections"}
    cards = tuple(
        Card.model_validate({"id": f"l{number}-{index}", "title": "T", "kind": names[kind]})
        for index, kind in enumerate(kinds)
    )
    lab = Lab(
        id=f"the-lab-{number}",
        title="Lab",
        persona=Persona(name="P", role="R", style="S"),
        scenario="s",
        mission="m",
        openers=(),
        topics=(),
    )
    return Lesson(
        id=f"the-lesson-{number}",
        number=number,
        title="L",
        tagline="t",
        objectives=(),
        cards=cards,
        quiz=make_quiz(f"the-quiz-{number}", 4),
        lab=lab,
    )


def make_module(num_lessons: int = 4, *, with_test: bool = True) -> Module:
    lessons = tuple(make_lesson(number) for number in range(1, num_lessons + 1))
    test = make_quiz("the-test", 15, 0.8) if with_test else None
    return Module(id="m", title="M", lessons=lessons, test=test, facts=())


@pytest.fixture(name="make_module")
def _make_module() -> Callable[..., Module]:
    return make_module


@pytest.fixture(name="make_lesson")
def _make_lesson() -> Callable[..., Lesson]:
    return make_lesson


@pytest.fixture(name="make_quiz")
def _make_quiz() -> Callable[..., Quiz]:
    return make_quiz
