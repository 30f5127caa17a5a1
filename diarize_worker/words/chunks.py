"""Cutting speech into pieces a words engine can take at once."""

from collections.abc import Sequence

import numpy as np

from annotation.model import Segment
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform

#: A region that is too long is cut at the quietest moment of its last part.
SEARCH_SHARE = 0.3
QUIET_WINDOW_S = 0.1


def split_speech(
    waveform: Waveform, speech: Sequence[Segment], max_s: float, max_gap_s: float = 1.0
) -> list[Segment]:
    """Join regions across short pauses into chunks of at most `max_s`; longer ones are cut where it is quietest.

    >>> silence = np.zeros(45 * SAMPLE_RATE_HZ, dtype=np.float32)
    >>> [(c.start_s, c.end_s) for c in split_speech(silence, [Segment(0, 4), Segment(4.5, 9), Segment(20, 25)], max_s=10)]
    [(0, 9), (20, 25)]
    """
    chunks: list[Segment] = []
    for region in speech:
        start_s = region.start_s
        if chunks and start_s - chunks[-1].end_s <= max_gap_s and region.end_s - chunks[-1].start_s <= max_s:
            chunks[-1] = Segment(chunks[-1].start_s, region.end_s)
            continue
        while region.end_s - start_s > max_s:
            cut_s = quietest(waveform, start_s + (1 - SEARCH_SHARE) * max_s, start_s + max_s)
            chunks.append(Segment(start_s, cut_s))
            start_s = cut_s
        chunks.append(Segment(start_s, region.end_s))
    return chunks


def quietest(waveform: Waveform, start_s: float, end_s: float) -> float:
    """Return the middle of the quietest tenth of a second between two times."""
    window = int(QUIET_WINDOW_S * SAMPLE_RATE_HZ)
    part = waveform[int(start_s * SAMPLE_RATE_HZ) : int(end_s * SAMPLE_RATE_HZ)]
    num_windows = len(part) // window
    if num_windows == 0:
        return end_s
    power = np.square(part[: num_windows * window].reshape(num_windows, window)).sum(axis=1)
    return start_s + (int(power.argmin()) + 0.5) * QUIET_WINDOW_S
