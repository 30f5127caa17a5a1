"""How much of what is only pleasant we do in a minute, so that what matters never meets Slack's limits.

Slack counts calls per method and workspace. Each process keeps its own count, as asking the database before
every piece of text would cost more than it saves; where several bot processes serve one workspace and
together ask for too much, Slack says so, and the courtesy is left out just as when the count is used up.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

_WINDOW_S = 60.0

logger = logging.getLogger(__name__)


class Allowance:
    """So many in any minute, for each workspace."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._taken: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, team_id: str) -> bool:
        """Take one, if there is one left."""
        now = self._clock()
        with self._lock:
            taken = self._taken.setdefault(team_id, deque())
            while taken and taken[0] <= now - _WINDOW_S:
                taken.popleft()
            if len(taken) >= self._per_minute:
                return False
            taken.append(now)
            return True


class Crowd:
    """Counts what people wait for at this moment, so that what can wait may let it pass."""

    def __init__(self) -> None:
        self._num_inside = 0
        self._is_empty = threading.Condition()

    def enter(self) -> None:
        """Begin something that somebody waits for."""
        with self._is_empty:
            self._num_inside += 1

    def leave(self) -> None:
        """End it."""
        with self._is_empty:
            self._num_inside -= 1
            if not self._num_inside:
                self._is_empty.notify_all()

    def let_pass(self, longest_s: float) -> None:
        """Wait until nothing is left, or for so long."""
        with self._is_empty:
            self._is_empty.wait_for(lambda: not self._num_inside, longest_s)


class Errands:
    """Does what is only pleasant, a few things at a time, so that it never holds up what matters."""

    def __init__(self, num_threads: int, crowd: Crowd) -> None:
        self._pool = ThreadPoolExecutor(num_threads, thread_name_prefix="errand")
        self._crowd = crowd

    def run(self, errand: Callable[[], None]) -> None:
        """Do it soon; what goes wrong is logged, and nothing else comes of it."""
        self._crowd.enter()
        self._pool.submit(self._run, errand)

    def _run(self, errand: Callable[[], None]) -> None:
        try:
            errand()
        except Exception as error:  # noqa: BLE001 - nobody waits for it
            logger.warning("A courtesy was left out: %s", type(error).__name__)
        finally:
            self._crowd.leave()


_NUM_ERRAND_THREADS = 4


@dataclass(frozen=True, slots=True)
class Courtesies:
    """What labs and clips at work may spend; the limits that Slack publishes are in brackets."""

    #: Messages that come in, and typing statuses that say so: answers to them let them pass.
    crowd: Crowd = field(default_factory=Crowd)
    errands: Errands = field(init=False)

    #: Replies that stream (20 a minute).
    streams: Allowance = field(default_factory=lambda: Allowance(15))
    #: Pieces of text into streams (100 a minute).
    pieces: Allowance = field(default_factory=lambda: Allowance(80))
    #: Updates of replies that do not stream, the last one of each included.
    edits: Allowance = field(default_factory=lambda: Allowance(15))
    #: Updates that say how far clips have come; with `edits` and `places` they leave room for results (50 a minute).
    progress: Allowance = field(default_factory=lambda: Allowance(10))
    #: Updates that say how many clips are ahead: rarer than how far one has come, and missed more.
    places: Allowance = field(default_factory=lambda: Allowance(8))

    def __post_init__(self) -> None:
        """Let errands count among the crowd."""
        object.__setattr__(self, "errands", Errands(_NUM_ERRAND_THREADS, self.crowd))
