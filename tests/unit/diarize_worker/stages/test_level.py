"""Quiet recordings are raised, offsets removed, and memory of a mapped file given back."""

import mmap
import tempfile

import numpy as np
import pytest

from diarize_worker.stages.level import LevelledWaveform, level

NOISE = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)


def test_an_ordinary_recording_is_left_alone() -> None:
    assert level(NOISE).gain == 1


def test_a_quiet_one_is_raised_to_the_level_of_speech() -> None:
    raised = level(NOISE * np.float32(1e-3))
    assert np.std(raised.excerpt(0, 48_000)) == pytest.approx(0.03, rel=0.05)


def test_silence_is_not_raised() -> None:
    assert level(np.zeros(16_000, np.float32)).gain == 1


def test_pauses_do_not_make_a_recording_quiet() -> None:
    """The loud blocks count: one minute of talk in an hour of silence is still talk."""
    assert level(np.concatenate([np.zeros(400_000, np.float32), NOISE])).gain == 1


def test_a_constant_offset_is_taken_away() -> None:
    assert level(NOISE + np.float32(0.4)).excerpt(0, 48_000).mean() == pytest.approx(0, abs=1e-3)


def test_what_lies_outside_is_zero() -> None:
    recording = LevelledWaveform(np.arange(1, 6, dtype=np.float32))
    assert recording.excerpt(-2, 7).tolist() == [0, 0, 1, 2, 3, 4, 5, 0, 0]
    assert recording.excerpt(-5, -2).tolist() == [0, 0, 0]
    assert recording.excerpt(9, 11).tolist() == [0, 0]


@pytest.mark.parametrize(("bad", "becomes"), [(np.nan, 0), (np.inf, 1), (-np.inf, -1)])
def test_what_is_not_a_number_is_made_one(bad: float, becomes: float) -> None:
    assert LevelledWaveform(np.full(3, bad, np.float32)).excerpt(0, 3).tolist() == [becomes] * 3


@pytest.mark.parametrize("access", [mmap.ACCESS_READ, mmap.ACCESS_COPY])
def test_letting_go_loses_no_sample(access: int) -> None:
    """A mapped recording reads the same after its memory was given back, changed private pages included."""
    with tempfile.TemporaryFile() as file:
        file.write(NOISE.tobytes())
        file.flush()
        waveform = np.frombuffer(mmap.mmap(file.fileno(), NOISE.nbytes, access=access), np.float32)
        expected = NOISE.copy()
        if waveform.flags.writeable:
            waveform[7] = expected[7] = 0.5
        recording = LevelledWaveform(waveform)
        recording.let_go()
        np.testing.assert_array_equal(recording.excerpt(0, len(NOISE)), expected)
