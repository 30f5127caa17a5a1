"""From a recording's bytes to mono samples at 16 kHz, in a child process that may die without harm.

A header's duration proves nothing, so the limits are on what comes out: samples, memory, time. The samples
pass through a temporary file that has no name, so that the kernel frees them even after `kill -9`.
"""

import contextlib
import json
import mmap
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from annotation.formats.writing import clock
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform, no_progress
from diarize_worker.errors import (
    DISK_FULL,
    ClipError,
    ClipTooLargeError,
    ClipTooLongError,
    DecodeFailedError,
    EmptyClipError,
    NoAudioTrackError,
    NotAudioError,
    TruncatedClipError,
)

TOO_SLOW = (
    "Reading this recording took too long and was stopped. Convert it to .wav or .m4a and upload it again."
)

CHILD = Path(__file__).with_name("decode_child.py")

FAULTS: dict[str, Callable[[], ClipError]] = {
    "not_audio": NotAudioError,
    "no_audio_track": NoAudioTrackError,
    "truncated": TruncatedClipError,
    "too_long": ClipTooLongError,
    "out_of_memory": lambda: DecodeFailedError(
        "Reading this recording took more memory than we allow. Convert it to .wav or .m4a and upload it again."
    ),
    "disk_full": lambda: DecodeFailedError(DISK_FULL),
}


@dataclass(frozen=True, slots=True)
class DecodeConfig:
    """Limits on one recording."""

    max_bytes: int = 1024**3
    max_duration_s: float = 7200.0
    #: Encoders pad the end; a two-hour recording is allowed this much more.
    slack_s: float = 1.0
    memory_bytes: int = 2 * 1024**3
    timeout_s: float = 900.0
    #: Where the unnamed files go; None for the system's own choice.
    temp_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """Sound that is ready to be labelled."""

    #: (num_samples,) float32 at 16000 Hz, backed by an unnamed file rather than memory.
    waveform: Waveform
    duration_s: float
    #: Plain sentences for the learner, such as how much of a damaged file could be read.
    notes: tuple[str, ...] = ()


def decode(
    source: Path | IO[bytes],
    config: DecodeConfig | None = None,
    progress: Callable[[str, float], None] = no_progress,
) -> Decoded:
    """Decode a recording.

    Args:
        source: A path, or an open temporary file (its position does not matter and is not kept).
        config: Limits; the defaults are those the app promises.
        progress: Told as sound is read; may raise to cancel, which kills the child.

    Raises:
        ClipError: One of its kinds, with the message for the learner.
    """
    config = config or DecodeConfig()
    with contextlib.ExitStack() as stack:
        if isinstance(source, Path):
            file: IO[bytes] = stack.enter_context(source.open("rb"))
        else:
            source.flush()
            file = source
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise EmptyClipError
        if size > config.max_bytes:
            raise ClipTooLargeError
        output = stack.enter_context(tempfile.TemporaryFile(dir=config.temp_dir))
        result = _run_child(file.fileno(), output.fileno(), config, progress)
        waveform = _mapped(output.fileno(), int(result["num_samples"]))
    duration_s = len(waveform) / SAMPLE_RATE_HZ
    progress("decode", 1.0)
    return Decoded(waveform, duration_s, tuple(_notes(result, duration_s)))


def _run_child(
    input_fd: int, output_fd: int, config: DecodeConfig, progress: Callable[[str, float], None]
) -> dict[str, Any]:
    max_samples = int((config.max_duration_s + config.slack_s) * SAMPLE_RATE_HZ)
    limits = [str(max_samples), str(config.memory_bytes), str(int(config.timeout_s))]
    # One thread for numpy's linear algebra: its pool would eat the child's address space.
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": os.defpath}
    child = subprocess.Popen(
        [sys.executable, "-I", str(CHILD), str(input_fd), str(output_fd), *limits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(input_fd, output_fd),
        env=environment,
    )
    try:
        return _listen(child, config, progress)
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _listen(
    child: "subprocess.Popen[bytes]", config: DecodeConfig, progress: Callable[[str, float], None]
) -> dict[str, Any]:
    total_s, share = config.max_duration_s, 0.0
    for line in _lines(child, time.monotonic() + config.timeout_s):
        if line is not None:
            if "done" in line:
                return dict(line["done"])
            if "fault" in line:
                make_error = FAULTS.get(str(line["fault"]), DecodeFailedError)
                raise make_error()
            if line.get("expected_s"):
                total_s = min(float(line["expected_s"]), config.max_duration_s)
            if "read_s" in line:
                share = min(0.99, float(line["read_s"]) / max(total_s, 1.0))
        progress("decode", share)
    child.wait()
    if child.returncode == -signal.SIGXCPU:
        raise DecodeFailedError(TOO_SLOW)
    if child.returncode == -signal.SIGKILL:  # which is how the kernel takes memory back
        make_error = FAULTS["out_of_memory"]
        raise make_error()
    raise DecodeFailedError


def _lines(child: "subprocess.Popen[bytes]", deadline: float) -> Iterator[dict[str, Any] | None]:
    """Yield what the child says, and None about five times a second while it says nothing."""
    assert child.stdout is not None
    waiting = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if time.monotonic() > deadline:
                raise DecodeFailedError(TOO_SLOW)
            if not selector.select(0.2):
                yield None
                continue
            chunk = os.read(child.stdout.fileno(), 65536)
            if not chunk:
                return
            *complete, waiting = (waiting + chunk).split(b"\n")
            for line in complete:
                yield json.loads(line)


def _mapped(fd: int, num_samples: int) -> Waveform:
    """Map the samples instead of copying them: two hours would be 460 MB of memory."""
    # The mapping keeps the file alive after its descriptor is closed, and goes with the array. Read-only, so that a
    # stage may give pages back and read them again.
    mapping = mmap.mmap(fd, 4 * num_samples, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, dtype=np.float32, count=num_samples)


def _notes(result: dict[str, Any], duration_s: float) -> Iterator[str]:
    read_s = duration_s - int(result["num_filled"]) / SAMPLE_RATE_HZ
    expected_s = result["expected_s"]
    is_damaged = int(result["faults"]) > 0
    missing_s = (expected_s or 0.0) - read_s
    if expected_s and missing_s > max(1.0, 0.02 * expected_s):
        yield (
            f"This file says it lasts {clock(expected_s)}; we could read {clock(read_s)} of {clock(expected_s)}. "
            "Part of it may be damaged or missing."
        )
    elif is_damaged:
        yield f"Part of this file is damaged; we could read {clock(read_s)}."
    if int(result["num_tracks"]) > 1:
        yield f"This file has {result['num_tracks']} sound tracks; we used the main one."
