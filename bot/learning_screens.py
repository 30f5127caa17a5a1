"""What is shown of the module test, review and the way through the course, as plain data."""

from dataclasses import dataclass
from datetime import datetime

from course.model import Card, Lesson, Question, Quiz


@dataclass(frozen=True, slots=True)
class TrailStop:
    """One stop of the module, as the line under every message names it."""

    #: "lesson", "quiz", "lab" or "test".
    kind: str
    #: The lesson's number; None for the test.
    number: int | None
    is_done: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class ModuleTestInvitation:
    """The module test is next."""

    test: Quiz
    #: Correct answers that pass.
    needed: int
    #: Correct answers in the last attempt; None before the first.
    last: int | None
    has_passed: bool
    #: When it may be taken again; None when it may be taken now.
    opens_at: datetime | None
    retake_hours: float


@dataclass(frozen=True, slots=True)
class ModuleTestScreen:
    """One question of a running test; answers are saved, and nothing is said of them until the end."""

    test: Quiz
    attempt_id: str
    question: Question
    #: Index of each option in the content, in the order shown.
    order: tuple[int, ...]
    #: 1 for the first question.
    position: int
    closes_at: datetime
    #: Content index of the option chosen, once answered.
    chosen: int | None = None
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class LessonScore:
    """How the questions about one lesson went."""

    lesson: Lesson
    num_correct: int
    num_questions: int


@dataclass(frozen=True, slots=True)
class ModuleTestSummary:
    """How a test ended."""

    test: Quiz
    num_correct: int
    needed: int
    #: Whether this attempt passed.
    passed: bool
    #: Whether this or an earlier attempt passed.
    has_passed: bool
    #: None until the certificate has been issued.
    certificate_id: str | None
    best: int
    attempt_number: int
    per_lesson: tuple[LessonScore, ...]
    #: The cards that the missed questions rest on, each once.
    reread: tuple[tuple[Lesson, Card], ...]
    #: How many questions had no answer when the week was over.
    num_unanswered: int
    #: When it may be taken again; None when it may be taken now.
    opens_at: datetime | None
    offers_review: bool


@dataclass(frozen=True, slots=True)
class ReviewScreen:
    """One card of the day's handful."""

    round_id: str
    question: Question
    lesson: Lesson | None
    order: tuple[int, ...]
    position: int
    num_cards: int
    chosen: int | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """The day's handful is done."""

    num_correct: int
    num_cards: int
    #: The learner's own date of the next card; None when nothing is left to come back.
    next_day: str | None


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """How review is set, and what is due."""

    is_on: bool
    hour: int
    on_weekends: bool
    zone: str
    num_cards: int
    num_due: int
    #: Cards from the module test, which wait until it is passed.
    num_waiting: int = 0
