"""The neural engine's pipeline: found on this machine or brought from the Hub, with each obstacle in plain words.

torch and pyannote.audio are imported here and nowhere else, and only when this engine is asked for.
"""

import importlib
import importlib.util
import re
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from diarize_worker.errors import EngineUnavailableError
from diarize_worker.hub import connection_errors
from diarize_worker.settings import silence_pyannote_telemetry

MODEL = "pyannote/speaker-diarization-community-1"
PAGE = f"https://huggingface.co/{MODEL}"
INSTALL_COMMAND = "pip install 'whospoke[neural]'"
#: What a part of a pipeline consists of: a network, or the two files of PLDA.
_PART_FILES = (frozenset({"pytorch_model.bin"}), frozenset({"xvec_transform.npz", "plda.npz"}))


def is_installed() -> bool:
    """Whether torch and pyannote.audio are both here; pyannote.metrics alone has the same first name."""
    try:
        return all(importlib.util.find_spec(name) is not None for name in ("torch", "pyannote.audio"))
    except ModuleNotFoundError:
        return False


def cached_folder() -> Path | None:
    """Return the pipeline's folder in the Hugging Face cache; with it there is no need to ask the Hub.

    None as well when a download broke off and left a part of it.
    """
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415

    found = try_to_load_from_cache(MODEL, "config.yaml")
    folder = Path(found).parent if isinstance(found, str) else None
    return folder if folder and is_whole(folder) else None


def is_whole(folder: Path) -> bool:
    """Whether a pipeline's folder has every part that its config.yaml names as its own."""
    try:
        config = (folder / "config.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    parts = set(re.findall(r"\$model/([\w-]+)", config))
    return all(any(_has(folder / part, files) for files in _PART_FILES) for part in parts)


def _has(folder: Path, files: frozenset[str]) -> bool:
    return all((folder / name).is_file() for name in files)


def import_pyannote() -> tuple[Any, Any]:
    """Return torch and pyannote's Pipeline class.

    Raises:
        EngineUnavailableError: They are installed, but do not fit each other.
    """
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


def from_pretrained(pipeline_class: Any, folder: Path | None, token: str | None) -> Any:
    """Load a pipeline from a folder, or from the Hub.

    Raises:
        EngineUnavailableError: It cannot be had; the message gives the reason and the fix.
    """
    from huggingface_hub import errors  # noqa: PLC0415

    try:
        pipeline = pipeline_class.from_pretrained(folder or MODEL, token=token)
    except MemoryError:
        raise
    except errors.GatedRepoError as error:
        raise EngineUnavailableError(
            f"The terms of {MODEL} have not been accepted with this token's account. Accept them at {PAGE}."
        ) from error
    except errors.HfHubHTTPError as error:
        raise EngineUnavailableError(refusal(error.response.status_code)) from error
    except connection_errors() as error:
        raise EngineUnavailableError(
            f"Hugging Face cannot be reached, and {MODEL} is not cached here. Check the network, or set "
            "WHOSPOKE_NEURAL_DIR to a folder with the pipeline."
        ) from error
    except Exception as error:  # whatever a damaged file or another version's makes the reader raise
        raise EngineUnavailableError(
            f"{folder or MODEL} holds no pipeline that can be read ({type(error).__name__}: {error}). Download it again."
        ) from error
    if pipeline is None:
        raise EngineUnavailableError(
            f"{MODEL} could not be loaded. Accept its terms at {PAGE} and set HF_TOKEN."
        )
    return pipeline


def refusal(status: int) -> str:
    """Return what an HTTP status of the Hub means for whoever runs this, and what to do."""
    if status in {401, 404}:  # the Hub says of what a token may not see that it is not there
        return "Hugging Face did not accept the token. Make a new one with read access and set HF_TOKEN."
    if status == 403:  # noqa: PLR2004 - HTTP's own number
        return (
            f"The token may not read {MODEL}. Accept its terms at {PAGE}, and give the token read access to "
            "gated repositories."
        )
    return f"Hugging Face answered {status} when asked for {MODEL}. Try again later."
