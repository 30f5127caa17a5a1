"""A voice vector for each local speaker of each window. Vectors live in memory only, for as long as a clip does."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diarize_worker.engines.protocol import SAMPLE_RATE_HZ
from diarize_worker.stages.level import LevelledWaveform
from diarize_worker.stages.mel import FRAMES_PER_S, NUM_BANDS, mel_frames
from diarize_worker.stages.segment import NUM_FRAMES, WINDOW_S, Network, Segmentation, Share

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

VECTOR_SIZE = 256
_MEL_PER_WINDOW = int(WINDOW_S * FRAMES_PER_S)


@dataclass(frozen=True, slots=True)
class EmbedConfig:
    """What is shown to the encoder."""

    #: A local speaker needs this much speech for a vector; alone if there is that much, else with others.
    shortest_s: float = 0.2
    #: Speech is brought to this mean square (-30 dB) before the encoder sees it.
    mean_square: float = 1e-3
    #: The encoder sees 1.6 s at a time; shorter speech is repeated.
    part_frames: int = 160
    #: Where a speaker goes on for 1.6 s or more, parts begin on this grid of the whole recording, so that the
    #: ten windows which hold a moment share what the encoder made of it.
    grid_frames: int = 40
    #: Speech in shorter runs is joined up, and heard in steps of this size if there is at least as much of it.
    hop_frames: int = 80
    batch_size: int = 32
    windows_at_once: int = 32


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One row for each local speaker of a window who spoke long enough."""

    #: (num_items, 256) float32, of length 1
    vectors: FloatArray
    #: (num_items,) which window
    window: npt.NDArray[np.int64]
    #: (num_items,) which of its three local speakers
    local: npt.NDArray[np.int64]
    #: (num_items,) seconds in which nobody else of the window spoke
    clean_s: FloatArray

    def __len__(self) -> int:
        return len(self.vectors)


@dataclass(frozen=True, slots=True)
class _Item:
    window: int
    local: int
    clean_s: float
    #: Frames of the recording at which the parts begin that other windows may share.
    shared: list[int]
    #: Parts of this item alone, each (160, 40).
    own: list[FloatArray]


