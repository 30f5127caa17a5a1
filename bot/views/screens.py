"""Whatever comes next in the course, as a message."""

from bot import ids
from bot.certificate import shown_id
from bot.learning_screens import ModuleTestInvitation, ModuleTestScreen, ModuleTestSummary
from bot.messenger import Message
from bot.screens import (
    CourseDone,
    LabInvitation,
    LessonScreen,
    QuizInvitation,
    QuizScreen,
    QuizSummary,
    Screen,
)
from bot.views import blocks as b
from bot.views.lab import build_invitation_message
from bot.views.lesson import build_lesson_message
from bot.views.quiz import build_question_message, build_quiz_invitation, build_summary_message
from bot.views.test import build_test_invitation, build_test_question_message, build_test_summary
from bot.views.text import mrkdwn


def build_screen_message(screen: Screen, lab_link: str | None = None) -> Message:
    """Return the message for a screen of the course."""
    match screen:
        case LessonScreen():
            return build_lesson_message(screen)
        case QuizScreen() | QuizSummary() | QuizInvitation():
            return _quiz_message(screen)
        case LabInvitation():
            return build_invitation_message(screen.lab, screen.lesson, lab_link)
        case CourseDone():
            return _done(screen)
        case _:
            return _test_message(screen)


def _quiz_message(screen: QuizScreen | QuizSummary | QuizInvitation) -> Message:
    match screen:
        case QuizScreen():
            return build_question_message(screen)
        case QuizSummary():
            return build_summary_message(screen)
        case QuizInvitation():
            return build_quiz_invitation(screen)


def _test_message(screen: ModuleTestInvitation | ModuleTestScreen | ModuleTestSummary) -> Message:
    match screen:
        case ModuleTestInvitation():
            return build_test_invitation(screen)
        case ModuleTestScreen():
            return build_test_question_message(screen)
        case ModuleTestSummary():
            return build_test_summary(screen)


def part_of(screen: Screen) -> str | None:
    """Return the id of the lesson, quiz, lab or test that a screen belongs to."""
    match screen:
        case LessonScreen():
            return screen.lesson.id
        case QuizScreen() | QuizSummary() | QuizInvitation():
            return screen.quiz.id
        case LabInvitation():
            return screen.lab.id
        case CourseDone():
            return None
        case _:
            return screen.test.id


def _done(screen: CourseDone) -> Message:
    text = f"You have done every stop of {screen.module.title}. Everything stays open for another look."
    rows = []
    if screen.certificate_id:
        text += f" Your certificate has the id {shown_id(screen.certificate_id)}."
    for one in screen.module.lessons:
        title = f"Lesson {one.number}: {one.title}"
        lesson = b.button(
            title,
            f"{ids.COURSE_OPEN}.lesson.{one.number}",
            f"lesson-{one.number}",
            label=f"Open {title} again",
        )
        quiz = _open_button("Quiz", one.number, one.quiz.title)
        lab = _open_button("Lab", one.number, one.lab.title)
        rows.append(b.actions([lesson, quiz, lab]))
    if screen.module.test:
        title = screen.module.test.title
        test = b.button(title, f"{ids.COURSE_OPEN}.test", "test", label=f"Open the {title.lower()} again")
        rows.append(b.actions([test]))
    return Message(text=text, blocks=[b.header("All done"), b.section(mrkdwn(text)), *rows])


def _open_button(kind: str, number: int, title: str) -> b.Button:
    step_id = f"{kind.lower()}-{number}"
    return b.button(
        f"{kind} {number}", f"{ids.COURSE_OPEN}.{step_id}", step_id, label=f"{kind} {number}: {title}"
    )
