"""A case about a label: opening it, deciding it, and reading it."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from bot import ids
from bot.messenger import Message
from bot.views import blocks as b
from bot.views import modals
from bot.views.reminders import day_words
from bot.views.text import clock, escape, shorten
from storage.appeals import Appeal

_STATES = {"open": "open", "upheld": "the label was wrong", "declined": "the label stands"}
_NOBODY = "nobody"


def build_appeal_view(
    clip_id: str, clip_name: str, speakers: Sequence[str], reviewers: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return the modal in which a case is opened."""
    labels = [modals.option(name, label) for label, name in speakers_with_names(speakers)]
    intro = (
        f"About *{escape(shorten(clip_name, 60))}*. A person answers, within five working days. They read what you write "
        "here and nothing else of the clip, unless you tick the words below."
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
                modals.select(ids.APPEAL_RIGHT, [*labels, modals.option("Somebody else, or nobody", _NOBODY)]),
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
    return Message(
        text=text,
        blocks=[
            b.section(f":scales: {text}"),
            *b.sections(case_line(case, for_reviewer=True)),
            b.actions([case_button(case)]),
        ],
    )


def build_opened_message(case: Appeal) -> Message:
    """Return what the learner keeps of their case."""
    text = f"Your case is open. <@{case.reviewer_id}> answers by {day_words(case.due_on)}; you find it on the Home tab."
    plain = (
        f"Your case is open and will be answered by {day_words(case.due_on)}; you find it on the Home tab."
    )
    return Message(
        text=plain, blocks=[b.section(f":scales: {text}"), *b.sections(case_line(case, for_reviewer=False))]
    )


def build_answered_message(case: Appeal) -> Message:
    """Return the reviewer's answer to the learner."""
    text = f"Your case was answered: {_STATES[case.state]}."
    parts = [b.section(f":scales: {text}"), *b.sections(case_line(case, for_reviewer=False))]
    if case.state == "upheld":
        parts.append(b.context("*Fix labels* under the result puts the label right."))
    return Message(text=f"{text} {case.answer}", blocks=parts)


def case_line(case: Appeal, *, for_reviewer: bool) -> str:
    """Return a case in a few lines; the words only where the learner gave them."""
    right = "somebody else, or nobody" if case.label_right == _NOBODY else case.label_right
    who = f"<@{case.user_id}>" if for_reviewer else f"answered by <@{case.reviewer_id}>"
    lines = [
        f"*{clock(case.start_s)} to {clock(case.end_s)}* of a clip of {case.clip_at.day} {case.clip_at:%B}: says {escape(case.label_given)}, "
        f"should say {escape(right)} · {who} · {_STATES[case.state]}"
        + (f", due {day_words(case.due_on)}" if case.state == "open" else ""),
        f"> {_quoted(case.sentence)}",
    ]
    if case.words:
        lines.append(f"Words of that span: _{escape(shorten(case.words, 800))}_")
    if case.answer:
        lines.append(f"Answer: {_quoted(case.answer)}")
    return "\n".join(lines)


def case_button(case: Appeal) -> ButtonElement:
    """Return the reviewer's way to answer."""
    return b.button("Answer", ids.APPEAL_ANSWER, case.case_id, style="primary", label="Answer this case")


def _quoted(text: str) -> str:
    return escape(" ".join(text.split()))
