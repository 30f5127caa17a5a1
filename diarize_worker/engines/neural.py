"""The neural engine: pyannote.audio's community-1 pipeline, on a GPU when there is one.

torch and pyannote.audio are imported here and nowhere else, and only when this engine is asked for.
"""

import importlib
import importlib.util
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from annotation.model import Annotation, Turn
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Labels, SpeakerHint, Waveform, no_progress
from diarize_worker.errors import EngineUnavailableError
from diarize_worker.settings import silence_pyannote_telemetry

MODEL = "pyannote/speaker-diarization-community-1"
_PAGE = f"https://huggingface.co/{MODEL}"
#: Below this there is nothing a pipeline could frame.
_SHORTEST_S = 0.1


class NeuralEngine:
    """Labels speakers with a pyannote pipeline; see `DiarizationEngine`."""

    name = "neural"

    def __init__(self, pipeline: Any, torch: Any) -> None:
        """Take a pipeline that is loaded; see `load`."""
        self._pipeline = pipeline
        self._torch = torch

    @classmethod
    def load(cls, folder: Path | None, token: str | None) -> Self:
        """Load the pipeline from a folder, from the Hugging Face cache, or from the Hub.

        Raises:
            EngineUnavailableError: It cannot be had; the message gives the reason and the fix.
        """
        if importlib.util.find_spec("torch") is None or importlib.util.find_spec("pyannote") is None:
            raise EngineUnavailableError(
                "The neural engine is not installed. Run `pip install 'whospoke[neural]'`."
            )
        folder = folder or _cached_folder()
        if folder is None and not token:
            raise EngineUnavailableError(
                f"The neural engine needs a Hugging Face token. Accept the terms at {_PAGE}, make a token with "
                "read access, and set HF_TOKEN; or set WHOSPOKE_NEURAL_DIR to a folder with the pipeline."
            )
        torch, pipeline_class = _import_pyannote()
        pipeline = _from_pretrained(pipeline_class, folder, token)
        with _out_of_memory_told(torch):
            if torch.cuda.is_available():
                pipeline.to(torch.device("cuda"))
        return cls(pipeline, torch)

    def diarize(
        self,
        waveform: Waveform,
        uri: str,
        hint: SpeakerHint,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Labels:
        """Label the speakers; see `DiarizationEngine.diarize`."""
        duration_s = len(waveform) / SAMPLE_RATE_HZ
        nobody = Annotation.of(uri, ())
        if duration_s < _SHORTEST_S or not waveform.any():
            return Labels(nobody, nobody, self.name, duration_s, ("We found no speech in this recording.",))
        told: dict[str, float] = {}

        def hook(step: str, *_artefact: Any, **counts: Any) -> None:
            total, completed = counts.get("total"), counts.get("completed")
            share = min(1.0, completed / total) if total and completed is not None else 1.0
            told[step] = max(share, told.get(step, 0.0))
            progress(step, told[step])

        with _out_of_memory_told(self._torch):
            sound = self._torch.tensor(waveform)[None]  # (1, num_samples)
            output = self._pipeline(
                {"waveform": sound, "sample_rate": SAMPLE_RATE_HZ, "uri": uri},
                min_speakers=hint.minimum,
                max_speakers=hint.maximum,
                hook=hook,
            )
        for step in told:
            progress(step, 1.0)
        turns = list(_turns(output.speaker_diarization, duration_s))
        names = dict.fromkeys(turn.speaker for turn in sorted(turns))
        numbered = {name: f"SPEAKER_{number:02d}" for number, name in enumerate(names)}
        exclusive = Annotation.of(uri, _turns(output.exclusive_speaker_diarization, duration_s))
        return Labels(
            Annotation.of(uri, turns).relabelled(numbered),
            exclusive.relabelled(numbered),
            self.name,
            duration_s,
        )


def _turns(found: Any, duration_s: float) -> Iterator[Turn]:
    for segment, _track, speaker in found.itertracks(yield_label=True):
        yield Turn(round(max(0.0, segment.start), 3), round(min(duration_s, segment.end), 3), str(speaker))


def _cached_folder() -> Path | None:
    """Return the pipeline's folder in the Hugging Face cache; with it there is no need to ask the Hub."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415

    found = try_to_load_from_cache(MODEL, "config.yaml")
    return Path(found).parent if isinstance(found, str) else None


def _import_pyannote() -> tuple[Any, Any]:
    silence_pyannote_telemetry()
    _mend_torchaudio()
    with warnings.catch_warnings():
        # it warns that it cannot decode files; we hand it samples
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module("torch"), importlib.import_module("pyannote.audio").Pipeline
        except (ImportError, OSError) as error:
            raise EngineUnavailableError(
                f"pyannote.audio is installed, but does not start ({error}). "
                "Run `pip install --force-reinstall 'whospoke[neural]'`."
            ) from error


def _mend_torchaudio() -> None:
    """Let torchaudio be imported next to a torch for the CPU.

    The build on PyPI links CUDA libraries and fails without them, though nothing pyannote uses is in them. We
    stand in for its extension module; a later torchaudio may name other things, so its version is pinned.
    """
    try:
        importlib.import_module("torchaudio")
    except (ImportError, OSError):
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
            del sys.modules[name]
        extension: Any = types.ModuleType("torchaudio._extension")
        extension._IS_TORCHAUDIO_EXT_AVAILABLE = False  # noqa: SLF001
        extension._IS_ALIGN_AVAILABLE = False  # noqa: SLF001
        extension._check_cuda_version = lambda: None  # noqa: SLF001
        extension.fail_if_no_align = lambda function: function
        sys.modules["torchaudio._extension"] = extension


def _from_pretrained(pipeline_class: Any, folder: Path | None, token: str | None) -> Any:
    from huggingface_hub import errors  # noqa: PLC0415

    try:
        pipeline = pipeline_class.from_pretrained(folder or MODEL, token=token)
    except errors.GatedRepoError as error:
        raise EngineUnavailableError(
            f"The terms of {MODEL} have not been accepted with this token's account. Accept them at {_PAGE}."
        ) from error
    except errors.HfHubHTTPError as error:
        raise EngineUnavailableError(
            "Hugging Face did not accept the token. Make a new one with read access and set HF_TOKEN."
        ) from error
    except (errors.LocalEntryNotFoundError, ConnectionError, TimeoutError) as error:
        raise EngineUnavailableError(
            f"Hugging Face cannot be reached, and {MODEL} is not cached here. Check the network, or set "
            "WHOSPOKE_NEURAL_DIR to a folder with the pipeline."
        ) from error
    except OSError as error:
        raise EngineUnavailableError(
            f"{folder or MODEL} holds no pipeline that can be read ({error}). Download it again."
        ) from error
    if pipeline is None:
        raise EngineUnavailableError(
            f"{MODEL} could not be loaded. Accept its terms at {_PAGE} and set HF_TOKEN."
        )
    return pipeline


@contextmanager
def _out_of_memory_told(torch: Any) -> Iterator[None]:
    """Turn running out of memory into an `EngineUnavailableError`."""
    try:
        yield
    except (MemoryError, torch.cuda.OutOfMemoryError) as error:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise EngineUnavailableError(
            "The neural engine ran out of memory on this recording. Send a shorter one, free memory on the GPU, "
            "or set WHOSPOKE_ENGINE=embedded."
        ) from error
