"""A long meeting is scored while the reader waits; bench/scoring.py says how long that takes."""

import random
from functools import partial

from annotation.model import Annotation, Segment, Turn
from annotation.scoring import score
from tests.work import num_steps


def meeting(num_turns):
    rng = random.Random(3)
    length_s = 1.8 * num_turns
    turns = [
        Turn(start, start + rng.uniform(0.3, 4.0), f"S{rng.randrange(6)}")
        for start in (rng.uniform(0, length_s) for _ in range(num_turns))
    ]
    moved = [
        Turn(max(0.0, t.start_s + rng.gauss(0, 0.2)), t.end_s + 0.3, rng.choice([t.speaker, "S0"]))
        for t in turns
    ]
    return Annotation.of("meeting", turns), Annotation.of("meeting", moved), [Segment(0, length_s + 100)]


def test_twice_as_long_a_meeting_is_about_twice_the_work():
    assert len(score(*meeting(2000)).settings) == 4
    short, long = (num_steps(partial(score, *meeting(num_turns))) for num_turns in (400, 800))
    assert long < 2.5 * short
