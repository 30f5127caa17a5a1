"""What every diarization engine takes and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from annotation.model import Annotation

Waveform = npt.NDArray[np.float32]

SAMPLE_RATE_HZ = 16_000


@dataclass(frozen=True, slots=True)
class SpeakerHint:
    """What the learner knows about the number of speakers; an engine obeys it as a constraint."""

    minimum: int = 1
    maximum: int = 20

    @classmethod
    def exactly(cls, num_speakers: int) -> "SpeakerHint":
        """Return the hint of somebody who has counted."""
        return cls(num_speakers, num_speakers)


@dataclass(frozen=True, slots=True)
class Labels:
    """Who spoke when, and what there is to distrust about it."""

    #: Speakers are SPEAKER_00, SPEAKER_01 ... in order of first appearance; turns may overlap.
    annotation: Annotation
    #: The same, with at most one speaker at a time, for giving words to speakers.
    exclusive: Annotation
    engine: str
    duration_s: float
    #: Plain sentences for the learner: a close call on the count, a fallback and its reason.
    notes: tuple[str, ...] = ()
    #: JSON-safe figures that cannot recognise anybody: merge heights and sizes, frame activity, count margin.
    evidence: dict[str, Any] | None = None


def about_count(num_kept: int, num_found: int, hint: SpeakerHint) -> str:
    """Return what a learner must know of how many speakers were kept; empty when there is nothing to say.

    Args:
        num_kept: Speakers in the labels.
        num_found: Speakers that the engine found before it heeded the hint.
        hint: Bounds on the number.

    >>> about_count(20, 34, SpeakerHint())
    'We found 34 speakers and kept 20, the most that we label unless you say how many there are. The others are mixed in with whoever sounds closest.'
    >>> about_count(3, 3, SpeakerHint())
    ''
    """
    if not num_kept:
        return "We found no speech in this recording."
    if num_kept < hint.minimum:
        return (
            f"You said there are at least {hint.minimum} speakers; we could only tell {num_kept} apart. "
            "Some may have said very little, or never alone."
        )
    if num_kept < num_found and num_kept == SpeakerHint().maximum == hint.maximum:
        return (
            f"We found {num_found} speakers and kept {num_kept}, the most that we label unless you say how many there are. "
            "The others are mixed in with whoever sounds closest."
        )
    if num_kept < num_found and num_kept < hint.maximum:
        return f"We found {num_found} voices and kept {num_kept}: what the others say is given to whoever sounds closest."
    if num_kept != num_found and hint != SpeakerHint():
        return f"We kept to the number of speakers you gave. Without it we would have found {num_found}."
    return ""


class Progress(Protocol):
    """Told how far a stage has come; raises `ClipCancelledError` when the learner has cancelled."""

    def __call__(self, stage: str, share: float) -> None:
        """Report that `share` (0 to 1) of `stage` is done."""


def no_progress(stage: str, share: float) -> None:
    """Ignore progress, for callers that do not watch."""


class DiarizationEngine(Protocol):
    """An engine labels a waveform; it raises `EngineUnavailableError` when it cannot start."""

    name: str

    def diarize(
        self,
        waveform: Waveform,
        uri: str,
        hint: SpeakerHint,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Labels:
        """Label the speakers.

        Args:
            waveform: (num_samples,) float32 at 16000 Hz.
            uri: Name of the recording, kept in the annotation.
            hint: Bounds on the number of speakers.
            progress: Told as windows are done; may raise to cancel.
        """
        ...
