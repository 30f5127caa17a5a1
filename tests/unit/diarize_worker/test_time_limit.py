"""A clip on which an engine hangs ends its process, so that the clip is tried again and then given up."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from diarize_worker.in_hand import InHand
from diarize_worker.time_limit import EXIT_STATUS, FLOOR_S, TIMES_ITS_LENGTH, end_when_over, is_over

ROOT = Path(__file__).parents[3]
KEY = ("T1", "c1", "1")
HANG = """
import threading, time
from diarize_worker.in_hand import InHand
from diarize_worker.time_limit import end_when_over

in_hand = InHand(("T1", "c1", "1"), time.monotonic() - 1e6)
threading.Thread(target=end_when_over, args=(threading.Event(), in_hand, 0.01), daemon=True).start()
threading.Event().wait(60)
"""


@pytest.mark.parametrize("duration_s", [0.0, 60.0, 7200.0])
def test_the_limit_is_a_floor_and_many_times_its_length(duration_s):
    in_hand = InHand(KEY, began_s=100.0, duration_s=duration_s)
    most_s = FLOOR_S + TIMES_ITS_LENGTH * duration_s
    assert not is_over(in_hand, 100 + most_s - 1)
    assert is_over(in_hand, 100 + most_s + 1)


def test_a_worker_without_a_clip_is_left_alone():
    in_hand = InHand(KEY, began_s=-1e9)
    in_hand.clear()
    assert not is_over(in_hand, 0.0)


def test_a_process_that_hangs_ends_and_says_so():
    ended = subprocess.run(
        [sys.executable, "-c", HANG], cwd=ROOT, capture_output=True, text=True, check=False, timeout=50
    )
    assert ended.returncode == EXIT_STATUS
    assert "clip c1 took too long" in ended.stderr


def test_watching_stops_with_the_worker():
    stopped = threading.Event()
    stopped.set()
    end_when_over(stopped, InHand(KEY, began_s=-1e9), 0.01, end=lambda _: pytest.fail("ended"))
