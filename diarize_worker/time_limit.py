"""A limit on the time that one clip may take: code that hangs cannot be interrupted, so the process ends.

Ending so counts as a death of the clip's worker. Whoever runs the process starts it again, another try begins, and
after three of them the clip is given up.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from diarize_worker.in_hand import InHand

#: Enough to fetch weights over a slow line, and for a short clip on a busy machine.
FLOOR_S = 3600.0
#: On two cores labels and words of the largest models take about five times as long as the sound.
TIMES_ITS_LENGTH = 10.0
EXIT_STATUS = 3
_LOOK_S = 5.0

logger = logging.getLogger(__name__)


def is_over(in_hand: InHand, now_s: float) -> bool:
    """Whether the clip in hand takes longer than it may."""
    if in_hand.key is None:
        return False
    return now_s - in_hand.began_s > FLOOR_S + TIMES_ITS_LENGTH * in_hand.duration_s


def end_when_over(
    stopped: threading.Event,
    in_hand: InHand,
    look_s: float = _LOOK_S,
    end: Callable[[int], object] = os._exit,
) -> None:
    """Watch over the clip in hand until stopped, and end the process when it takes too long."""
    while not stopped.wait(look_s):
        key = in_hand.key
        if key and is_over(in_hand, time.monotonic()):
            logger.error("clip %s took too long; this process ends, and another try begins", key[1])
            end(EXIT_STATUS)
            return
