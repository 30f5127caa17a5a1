"""Time the four settings on a seeded hour of meeting with 2,000 turns, beside pyannote.metrics.

Run: python bench/scoring.py [--hours 1] [--repeats 3] [--no-pyannote]
"""

import argparse
import random
import time
import warnings

from annotation.model import Annotation, Segment, Turn, union
from annotation.scoring import FOUR_SETTINGS, score

TURNS_PER_HOUR = 2000


def meeting(hours: float, seed: int = 7, num_speakers: int = 6) -> tuple[Annotation, Annotation]:
    """Return a meeting and a disturbed copy: shifted edges, lost turns, swapped speakers."""
    rng = random.Random(seed)
    reference: list[Turn] = []
    free = dict.fromkeys(range(num_speakers), 0.0)
    now = 0.0
    for _ in range(int(TURNS_PER_HOUR * hours)):
        speaker = rng.choice([s for s in free if free[s] <= now] or [min(free, key=free.__getitem__)])
        start = max(now, free[speaker])
        end = start + rng.uniform(0.3, 3.0)
        reference.append(Turn(round(start, 2), round(end, 2), f"S{speaker}"))
        free[speaker] = end
        now = max(0.0, end + rng.uniform(-0.6, 0.8))
    hypothesis = [
        Turn(
            max(0.0, turn.start_s + rng.gauss(0, 0.15)),
            turn.end_s + rng.gauss(0, 0.15),
            turn.speaker if rng.random() > 0.1 else f"S{rng.randrange(num_speakers)}",
        )
        for turn in reference
        if rng.random() > 0.05
    ]
    # pyannote.metrics counts a speaker's own overlap twice; join it, so that both time the same task.
    joined = [
        Turn(s.start_s, s.end_s, speaker)
        for speaker in {turn.speaker for turn in hypothesis}
        for s in union(turn for turn in hypothesis if turn.speaker == speaker)
    ]
    return Annotation.of("meeting", reference), Annotation.of("meeting", joined)


def time_pyannote(reference: Annotation, hypothesis: Annotation, end_s: float) -> tuple[float, list[float]]:
    """Return the seconds pyannote.metrics takes for the same four settings, and its error rates."""
    # Here, so that --no-pyannote runs where the development extras are not installed.
    from pyannote.core import Annotation as Labels  # noqa: PLC0415
    from pyannote.core import Segment as Span  # noqa: PLC0415
    from pyannote.core import Timeline  # noqa: PLC0415
    from pyannote.metrics.diarization import DiarizationErrorRate  # noqa: PLC0415

    def converted(annotation: Annotation) -> Labels:
        labels = Labels(uri=annotation.uri)
        for index, turn in enumerate(annotation.turns):
            labels[Span(turn.start_s, turn.end_s), index] = turn.speaker
        return labels

    theirs = converted(reference), converted(hypothesis)
    uem = Timeline([Span(0.0, end_s)])
    rates = []
    began = time.perf_counter()
    for setting in FOUR_SETTINGS:
        metric = DiarizationErrorRate(
            collar=2 * setting.collar_each_side_s, skip_overlap=not setting.is_overlap_scored
        )
        rates.append(100 * metric(*theirs, uem=uem))
    return time.perf_counter() - began, rates


def main() -> None:
    """Print times and rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-pyannote", action="store_true")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    reference, hypothesis = meeting(args.hours)
    end_s = max(reference.end_s, hypothesis.end_s)
    times = []
    for _ in range(args.repeats):
        began = time.perf_counter()
        card = score(reference, hypothesis, [Segment(0.0, end_s)])
        times.append(time.perf_counter() - began)
    print(
        f"{end_s / 3600:.2f} h, {len(reference.turns)} reference and {len(hypothesis.turns)} hypothesis turns"
    )
    print(f"ours: {min(times):.3f} s for the whole card (best of {args.repeats}; first {times[0]:.3f} s)")
    ours = [card.settings[setting.key].der_percent for setting in FOUR_SETTINGS]
    if args.no_pyannote:
        print("DER", [round(rate, 2) for rate in ours])
        return
    seconds, theirs = time_pyannote(reference, hypothesis, end_s)
    print(
        f"pyannote.metrics: {seconds:.2f} s for the four error rates, {seconds / min(times):.0f} times ours"
    )
    for setting, mine, other in zip(FOUR_SETTINGS, ours, theirs, strict=True):
        print(f"  {setting.title:<42} ours {mine:6.2f} %   pyannote.metrics {other:6.2f} %")


if __name__ == "__main__":
    main()
