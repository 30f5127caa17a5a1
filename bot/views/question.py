"""A question with its numbered options, as quizzes, the test and review ask it."""

import re
from dataclasses import dataclass

from bot.views import blocks as b
from bot.views.text import mrkdwn, plain
from course.model import Option, Question

_SAYS_RIGHT = re.compile(r"^(?:Right|Correct|Yes)[.,:!]\s+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in a message; `chosen` is an index in the content, once answered."""

    title: str
    question: Question
    order: tuple[int, ...]
    chosen: int | None = None


def question_blocks(asked: Asked) -> list[b.BlockJson]:
    """Return the question and its numbered options, with marks in words once it is answered."""
    return [
        b.context(f"*{mrkdwn(asked.title)}*"),
        b.section(f"*{mrkdwn(asked.question.stem)}*"),
        b.section("\n".join(_option_line(asked, shown) for shown in range(len(asked.order)))),
    ]


def question_words(asked: Asked) -> str:
    """Return the same as plain text."""
    options = asked.question.options
    numbered = " ".join(f"{n}: {plain(options[i].text)}." for n, i in enumerate(asked.order, 1))
    return f"{asked.title}. {plain(asked.question.stem)} {numbered}"


def answer_row(asked: Asked, prefix: str, paper_id: str) -> b.BlockJson:
    """Return the buttons 1 to 4; a screen reader says the option with the number."""
    options = asked.question.options
    return b.actions(
        [
            b.button(
                str(shown),
                f"{prefix}{shown}",
                f"{paper_id}|{asked.question.id}|{index}",
                label=f"{shown}: {plain(options[index].text)}",
            )
            for shown, index in enumerate(asked.order, 1)
        ]
    )


def how_to_answer(asked: Asked) -> str:
    """Return what to press."""
    return f"Answer with the buttons 1 to {len(asked.order)}."


def feedback_block(asked: Asked) -> b.BlockJson:
    """Return what to say of the chosen option; it quotes options, as their numbers differ each time."""
    option = _chosen(asked)
    mark = ":white_check_mark:" if option.is_correct else ":small_orange_diamond:"
    verdict = f"{mark} *{_verdict(asked)}.* You chose “{mrkdwn(option.text)}”."
    return b.section(f"{verdict}\n{mrkdwn(_reason(option))}{_right_one(asked)}")


def feedback_words(asked: Asked) -> str:
    """Return the same as plain text."""
    option = _chosen(asked)
    said = f"You chose: {plain(option.text)}. {_verdict(asked)}. {plain(_reason(option))}"
    if option.is_correct:
        return said
    right = next(each for each in asked.question.options if each.is_correct)
    return f"{said} The answer is: {plain(right.text)}. {plain(_reason(right))}"


def _option_line(asked: Asked, shown: int) -> str:
    index = asked.order[shown]
    option = asked.question.options[index]
    line = f"*{shown + 1}.*  {mrkdwn(option.text)}"
    if asked.chosen is None:
        return line
    if option.is_correct:
        return f"{line}  :white_check_mark: (correct)"
    return f"{line}  (your answer)" if index == asked.chosen else line


def _chosen(asked: Asked) -> Option:
    assert asked.chosen is not None
    return asked.question.options[asked.chosen]


def _reason(option: Option) -> str:
    """Return the feedback without the "Right." it may begin with: the verdict stands before it already."""
    said = _SAYS_RIGHT.sub("", option.feedback) if option.is_correct else option.feedback
    return said[:1].upper() + said[1:]


def _verdict(asked: Asked) -> str:
    return "Correct" if _chosen(asked).is_correct else "Not quite"


def _right_one(asked: Asked) -> str:
    if _chosen(asked).is_correct:
        return ""
    right = next(each for each in asked.question.options if each.is_correct)
    return f"\n\nThe answer is “{mrkdwn(right.text)}”. {mrkdwn(_reason(right))}"
