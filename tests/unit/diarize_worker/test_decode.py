import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from diarize_worker.errors import (
    ClipCancelledError,
    ClipError,
    ClipTooLargeError,
    ClipTooLongError,
    DecodeFailedError,
    EmptyClipError,
    NotAudioError,
    SilentClipError,
)
from diarize_worker.stages import decode as decode_module
from diarize_worker.stages.decode import DecodeConfig, decode
from diarize_worker.stages.speech import find_speech
from tests import media_corpus
from tests.media_corpus import Recipe, speech, wav
from tests.world import wait_until

RECIPES = list(media_corpus.recipes())


@pytest.fixture
def config(tmp_path: Path) -> DecodeConfig:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return DecodeConfig(temp_dir=folder)


def test_the_corpus_is_as_large_as_promised():
    assert len(RECIPES) >= 60
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_awkward_recording(recipe: Recipe, tmp_path: Path, config: DecodeConfig):
    path = tmp_path / recipe.name
    path.write_bytes(recipe.make())
    if recipe.error is not None:
        with pytest.raises(ClipError) as caught:
            decode(path, config)
        assert caught.type is recipe.error
    else:
        decoded = decode(path, config)
        assert decoded.duration_s == pytest.approx(recipe.reads, abs=recipe.tolerance_s)
        assert decoded.waveform.dtype == np.float32
        assert np.isfinite(decoded.waveform).all()
        assert np.abs(decoded.waveform).max(initial=0.0) <= 1.001
        assert recipe.note is None or any(recipe.note in note for note in decoded.notes)
        if recipe.has_speech:
            assert sum(region.duration_s for region in find_speech(decoded.waveform)) > 4
    assert list(config.temp_dir.iterdir()) == []


@pytest.mark.slow
def test_two_hours_of_silence_are_read_and_said_to_have_no_speech(tmp_path: Path, config: DecodeConfig):
    path = tmp_path / "silence.flac"
    path.write_bytes(media_corpus.long_silence(7200))
    decoded = decode(path, config)
    assert decoded.duration_s == pytest.approx(7200, abs=0.5)
    assert decoded.notes == ()
    with pytest.raises(SilentClipError):
        find_speech(decoded.waveform)
    assert list(config.temp_dir.iterdir()) == []


def test_the_corpus_has_what_it_says():
    made = {recipe.name: recipe.make for recipe in RECIPES}
    assert b"Xing" in made["vbr.mp3"]()[:200], "the mark of a variable rate"
    assert b"Info" in made["cbr.mp3"]()[:200], "the mark of a constant one"


def test_reads_an_open_temporary_file_wherever_its_position_is(config: DecodeConfig):
    with tempfile.TemporaryFile() as file:
        file.write(wav(speech(2)))
        assert decode(file, config).duration_s == pytest.approx(2.0, abs=0.01)
        file.seek(7)
        assert decode(file, config).duration_s == pytest.approx(2.0, abs=0.01)


def test_every_channel_counts_and_dead_ones_do_not_thin_the_mix(tmp_path: Path):
    (tmp_path / "one.wav").write_bytes(wav(speech(3)))
    (tmp_path / "dead.wav").write_bytes(wav(media_corpus.channels(0, 0, 0, 1)[: 3 * 16_000]))
    one, dead = (decode(tmp_path / f"{name}.wav").waveform for name in ("one", "dead"))
    assert np.sqrt(np.mean(dead**2)) == pytest.approx(np.sqrt(np.mean(one**2)), rel=0.02)


@pytest.mark.parametrize(("value", "num"), [(1e6, 1), (-3e38, 10), (1.5, 50)])
def test_a_few_wild_samples_are_cut_off_and_do_not_silence_the_rest(tmp_path: Path, value: float, num: int):
    sound = speech(6)
    (tmp_path / "wild.wav").write_bytes(wav(media_corpus.spiked(sound, value, num), bits=32, kind=3))
    decoded = decode(tmp_path / "wild.wav").waveform
    rest = np.ones(len(sound), dtype=bool)
    rest[1000 : 1000 + num] = False
    assert np.array_equal(decoded[rest], sound[rest])
    assert np.abs(decoded).max() == 1.0


def test_float_sound_that_is_too_loud_throughout_keeps_its_shape(tmp_path: Path):
    sound = speech(6)
    (tmp_path / "loud.wav").write_bytes(wav(30_000 * sound, bits=32, kind=3))
    decoded = decode(tmp_path / "loud.wav").waveform
    assert decoded == pytest.approx(sound / np.abs(sound).max(), abs=1e-4)


