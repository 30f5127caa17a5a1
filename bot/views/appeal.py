"""A case about a label: opening it, deciding it, and reading it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from bot import ids
from bot.messenger import Message
from bot.views import blocks as b
from bot.views import modals
from bot.views.case_lines import NOBODY, STATES, case_line
from bot.views.reminders import day_words
from bot.views.text import escape, shorten
from storage.appeals import Appeal


def build_appeal_view(
    clip_id: str, clip_name: str, speakers: Sequence[str], reviewers: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return the modal in which a case is opened."""
    labels = [modals.option(name, label) for label, name in speakers_with_names(speakers)]
    intro = (
        f"About *{escape(shorten(clip_name, 60))}*. A person answers, within five working days. They read what you write "
        "here and nothing else of the clip, unless you tick the words below. We never share sound: if you want them to "
        "listen, forward your recording to them yourself."
    )
    return modals.modal(
        "This label is wrong",
        ids.APPEAL_SAVE,
        {"clip": clip_id},
        [
            b.section(intro),
            modals.text_input(ids.APPEAL_START, "From", placeholder="0:12", max_length=12),
            modals.text_input(ids.APPEAL_END, "Until", placeholder="0:15.5", max_length=12),
            modals.select_input(ids.APPEAL_GIVEN, "The label says", modals.select(ids.APPEAL_GIVEN, labels)),
            modals.select_input(
                ids.APPEAL_RIGHT,
                "It should say",
                modals.select(ids.APPEAL_RIGHT, [*labels, modals.option("Somebody else, or nobody", NOBODY)]),
            ),
            modals.text_input(ids.APPEAL_SENTENCE, "What is wrong, in a sentence of yours", max_length=500, is_multiline=True),
            modals.select_input(
                ids.APPEAL_REVIEWER,
                "Who shall answer",
                modals.select(ids.APPEAL_REVIEWER, [modals.option(name, user_id) for user_id, name in reviewers]),
            ),
            modals.checkbox_input(
                ids.APPEAL_WORDS,
                "For this case only",
                [modals.option("Show the reviewer the words of that span", "words")],
            ),
        ],
        submit="Open the case",
    )  # fmt: skip


def speakers_with_names(speakers: Sequence[str]) -> list[tuple[str, str]]:
    """Return each label with what is shown for it."""
    return [(label, label) for label in speakers]


def build_answer_view(case: Appeal) -> dict[str, Any]:
    """Return the modal in which a reviewer answers."""
    verdicts = [modals.option("The label was wrong", "upheld"), modals.option("The label stands", "declined")]
    return modals.modal(
        "Answer the case",
        ids.APPEAL_ANSWER_SAVE,
        {"case": case.case_id},
        [
            *b.sections(case_line(case, for_reviewer=True)),
            modals.select_input(
                ids.APPEAL_VERDICT, "Your finding", modals.select(ids.APPEAL_VERDICT, verdicts)
            ),
            modals.text_input(
                ids.APPEAL_REPLY, "Your answer to the learner", max_length=1000, is_multiline=True
            ),
        ],
        submit="Answer",
    )


def build_case_message(case: Appeal) -> Message:
    """Return what the reviewer gets."""
    text = f"A case for you: a learner says that a label is wrong. Please answer by {day_words(case.due_on)}."
    if case.state != "open":
        text = "A case that you answered."
    return _to_reviewer(case, text)


def build_due_message(case: Appeal, today: date) -> Message:
    """Return the one reminder that a reviewer gets of a case."""
    when = "is due today" if case.due_on == today else f"was due on {day_words(case.due_on)}"
    return _to_reviewer(case, f"A learner waits for your answer: this case {when}.")


def _to_reviewer(case: Appeal, text: str) -> Message:
    buttons = [b.actions([case_button(case)])] if case.state == "open" else []
    return Message(
        text=text,
        blocks=[b.section(f":scales: {text}"), *b.sections(case_line(case, for_reviewer=True)), *buttons],
    )


def build_unassigned_message(case: Appeal) -> Message:
    """Return what the learner reads when their reviewer is one no more."""
    text = "The person who was to answer your case cannot any more, and does not see it any more. Who shall answer instead?"
    if case.state != "unassigned":
        text = "The person who was to answer your case could not any more; you chose somebody else."
        return Message(text=text, blocks=[b.section(f":scales: {text}")])
    return _to_choose(case, text)


def build_overdue_message(case: Appeal) -> Message:
    """Return what the learner reads when the time to answer is over."""
    text = (
        f"Your case was to be answered by {day_words(case.due_on)} and was not. The reviewer was reminded; "
        "you can wait, or choose somebody else."
    )
    return _to_choose(case, text)


def _to_choose(case: Appeal, text: str) -> Message:
    lines = b.sections(case_line(case, for_reviewer=False))
    return Message(
        text=text, blocks=[b.section(f":scales: {text}"), *lines, b.actions([choose_button(case)])]
    )


def build_choose_view(case: Appeal, reviewers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the modal in which a learner gives their case to somebody else."""
    words = "They see what you wrote into the case, and have five working days. Who was asked before sees it no more."
    options = [modals.option(name, user_id) for user_id, name in reviewers]
    return modals.modal(
        "Somebody else",
        ids.APPEAL_CHOOSE_SAVE,
        {"case": case.case_id},
        [
            b.section(words),
            modals.select_input(
                ids.APPEAL_REVIEWER, "Who shall answer", modals.select(ids.APPEAL_REVIEWER, options)
            ),
        ],
        submit="Ask them",
    )


def build_opened_message(case: Appeal) -> Message:
    """Return what the learner keeps of their case."""
    if case.state != "open":
        text = "This is what you wrote into your case."
        return Message(
            text=text,
            blocks=[b.section(f":scales: {text}"), *b.sections(case_line(case, for_reviewer=False))],
        )
    text = f"Your case is open. <@{case.reviewer_id}> answers by {day_words(case.due_on)}; you find it on the Home tab."
    plain = (
        f"Your case is open and will be answered by {day_words(case.due_on)}; you find it on the Home tab."
    )
    return Message(
        text=plain, blocks=[b.section(f":scales: {text}"), *b.sections(case_line(case, for_reviewer=False))]
    )


def build_answered_message(case: Appeal) -> Message:
    """Return the reviewer's answer to the learner."""
    text = f"Your case was answered: {STATES[case.state]}."
    parts = [b.section(f":scales: {text}"), *b.sections(case_line(case, for_reviewer=False))]
    if case.state == "upheld":
        parts.append(b.context("*Fix labels* under the result puts the label right."))
    return Message(text=f"{text} {case.answer}", blocks=parts)


def choose_button(case: Appeal) -> ButtonElement:
    """Return the learner's way to somebody else."""
    label = "Choose who shall answer this case instead"
    return b.button("Choose somebody else", ids.APPEAL_CHOOSE, case.case_id, label=label)


def case_button(case: Appeal) -> ButtonElement:
    """Return the reviewer's way to answer."""
    return b.button("Answer", ids.APPEAL_ANSWER, case.case_id, style="primary", label="Answer this case")
