"""A lesson as text in the terminal, with its quiz and lab."""

import textwrap
from collections.abc import Iterator

from course.model import Card, Lab, Lesson, Module, Quiz
from course.text import card_text, plain, reading_time_min, reading_time_s

WIDTH = 78


def preview_lesson(module: Module, lesson: Lesson) -> str:
    """Return the lesson as a learner meets it, with the facts' sources under each card."""
    sources = {
        fact.id: f"{fact.source}{f' (as of {fact.as_of})' if fact.as_of else ''}" for fact in module.facts
    }
    lines = [f"LESSON {lesson.number}  {lesson.title}", *_wrapped(lesson.tagline), ""]
    lines.append(
        f"{len(lesson.core_cards)} cards, about {reading_time_min(lesson)} minutes. Afterwards you can:"
    )
    for objective in lesson.objectives:
        lines += _wrapped(f"- {objective}")
    for card in lesson.cards:
        lines += ["", *_card(card, sources)]
    lines += ["", *_quiz(lesson.quiz), "", *_lab(lesson.lab)]
    return "\n".join(lines) + "\n"


def preview_quiz(quiz: Quiz) -> str:
    """Return a quiz or the test, the correct option marked with a star."""
    return "\n".join(_quiz(quiz)) + "\n"


def _card(card: Card, sources: dict[str, str]) -> Iterator[str]:
    mark = {"core": "", "more": "  (more)", "corrections": "  (corrections)"}[card.kind]
    yield f"{'─' * WIDTH}"
    yield f"{card.id}{mark}  {reading_time_s(card):.0f} s"
    if card.figure:
        yield from _wrapped(f"[{card.figure.file}: {card.figure.alt_text}]")
    yield ""
    yield from _wrapped(plain(card_text(card)))
    found = list(dict.fromkeys(sources[each] for each in card.fact_ids if each in sources))
    if found:
        yield ""
        for source in found:
            yield from textwrap.wrap(f"Source: {source}", WIDTH, subsequent_indent="  ")


def _quiz(quiz: Quiz) -> Iterator[str]:
    yield f"{'═' * WIDTH}"
    passing = f"  (pass: {quiz.pass_share:.0%})" if quiz.pass_share else ""
    yield f"{quiz.title}{passing}"
    for question in quiz.questions:
        yield ""
        yield from _wrapped(f"{question.id}  {question.stem}")
        for option in question.options:
            yield from textwrap.wrap(
                f"{'*' if option.is_correct else '-'} {option.text}", WIDTH, subsequent_indent="  "
            )
            yield from textwrap.wrap(
                option.feedback, WIDTH, initial_indent="      ", subsequent_indent="      "
            )


def _lab(lab: Lab) -> Iterator[str]:
    yield f"{'═' * WIDTH}"
    yield f"{lab.title}  (with {lab.persona.name})"
    for text in (lab.scenario, lab.mission, f"{lab.persona.name}: {lab.opening}"):
        yield ""
        yield from _wrapped(text)
    yield ""
    yield from (f"> {opener}" for opener in lab.openers)
    for topic in lab.topics:
        yield ""
        yield from _wrapped(f"? {topic.title}: {topic.question}")
    for trap in lab.traps:
        yield ""
        yield f"! {trap.claim}"
        yield from _wrapped(trap.reply)


def _wrapped(text: str) -> Iterator[str]:
    for line in text.splitlines():
        indent = "  " if line.startswith("- ") else ""
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=indent) or [""]
