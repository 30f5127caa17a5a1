"""Appeals: a learner says that a label is wrong, and a named reviewer answers."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storage.schema_managers import appeal
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class Appeal:
    """One case. It holds what the learner wrote into it, and nothing of the clip beyond."""

    team_id: str
    case_id: str
    clip_id: str
    #: When the clip came to us.
    clip_at: datetime
    user_id: str
    reviewer_id: str
    start_s: float
    end_s: float
    label_given: str
    label_right: str
    #: The learner's own sentence.
    sentence: str
    #: The words of that span; None unless the learner ticked them for this case.
    words: str | None
    #: "open", "unassigned" (its reviewer is one no more, and the learner has to choose), "upheld" or "declined".
    state: str
    due_on: date
    opened_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


class Appeals:
    """Reads and writes `appeal`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def open(self, case: Appeal) -> bool:
        """Store a case. False when it is there already."""
        return insert_if_new(self._connection, appeal, {name: getattr(case, name) for name in _COLUMNS})

    def get(self, team_id: str, case_id: str) -> Appeal | None:
        """The case, or None."""
        found = self._read(appeal.c.team_id == team_id, appeal.c.case_id == case_id)
        return found[0] if found else None

    def of_user(self, team_id: str, user_id: str) -> list[Appeal]:
        """What the learner appealed against, the newest first."""
        return self._read(appeal.c.team_id == team_id, appeal.c.user_id == user_id)

    def waiting_for(self, team_id: str, reviewer_id: str) -> list[Appeal]:
        """The reviewer's open cases, the one due first at the front."""
        found = self._read(
            appeal.c.team_id == team_id, appeal.c.reviewer_id == reviewer_id, appeal.c.state == "open"
        )
        return sorted(found, key=lambda case: (case.due_on, case.opened_at))

    def answer(self, team_id: str, case_id: str, state: str, words: str, now: datetime) -> bool:
        """Close a case. False when it was closed before: the first answer stands."""
        return bool(
            change(
                self._connection,
                sa.update(appeal)
                .where(appeal.c.team_id == team_id, appeal.c.case_id == case_id, appeal.c.state == "open")
                .values(state=state, answer=words, answered_at=now),
            )
        )

    def unassign(self, team_id: str, reviewer_id: str) -> list[str]:
        """Take every open case from a reviewer; returns which."""
        return self._set(
            (appeal.c.team_id == team_id, appeal.c.reviewer_id == reviewer_id, appeal.c.state == "open"),
            state="unassigned",
        )

    def assign(self, team_id: str, case_id: str, reviewer_id: str, due_on: date) -> bool:
        """Give a case that waits to a reviewer. False when it was answered meanwhile."""
        return bool(
            self._set(
                (
                    appeal.c.team_id == team_id,
                    appeal.c.case_id == case_id,
                    appeal.c.state.in_(["open", "unassigned"]),
                ),
                state="open",
                reviewer_id=reviewer_id,
                due_on=due_on,
            )
        )

    def forget_words(self, team_id: str, clip_id: str) -> list[str]:
        """Drop the words of a clip from its cases; returns in which there were any."""
        return self._set(
            (appeal.c.team_id == team_id, appeal.c.clip_id == clip_id, appeal.c.words.is_not(None)),
            words=None,
        )

    def due_by(self, day: date) -> list[Appeal]:
        """Open cases of all workspaces that are due by that day, the newest first."""
        return self._read(appeal.c.state == "open", appeal.c.due_on <= day)

    def delete_older_than(self, when: datetime) -> list[tuple[str, str]]:
        """Forget cases answered, or due and never answered, before `when`; returns workspace and id of each."""
        is_old = sa.or_(
            appeal.c.answered_at < when, appeal.c.answered_at.is_(None) & (appeal.c.due_on < when.date())
        )
        gone = sa.delete(appeal).where(is_old).returning(appeal.c.team_id, appeal.c.case_id)
        return sorted((row.team_id, row.case_id) for row in self._connection.execute(gone))

    def _set(self, conditions: tuple[sa.ColumnElement[bool], ...], **values: str | date | None) -> list[str]:
        statement = sa.update(appeal).where(*conditions).values(**values).returning(appeal.c.case_id)
        return sorted(self._connection.scalars(statement))

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget the cases of one learner."""
        change(
            self._connection,
            sa.delete(appeal).where(appeal.c.team_id == team_id, appeal.c.user_id == user_id),
        )

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Appeal]:
        rows = self._connection.execute(
            sa.select(appeal).where(*conditions).order_by(appeal.c.opened_at.desc(), appeal.c.case_id)
        )
        return [Appeal(**row._asdict()) for row in rows]


_COLUMNS = tuple(appeal.columns.keys())
