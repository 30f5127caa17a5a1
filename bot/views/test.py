"""The module test: its invitation, its questions, how it went, and the certificate."""

from bot import ids
from bot.certificate import Award, Picture, day_in_words, shown_id
from bot.learning_screens import ModuleTestInvitation, ModuleTestScreen, ModuleTestSummary
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.course_buttons import continue_button, read_button
from bot.views.question import (
    Asked,
    answered_blocks,
    asking_blocks,
    chosen_words,
    how_to_answer,
    onward_button,
    question_words,
)
from bot.views.review import offer_row
from bot.views.text import count, escape, moment, moment_words, mrkdwn, plain

_BUTTONS_IN_ROW = 5


def build_test_invitation(screen: ModuleTestInvitation) -> Message:
    """Return what the test is, and the button that begins it when it may begin."""
    total = len(screen.test.questions)
    rules = (
        f"{count(total, 'question')}, one at a time; {screen.needed} right answers pass. Each answer is saved as you give it "
        "and stays as it is. There is no feedback until the end. You may stop at any time and have a week to finish."
    )
    if screen.opens_at is None:
        rules += f" Whoever does not pass may take it again {_wait_words(screen.retake_hours)}."
    lines, words = [rules], [rules]
    if screen.last is not None:
        so_far = f"Your last result: {screen.last} of {total}." + (
            " You have passed." if screen.has_passed else ""
        )
        lines.append(so_far)
        words.append(so_far)
    if screen.opens_at is not None:
        lines.append(f"You may take it again from {moment(screen.opens_at)}.")
        words.append(f"You may take it again from {moment_words(screen.opens_at)}.")
        row = [
            b.button(
                "See if it is open", ids.TEST_START, screen.test.id, label="Take the test if it is open again"
            )
        ]
    else:
        label = "Start the module test"
        row = [b.button("Start the test", ids.TEST_START, screen.test.id, style="primary", label=label)]
    parts = [b.header(f"Next: {screen.test.title}" if not screen.has_passed else screen.test.title)]
    parts += [*[b.section(line) for line in lines], b.actions(row)]
    return Message(text=f"{screen.test.title}. {' '.join(words)}", blocks=parts)


def build_test_question_message(screen: ModuleTestScreen) -> Message:
    """Return the question, or, once answered, what was chosen; nothing in it says how the test is going."""
    title = f"{screen.test.title} · question {screen.position} of {len(screen.test.questions)}"
    asked = Asked(title, screen.question, screen.order, screen.chosen, tells_right=False)
    if screen.chosen is None:
        parts = asking_blocks(asked, ids.TEST_ANSWER_PREFIX, screen.attempt_id)
        done = how_to_answer(asked)
    else:
        onward = onward_button(screen.test.title, ids.TEST_NEXT, screen.attempt_id, is_last=screen.is_last)
        parts = [*answered_blocks(asked), b.actions([onward])]
        done = chosen_words(asked)
    saved = "Your answer is saved at once and cannot be changed. The test stays open until"
    parts.append(b.context(f"{saved} {moment(screen.closes_at)}."))
    words = f"{question_words(asked)} {done} {saved} {moment_words(screen.closes_at)}."
    return Message(text=words, blocks=parts)


