"""From speech to words, with whichever words engine was chosen."""

from collections.abc import Callable, Sequence

from annotation.model import Segment
from diarize_worker.engines.protocol import Waveform, no_progress
from diarize_worker.words.protocol import Transcript, WordsEngine, WordsRequest


def transcribe(
    waveform: Waveform,
    speech: Sequence[Segment],
    engine: WordsEngine,
    request: WordsRequest | None = None,
    progress: Callable[[str, float], None] = no_progress,
) -> Transcript:
    """Write down what was said.

    Args:
        waveform: (num_samples,) float32 at 16000 Hz.
        speech: Where anybody speaks; text outside is never kept, because it would be invented.
        engine: Who writes.
        request: Language and hot words.
        progress: Told as chunks are done; may raise to cancel.
    """
    if not speech:
        return Transcript((), None, engine.name, is_draft=engine.is_draft)
    return engine.transcribe(waveform, speech, request or WordsRequest(), progress)
