"""Which clip comes next. Learners take turns, and short clips do not wait behind long ones. Pure."""

import heapq
import statistics
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

#: A clip under this is short: where there are several workers, one is kept for these while any waits.
SHORT_S = 600.0
#: Endings of recordings. No other ending is kept of a name: it would be part of what somebody called their file.
KINDS = frozenset((
    ".3gp", ".aac", ".aif", ".aiff", ".amr", ".avi", ".caf", ".flac", ".m4a", ".m4b", ".m4v", ".mka", ".mkv", ".mov",
    ".mp3", ".mp4", ".mpeg", ".mpg", ".oga", ".ogg", ".opus", ".ts", ".wav", ".weba", ".webm", ".wma", ".wmv",
))  # fmt: skip
#: Bytes a second that recordings of each kind seldom fall below, so that a guess errs towards "long".
_LEAST_BYTES_PER_S = {
    ".wav": 16_000, ".aif": 16_000, ".aiff": 16_000, ".flac": 12_000, ".ogg": 2_500, ".opus": 2_500, ".webm": 2_500,
    ".amr": 600, ".3gp": 1_500, ".mp4": 25_000, ".mov": 50_000, ".mkv": 25_000, ".avi": 50_000,
}  # fmt: skip
_LEAST_OF_OTHERS = 5_000
#: Work is late when it takes so many times as long as expected, and so many seconds more.
_LATE_TIMES, _LATE_S = 1.5, 30.0


@dataclass(frozen=True)
class QueuedClip:
    """A clip that waits for a worker, or that one has taken."""

    team_id: str
    clip_id: str
    user_id: str
    name: str
    size_bytes: int
    run: str
    #: "both", "labels" or "words".
    wants: str
    #: Each learner's first clip is of the current round, the second of the next, and so on.
    round: int
    queued_at: datetime
    taken_at: datetime | None
    #: Known once it was decoded in an earlier run.
    duration_s: float | None

    @property
    def owner(self) -> str:
        """Who shared it."""
        return f"{self.team_id}:{self.user_id}"

    @property
    def is_short(self) -> bool:
        """Whether it lasts under ten minutes: measured, or guessed from its size and kind before it is fetched."""
        duration_s = self.duration_s
        if duration_s is None:
            duration_s = self.size_bytes / _LEAST_BYTES_PER_S.get(kind_of(self.name), _LEAST_OF_OTHERS)
        return duration_s < SHORT_S


@dataclass(frozen=True)
class Pace:
    """How long one earlier clip took; whose it was is not kept."""

    kind: str
    size_bytes: int
    duration_s: float
    took_s: float


@dataclass(frozen=True)
class Standing:
    """Where a clip is in the queue."""

    num_ahead: int
    num_workers: int
    #: Seconds until it should be done; None while nothing honest can be said.
    done_in_s: float | None
    #: Whether the work on it, or on a clip ahead of it, takes longer than earlier clips did.
    is_late: bool = False


def kind_of(name: str) -> str:
    """Return the kind of recording a name tells of; "" where it tells of none that we know.

    >>> kind_of("stand-up.M4A"), kind_of("talk with dr. Quill")
    ('.m4a', '')
    """
    ending = PurePath(name).suffix.lower()
    return ending if ending in KINDS else ""


def in_order(clips: Iterable[QueuedClip]) -> list[QueuedClip]:
    """Return the clips as they should come: round by round, within a round by arrival."""
    return sorted(clips, key=lambda clip: (clip.round, clip.queued_at, clip.team_id, clip.clip_id))


def round_of(owner: str, unfinished: Collection[QueuedClip]) -> int:
    """Return the round of one more clip of that learner.

    Whoever shares many at once takes turns with the others instead of holding them up, and whoever
    comes later begins in the round that is going on.
    """
    current = min((clip.round for clip in unfinished), default=0)
    own = [clip.round for clip in unfinished if clip.owner == owner]
    return max(current, max(own) + 1) if own else current


def next_to_take(
    waiting: Collection[QueuedClip], taken: Collection[QueuedClip], num_workers: int
) -> QueuedClip | None:
    """Return the clip for the next free worker; None when none may begin.

    One clip of a learner at a time. With two or more workers, long clips leave one of them free as long as
    a short one waits; a single worker takes them as they come.
    """
    busy = {clip.owner for clip in taken}
    ready: list[QueuedClip] = []
    for clip in in_order(waiting):
        if clip.owner not in busy:
            busy.add(clip.owner)
            ready.append(clip)
    short = [clip for clip in ready if clip.is_short]
    num_long = sum(not clip.is_short for clip in taken)
    if short and num_workers > 1 and num_long >= num_workers - 1:
        return short[0]
    return ready[0] if ready else None


def standing_of(
    clip: QueuedClip,
    unfinished: Collection[QueuedClip],
    paces: Sequence[Pace],
    num_workers: int,
    now: datetime,
) -> Standing:
    """Return the place of a waiting clip and, where earlier clips tell, when it should be done."""
    taken = [other for other in unfinished if other.taken_at and other.clip_id != clip.clip_id]
    waiting = in_order(other for other in unfinished if not other.taken_at or other.clip_id == clip.clip_id)
    before = waiting[: waiting.index(clip)]
    done_in_s = None
    late = any(is_late(other, paces, now) for other in (*taken, clip))
    work_s = [work_of(other, paces) for other in (*taken, *before, clip)]
    if num_workers and not late and None not in work_s:
        known_s = [seconds or 0.0 for seconds in work_s]
        left_s = [
            max(0.0, seconds - (now - other.taken_at).total_seconds())
            for other, seconds in zip(taken, known_s, strict=False)
            if other.taken_at
        ]
        done_in_s = _end_of_last(left_s, known_s[len(taken) :], num_workers)
    return Standing(len(taken) + len(before), num_workers, done_in_s, late)


def is_late(clip: QueuedClip, paces: Sequence[Pace], now: datetime) -> bool:
    """Return whether a worker has had the clip for well longer than clips like it took."""
    work_s = work_of(clip, paces)
    if clip.taken_at is None or work_s is None:
        return False
    return (now - clip.taken_at).total_seconds() > _LATE_TIMES * work_s + _LATE_S


def work_of(clip: QueuedClip, paces: Sequence[Pace]) -> float | None:
    """Return how many seconds the clip should take; None where no clip like it was measured."""
    alike = [pace for pace in paces if pace.kind == kind_of(clip.name)]
    duration_s = clip.duration_s
    if duration_s is None and alike:
        duration_s = clip.size_bytes / statistics.median(p.size_bytes / p.duration_s for p in alike)
    if duration_s is None or not paces:
        return None
    return duration_s * statistics.median(p.took_s / p.duration_s for p in paces)


def _end_of_last(left_s: Sequence[float], work_s: Sequence[float], num_workers: int) -> float:
    """Return when the last piece of work ends if each goes to the worker that is free first."""
    free_s = sorted(left_s)[-num_workers:]
    free_s += [0.0] * (num_workers - len(free_s))
    heapq.heapify(free_s)
    end_s = 0.0
    for seconds in work_s:
        end_s = heapq.heappop(free_s) + seconds
        heapq.heappush(free_s, end_s)
    return end_s
