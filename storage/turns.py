"""Turns at a thing that one thread has at a time: who asked first is next, and nobody waits for ever."""

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A lock that goes to whoever waits longest; use it as a context manager.

    `threading.Lock` makes no such promise: where many threads ask for it all the time, one may wait for seconds.
    """

    def __init__(self) -> None:
        self._inside = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def num_waiting(self) -> int:
        """How many threads stand in line."""
        return len(self._waiting)

    def acquire(self) -> None:
        """Wait for this thread's turn."""
        with self._inside:
            if not self._is_taken:
                self._is_taken = True
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        called.acquire()

    def release(self) -> None:
        """Give the turn to the next."""
        with self._inside:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.release()