def build_test_summary(summary: ModuleTestSummary) -> Message:
    """Return score, pass or not, the score for each lesson, and what to read again."""
    total = len(summary.test.questions)
    title = f"{summary.test.title}: {summary.num_correct} of {total}{_verdict(summary)}"
    parts, said = [b.header(title)], [f"{title}."]

    def tell(words: str, shown: str | None = None) -> None:
        parts.append(b.section(shown or mrkdwn(words)))
        said.append(words)

    if summary.num_unanswered:
        tell(
            f"The week for this test is over, so it was closed with what you had answered; {count(summary.num_unanswered, 'question')} "
            f"had no answer. No harm done: your place in the course is as it was."
        )
    tell(_outcome(summary))
    tell(
        "By lesson: " + "; ".join(_score_words(summary)) + ".",
        "*By lesson*\n" + "\n".join(f"• {mrkdwn(line)}" for line in _score_words(summary)),
    )
    if summary.reread:
        titles = "; ".join(f"{card.title} (lesson {lesson.number})" for lesson, card in summary.reread)
        parts.append(b.section("*Worth reading again*"))
        said.append(f"Worth reading again: {titles}.")
        parts += _read_rows(summary)
    row = [continue_button("Go on")]
    if summary.opens_at is None:
        label = f"Take {summary.test.title} again"
        row.append(b.button("Take it again", ids.TEST_START, summary.test.id, label=label))
    elif not summary.passed:
        tell(
            f"You may take it again from {moment_words(summary.opens_at)}, with everything in another order.",
            f"You may take it again from {moment(summary.opens_at)}, with everything in another order.",
        )
    parts.append(b.actions(row))
    if summary.reread and summary.offers_review:
        rows, offer = offer_row(total - summary.num_correct)
        parts += rows
        said.append(offer)
    return Message(text=" ".join(said), blocks=parts)


def _verdict(summary: ModuleTestSummary) -> str:
    if summary.passed:
        return ", passed"
    return " this time" if summary.has_passed else ", not passed yet"


def _outcome(summary: ModuleTestSummary) -> str:
    """Return what this result changes."""
    best = f"{summary.best} of {len(summary.test.questions)}"
    if not summary.has_passed:
        return f"{summary.needed} right answers pass. Your best so far: {best}."
    first = "Well done." if summary.passed else "You have passed already, and that stays."
    if summary.certificate_id is None:
        return f"{first} Your certificate comes in a moment, as a message of its own."
    return f"{first} Your best: {best}. Your certificate {shown_id(summary.certificate_id)} stands as it is."


def build_certificate_message(award: Award, file_id: str | None, picture: Picture) -> Message:
    """Return the certificate with how others can check it; in words where there is no picture."""
    shown = shown_id(award.certificate_id)
    first = f"You have passed {award.module_title}. Here is your certificate."
    if not picture.shows_name:
        reason = "; we have no letters to draw this name in the picture" if file_id else ""
        first += f" It is made out to {award.name}{reason}."
    check = f"Anybody in this workspace can check it with /whospoke verify {shown}"
    parts = [
        b.header("Your certificate"),
        b.section(escape(first)),
        b.picture(file_id, picture.alt_text) if file_id else b.section(escape(picture.alt_text)),
        b.section(f"{escape(check.removesuffix(f'/whospoke verify {shown}'))}`/whospoke verify {shown}`"),
    ]
    return Message(text=f"{first} {picture.alt_text} {check}", blocks=parts)


def build_verified_message(award: Award | None, typed: str) -> Message:
    """Return who passed when, or that the id is not known here."""
    if award is None:
        asked = " ".join(typed.split())[:40]
        text = (
            f"No certificate of this workspace has the id {asked}. Please check each character; the id is at the foot of the picture."
            if asked
            else "Type the id after the word: /whospoke verify 0A1B-2C3D-4E5F-6789. It is at the foot of the certificate."
        )
    else:
        text = (
            f"Yes: {award.name} passed the module test of {award.module_title} on {day_in_words(award.passed_on)} with "
            f"{award.num_correct} of {award.num_questions} right. Certificate {shown_id(award.certificate_id)}."
        )
    return Message(text=plain(text), blocks=[b.section(escape(text))])


def _score_words(summary: ModuleTestSummary) -> list[str]:
    return [
        f"Lesson {one.lesson.number}, {one.lesson.title}: {one.num_correct} of {one.num_questions}"
        for one in summary.per_lesson
    ]


def _read_rows(summary: ModuleTestSummary) -> list[b.BlockJson]:
    buttons = [
        read_button(lesson, card, f"{ids.LESSON_READ}.{number}")
        for number, (lesson, card) in enumerate(summary.reread)
    ]
    return [
        b.actions(buttons[start : start + _BUTTONS_IN_ROW])
        for start in range(0, len(buttons), _BUTTONS_IN_ROW)
    ]


def _wait_words(hours: float) -> str:
    if hours == 0:
        return "at once"
    return f"after {hours:g} hour" + ("" if hours == 1 else "s")
