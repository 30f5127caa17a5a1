"""What tests of words share: a model and a pipeline that stand in for faster-whisper's, and can fail as a GPU does."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from annotation.model import Segment
from diarize_worker.words.whisper import WhisperWords

MINUTE = np.zeros(60 * 16_000, dtype=np.float32)
REGIONS = [Segment(float(i * 4), float(i * 4 + 2)) for i in range(15)]


def segment(start_s: float, end_s: float, text: str, **fields) -> SimpleNamespace:
    """Return what faster-whisper gives for one segment."""
    words = [
        SimpleNamespace(
            start=start_s + i * 0.3, end=start_s + i * 0.3 + 0.2, word=" " + word, probability=0.9
        )
        for i, word in enumerate(text.split())
    ]
    facts = {"no_speech_prob": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.0} | fields
    return SimpleNamespace(start=start_s, end=end_s, words=words, **facts)


@dataclass
class FakeWhisper:
    """Stands in for a loaded model: says one segment per chunk, or runs out of memory."""

    memory_for: int = 99
    calls: list[dict] = field(default_factory=list)
    say: str = "hello there"
    looping: bool = False
    #: Raised by whatever is asked of it.
    fault: Exception | None = None
    model: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(is_multilingual=True))

    def detect_language(self, audio):
        assert len(audio) <= 30 * 16_000
        if self.fault:
            raise self.fault
        return "de", 0.4, []

    def transcribe(self, audio, **options):
        self.calls.append(options)
        return [segment(0.5, 2, "once more")], None


class FakePipeline:
    def __init__(self, model: FakeWhisper) -> None:
        self.model = model

    def transcribe(self, audio, **options):
        self.model.calls.append(options)
        if self.model.fault:
            raise self.model.fault
        if options["batch_size"] > self.model.memory_for:
            raise RuntimeError("CUDA failed with error out of memory")
        ratio = 3.0 if self.model.looping else 1.0
        chunks = options["clip_timestamps"]
        return [segment(c["start"], c["end"], self.model.say, compression_ratio=ratio) for c in chunks], None


def whisper_with(
    *models: FakeWhisper | Exception, on_gpu: bool = False
) -> tuple[WhisperWords, list[tuple[str, str]]]:
    """Return an engine whose loads give these models, or raise these errors, one after the other."""
    waiting, loads = list(models), []

    def load(path: Path, device: str, compute_type: str) -> FakeWhisper:
        loads.append((device, compute_type))
        loaded = waiting.pop(0)
        if isinstance(loaded, Exception):
            raise loaded
        return loaded

    return WhisperWords(Path("weights"), "small", on_gpu=on_gpu, load=load), loads
