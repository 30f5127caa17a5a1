"""What is shown about scores and corrections, as plain data: use cases fill these, views draw them."""

from dataclasses import dataclass, field
from typing import Literal

from annotation.doubt import Doubts
from annotation.model import Annotation, Turn, Word
from annotation.scoring import Scorecard, WordScores

MAX_NAME_CHARS = 60
#: A modal has a hundred blocks, and each turn takes two.
TURNS_PER_PAGE = 20
#: What a list of speakers says instead of one of them.
NEW_SPEAKER = "new"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A clip's labels as the machine made them, and what people said about them."""

    clip_id: str
    name: str
    duration_s: float
    annotation: Annotation
    words: tuple[Word, ...] = ()
    words_are_draft: bool = False
    #: What people call the labels.
    names: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NameForm:
    """The labels of a clip, each with where to hear it, and the names given so far."""

    clip_id: str
    #: Label, its longest turn, its name so far.
    rows: tuple[tuple[str, Turn, str], ...]


@dataclass(frozen=True, slots=True)
class FixScreen:
    """One page of the turns that are being corrected."""

    clip_id: str
    draft: Annotation
    words: tuple[Word, ...]
    names: dict[str, str]
    page: int
    num_pages: int
    turns: tuple[Turn, ...]
    #: Whether the draft differs from where it began.
    is_changed: bool
    #: The version that the draft began from; 0 for the machine's labels.
    base_version: int


@dataclass(frozen=True, slots=True)
class TurnForm:
    """One turn, to be changed."""

    clip_id: str
    page: int
    turn: Turn
    key: str
    following: Turn | None
    speakers: tuple[str, ...]
    names: dict[str, str]
    #: The modal under this one.
    root_view_id: str


@dataclass(frozen=True, slots=True)
class LessonLink:
    """A card of the course that says more."""

    title: str
    lesson_id: str
    card_id: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """A score and all that goes with it."""

    clip_id: str
    clip_name: str
    #: What was scored: labels of ours, or turns the learner wrote.
    scored: Literal["ours", "own"]
    #: Where the reference comes from, in words.
    origin: str
    #: None where the reference is not the learner's to undo.
    version: int | None
    card: Scorecard
    #: What people call the labels that were scored, and the speakers of the reference: two sets of labels.
    names: dict[str, str]
    reference_names: dict[str, str] = field(default_factory=dict)
    words: WordScores | None = None
    words_are_draft: bool = False
    #: Where only some turns were checked: how many, and how many of them were right.
    checked: tuple[int, int] | None = None
    lessons: tuple[LessonLink, ...] = ()
    picture_file_id: str | None = None
    picture_alt_text: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a learner's turns and the machine's agree where nobody knows the truth."""

    clip_id: str
    clip_name: str
    card: Scorecard
    #: What people call the machine's labels.
    names: dict[str, str]

    @property
    def agreed_s(self) -> float:
        """Speaker time on which both sides say the same."""
        strict = self.card.strict
        return max(0.0, strict.scored_speaker_s - strict.missed_s - strict.confusion_s)

    @property
    def total_s(self) -> float:
        """Speaker time that either side claims."""
        return self.card.strict.scored_speaker_s + self.card.strict.false_alarm_s


@dataclass(frozen=True, slots=True)
class Question:
    """One turn to be confirmed."""

    turn: Turn
    key: str
    confidence: float | None
    #: Where the same label is heard longest, to compare with.
    example: Turn | None
    #: "yes", "no:LABEL" or "unsure", once answered.
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Sureness:
    """What there is to distrust where there is no reference."""

    clip_id: str
    clip_name: str
    doubts: Doubts
    #: Fewest and most speakers that a slightly different threshold would have found; None when unknown.
    count_range: tuple[int, int] | None
    #: How many turns have a known margin, and how many of those are close calls.
    num_known: int
    num_close: int
    median_margin: float | None
    questions: tuple[Question, ...]
    speakers: tuple[str, ...]
    names: dict[str, str]
    #: The reference in force, which makes questions needless.
    has_reference: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A clip whose result waits until the learner has had a go."""

    clip_id: str
    name: str
    window_s: float
    is_ready: bool
    stage: str = ""
    share: float = 0.0