def test_wild_samples_in_sound_that_is_too_loud_leave_it_loud_enough(tmp_path: Path):
    sound = speech(6)
    (tmp_path / "both.wav").write_bytes(wav(media_corpus.spiked(1000 * sound, 1e12), bits=32, kind=3))
    decoded = decode(tmp_path / "both.wav").waveform
    assert np.sqrt(np.mean(decoded**2)) > 0.1 * np.sqrt(np.mean(sound**2))
    assert sum(region.duration_s for region in find_speech(decoded)) > 4


def test_too_long_by_its_sound_not_by_its_header(tmp_path: Path):
    path = tmp_path / "clip.wav"
    path.write_bytes(wav(speech(6)))
    with pytest.raises(ClipTooLongError):
        decode(path, DecodeConfig(max_duration_s=3, slack_s=0))
    assert decode(path, DecodeConfig(max_duration_s=6)).duration_s == pytest.approx(6)


def test_too_large_and_empty_are_refused_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(decode_module, "CHILD", tmp_path / "missing.py")
    (tmp_path / "large.wav").write_bytes(b"RIFF" * 10)
    (tmp_path / "empty.wav").write_bytes(b"")
    with pytest.raises(ClipTooLargeError):
        decode(tmp_path / "large.wav", DecodeConfig(max_bytes=39))
    with pytest.raises(EmptyClipError):
        decode(tmp_path / "empty.wav")


def test_a_child_that_may_not_have_memory_fails_one_clip(tmp_path: Path):
    path = tmp_path / "clip.wav"
    path.write_bytes(wav(speech(2)))
    with pytest.raises(DecodeFailedError):
        decode(path, DecodeConfig(memory_bytes=60 * 1024**2))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "could not be decoded"),
        ("import time; time.sleep(60)", "took too long"),
    ],
    ids=["killed", "crashed", "hung"],
)
def test_the_death_of_the_child_is_one_failed_clip(
    code, reason, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "child.py").write_text(code)
    (tmp_path / "clip.wav").write_bytes(wav(speech(1)))
    monkeypatch.setattr(decode_module, "CHILD", tmp_path / "child.py")
    with pytest.raises(DecodeFailedError, match=reason):
        decode(tmp_path / "clip.wav", DecodeConfig(timeout_s=1.0))


def test_cancelling_kills_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pid_file = tmp_path / "pid"
    (tmp_path / "child.py").write_text(
        f"import os, time, pathlib; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    (tmp_path / "clip.wav").write_bytes(wav(speech(1)))
    monkeypatch.setattr(decode_module, "CHILD", tmp_path / "child.py")

    def cancel_once_started(stage: str, share: float) -> None:
        if pid_file.exists():
            raise ClipCancelledError

    with pytest.raises(ClipCancelledError):
        decode(tmp_path / "clip.wav", progress=cancel_once_started)
    assert not is_running(int(pid_file.read_text()))


def test_kill_9_of_the_worker_leaves_neither_a_file_nor_a_child(tmp_path: Path):
    pid_file, temporary = tmp_path / "pid", tmp_path / "temporary"
    temporary.mkdir()
    # The child tells its id and waits, having set its limits and death signal as always.
    (tmp_path / "child.py").write_text(
        "import os, sys, time, pathlib, importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('child', {str(decode_module.CHILD)!r})\n"
        "child = importlib.util.module_from_spec(spec); spec.loader.exec_module(child)\n"
        "child.limit_myself(2**31, 60)\n"
        "os.write(int(sys.argv[2]), bytes(1000))\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(60)\n"
    )
    (tmp_path / "clip.wav").write_bytes(wav(speech(1)))
    code = (
        "from pathlib import Path\n"
        "from diarize_worker.stages import decode as module\n"
        f"module.CHILD = Path({str(tmp_path / 'child.py')!r})\n"
        f"config = module.DecodeConfig(temp_dir=Path({str(temporary)!r}))\n"
        f"module.decode(Path({str(tmp_path / 'clip.wav')!r}), config)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=Path(decode_module.__file__).parents[2])
    try:
        wait_until(lambda: pid_file.exists() and pid_file.read_text() != "")
    finally:
        worker.kill()
        worker.wait()
    child_pid = int(pid_file.read_text())
    wait_until(lambda: not is_running(child_pid))
    assert list(temporary.iterdir()) == []


def test_progress_is_told(tmp_path: Path):
    path = tmp_path / "long.wav"
    path.write_bytes(wav(np.tile(speech(6), 20)))
    told: list[tuple[str, float]] = []
    decode(path, progress=lambda stage, share: told.append((stage, share)))
    assert {stage for stage, _ in told} == {"decode"}
    assert told[-1] == ("decode", 1.0)
    assert any(0.2 < share < 1 for _, share in told)


def test_a_playlist_opens_no_other_file(tmp_path: Path):
    secret = tmp_path / "secret.wav"
    secret.write_bytes(wav(speech(1)))
    playlist = tmp_path / "clip.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(NotAudioError):
        decode(playlist)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # a zombie whose parent was killed is as dead as can be
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
