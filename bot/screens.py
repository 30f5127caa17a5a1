"""What is shown, as plain data: use cases fill these, views draw them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from annotation.model import Annotation, Turn, Word
from bot.learning_screens import (
    ModuleTestInvitation,
    ModuleTestScreen,
    ModuleTestSummary,
    ReviewStanding,
)
from course.model import Card, Fact, Lab, Lesson, Module, Question, Quiz
from storage.clips import Clip


@dataclass(frozen=True, slots=True)
class LessonScreen:
    """What is needed to show a card."""

    lesson: Lesson
    card: Card
    previous_card_id: str | None
    next_card_id: str | None
    #: Where this lesson stands among all stops of the module.
    stop: int
    num_stops: int
    #: Whether the lesson was read to its end before.
    is_finished: bool
    #: What the card states, with its sources.
    facts: tuple[Fact, ...] = ()
    #: Optional cards that follow this one.
    more_cards: tuple[Card, ...] = ()
    #: Slack file id of the card's figure, once uploaded.
    figure_file_id: str | None = None


@dataclass(frozen=True, slots=True)
class QuizScreen:
    """Where an attempt stands."""

    quiz: Quiz
    lesson: Lesson | None
    attempt_id: str
    question: Question
    #: Index of each option in the content, in the order shown.
    order: tuple[int, ...]
    #: 1 for the first question.
    position: int
    #: Content index of the option chosen, once answered.
    chosen: int | None = None
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class QuizSummary:
    """How an attempt ended."""

    quiz: Quiz
    lesson: Lesson | None
    attempt_number: int
    num_correct: int
    missed: tuple[Question, ...]
    best: int
    lab_is_next: bool
    #: Whether missed questions could come back in daily review, which is off.
    offers_review: bool = False


@dataclass(frozen=True, slots=True)
class QuizInvitation:
    """The quiz is next."""

    quiz: Quiz
    lesson: Lesson | None
    #: Correct answers in the best and the latest attempt; None before the first.
    best: int | None = None
    latest: int | None = None


@dataclass(frozen=True, slots=True)
class LabInvitation:
    """The lab is next; `session_ts` is its thread when it has begun."""

    lab: Lab
    lesson: Lesson
    channel_id: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class CourseDone:
    """Every stop that exists is done."""

    module: Module
    certificate_id: str | None = None


@dataclass(frozen=True, slots=True)
class LabScreen:
    """What is needed to open a lab."""

    lab: Lab
    lesson: Lesson
    session_id: str
    #: Who will read the learner's messages, in words; see bot/tutor/notice.py.
    notice: str
    #: Whether a model can be chosen, and whether it is.
    has_model: bool
    uses_model: bool


@dataclass(frozen=True, slots=True)
class ClipScreen:
    """A clip as the person sees it before it is done."""

    clip_id: str
    name: str
    stage: str
    share: float
    num_ahead: int = 0
    #: Workers that could take it; 0 when none is running.
    num_workers: int = 1
    #: Seconds until it should be done; None while nothing honest can be said.
    done_in_s: float | None = None
    #: Whether this clip, or one ahead of it, takes longer than expected.
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class ClipResult:
    """All there is to show of a finished clip; any part may be missing."""

    clip_id: str
    name: str
    duration_s: float
    annotation: Annotation | None
    words: tuple[Word, ...]
    words_are_draft: bool
    notes: tuple[str, ...]
    failures: tuple[str, ...]
    timeline_file_id: str | None = None
    timeline_alt_text: str | None = None
    #: What is still being done, in words; None once all is there.
    pending: str | None = None
    #: Whether `pending` is a later run, and this result is the one from before.
    is_earlier: bool = False
    engine: str | None = None
    words_engine: str | None = None
    #: How the recording was made, if its uploader said.
    recorded: str | None = None
    #: "labels" or "words", where that half did not come about.
    failed_parts: tuple[str, ...] = ()
    #: Why a later run left this result as it is.
    remark: str | None = None
    #: What people call the labels, in this clip only.
    names: dict[str, str] = field(default_factory=dict)
    #: Version of the corrections that these labels are; None for the machine's own.
    corrected_version: int | None = None
    #: Whether there are corrections of an earlier run, which do not fit these labels.
    has_older_corrections: bool = False
    #: Turns whose label is uncertain.
    uncertain: tuple[Turn, ...] = ()
    #: How much closer each turn's voice is to its label than to the next, by turn key.
    margins: Mapping[str, float] = field(default_factory=dict)
    #: Names of files that Slack did not take.
    unsent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the module and how it stands."""

    title: str
    kind: str
    state: Literal["done", "open", "locked"]
    #: "best 3 of 4, latest 2 of 4" for quizzes and the test, once taken.
    score: str | None = None
    step_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All stops of the module for one learner."""

    module: Module
    stops: tuple[Stop, ...]
    next_title: str | None
    clips: tuple[Clip, ...]
    review: ReviewStanding
    certificate_id: str | None = None
    #: When the module test that is open takes its last answer.
    test_closes_at: datetime | None = None
    #: When a test that was not passed may be taken again, while it may not.
    test_opens_at: datetime | None = None

    @property
    def num_done(self) -> int:
        """How many stops are behind the learner."""
        return sum(stop.state == "done" for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored about a person."""

    clips: tuple[Clip, ...]
    num_consents: int
    num_lab_messages: int
    clip_retention_days: int
    lab_retention_days: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was removed, and what only the person can remove."""

    num_clips: int
    num_lab_messages: int
    num_files_in_slack: int
    #: Clips whose messages and files in Slack were ours to take away.
    clips: tuple[Clip, ...] = ()


#: What the course can show next.
Screen = (
    LessonScreen
    | QuizScreen
    | QuizSummary
    | QuizInvitation
    | LabInvitation
    | ModuleTestInvitation
    | ModuleTestScreen
    | ModuleTestSummary
    | CourseDone
)
