"""Windows over the recording, and what the encoder is shown of them."""

import numpy as np
import pytest

from diarize_worker.stages.embed import EmbedConfig, Embedder
from diarize_worker.stages.level import LevelledWaveform
from diarize_worker.stages.mel import mel_frames
from diarize_worker.stages.segment import Segmentation, SegmentConfig, Segmenter
from tests.engine_parts import hum, toy_encoder, toy_segmentation


def unwatched(share: float) -> None:
    """Watch nothing."""


@pytest.mark.parametrize(
    ("num_samples", "num_windows"), [(1, 1), (80_000, 1), (80_001, 2), (96_000, 3), (96_001, 4)]
)
def test_windows_cover_the_last_sample(num_samples: int, num_windows: int) -> None:
    recording = LevelledWaveform(np.ones(num_samples, np.float32))
    assert Segmenter(toy_segmentation)(recording, unwatched).num_windows == num_windows


def test_batches_change_nothing() -> None:
    recording = LevelledWaveform(hum((1, 7, 0), (6, 12, 1), duration_s=13))
    one, all_ = (
        Segmenter(toy_segmentation, SegmentConfig(batch_size=size))(recording, unwatched) for size in (1, 100)
    )
    np.testing.assert_array_equal(one.scores, all_.scores)
    shown = [
        Embedder(toy_encoder, EmbedConfig(windows_at_once=size, batch_size=size))(recording, one, unwatched)
        for size in (1, 100)
    ]
    np.testing.assert_allclose(shown[0].vectors, shown[1].vectors, atol=1e-5)
    np.testing.assert_array_equal(shown[0].window, shown[1].window)


def test_mel_frames_do_not_depend_on_where_a_stretch_begins() -> None:
    recording = LevelledWaveform(hum((0, 2, 0), duration_s=2))
    whole, power = mel_frames(recording, 0, 200)
    part, part_power = mel_frames(recording, 50, 120)
    np.testing.assert_allclose(part, whole[50:120], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(part_power, power[50:120], rtol=1e-4)


def test_power_is_the_mean_square() -> None:
    recording = LevelledWaveform(np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32))
    assert mel_frames(recording, 10, 190)[1].mean() == pytest.approx(0.01, rel=0.03)


def test_a_tone_falls_into_the_band_of_its_pitch() -> None:
    """1 kHz is mel 15; the 40 bands are spread evenly up to 8 kHz, mel 45.2."""
    time_s = np.arange(16_000) / 16_000
    mels, _ = mel_frames(LevelledWaveform(np.sin(2 * np.pi * 1000 * time_s).astype(np.float32)), 20, 80)
    assert mels.mean(0).argmax() == round(15 / 45.2 * 41) - 1


def speech(num_frames: int, *, with_other: int = 0) -> Segmentation:
    """One window in which one speaker is active, for the first frames together with another."""
    is_active = np.zeros((1, 293, 3), bool)
    is_active[0, :num_frames, 0] = True
    is_active[0, :with_other, 1] = True
    return Segmentation(is_active.astype(np.float16), is_active, 0.5)


class TestWhatTheEncoderSees:
    RECORDING = LevelledWaveform(np.random.default_rng(0).normal(0, 0.1, 80_000).astype(np.float32))

    def shown(self, segmentation: Segmentation) -> list[np.ndarray]:
        parts: list[np.ndarray] = []

        def watching(batch: np.ndarray) -> np.ndarray:
            parts.extend(batch)
            return toy_encoder(batch)

        self.found = Embedder(watching)(self.RECORDING, segmentation, unwatched)
        return parts

    def test_too_little_speech_gives_no_vector(self) -> None:
        assert self.shown(speech(11)) == []
        assert len(self.found) == 0

    def test_short_speech_is_repeated(self) -> None:
        (part,) = self.shown(speech(29))  # 0.5 s: 50 frames
        np.testing.assert_array_equal(part[:50], part[50:100])
        assert part.shape == (160, 40)

    def test_long_speech_is_seen_in_parts_on_the_grid(self) -> None:
        assert len(self.shown(speech(293))) == 9  # from 0, 40, ... 320, each of 160 of the 500 frames

    def test_windows_share_what_was_made_of_a_moment(self) -> None:
        """Three windows half a second apart: 50 frames more each, and parts that serve all three."""
        is_active = np.zeros((3, 293, 3), bool)
        is_active[:, :, 0] = True
        recording = LevelledWaveform(np.random.default_rng(0).normal(0, 0.1, 96_000).astype(np.float32))
        seen: list[np.ndarray] = []
        segmentation = Segmentation(is_active.astype(np.float16), is_active, 0.5)

        def watching(batch: np.ndarray) -> np.ndarray:
            seen.extend(batch)
            return toy_encoder(batch)

        for at_once in (1, 3):
            seen.clear()
            Embedder(watching, EmbedConfig(windows_at_once=at_once))(recording, segmentation, unwatched)
            assert len(seen) == 12  # from 0, 40, ... 440, of the 600 frames

    def test_short_runs_are_joined_up_beside_long_ones_when_there_is_enough(self) -> None:
        frames = np.concatenate([np.arange(10, 190), np.arange(200, 240), np.arange(250, 300)])
        shared, joined = Embedder(toy_encoder)._parts_of(frames)
        assert shared == [10]
        assert len(joined) == 90
        shared, joined = Embedder(toy_encoder)._parts_of(frames[:-11])
        assert shared == [10]
        assert len(joined) == 0

    def test_speech_of_others_is_left_out_where_possible(self) -> None:
        self.shown(speech(200, with_other=100))
        assert self.found.local.tolist() == [0, 1]
        assert self.found.clean_s.tolist() == pytest.approx([1.7, 0], abs=0.02)

    def test_speech_is_brought_to_one_level(self) -> None:
        quiet = LevelledWaveform(self.RECORDING.waveform * np.float32(0.1))
        loud = self.shown(speech(100))
        self.RECORDING, kept = quiet, self.RECORDING
        assert self.shown(speech(100))[0] == pytest.approx(loud[0], rel=1e-3)
        self.RECORDING = kept
