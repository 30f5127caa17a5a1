"""A question with its numbered options, as quizzes, the test and review ask it."""

import re
from dataclasses import dataclass

from bot.views import blocks as b
from bot.views.text import mrkdwn, plain, shorten
from course.model import Option, Question

#: Slack takes about 13,000 characters in all blocks of a message together.
_OPTION_CHARACTERS = 700
_SAYS_RIGHT = re.compile(r"^(?:Right|Correct|Yes)[.,:!]\s+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in a message; `chosen` is an index in the content, once answered."""

    title: str
    question: Question
    order: tuple[int, ...]
    chosen: int | None = None
    #: Whether it may be said by now what is right.
    tells_right: bool = True


def asking_blocks(asked: Asked, prefix: str, paper_id: str) -> list[b.BlockJson]:
    """Return the question, each option with its button; a screen reader says the option with the number.

    Answers are given at the right, where no other button of ours is: whatever comes up under a finger that
    taps twice, it is not the next question's answer.
    """
    options = asked.question.options
    return _head(asked) + [
        b.section(
            shorten(_option_line(asked, shown), _OPTION_CHARACTERS),
            b.button(
                str(shown),
                f"{prefix}{shown}",
                f"{paper_id}|{asked.question.id}|{index}",
                label=f"{shown}: {plain(options[index].text)}",
            ),
        )
        for shown, index in enumerate(asked.order, 1)
    ]


def answered_blocks(asked: Asked) -> list[b.BlockJson]:
    """Return the question and its options, with marks in words."""
    lines = "\n".join(_option_line(asked, shown) for shown in range(1, len(asked.order) + 1))
    return [*_head(asked), b.section(lines)]


def question_words(asked: Asked) -> str:
    """Return the same as plain text."""
    options = asked.question.options
    numbered = " ".join(f"{n}: {plain(options[i].text)}." for n, i in enumerate(asked.order, 1))
    return f"{asked.title}. {plain(asked.question.stem)} {numbered}"


def how_to_answer(asked: Asked) -> str:
    """Return what to press."""
    return f"Answer with the buttons 1 to {len(asked.order)}."


def onward_button(
    title: str, action_id: str, paper_id: str, *, is_last: bool, thing: str = "question"
) -> b.Button:
    """Return the way on from an answered question."""
    text = "See how it went" if is_last else f"Next {thing}"
    label = f"See how {title} went" if is_last else f"Next {thing} of {title}"
    return b.button(text, action_id, paper_id, style="primary", label=label)


def chosen_words(asked: Asked) -> str:
    """Return what was chosen, as plain text."""
    return f"You chose: {plain(_chosen(asked).text)}."


def feedback_block(asked: Asked) -> b.BlockJson:
    """Return what to say of the chosen option; it quotes options, as their numbers differ each time."""
    option = _chosen(asked)
    mark = ":white_check_mark:" if option.is_correct else ":small_orange_diamond:"
    verdict = f"{mark} *{_verdict(asked)}.* You chose “{mrkdwn(option.text)}”."
    return b.section(f"{verdict}\n{mrkdwn(_reason(option))}{_right_one(asked)}")


def feedback_words(asked: Asked) -> str:
    """Return the same as plain text."""
    option = _chosen(asked)
    said = f"{chosen_words(asked)} {_verdict(asked)}. {plain(_reason(option))}"
    if option.is_correct:
        return said
    right = next(each for each in asked.question.options if each.is_correct)
    return f"{said} The answer is: {plain(right.text)}. {plain(_reason(right))}"


def _head(asked: Asked) -> list[b.BlockJson]:
    return [b.context(f"*{mrkdwn(asked.title)}*"), b.section(f"*{mrkdwn(asked.question.stem)}*")]


def _option_line(asked: Asked, shown: int) -> str:
    index = asked.order[shown - 1]
    option = asked.question.options[index]
    line = f"*{shown}.*  {mrkdwn(option.text)}"
    if asked.chosen is None:
        return line
    if asked.tells_right and option.is_correct:
        return f"{line}  :white_check_mark: (correct)"
    return f"{line}  *(your answer)*" if index == asked.chosen else line


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
