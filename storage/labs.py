"""Lab conversations: the session, its turns, and the tokens that they cost."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.errors import NoSuchRecordError
from storage.schema import lab_session, lab_turn, lab_usage
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class LabSession:
    """One conversation with a persona, in one thread."""

    session_id: str
    team_id: str
    user_id: str
    module_id: str
    lab_id: str
    channel_id: str
    thread_ts: str
    content_version: str
    #: "anthropic" or "scripted": who writes the persona's words.
    tutor: str
    exchanges: int
    started_at: datetime
    completed_at: datetime | None = None


@dataclass(frozen=True)
class StoredTurn:
    """One message of a session."""

    turn_id: str
    session_id: str
    seq: int
    #: "learner" or "persona".
    role: str
    text: str
    slack_ts: str | None
    #: "stored", "replying" (its message is open), "writing" (text is streaming in), "done" or "deleted".
    state: str
    #: Whether it counts towards the lab's exchanges.
    counts: bool
    created_at: datetime
    #: Who wrote a persona's words: "anthropic", "scripted", or "both" where one took over from the other.
    tutor: str | None = None


@dataclass(frozen=True)
class LabUse:
    """What the calls of one session took."""

    calls: int
    input_tokens: int
    cache_write_tokens: int
    cached_tokens: int
    output_tokens: int
    #: Millionths of a US dollar; None when the price of a model was not known.
    cost_micros: int | None


class Labs:
    """Reads and writes `lab_session`, `lab_turn` and `lab_usage`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def open(
        self,
        team_id: str,
        session_id: str,
        user_id: str,
        module_id: str,
        lab_id: str,
        channel_id: str,
        thread_ts: str,
        content_version: str,
        tutor: str,
        now: datetime,
    ) -> LabSession:
        """Begin a session, or hand back the one that has this id or thread already."""
        values = {
            "team_id": team_id,
            "session_id": session_id,
            "user_id": user_id,
            "module_id": module_id,
            "lab_id": lab_id,
            "channel_id": channel_id,
            "thread_ts": thread_ts,
            "content_version": content_version,
            "tutor": tutor,
            "exchanges": 0,
            "started_at": now,
        }
        insert_if_new(self._connection, lab_session, values)
        found = self.get(team_id, session_id) or self.by_thread(team_id, channel_id, thread_ts)
        assert found is not None
        return found

    def get(self, team_id: str, session_id: str) -> LabSession | None:
        """The session, or None."""
        return self._one(sa.select(lab_session).where(*_is_session(team_id, session_id)))

    def by_thread(self, team_id: str, channel_id: str, thread_ts: str) -> LabSession | None:
        """The session held in that thread, or None."""
        table = lab_session.c
        return self._one(
            sa.select(lab_session).where(
                table.team_id == team_id, table.channel_id == channel_id, table.thread_ts == thread_ts
            )
        )

    def latest(self, team_id: str, user_id: str, module_id: str, lab_id: str) -> LabSession | None:
        """The session that the learner began last in this lab, or None."""
        table = lab_session.c
        return self._one(
            sa.select(lab_session)
            .where(
                table.team_id == team_id,
                table.user_id == user_id,
                table.module_id == module_id,
                table.lab_id == lab_id,
            )
            .order_by(table.started_at.desc(), table.session_id.desc())
            .limit(1)
        )

    def of_user(self, team_id: str, user_id: str) -> list[LabSession]:
        """All sessions of one person, oldest first."""
        table = lab_session.c
        rows = self._connection.execute(
            sa.select(lab_session)
            .where(table.team_id == team_id, table.user_id == user_id)
            .order_by(table.started_at, table.session_id)
        )
        return [LabSession(**row._asdict()) for row in rows]

    def set_tutor(self, team_id: str, session_id: str, tutor: str) -> None:
        """Change who writes the persona's words."""
        self._set(team_id, session_id, tutor=tutor)

    def set_exchanges(self, team_id: str, session_id: str, exchanges: int) -> None:
        """Store how many exchanges count so far."""
        self._set(team_id, session_id, exchanges=exchanges)

    def complete(self, team_id: str, session_id: str, now: datetime) -> bool:
        """Mark the session complete. False when it was already, or is unknown."""
        statement = sa.update(lab_session).where(
            *_is_session(team_id, session_id), lab_session.c.completed_at.is_(None)
        )
        return bool(change(self._connection, statement.values(completed_at=now)))

    def add_turn(
        self,
        team_id: str,
        session_id: str,
        turn_id: str,
        role: str,
        text: str,
        slack_ts: str | None,
        now: datetime,
    ) -> bool:
        """Add the next turn, in state "stored" and counting.

        Returns:
            False when a turn with this id or this `slack_ts` is there already.

        Raises:
            NoSuchRecordError: No such session in this workspace.
        """
        # The session's row is the lock that gives each turn its own number.
        session = sa.select(lab_session.c.session_id).where(*_is_session(team_id, session_id))
        if self._connection.scalar(session.with_for_update()) is None:
            raise NoSuchRecordError(f"There is no lab session {session_id} in this workspace.")
        last = self._connection.scalar(
            sa.select(sa.func.max(lab_turn.c.seq)).where(
                lab_turn.c.team_id == team_id, lab_turn.c.session_id == session_id
            )
        )
        values = {
            "team_id": team_id,
            "turn_id": turn_id,
            "session_id": session_id,
            "seq": (last or 0) + 1,
            "role": role,
            "text": text,
            "slack_ts": slack_ts,
            "state": "stored",
            "counts": True,
            "created_at": now,
        }
        return insert_if_new(self._connection, lab_turn, values)

    def turn(self, team_id: str, turn_id: str) -> StoredTurn | None:
        """One turn, or None."""
        found = self._turns(lab_turn.c.team_id == team_id, lab_turn.c.turn_id == turn_id)
        return found[0] if found else None

    def turns(self, team_id: str, session_id: str) -> list[StoredTurn]:
        """All turns of a session in order, deleted ones included (their text is what was left there)."""
        return self._turns(lab_turn.c.team_id == team_id, lab_turn.c.session_id == session_id)

    def update_turn(
        self,
        team_id: str,
        turn_id: str,
        *,
        text: str | None = None,
        slack_ts: str | None = None,
        state: str | None = None,
        counts: bool | None = None,
        tutor: str | None = None,
    ) -> None:
        """Change what is given; None leaves a field as it is."""
        given = {"text": text, "slack_ts": slack_ts, "state": state, "counts": counts, "tutor": tutor}
        changes = {name: value for name, value in given.items() if value is not None}
        if changes:
            self._connection.execute(
                sa.update(lab_turn)
                .where(lab_turn.c.team_id == team_id, lab_turn.c.turn_id == turn_id)
                .values(**changes)
            )

    def record_usage(
        self,
        team_id: str,
        session_id: str,
        user_id: str,
        lab_id: str,
        model: str,
        input_tokens: int,
        output_tokens: int,
        cached_tokens: int,
        now: datetime,
        *,
        cache_write_tokens: int = 0,
        cost_micros: int | None = None,
    ) -> None:
        """Note the tokens of one call, and what they cost where the price is known."""
        self._connection.execute(
            sa.insert(lab_usage).values(
                team_id=team_id,
                session_id=session_id,
                user_id=user_id,
                lab_id=lab_id,
                model=model,
                input_tokens=input_tokens,
                output_tokens=output_tokens,
                cached_tokens=cached_tokens,
                used_at=now,
                cache_write_tokens=cache_write_tokens,
                cost_micros=cost_micros,
            )
        )

    def tokens_since(self, team_id: str, user_id: str | None, since: datetime) -> int:
        """Tokens used from then on, those read from a cache as a tenth; `user_id` None counts the whole workspace."""
        used = lab_usage.c
        # Cast, as the databases differ in what dividing whole numbers gives.
        cached = sa.cast(used.cached_tokens, sa.Float) / 10
        tokens = sa.func.coalesce(
            sa.func.sum(used.input_tokens + used.cache_write_tokens + used.output_tokens + cached), 0
        )
        statement = sa.select(tokens).where(used.team_id == team_id, used.used_at >= since)
        if user_id is not None:
            statement = statement.where(used.user_id == user_id)
        return round(self._connection.scalar(statement) or 0)

    def use_of(self, team_id: str, session_id: str) -> LabUse:
        """What the calls of one session took."""
        used = lab_usage.c
        columns = (used.input_tokens, used.cache_write_tokens, used.cached_tokens, used.output_tokens)
        sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in columns]
        row = self._connection.execute(
            sa.select(
                sa.func.count(), *sums, sa.func.sum(used.cost_micros), sa.func.count(used.cost_micros)
            ).where(used.team_id == team_id, used.session_id == session_id)
        ).one()
        calls, fresh, written, cached, output, cost, num_priced = row
        micros = int(cost or 0) if num_priced == calls else None
        return LabUse(calls, int(fresh), int(written), int(cached), int(output), micros)

    def costs_since(self, team_id: str, since: datetime) -> list[tuple[str | None, str, int]]:
        """What each learner's labs cost from then on: learner, lab, millionths of a US dollar; dearest first."""
        used = lab_usage.c
        cost = sa.func.sum(used.cost_micros)
        rows = self._connection.execute(
            sa.select(used.user_id, used.lab_id, cost)
            .where(used.team_id == team_id, used.used_at >= since, used.cost_micros.is_not(None))
            .group_by(used.user_id, used.lab_id)
            .order_by(cost.desc(), used.lab_id, used.user_id)
        )
        return [(user_id, lab_id, int(micros)) for user_id, lab_id, micros in rows]

    def num_turns_of(self, team_id: str, user_id: str) -> int:
        """How many messages of one person's labs are kept, the persona's included."""
        statement = (
            sa.select(sa.func.count())
            .select_from(lab_turn)
            .join(
                lab_session,
                (lab_session.c.team_id == lab_turn.c.team_id)
                & (lab_session.c.session_id == lab_turn.c.session_id),
            )
            .where(lab_session.c.team_id == team_id, lab_session.c.user_id == user_id)
        )
        return self._connection.scalar(statement) or 0

    def delete_of(self, team_id: str, user_id: str, *, daily_share_since: datetime) -> None:
        """Forget the sessions and turns of one person.

        What the calls cost stays, so that the workspace's budget still adds up, with nobody's name on it. Only
        on calls from `daily_share_since` on the name stays until the next night's `forget_users`, or deleting
        would bring a new daily share.
        """
        self._connection.execute(
            sa.delete(lab_session).where(lab_session.c.team_id == team_id, lab_session.c.user_id == user_id)
        )
        of_person = (lab_usage.c.team_id == team_id, lab_usage.c.user_id == user_id)
        self._connection.execute(sa.update(lab_usage).where(*of_person).values(session_id=None))
        self._connection.execute(
            sa.update(lab_usage)
            .where(*of_person, lab_usage.c.used_at < daily_share_since)
            .values(user_id=None)
        )

    def forget_users(self, *, daily_share_since: datetime, kept_since: datetime) -> int:
        """Take the names off calls whose conversation was deleted a day ago, or that are as old as is kept.

        Returns:
            How many calls are nobody's now.
        """
        used = lab_usage.c
        is_deleted = used.session_id.is_(None) & (used.used_at < daily_share_since)
        statement = sa.update(lab_usage).where(
            used.user_id.is_not(None), is_deleted | (used.used_at < kept_since)
        )
        return change(self._connection, statement.values(user_id=None, session_id=None))

    def delete_older_than(self, when: datetime) -> int:
        """Delete sessions begun before `when`, in all workspaces, with their turns.

        Returns:
            How many sessions went.
        """
        return change(self._connection, sa.delete(lab_session).where(lab_session.c.started_at < when))

    def _set(self, team_id: str, session_id: str, **values: object) -> None:
        self._connection.execute(
            sa.update(lab_session).where(*_is_session(team_id, session_id)).values(**values)
        )

    def _one(self, statement: sa.Select[*tuple[object, ...]]) -> LabSession | None:
        row = self._connection.execute(statement).first()
        return LabSession(**row._asdict()) if row else None

    def _turns(self, *conditions: sa.ColumnElement[bool]) -> list[StoredTurn]:
        columns = [column for column in lab_turn.c if column.name != "team_id"]
        rows = self._connection.execute(sa.select(*columns).where(*conditions).order_by(lab_turn.c.seq))
        return [StoredTurn(**row._asdict()) for row in rows]


def _is_session(team_id: str, session_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (lab_session.c.team_id == team_id, lab_session.c.session_id == session_id)
