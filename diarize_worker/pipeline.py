"""The ordered stages of a clip and nothing else: decode, then labels and words, then who said which word.

Labels and words do not wait for each other: either may fail, and the other is still delivered.
The durable worker calls the parts one by one; the command line calls `run`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from annotation.model import Segment
from diarize_worker.engines.protocol import DiarizationEngine, Labels, SpeakerHint, Waveform, no_progress
from diarize_worker.errors import ClipCancelledError, SilentClipError, WorkerError
from diarize_worker.stages.assign import assign
from diarize_worker.stages.decode import DecodeConfig, Decoded, decode
from diarize_worker.stages.speech import find_speech
from diarize_worker.stages.transcribe import transcribe
from diarize_worker.words.protocol import Transcript, WordsEngine, WordsRequest

__all__ = [
    "ClipResult",
    "assign_words",
    "decode",
    "find_speech",
    "if_anybody_is_heard",
    "label",
    "reason",
    "run",
    "transcribe",
]

ProgressCallback = Callable[[str, float], None]
#: Builds a diarization engine that is ready, with plain sentences on any fallback.
MakeEngine = Callable[[], tuple[DiarizationEngine, tuple[str, ...]]]
#: Builds a words engine; returns None when no words are wanted.
MakeWordsEngine = Callable[[], WordsEngine | None]
LITTLE_SPEECH = (
    "A second detector heard no speech here at all, so listen to each turn before you trust it. "
    "If you expected more, check that the right microphone was on."
)


@dataclass(frozen=True, slots=True)
class ClipResult:
    """What came out of a recording; at least one of labels and transcript is there."""

    duration_s: float
    labels: Labels | None
    #: Words carry their speakers when there are labels.
    transcript: Transcript | None
    #: Stage -> what went wrong, in words for the learner: "label" or "words".
    failures: dict[str, str]
    notes: tuple[str, ...]


def label(
    waveform: Waveform,
    uri: str,
    engine: DiarizationEngine,
    hint: SpeakerHint | None = None,
    progress: ProgressCallback = no_progress,
) -> Labels:
    """Say who spoke when."""
    return engine.diarize(waveform, uri, hint or SpeakerHint(), progress)


def if_anybody_is_heard(labels: Labels, speech: tuple[Segment, ...]) -> Labels:
    """Return the labels, with a warning where the engine alone hears somebody.

    Args:
        labels: Of the engine.
        speech: What the other detector found, `find_speech`.

    Raises:
        SilentClipError: Neither hears anybody.
    """
    if speech:
        return labels
    if not labels.annotation.turns:
        raise SilentClipError
    return replace(labels, notes=(LITTLE_SPEECH, *labels.notes))


def assign_words(transcript: Transcript, labels: Labels) -> Transcript:
    """Return the transcript with a speaker at each word."""
    return replace(transcript, words=assign(transcript.words, labels.annotation, labels.exclusive))


def run(
    source: Path | IO[bytes],
    uri: str,
    make_engine: MakeEngine,
    make_words_engine: MakeWordsEngine,
    *,
    hint: SpeakerHint | None = None,
    request: WordsRequest | None = None,
    config: DecodeConfig | None = None,
    progress: ProgressCallback = no_progress,
) -> ClipResult:
    """Take a recording through all stages.

    Args:
        source: A path or an open temporary file.
        uri: Name of the recording, kept in the labels.
        make_engine: Builds the diarization engine; may raise `EngineUnavailableError`.
        make_words_engine: Builds the words engine, or returns None when no words are wanted.
        hint: Bounds on the number of speakers.
        request: Language and hot words.
        config: Limits on the recording.
        progress: Told as each stage comes along; may raise to cancel.

    Raises:
        ClipError: The recording is the matter: nothing can be made of it.
        WorkerError: There are neither labels nor words; says why.
    """
    decoded: Decoded = decode(source, config, progress)
    speech = find_speech(decoded.waveform, progress=progress)
    failures: dict[str, str] = {}
    labels = _label_or_none(decoded, uri, make_engine, hint, progress, failures)
    if labels is not None:
        labels = if_anybody_is_heard(labels, speech)
    regions = speech or (labels.annotation.speech() if labels else ())
    transcript = _words_or_none(decoded, regions, make_words_engine, request, progress, failures)
    if labels is None and not (transcript and transcript.words):
        raise WorkerError(" ".join(failures.values()))
    if labels is not None and transcript is not None:
        transcript = assign_words(transcript, labels)
    notes = [*decoded.notes, *(labels.notes if labels else ()), *(transcript.notes if transcript else ())]
    return ClipResult(decoded.duration_s, labels, transcript, failures, (*notes, *failures.values()))


def _label_or_none(
    decoded: Decoded,
    uri: str,
    make_engine: MakeEngine,
    hint: SpeakerHint | None,
    progress: ProgressCallback,
    failures: dict[str, str],
) -> Labels | None:
    try:
        engine, fallback_notes = make_engine()
        labels = label(decoded.waveform, uri, engine, hint, progress)
        return replace(labels, notes=(*fallback_notes, *labels.notes))
    except ClipCancelledError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other half is still delivered
        failures["label"] = reason("Labelling", error)
        return None


def _words_or_none(
    decoded: Decoded,
    regions: tuple[Segment, ...],
    make_words_engine: MakeWordsEngine,
    request: WordsRequest | None,
    progress: ProgressCallback,
    failures: dict[str, str],
) -> Transcript | None:
    try:
        engine = make_words_engine()
        if engine is None:
            return None
        return transcribe(decoded.waveform, regions, engine, request, progress)
    except ClipCancelledError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other half is still delivered
        failures["words"] = reason("Writing down the words", error)
        return None


def reason(what: str, error: Exception) -> str:
    """Return in words for the learner why one half of the work did not come about."""
    if isinstance(error, WorkerError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"{what} ran out of memory. Try a shorter recording."
    return f"{what} failed unexpectedly ({type(error).__name__}: {error}). Try again; if it stays, tell whoever runs this app."
