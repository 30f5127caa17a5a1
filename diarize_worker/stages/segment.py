"""Who is active, frame by frame, in windows of five seconds. Speakers of two windows are not yet compared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from diarize_worker.engines.protocol import SAMPLE_RATE_HZ
from diarize_worker.stages.level import LevelledWaveform

#: Runs a graph: (batch, ...) float32 in, (batch, ...) float32 out.
Network = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
Share = Callable[[float], None]

WINDOW_S = 5.0
NUM_FRAMES = 293
NUM_LOCAL = 3
#: Frame i of a window lies around FIRST_FRAME_S + i * FRAME_S.
FRAME_S = 0.016875
FIRST_FRAME_S = 0.031


@dataclass(frozen=True, slots=True)
class SegmentConfig:
    """How windows are laid over the recording."""

    step_s: float = 0.5
    #: From this score on, a local speaker counts as active.
    active_from: float = 0.5
    #: Memory grows with it, by about 11 MB a window; speed hardly does.
    batch_size: int = 8


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Scores of all windows of a recording."""

    #: (num_windows, 293, 3) float16, each 0 to 1
    scores: npt.NDArray[np.float16]
    #: (num_windows, 293, 3) bool, decided on the full float32 score
    is_active: npt.NDArray[np.bool_]
    step_s: float

    @property
    def num_windows(self) -> int:
        """Windows there are."""
        return len(self.scores)

    def start_s(self, window: int) -> float:
        """When a window begins."""
        return window * self.step_s

    def first_frames(self) -> npt.NDArray[np.int64]:
        """Return where each window begins on the frame grid of the whole recording: (num_windows,)."""
        starts_s = np.arange(self.num_windows) * self.step_s
        frames: npt.NDArray[np.int64] = np.round(starts_s / FRAME_S).astype(np.int64)
        return frames


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Applies the segmentation network to windows, a batch at a time."""

    network: Network
    config: SegmentConfig = SegmentConfig()

    def __call__(self, recording: LevelledWaveform, share: Share) -> Segmentation:
        """Score every window; the last one is filled up with zeros.

        Args:
            recording: At 16000 Hz.
            share: Told which share of the windows is done; may raise to stop.
        """
        size, step = int(WINDOW_S * SAMPLE_RATE_HZ), int(self.config.step_s * SAMPLE_RATE_HZ)
        num_windows = 1 + max(0, -(-(recording.num_samples - size) // step))
        scores = np.empty((num_windows, NUM_FRAMES, NUM_LOCAL), np.float16)
        is_active = np.empty(scores.shape, np.bool_)
        for first in range(0, num_windows, self.config.batch_size):
            last = min(num_windows, first + self.config.batch_size)
            samples = recording.excerpt(first * step, (last - 1) * step + size)
            windows: npt.NDArray[Any] = np.lib.stride_tricks.sliding_window_view(samples, size)[::step]
            found = self.network(np.ascontiguousarray(windows[:, None]))  # (batch, 293, 3)
            scores[first:last] = found
            is_active[first:last] = found > self.config.active_from
            recording.let_go()
            share(last / num_windows)
        return Segmentation(scores, is_active, self.config.step_s)
