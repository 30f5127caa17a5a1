"""An engine that is built once and kept between clips, and a fallback only for a while."""

import time
from collections.abc import Callable

from diarize_worker.engines.protocol import DiarizationEngine

#: What was in the way, such as a network or memory, may have gone after this long.
TRY_AGAIN_S = 300.0

Made = tuple[DiarizationEngine, tuple[str, ...]]


class KeptEngine:
    """Gives the engine to each clip; an error is not kept, so the next clip tries again.

    Args:
        make: Builds an engine, with plain sentences on any fallback.
        clock_s: Seconds that only go forward.
    """

    def __init__(self, make: Callable[[], Made], clock_s: Callable[[], float] = time.monotonic) -> None:
        self._make, self._clock_s = make, clock_s
        self._made: Made | None = None
        self._made_s = 0.0

    def __call__(self) -> Made:
        """Return the engine; one that stands in for a better one is replaced after some minutes."""
        is_stale = bool(self._made and self._made[1]) and self._clock_s() - self._made_s >= TRY_AGAIN_S
        if self._made is None or is_stale:
            self._made = None  # two at once might not fit
            self._made = self._make()
            self._made_s = self._clock_s()
        return self._made
