"""A voice vector for each local speaker of each window. Vectors live in memory only, for as long as a clip does."""

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
    parts: list[FloatArray]


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
        for first in range(0, segmentation.num_windows, self.config.windows_at_once):
            last = min(segmentation.num_windows, first + self.config.windows_at_once)
            found = self._items(recording, segmentation, first, last)
            vectors.extend(self._vectors(found))
            items.extend(_Item(item.window, item.local, item.clean_s, []) for item in found)
            recording.let_go()
            share(last / segmentation.num_windows)
        return Embeddings(
            np.array(vectors, np.float32).reshape(len(items), VECTOR_SIZE),
            np.array([item.window for item in items], np.int64),
            np.array([item.local for item in items], np.int64),
            np.array([item.clean_s for item in items], np.float32),
        )

    def _items(
        self, recording: LevelledWaveform, segmentation: Segmentation, first: int, last: int
    ) -> list[_Item]:
        """Cut out what the encoder is to see for windows `first` to `last` (exclusive)."""
        num_frames = 1 + recording.num_samples // (SAMPLE_RATE_HZ // FRAMES_PER_S)
        starts = [round(segmentation.start_s(window) * FRAMES_PER_S) for window in range(first, last)]
        mels, power = mel_frames(recording, starts[0], starts[-1] + _MEL_PER_WINDOW)
        items = []
        for window, start in zip(range(first, last), starts, strict=True):
            inside = slice(start - starts[0], min(start + _MEL_PER_WINDOW, num_frames) - starts[0])
            frames = np.arange(len(power[inside])) * NUM_FRAMES // _MEL_PER_WINDOW
            is_active: BoolArray = segmentation.is_active[window][frames]  # (num_mel_frames, 3)
            is_alone = is_active & (is_active.sum(1, keepdims=True) == 1)
            for local in np.flatnonzero(is_active.any(0)):
                item = self._item(mels[inside], power[inside], is_active[:, local], is_alone[:, local])
                if item is not None:
                    items.append(
                        _Item(window, int(local), float(is_alone[:, local].sum()) / FRAMES_PER_S, item)
                    )
        return items

    def _item(
        self, mels: FloatArray, power: FloatArray, is_active: BoolArray, is_alone: BoolArray
    ) -> list[FloatArray] | None:
        """Return the parts of one local speaker, each (160, 40); None when there is too little speech."""
        shortest = round(self.config.shortest_s * FRAMES_PER_S)
        use = is_alone if is_alone.sum() >= shortest else is_active
        if use.sum() < shortest:
            return None
        size = self.config.part_frames
        speech = mels[use] * (self.config.mean_square / (power[use].mean() + 1e-12))
        if len(speech) < size:
            speech = np.tile(speech, (-(-size // len(speech)), 1))[:size]
        starts = {*range(0, len(speech) - size + 1, self.config.hop_frames), len(speech) - size}
        return [speech[start : start + size] for start in sorted(starts)]

    def _vectors(self, items: list[_Item]) -> FloatArray:
        """Return the mean of each item's parts as the encoder sees them, of length 1: (len(items), 256)."""
        owners = np.repeat(np.arange(len(items)), [len(item.parts) for item in items])
        parts = [part for item in items for part in item.parts]
        sums = np.zeros((len(items), VECTOR_SIZE), np.float64)
        for first in range(0, len(parts), self.config.batch_size):
            batch = np.asarray(parts[first : first + self.config.batch_size], np.float32)
            batch = batch.reshape(-1, self.config.part_frames, NUM_BANDS)
            np.add.at(sums, owners[first : first + len(batch)], self.network(batch))
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: FloatArray = (sums / np.maximum(lengths, 1e-9)).astype(np.float32)
        return vectors
