"""Which engine labels, and why not the other one."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from diarize_worker.engines.protocol import DiarizationEngine, Labels, SpeakerHint, Waveform, no_progress
from diarize_worker.errors import ClipCancelledError, WorkerError
from diarize_worker.settings import EngineChoice, Settings
from storage.errors import StorageError

logger = logging.getLogger(__name__)


def engine_maker(
    settings: Settings, name: EngineChoice | None = None
) -> Callable[[], tuple[DiarizationEngine, tuple[str, ...]]]:
    """Return what builds the engine that the settings, or the person at the command line, ask for."""
    token = settings.hf_token.get_secret_value() if settings.hf_token else None
    return partial(
        choose_engine,
        name or settings.engine,
        settings.cache_dir,
        neural_dir=settings.neural_dir,
        hf_token=token,
    )


def choose_engine(
    name: Literal["auto", "embedded", "neural"],
    cache_dir: Path,
    *,
    threads: int = 2,
    neural_dir: Path | None = None,
    hf_token: str | None = None,
) -> tuple[DiarizationEngine, tuple[str, ...]]:
    """Return an engine that is ready, and plain sentences on any fallback with its fix.

    Args:
        name: auto takes the neural engine when a folder or a token was given for it, else the embedded one;
            neural tells why when it cannot start, and takes the embedded one then.
        cache_dir: Where `models pull` wrote the weights of the embedded engine.
        threads: How many threads the embedded engine may use.
        neural_dir: A folder with a pyannote pipeline.
        hf_token: Hugging Face token for the neural engine's weights.

    Raises:
        EngineUnavailableError: No engine can start; the message names the command that helps.
    """

    def embedded() -> DiarizationEngine:
        # onnxruntime takes a while to import, and many commands need no engine
        from diarize_worker.engines.embedded import EmbeddedEngine  # noqa: PLC0415

        return EmbeddedEngine.load(cache_dir, threads)

    def neural() -> DiarizationEngine:
        from diarize_worker.engines.neural import NeuralEngine  # noqa: PLC0415

        return NeuralEngine.load(neural_dir, hf_token)

    if name == "embedded" or (name == "auto" and neural_dir is None and not hf_token):
        return embedded(), ()
    return first_that_starts(neural, embedded)


def first_that_starts(
    first: Callable[[], DiarizationEngine], second: Callable[[], DiarizationEngine]
) -> tuple[DiarizationEngine, tuple[str, ...]]:
    """Return the first engine, which hands over to the second if need be, or the second and the reason."""
    try:
        return FallbackEngine(first(), second), ()
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting, recordings are still labelled
        reason = _handed_over(error, "did not start")
    return second(), (reason,)


class FallbackEngine:
    """An engine that lets another do the work when it cannot, such as when memory runs out."""

    def __init__(self, engine: DiarizationEngine, make_other: Callable[[], DiarizationEngine]) -> None:
        """Take an engine that is ready, and how to make the one to turn to."""
        self._engine = engine
        self._make_other = make_other
        self.name = engine.name

    def diarize(
        self,
        waveform: Waveform,
        uri: str,
        hint: SpeakerHint,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Labels:
        """Label the speakers; see `DiarizationEngine.diarize`."""
        try:
            return self._engine.diarize(waveform, uri, hint, progress)
        except (ClipCancelledError, StorageError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the recording is still labelled
            reason = _handed_over(error, "failed on this recording")
        # Here the error is gone, and with it what its traceback held: the other may have that memory.
        labels = self._make_other().diarize(waveform, uri, hint, progress)
        return replace(labels, notes=(reason, *labels.notes))


def _handed_over(error: Exception, what: str) -> str:
    """Return the reason for people; an error that was not written for them is named and logged."""
    if isinstance(error, WorkerError):
        said = str(error)
    else:
        # Not its message: that may quote the name of a recording.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        logger.warning("the neural engine %s: %s at %s", what, type(error).__name__, place)
        said = (
            f"The neural engine {what} ({type(error).__name__}); whoever runs this app finds more in the log."
        )
    return f"{said} The embedded engine was used instead."
