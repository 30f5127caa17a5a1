"""Mel features as the voice encoder was trained with: 25 ms frames every 10 ms, 40 bands, linear power."""

from functools import cache

import numpy as np
import numpy.typing as npt

from diarize_worker.engines.protocol import SAMPLE_RATE_HZ
from diarize_worker.stages.level import LevelledWaveform

FloatArray = npt.NDArray[np.float32]

FRAMES_PER_S = 100
NUM_BANDS = 40
_FRAME_SAMPLES = 400
_HOP_SAMPLES = SAMPLE_RATE_HZ // FRAMES_PER_S

# The Slaney mel scale: linear below 1 kHz, logarithmic above.
_HZ_PER_MEL = 200 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def mel_frames(recording: LevelledWaveform, first: int, last: int) -> tuple[FloatArray, FloatArray]:
    """Return the features of frames `first` to `last` (exclusive) of a recording.

    Frame i is centred on sample 160 * i; outside the recording there are zeros.

    Returns:
        mels: (last - first, 40) float32
        power: (last - first,) mean square of the sound in each frame
    """
    start = first * _HOP_SAMPLES - _FRAME_SAMPLES // 2
    samples = recording.excerpt(start, start + (last - first - 1) * _HOP_SAMPLES + _FRAME_SAMPLES)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME_SAMPLES)[::_HOP_SAMPLES]
    window = _hann()
    spectrum = np.fft.rfft(frames * window, axis=1)
    powers = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)  # (num_frames, 201)
    power = 2 * powers.sum(1) / (_FRAME_SAMPLES * np.square(window).sum())
    return powers @ _mel_filters().T, power


@cache
def _hann() -> FloatArray:
    angle = 2 * np.pi * np.arange(_FRAME_SAMPLES) / _FRAME_SAMPLES
    return (0.5 - 0.5 * np.cos(angle)).astype(np.float32)


@cache
def _mel_filters() -> FloatArray:
    """Return triangular filters of equal area on the mel scale, (40, 201)."""
    bin_hz = np.linspace(0, SAMPLE_RATE_HZ / 2, _FRAME_SAMPLES // 2 + 1)
    edges_hz = _mel_to_hz(np.linspace(0.0, _hz_to_mel(SAMPLE_RATE_HZ / 2), NUM_BANDS + 2))
    widths_hz = np.diff(edges_hz)
    slopes = edges_hz[:, None] - bin_hz
    rising = -slopes[:-2] / widths_hz[:-1, None]
    falling = slopes[2:] / widths_hz[1:, None]
    areas = 2 / (edges_hz[2:] - edges_hz[:-2])
    return (np.maximum(0, np.minimum(rising, falling)) * areas[:, None]).astype(np.float32)


def _hz_to_mel(hz: float) -> float:
    return float(_BREAK_MEL + np.log(hz / _BREAK_HZ) / _LOG_STEP)


def _mel_to_hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    above = _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL))
    return np.where(mel >= _BREAK_MEL, above, mel * _HZ_PER_MEL)
