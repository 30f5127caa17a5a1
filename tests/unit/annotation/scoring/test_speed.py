"""An hour of meeting is scored while the reader waits."""

import random
import time

from annotation.model import Annotation, Segment, Turn
from annotation.scoring import score


def test_an_hour_with_two_thousand_turns_takes_under_a_second():
    rng = random.Random(3)
    turns = [
        Turn(start, start + rng.uniform(0.3, 4.0), f"S{rng.randrange(6)}")
        for start in (rng.uniform(0, 3600) for _ in range(2000))
    ]
    moved = [
        Turn(max(0.0, t.start_s + rng.gauss(0, 0.2)), t.end_s + 0.3, rng.choice([t.speaker, "S0"]))
        for t in turns
    ]
    reference, hypothesis = Annotation.of("meeting", turns), Annotation.of("meeting", moved)
    times = []
    for _ in range(3):
        began = time.process_time()  # other work on the machine does not count
        card = score(reference, hypothesis, [Segment(0, 3700)])
        times.append(time.process_time() - began)
    assert len(card.settings) == 4
    assert min(times) < 1.0
