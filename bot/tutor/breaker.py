"""Spares learners the wait for a model that has just failed."""

import threading
import time
from collections.abc import Callable

from bot.tutor.protocol import TutorUnavailableError

#: After a failure, so long nobody asks the model.
REST_S = 60.0


class Breaker:
    """Remembers a failure for a while; shared by all conversations of a process."""

    def __init__(self, rest_s: float = REST_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: TutorUnavailableError | None = None
        self._until = 0.0

    def failed(self, error: TutorUnavailableError) -> None:
        """Note a failure. A refusal is about one message, so it keeps nobody else from the model."""
        if error.kind == "refusal":
            return
        with self._lock:
            self._failed, self._until = error, self._clock() + self._rest_s

    def worked(self) -> None:
        """Note that the model answers."""
        with self._lock:
            self._failed = None

    def resting(self) -> TutorUnavailableError | None:
        """Return the failure that is too fresh to try again, or None."""
        with self._lock:
            is_fresh = self._failed is not None and self._clock() < self._until
            return self._failed if is_fresh else None
