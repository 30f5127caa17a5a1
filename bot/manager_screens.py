"""What managers and reviewers are shown, as plain data. Completion, scores and dates; never what anybody said."""

from dataclasses import dataclass, field
from datetime import date

from bot.directory import Group
from course.model import Module
from storage.appeals import Appeal
from storage.audit import AuditEntry
from storage.boards import Board
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.overview import LearnerRow, Totals
from storage.reminders import Reminder, Wish

PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class StepShare:
    """How many of a cohort completed a stop."""

    step_id: str
    title: str
    num_done: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that many get wrong at their first try."""

    stem: str
    num_missed: int
    num_people: int


@dataclass(frozen=True, slots=True)
class CohortOverview:
    """One cohort, and the page of it that the manager looks at."""

    cohort: Cohort
    board: Board
    totals: Totals
    steps: tuple[StepShare, ...]
    missed: tuple[Missed, ...]
    learners: tuple[LearnerRow, ...]
    num_found: int
    lost: tuple[Reminder, ...]
    chart_file_id: str | None = None
    chart_alt_text: str | None = None

    @property
    def num_pages(self) -> int:
        """At least one."""
        return max(1, -(-self.num_found // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class ManagerScreen:
    """The managers' part of the Home tab."""

    module: Module
    cohorts: tuple[Cohort, ...]
    num_archived: int
    #: None while there is no cohort.
    shown: CohortOverview | None
    today: date


@dataclass(frozen=True, slots=True)
class LearnerScreen:
    """What a learner sees of their cohorts and appeals, and a reviewer of theirs."""

    cohorts: tuple[tuple[Cohort, Enrolment], ...]
    wish: Wish
    appeals: tuple[Appeal, ...]
    to_review: tuple[Appeal, ...]
    today: date
    #: What the audit log says of each of the appeals.
    history: dict[str, tuple[AuditEntry, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeopleForm:
    """What a form for people has to know of the workspace."""

    groups: tuple[Group, ...] = ()
    sees_emails: bool = False


@dataclass(frozen=True, slots=True)
class NudgePreview:
    """What a nudge would send, before it is sent."""

    cohort: Cohort
    #: What it says, as mrkdwn, and to how many: due dates differ.
    variants: tuple[tuple[str, int], ...]
    #: Who gets it now or in their next working hours.
    user_ids: tuple[str, ...]
    num_waiting: int
    #: Who does not, and why: "stopped reminders", "reminded today", ...
    left_out: tuple[tuple[str, int], ...]
