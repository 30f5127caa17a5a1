"""Quiz and test papers: which content and order they were drawn from, and what was answered."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.errors import StorageError
from storage.schema import answer, attempt
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class Answer:
    """One answer; the first given stays."""

    #: The option's place in the content, not in the order shown.
    option_index: int
    is_correct: bool
    answered_at: datetime


@dataclass(frozen=True)
class Attempt:
    """One paper of one learner."""

    attempt_id: str
    team_id: str
    user_id: str
    module_id: str
    quiz_id: str
    #: 1 for the first attempt at this quiz.
    number: int
    #: The content version it began with, and the seed of its drawing and order.
    content_version: str
    seed: int
    started_at: datetime
    finished_at: datetime | None = None
    num_correct: int | None = None
    channel_id: str | None = None
    message_ts: str | None = None
    answers: dict[str, Answer] = field(default_factory=dict)


class Attempts:
    """Reads and writes `attempt` and `answer`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def start(
        self,
        team_id: str,
        attempt_id: str,
        user_id: str,
        module_id: str,
        quiz_id: str,
        content_version: str,
        seed: int,
        now: datetime,
    ) -> Attempt:
        """Open a paper, or hand back the unfinished one: a double click opens one paper only."""
        of_quiz = _of_quiz(team_id, user_id, module_id, quiz_id)
        last = self._connection.scalar(sa.select(sa.func.max(attempt.c.number)).where(*of_quiz))
        insert_if_new(
            self._connection,
            attempt,
            {
                "team_id": team_id,
                "attempt_id": attempt_id,
                "user_id": user_id,
                "module_id": module_id,
                "quiz_id": quiz_id,
                "number": (last or 0) + 1,
                "content_version": content_version,
                "seed": seed,
                "started_at": now,
            },
        )
        found = self.get(team_id, attempt_id) or self.unfinished(team_id, user_id, module_id, quiz_id)
        if found is None:
            # Another process began and finished a paper between our two statements.
            raise StorageError("Another attempt at this quiz was opened at the same moment: start again.")
        return found

    def get(self, team_id: str, attempt_id: str) -> Attempt | None:
        """The paper with its answers, or None."""
        found = self._read(attempt.c.team_id == team_id, attempt.c.attempt_id == attempt_id)
        return found[0] if found else None

    def unfinished(self, team_id: str, user_id: str, module_id: str, quiz_id: str) -> Attempt | None:
        """The paper that is still open, if one is."""
        found = self._read(*_of_quiz(team_id, user_id, module_id, quiz_id), attempt.c.finished_at.is_(None))
        return found[0] if found else None

    def finished(self, team_id: str, user_id: str, module_id: str, quiz_id: str) -> list[Attempt]:
        """Finished papers, oldest first."""
        return self._read(*_of_quiz(team_id, user_id, module_id, quiz_id), attempt.c.finished_at.is_not(None))

    def answer(
        self,
        team_id: str,
        attempt_id: str,
        question_id: str,
        option_index: int,
        is_correct: bool,
        now: datetime,
    ) -> bool:
        """Store an answer.

        Returns:
            False when the question was answered before, or the paper is finished or unknown: nothing changed.
        """
        # The lock keeps a last answer and the finishing of the paper apart on Postgres.
        is_open = self._connection.scalar(
            sa.select(attempt.c.finished_at.is_(None))
            .where(attempt.c.team_id == team_id, attempt.c.attempt_id == attempt_id)
            .with_for_update()
        )
        if not is_open:
            return False
        values = {
            "team_id": team_id,
            "attempt_id": attempt_id,
            "question_id": question_id,
            "option_index": option_index,
            "is_correct": is_correct,
            "answered_at": now,
        }
        return insert_if_new(self._connection, answer, values)

    def finish(self, team_id: str, attempt_id: str, num_correct: int, now: datetime) -> bool:
        """Close the paper with its score. False when it was closed already, or is unknown."""
        return bool(
            change(
                self._connection,
                sa.update(attempt)
                .where(
                    attempt.c.team_id == team_id,
                    attempt.c.attempt_id == attempt_id,
                    attempt.c.finished_at.is_(None),
                )
                .values(finished_at=now, num_correct=num_correct),
            )
        )

    def show_in(self, team_id: str, attempt_id: str, channel_id: str, message_ts: str) -> None:
        """Remember the message that shows the paper."""
        self._connection.execute(
            sa.update(attempt)
            .where(attempt.c.team_id == team_id, attempt.c.attempt_id == attempt_id)
            .values(channel_id=channel_id, message_ts=message_ts)
        )

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget all papers of one person, answers included."""
        self._connection.execute(
            sa.delete(attempt).where(attempt.c.team_id == team_id, attempt.c.user_id == user_id)
        )

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Attempt]:
        rows = self._connection.execute(
            sa.select(attempt).where(*conditions).order_by(attempt.c.number)
        ).all()
        return [Attempt(**row._asdict(), answers=self._answers(row.team_id, row.attempt_id)) for row in rows]

    def _answers(self, team_id: str, attempt_id: str) -> dict[str, Answer]:
        rows = self._connection.execute(
            sa.select(answer)
            .where(answer.c.team_id == team_id, answer.c.attempt_id == attempt_id)
            .order_by(answer.c.answered_at, answer.c.question_id)
        )
        return {row.question_id: Answer(row.option_index, row.is_correct, row.answered_at) for row in rows}


def _of_quiz(team_id: str, user_id: str, module_id: str, quiz_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        attempt.c.team_id == team_id,
        attempt.c.user_id == user_id,
        attempt.c.module_id == module_id,
        attempt.c.quiz_id == quiz_id,
    )