@dataclass(frozen=True, slots=True)
class Embedder:
    """Applies the encoder to the speech of each local speaker."""

    network: Network
    config: EmbedConfig = EmbedConfig()

    def __call__(self, recording: LevelledWaveform, segmentation: Segmentation, share: Share) -> Embeddings:
        """Return the vectors of all windows.

        Args:
            recording: The sound that was segmented.
            segmentation: Its windows.
            share: Told which share of the windows is done; may raise to stop.
        """
        items: list[_Item] = []
        vectors: list[FloatArray] = []
        heard: dict[int, FloatArray] = {}
        for first in range(0, segmentation.num_windows, self.config.windows_at_once):
            last = min(segmentation.num_windows, first + self.config.windows_at_once)
            cut = _Cut.of(recording, segmentation, first, last)
            found = list(self._items(cut, segmentation, first, last))
            heard = {start: vector for start, vector in heard.items() if start >= cut.first_frame}
            vectors.extend(self._vectors(cut, found, heard))
            items.extend(_Item(item.window, item.local, item.clean_s, [], []) for item in found)
            recording.let_go()
            share(last / segmentation.num_windows)
        return Embeddings(
            np.array(vectors, np.float32).reshape(len(items), VECTOR_SIZE),
            np.array([item.window for item in items], np.int64),
            np.array([item.local for item in items], np.int64),
            np.array([item.clean_s for item in items], np.float32),
        )

    def _items(self, cut: "_Cut", segmentation: Segmentation, first: int, last: int) -> Iterator[_Item]:
        """Say what the encoder is to see for windows `first` to `last` (exclusive)."""
        shortest = round(self.config.shortest_s * FRAMES_PER_S)
        for window in range(first, last):
            start = _mel_start(segmentation, window)
            num_frames = min(_MEL_PER_WINDOW, cut.end_frame - start)
            frames = np.arange(num_frames) * NUM_FRAMES // _MEL_PER_WINDOW
            is_active: BoolArray = segmentation.is_active[window][frames]  # (num_mel_frames, 3)
            is_alone = is_active & (is_active.sum(1, keepdims=True) == 1)
            for local in np.flatnonzero(is_active.any(0)):
                alone = is_alone[:, local]
                use = alone if alone.sum() >= shortest else is_active[:, local]
                if use.sum() >= shortest:
                    shared, rest = self._parts_of(start + np.flatnonzero(use))
                    own = self._own_parts(cut, rest) if len(rest) else []
                    yield _Item(window, int(local), float(alone.sum()) / FRAMES_PER_S, shared, own)

    def _parts_of(self, frames: npt.NDArray[np.int64]) -> tuple[list[int], npt.NDArray[np.int64]]:
        """Return where parts on the grid begin in these frames of the recording, and the frames left to join up."""
        size, grid = self.config.part_frames, self.config.grid_frames
        gaps = np.flatnonzero(np.diff(frames) > 1) + 1
        shared: list[int] = []
        rest = []
        for run in np.split(frames, gaps):
            first, last = int(run[0]), int(run[-1]) + 1 - size
            if last < first:
                rest.append(run)
            else:
                shared.extend(range(-(-first // grid) * grid, last + 1, grid) or [first])
        joined = np.concatenate(rest) if rest else frames[:0]
        is_worth_it = not shared or len(joined) >= self.config.hop_frames
        return shared, joined if is_worth_it else frames[:0]

    def _own_parts(self, cut: "_Cut", frames: npt.NDArray[np.int64]) -> list[FloatArray]:
        """Return parts of speech that is joined up from short runs, each (160, 40)."""
        size = self.config.part_frames
        speech = cut.speech(frames, self.config.mean_square)
        if len(speech) < size:
            speech = np.tile(speech, (-(-size // len(speech)), 1))[:size]
        starts = {*range(0, len(speech) - size + 1, self.config.hop_frames), len(speech) - size}
        return [speech[start : start + size] for start in sorted(starts)]

    def _vectors(self, cut: "_Cut", items: list[_Item], heard: dict[int, FloatArray]) -> FloatArray:
        """Return the mean of each item's parts as the encoder sees them, of length 1: (len(items), 256).

        What is made of a shared part is added to `heard`, by the frame at which the part begins.
        """
        size = self.config.part_frames
        new = sorted({start for item in items for start in item.shared} - heard.keys())
        parts = [cut.speech(np.arange(start, start + size), self.config.mean_square) for start in new]
        parts.extend(part for item in items for part in item.own)
        found = self._encode(parts)
        heard.update(zip(new, found, strict=False))
        own = iter(found[len(new) :])
        sums = np.zeros((len(items), VECTOR_SIZE), np.float64)
        for row, item in enumerate(items):
            for start in item.shared:
                sums[row] += heard[start]
            for _ in item.own:
                sums[row] += next(own)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: FloatArray = (sums / np.maximum(lengths, 1e-9)).astype(np.float32)
        return vectors

    def _encode(self, parts: list[FloatArray]) -> list[FloatArray]:
        found: list[FloatArray] = []
        for first in range(0, len(parts), self.config.batch_size):
            batch = np.asarray(parts[first : first + self.config.batch_size], np.float32)
            found.extend(self.network(batch.reshape(-1, self.config.part_frames, NUM_BANDS)))
        return found


@dataclass(frozen=True, slots=True)
class _Cut:
    """The features of a stretch of the recording."""

    #: Frame of the recording at which the stretch begins.
    first_frame: int
    #: How many frames the whole recording has.
    end_frame: int
    mels: FloatArray
    power: FloatArray

    @classmethod
    def of(cls, recording: LevelledWaveform, segmentation: Segmentation, first: int, last: int) -> "_Cut":
        """Return what windows `first` to `last` (exclusive) hold."""
        start = _mel_start(segmentation, first)
        end = _mel_start(segmentation, last - 1) + _MEL_PER_WINDOW
        num_frames = 1 + recording.num_samples // (SAMPLE_RATE_HZ // FRAMES_PER_S)
        return cls(start, num_frames, *mel_frames(recording, start, end))

    def speech(self, frames: npt.NDArray[np.int64], mean_square: float) -> FloatArray:
        """Return these frames of the recording, brought to a mean square: (len(frames), 40)."""
        inside = frames - self.first_frame
        scaled: FloatArray = self.mels[inside] * (mean_square / (self.power[inside].mean() + 1e-12))
        return scaled


def _mel_start(segmentation: Segmentation, window: int) -> int:
    return round(segmentation.start_s(window) * FRAMES_PER_S)
