"""A rough offline draft from pocketsphinx, for machines that have no Whisper weights."""

import importlib.util
import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from annotation.model import Segment, Word
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform, no_progress
from diarize_worker.words.chunks import split_speech
from diarize_worker.words.protocol import Transcript, WordsRequest, WordsUnavailableError

CHILD = Path(__file__).with_name("pocketsphinx_child.py")
#: Shorter chunks than Whisper's: each is one step of progress, and errors do not spread.
CHUNK_S = 12.0
#: The level pocketsphinx's own recordings have; quiet clips are read much worse.
TARGET_RMS = 0.08


def is_installed() -> bool:
    """Whether the `offline` extra is here."""
    return importlib.util.find_spec("pocketsphinx") is not None


class SphinxWords:
    """Writes a draft that is wrong about most words of a real meeting, and says so."""

    name = "pocketsphinx"
    is_draft = True

    def transcribe(
        self,
        waveform: Waveform,
        speech: Sequence[Segment],
        request: WordsRequest,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Transcript:
        """Write down the words said in the speech regions; see `WordsEngine`."""
        if not is_installed():
            raise WordsUnavailableError(
                "pocketsphinx is not installed. Run `pip install 'whospoke[offline]'`."
            )
        if request.language not in {None, "en"}:
            raise WordsUnavailableError(
                f"The offline draft knows only English, not {request.language!r}. "
                "Run `python -m diarize_worker models pull --whisper` where there is a network."
            )
        chunks = split_speech(waveform, speech, CHUNK_S, max_gap_s=0.5)
        child = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath},
        )
        words: list[Word] = []
        try:
            for done, chunk in enumerate(chunks):
                tick = partial(progress, "words", done / len(chunks))
                tick()
                answer = _ask(child, _pcm(waveform, chunk), tick)
                words += [
                    Word(chunk.start_s + start, chunk.start_s + end, text) for start, end, text in answer
                ]
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
        progress("words", 1.0)
        note = (
            "The words are a rough offline draft: on real meetings most of them are wrong. "
            "For words worth reading, run `python -m diarize_worker models pull --whisper` where there is a network."
        )
        return Transcript(tuple(sorted(words)), "en", self.name, is_draft=True, notes=(note,))


def _ask(child: "subprocess.Popen[bytes]", pcm: bytes, tick: Callable[[], None]) -> list[Any]:
    """Send one chunk and wait for its words, ticking five times a second so that a cancel is heard."""
    assert child.stdin is not None
    assert child.stdout is not None
    waiting, has_ended = b"", False
    try:
        child.stdin.write(len(pcm).to_bytes(4, "little") + pcm)
        child.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not has_ended and not waiting.endswith(b"\n"):
                if not selector.select(0.2):
                    tick()
                    continue
                part = os.read(child.stdout.fileno(), 65536)
                waiting, has_ended = waiting + part, not part
    except BrokenPipeError:
        has_ended = True
    if has_ended:
        raise WordsUnavailableError(
            "The offline words engine stopped in the middle. The labels are not affected."
        )
    return list(json.loads(waiting))


def _pcm(waveform: Waveform, chunk: Segment) -> bytes:
    part = waveform[int(chunk.start_s * SAMPLE_RATE_HZ) : int(chunk.end_s * SAMPLE_RATE_HZ)]
    rms = float(np.sqrt(np.mean(np.square(part, dtype=np.float64)))) if len(part) else 0.0
    scaled = part * np.float32(TARGET_RMS / rms) if rms > 0 else part
    return (np.clip(scaled, -1, 1) * 32767).astype("<i2").tobytes()
