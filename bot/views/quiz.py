"""A quiz, one question at a time, in one message that grows into its summary."""

from bot import ids
from bot.messenger import Message
from bot.screens import QuizInvitation, QuizScreen, QuizSummary
from bot.views import blocks as b
from bot.views.course_buttons import continue_button, read_button
from bot.views.question import (
    Asked,
    answered_blocks,
    asking_blocks,
    feedback_block,
    feedback_words,
    how_to_answer,
    onward_button,
    question_words,
)
from bot.views.review import offer_row
from bot.views.text import count, mrkdwn, plain


def build_quiz_invitation(screen: QuizInvitation) -> Message:
    """Return the way into a quiz, with the scores so far."""
    quiz, lesson = screen.quiz, screen.lesson
    total = len(quiz.questions)
    text = f"{count(total, 'question')}, with feedback on each answer. Take it as often as you like."
    if screen.best is not None:
        text += f" Your best so far: {screen.best} of {total}; the latest: {screen.latest} of {total}."
    row = [b.button("Start the quiz", ids.QUIZ_START, quiz.id, style="primary", label=f"Start {quiz.title}")]
    if lesson:
        back = f"{lesson.id}|{lesson.core_cards[-1].id}"
        label = f"Back to the last card of lesson {lesson.number}"
        row.append(b.button("Back to the lesson", ids.LESSON_TURN + ".back", back, label=label))
    title = f"Next: {quiz.title}" if screen.best is None else quiz.title
    parts = [b.header(title), b.section(mrkdwn(text)), b.actions(row)]
    return Message(text=f"{title}. {text}", blocks=parts)


def build_question_message(screen: QuizScreen) -> Message:
    """Return the question with numbered options, or, once answered, with its feedback."""
    title = f"{screen.quiz.title} · question {screen.position} of {len(screen.quiz.questions)}"
    asked = Asked(title, screen.question, screen.order, screen.chosen)
    if screen.chosen is None:
        parts = asking_blocks(asked, ids.QUIZ_ANSWER_PREFIX, screen.attempt_id)
        return Message(text=f"{question_words(asked)} {how_to_answer(asked)}", blocks=parts)
    onward = onward_button(screen.quiz.title, ids.QUIZ_NEXT, screen.attempt_id, is_last=screen.is_last)
    parts = [*answered_blocks(asked), feedback_block(asked), b.actions([onward])]
    return Message(text=f"{question_words(asked)} {feedback_words(asked)}", blocks=parts)


def build_summary_message(summary: QuizSummary) -> Message:
    """Return the score, what to read again, and the way on."""
    total = len(summary.quiz.questions)
    score = f"{summary.num_correct} of {total} correct"
    best = f" Your best so far: {summary.best} of {total}." if summary.attempt_number > 1 else ""
    parts, said = [b.header(f"{summary.quiz.title}: {score}")], f"{summary.quiz.title}: {score}.{best}"
    if summary.missed and summary.lesson:
        parts.append(b.section(f"Worth reading again before you go on.{best}"))
        said += " Worth reading again before you go on:"
        for number, question in enumerate(summary.missed):
            card = summary.lesson.card(question.card_id)
            if card is None:
                continue
            parts.append(b.section(f"• {mrkdwn(question.stem)}"))
            parts.append(b.actions([read_button(summary.lesson, card, f"{ids.LESSON_READ}.{number}")]))
            said += f" {plain(question.stem)} (card “{card.title}”)."
    else:
        parts.append(b.section(f"All of it right.{best}"))
        said += " All of it right."
    parts.append(b.actions(_onward(summary)))
    if summary.missed and summary.offers_review:
        row, offer = offer_row(len(summary.missed))
        parts += row
        said += f" {offer}"
    return Message(text=said, blocks=parts)


def _onward(summary: QuizSummary) -> list[b.Button]:
    again = b.button(
        "Take it again", ids.QUIZ_START, summary.quiz.id, label=f"Take {summary.quiz.title} again"
    )
    if summary.lesson and summary.lab_is_next:
        lab = summary.lesson.lab
        text = f"Go to the lab: {lab.title}"
        return [b.button(text, ids.LAB_OPEN, lab.id, style="primary", label=text), again]
    return [continue_button("Go on"), again]
