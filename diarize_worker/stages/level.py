"""Gives stretches of a recording at a level the networks were made for."""

import mmap
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform


@dataclass(frozen=True, slots=True)
class LevelConfig:
    """When a recording counts as very quiet, and what is done then.

    The segmentation network divides by the spread of its input plus a small constant, and is unreliable where
    that constant weighs; other recordings are left as they are.
    """

    quiet_rms: float = 0.01
    raised_rms: float = 0.03
    #: Beyond 60 dB there is only the noise of the converter to raise.
    largest_gain: float = 1000.0
    block_s: float = 0.5
    blocks_at_once: int = 240
    #: The level of speech is that of the louder blocks.
    loud_percentile: float = 95.0


@dataclass(frozen=True, slots=True)
class LevelledWaveform:
    """A recording without its constant offset and, if it was very quiet, raised; nothing is copied ahead."""

    waveform: Waveform
    offset: float = 0.0
    gain: float = 1.0

    @property
    def num_samples(self) -> int:
        """Length at 16000 Hz."""
        return len(self.waveform)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.waveform) / SAMPLE_RATE_HZ

    def excerpt(self, start: int, end: int) -> Waveform:
        """Return the samples from `start` to `end`, with zeros where these lie outside the recording.

        Returns:
            (end - start,) float32
        """
        inside = _finite(self.waveform[max(0, start) : max(0, end)])
        inside = (inside - np.float32(self.offset)) * np.float32(self.gain)
        before = min(max(0, -start), end - start)
        return np.pad(inside, (before, end - start - before - len(inside)))

    def let_go(self) -> None:
        """Give back the memory of what was read so far, when the recording is a file mapped read-only.

        Two hours are 460 MB; the pages come back from the file when they are read again.
        """
        mapping = _mapping_of(self.waveform)
        if mapping is not None:
            mapping.madvise(mmap.MADV_DONTNEED)


def level(waveform: Waveform, config: LevelConfig | None = None) -> LevelledWaveform:
    """Measure a recording and say how it is to be levelled.

    Args:
        waveform: (num_samples,) float32 at 16000 Hz.
        config: What counts as very quiet.
    """
    config = config or LevelConfig()
    size = int(config.block_s * SAMPLE_RATE_HZ)
    sums, squares, counts = [], [], []
    recording = LevelledWaveform(waveform)
    for number, start in enumerate(range(0, len(waveform), size), start=1):
        if number % config.blocks_at_once == 0:
            recording.let_go()
        block = _finite(waveform[start : start + size]).astype(np.float64)
        sums.append(block.sum())
        squares.append(np.square(block).sum())
        counts.append(len(block))
    if not counts:
        return recording
    offset = sum(sums) / sum(counts)
    num = np.array(counts)
    power = np.array(squares) / num - 2 * offset * np.array(sums) / num + offset**2
    loud = float(np.sqrt(max(0.0, np.percentile(power, config.loud_percentile))))
    is_quiet = 0.0 < loud < config.quiet_rms
    gain = min(config.largest_gain, config.raised_rms / loud) if is_quiet else 1.0
    return LevelledWaveform(waveform, float(offset), gain)


def _mapping_of(waveform: Waveform) -> mmap.mmap | None:
    # pages of a mapping that can be written may hold what the file does not
    if waveform.flags.writeable or not hasattr(mmap, "MADV_DONTNEED"):
        return None
    owner: object = waveform
    while isinstance(owner, np.ndarray | memoryview):
        owner = owner.base if isinstance(owner, np.ndarray) else owner.obj
    return owner if isinstance(owner, mmap.mmap) else None


def _finite(samples: npt.NDArray[np.float32]) -> Waveform:
    """Return float32 samples without NaN and infinity, which a float file may hold."""
    return np.nan_to_num(np.asarray(samples, np.float32), nan=0.0, posinf=1.0, neginf=-1.0)
