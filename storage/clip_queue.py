"""The queue of clips: who waits, who is next, and how often work on a clip was begun.

A clip waits here, not among the jobs; its job is made when a worker is free for it. So the order can depend
on who else waits and on how many workers there are (`storage.clip_order`).
"""

from datetime import datetime

import sqlalchemy as sa

from storage.clip_order import (
    Pace,
    QueuedClip,
    Standing,
    in_order,
    kind_of,
    next_to_take,
    round_of,
    standing_of,
)
from storage.clips import Clip
from storage.job_client import Jobs
from storage.live import num_live
from storage.schema import clip
from storage.schema_queue import clip_pace, clip_work
from storage.statements import change, upsert

_UNFINISHED = ("queued", "running")
_ADMISSION_LOCK = 7_465_902
#: How many earlier clips the estimates go by.
_NUM_PACES = 50
_AFTER_ALL_ELSE = 10


class ClipQueue:
    """Reads and writes `clip_work` and `clip_pace`."""

    def __init__(self, connection: sa.Connection, jobs: Jobs) -> None:
        self._connection = connection
        self._jobs = jobs

    def join(self, one: Clip, run: str, now: datetime, wants: str = "both") -> None:
        """Let a clip wait for a worker. Its state has to be "queued".

        Args:
            one: The clip.
            run: Tells this run from earlier ones of the same clip.
            now: The time.
            wants: "both", or "labels" or "words" when the other half is kept.
        """
        unfinished = [other for other in self._unfinished() if other.clip_id != one.clip_id]
        values = {
            "team_id": one.team_id,
            "clip_id": one.clip_id,
            "run": run,
            "wants": wants,
            "round": round_of(f"{one.team_id}:{one.user_id}", unfinished),
            "queued_at": now,
            "taken_at": None,
            "num_begun": 0,
        }
        changed = [name for name in values if name not in {"team_id", "clip_id"}]
        upsert(self._connection, clip_work, values, changed)
        self.ask_to_show(one, run, "queued")
        self.admit(now)

    def get(self, team_id: str, clip_id: str) -> QueuedClip | None:
        """Return the clip's last run, waiting or not."""
        found = self._read(clip.c.team_id == team_id, clip.c.clip_id == clip_id)
        return found[0] if found else None

    def admit(self, now: datetime) -> int:
        """Make jobs for the clips that are next while workers are free for them; returns how many."""
        if not any(one.taken_at is None for one in self._unfinished()):
            return 0
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADMISSION_LOCK)))
        num_workers = num_live(self._connection, "worker")
        unfinished = self._unfinished()
        taken = [one for one in unfinished if one.taken_at]
        waiting = [one for one in unfinished if not one.taken_at]
        admitted: list[QueuedClip] = []
        while len(taken) < num_workers and (chosen := next_to_take(waiting, taken, num_workers)):
            self._take(chosen, now)
            waiting.remove(chosen)
            taken.append(chosen)
            admitted.append(chosen)
        for chosen in admitted:
            for one in waiting:
                moment = f"after:{chosen.clip_id}:{chosen.run}"
                self._show_progress(one.team_id, one.clip_id, one.owner, one.run, moment)
        return len(admitted)

    def unfinished(self) -> list[QueuedClip]:
        """Return all clips that wait or are at work, of all workspaces, in the order in which they come."""
        return in_order(self._unfinished())

    def standing(self, team_id: str, clip_id: str, now: datetime) -> Standing | None:
        """Return where a clip is in the queue; None when it is not in it."""
        unfinished = self._unfinished()
        one = next((one for one in unfinished if (one.team_id, one.clip_id) == (team_id, clip_id)), None)
        if one is None:
            return None
        return standing_of(one, unfinished, self._paces(), num_live(self._connection, "worker"), now)

    def begin(self, team_id: str, clip_id: str, run: str) -> int:
        """Note that a worker begins on this run; returns how many have, those that stopped in order left out."""
        return self._count(team_id, clip_id, run, 1)

    def put_back(self, team_id: str, clip_id: str, run: str) -> None:
        """Note that a worker stops in order before it was done, so that its beginning does not count."""
        self._count(team_id, clip_id, run, -1)

    def set_duration(self, team_id: str, clip_id: str, duration_s: float) -> None:
        """Note how long the recording is, now that it was read."""
        statement = sa.update(clip_work).where(*_is(team_id, clip_id)).values(duration_s=duration_s)
        self._connection.execute(statement)

    def add_pace(self, name: str, size_bytes: int, duration_s: float, took_s: float) -> None:
        """Note how long a clip took, from being taken to its result."""
        values = {"kind": kind_of(name), "size_bytes": size_bytes, "duration_s": duration_s, "took_s": took_s}
        self._connection.execute(sa.insert(clip_pace).values(values))
        newest = self._connection.scalar(sa.select(sa.func.max(clip_pace.c.seq))) or 0
        self._connection.execute(sa.delete(clip_pace).where(clip_pace.c.seq <= newest - 10 * _NUM_PACES))

    def ask_to_show(self, one: Clip, run: str, moment: str) -> None:
        """Enqueue the update of the clip's message; the same moment again changes nothing."""
        self._show(one.team_id, one.clip_id, f"{one.team_id}:{one.user_id}", run, moment)

    def ask_to_show_progress(self, one: Clip, run: str, moment: str) -> None:
        """Enqueue an update that says how far the clip has come; none while an earlier one still waits."""
        self._show_progress(one.team_id, one.clip_id, f"{one.team_id}:{one.user_id}", run, moment)

    def _show_progress(self, team_id: str, clip_id: str, owner: str, run: str, moment: str) -> None:
        # In the same line as what has to be shown of the clip, so that none overtakes the other; behind all else.
        key = f"{team_id}:{clip_id}"
        if not self._jobs.is_waiting("show_progress", "replies", key):
            self._jobs.enqueue(
                "show_progress",
                "replies",
                f"clip:{key}:{run}:{moment}",
                team_id,
                clip_id,
                user_key=owner,
                partition_key=key,
                priority=_AFTER_ALL_ELSE,
            )

    def _show(self, team_id: str, clip_id: str, owner: str, run: str, moment: str) -> None:
        # One at a time for each clip; what its owner says in a lab does not wait behind it.
        self._jobs.enqueue(
            "show_clip",
            "replies",
            f"clip:{team_id}:{clip_id}:{run}:{moment}",
            team_id,
            clip_id,
            user_key=owner,
            partition_key=f"{team_id}:{clip_id}",
        )

    def _take(self, one: QueuedClip, now: datetime) -> None:
        statement = sa.update(clip_work).where(*_is(one.team_id, one.clip_id)).values(taken_at=now)
        self._connection.execute(statement)
        job_id = f"clip:{one.team_id}:{one.clip_id}:{one.run}"
        self._jobs.enqueue(
            "label_clip",
            "clips",
            job_id,
            one.team_id,
            one.clip_id,
            one.run,
            user_key=one.owner,
            partition_key=one.owner,
        )

    def _count(self, team_id: str, clip_id: str, run: str, by: int) -> int:
        found = sa.and_(*_is(team_id, clip_id), clip_work.c.run == run)
        change(
            self._connection, sa.update(clip_work).where(found).values(num_begun=clip_work.c.num_begun + by)
        )
        return self._connection.scalar(sa.select(clip_work.c.num_begun).where(found)) or 0

    def _paces(self) -> list[Pace]:
        columns = [clip_pace.c.kind, clip_pace.c.size_bytes, clip_pace.c.duration_s, clip_pace.c.took_s]
        rows = self._connection.execute(
            sa.select(*columns).order_by(clip_pace.c.seq.desc()).limit(_NUM_PACES)
        )
        return [Pace(**row._asdict()) for row in rows]

    def _unfinished(self) -> list[QueuedClip]:
        return self._read(clip.c.state.in_(_UNFINISHED))

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[QueuedClip]:
        is_same = sa.and_(clip.c.team_id == clip_work.c.team_id, clip.c.clip_id == clip_work.c.clip_id)
        statement = (
            sa.select(
                clip.c.team_id,
                clip.c.clip_id,
                clip.c.user_id,
                clip.c.name,
                clip.c.size_bytes,
                clip_work.c.run,
                clip_work.c.wants,
                clip_work.c.round,
                clip_work.c.queued_at,
                clip_work.c.taken_at,
                clip_work.c.duration_s,
            )
            .join_from(clip, clip_work, is_same)
            .where(*conditions)
        )
        return [QueuedClip(**row._asdict()) for row in self._connection.execute(statement)]


def _is(team_id: str, clip_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return clip_work.c.team_id == team_id, clip_work.c.clip_id == clip_id
