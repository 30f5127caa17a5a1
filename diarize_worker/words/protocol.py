"""What every words engine takes and gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from annotation.model import Segment, Word
from diarize_worker.engines.protocol import Waveform, no_progress
from diarize_worker.errors import WorkerError


class WordsUnavailableError(WorkerError):
    """No words engine can start here; the labels are not affected. Run `python -m diarize_worker doctor` to see why."""


@dataclass(frozen=True, slots=True)
class WordsRequest:
    """What the learner says about the words."""

    #: ISO 639-1 code, such as "en"; None to detect it.
    language: str | None = None
    #: Names and jargon to listen for.
    hot_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of a recording, in order of time."""

    words: tuple[Word, ...]
    language: str | None
    engine: str
    #: True when the text is too rough to be shown as what was said.
    is_draft: bool = False
    #: Plain sentences for the learner.
    notes: tuple[str, ...] = ()


class WordsEngine(Protocol):
    """Writes down what was said; raises `WordsUnavailableError` when it cannot start."""

    name: str
    is_draft: bool

    def transcribe(
        self,
        waveform: Waveform,
        speech: Sequence[Segment],
        request: WordsRequest,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Transcript:
        """Write down the words said in the speech regions.

        Args:
            waveform: (num_samples,) float32 at 16000 Hz.
            speech: Where anybody speaks, in order; nothing is written down elsewhere.
            request: Language and hot words.
            progress: Told as chunks are done; may raise to cancel.
        """
        ...
