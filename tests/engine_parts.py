"""What the tests of engines share: the pulled weights, and two toy networks that need none."""

import os
from pathlib import Path

import numpy as np
import pytest

from diarize_worker.settings import Settings
from diarize_worker.weights import missing_weights

SAMPLE_RATE_HZ = 16_000
#: Each toy speaker hums at one pitch, two of them far apart.
TOY_VOICES_HZ = (300.0, 1200.0, 4000.0)
_FRAME_SAMPLES = 270


def pulled_weights() -> Path:
    """Return the cache folder; without weights the test is skipped, or fails under REQUIRE_ALL=1."""
    cache_dir = Settings().cache_dir
    missing = missing_weights(cache_dir)
    if missing:
        reason = f"{', '.join(missing)} not in {cache_dir}: run `python -m diarize_worker models pull`"
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return cache_dir


def hum(*turns: tuple[float, float, int], duration_s: float) -> np.ndarray:
    """Return sound in which toy speaker `n` hums from start to end, for each (start_s, end_s, n)."""
    time_s = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sound = np.random.default_rng(0).normal(0, 1e-4, len(time_s))
    for start_s, end_s, voice in turns:
        inside = (time_s >= start_s) & (time_s < end_s)
        sound += inside * 0.1 * np.sin(2 * np.pi * TOY_VOICES_HZ[voice] * time_s)
    return sound.astype(np.float32)


def toy_segmentation(windows: np.ndarray) -> np.ndarray:
    """Score each toy voice by its power in each frame; windows number their speakers in changing order."""
    num_windows = len(windows)
    frames = np.lib.stride_tricks.sliding_window_view(windows[:, 0], 2 * _FRAME_SAMPLES, axis=1)
    frames = frames[:, ::_FRAME_SAMPLES][:, :293]
    time_s = np.arange(frames.shape[2]) / SAMPLE_RATE_HZ
    waves = np.exp(2j * np.pi * np.array(TOY_VOICES_HZ)[:, None] * time_s)
    power = np.abs(frames @ waves.T) / frames.shape[2]
    scores = np.zeros((num_windows, 293, 3), np.float32)
    scores[:, : power.shape[1]] = power > 0.02
    for window in range(num_windows):
        order = np.argsort([-scores[window, :, voice].sum() for voice in range(3)], kind="stable")
        scores[window] = 0.9 * scores[window][:, order]
    return scores


def toy_encoder(parts: np.ndarray) -> np.ndarray:
    """Return the mean spectrum of each part as its voice vector."""
    vectors = np.zeros((len(parts), 256), np.float32)
    vectors[:, : parts.shape[2]] = parts.mean(1)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
