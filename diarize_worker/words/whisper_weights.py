"""Where Whisper's weights are, found out at once: a missing network must not cost half a minute of retries."""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diarize_worker.engines.protocol import no_progress
from diarize_worker.words.protocol import WordsUnavailableError

HUB_TIMEOUT_S = 3.0
PULL_COMMAND = "python -m diarize_worker models pull --whisper"
FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")


@dataclass(frozen=True, slots=True)
class WhisperWeights:
    """Which weights to use."""

    #: A faster-whisper size, a hub repository or a folder.
    model: str
    #: Folder of the weights; None when they are not here yet.
    path: Path | None


def locate(model: str) -> WhisperWeights:
    """Say where the weights of a model are on this machine, without asking the network."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - a third of a second to import

    folder = Path(model).expanduser()
    if (folder / "model.bin").is_file():
        return WhisperWeights(model, folder)
    try:
        found = snapshot_download(repository(model), local_files_only=True, allow_patterns=list(FILES))
    except (OSError, ValueError):
        return WhisperWeights(model, None)
    path = Path(found)
    return WhisperWeights(model, path if (path / "model.bin").is_file() else None)


def repository(model: str) -> str:
    """Return the hub repository of a size such as "small".

    Raises:
        WordsUnavailableError: There is no such size.
    """
    from faster_whisper.utils import _MODELS  # noqa: PLC0415

    if "/" in model:
        return model
    if model not in _MODELS:
        raise WordsUnavailableError(
            f"WHOSPOKE_WHISPER is {model!r}, which is no Whisper model. Choose one of {', '.join(sorted(_MODELS))}, "
            "a hub repository (owner/name) or a folder with model.bin."
        )
    return str(_MODELS[model])


def hub_answers(model: str, timeout_s: float = HUB_TIMEOUT_S) -> bool:
    """Whether a hub has this model, asked once and for at most three seconds."""
    from huggingface_hub import constants  # noqa: PLC0415

    if constants.HF_HUB_OFFLINE:
        return False
    url = f"{constants.ENDPOINT}/api/models/{repository(model)}"
    answers: list[bool] = []

    def ask() -> None:
        request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - https or the operator's own mirror
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as reply:  # noqa: S310
                answers.append(reply.status == 200)  # noqa: PLR2004
        except (OSError, ValueError, urllib.error.URLError):
            answers.append(False)

    # A thread, because looking up a name has no timeout of its own.
    thread = threading.Thread(target=ask, name="ask-hub", daemon=True)
    thread.start()
    thread.join(timeout_s)
    return bool(answers and answers[0])


def fetch(model: str, progress: Callable[[str, float], None] = no_progress) -> Path:
    """Bring the weights from the hub into its cache.

    Raises:
        WordsUnavailableError: No hub answers, or the download broke off.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from tqdm.auto import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415

    if not hub_answers(model):
        raise WordsUnavailableError(
            f"The Whisper weights ({model}) are not on this machine and no model hub answered within three seconds. "
            f"Where there is a network, run `{PULL_COMMAND}`, or set WHOSPOKE_WHISPER to a folder with model.bin."
        )

    class Bar(tqdm):  # type: ignore[misc]
        def update(self, n: float | None = 1) -> Any:
            shown = super().update(n)
            if self.total and self.unit == "B":
                progress("fetch words", min(1.0, self.n / self.total))
            return shown

        def display(self, msg: str | None = None, pos: int | None = None) -> None:
            """Stay quiet; progress is shown by whoever asked."""

    try:
        return Path(snapshot_download(repository(model), allow_patterns=list(FILES), tqdm_class=Bar))
    except OSError as error:
        raise WordsUnavailableError(
            f"The download of the Whisper weights ({model}) broke off. Run `{PULL_COMMAND}` again; it goes on where it stopped."
        ) from error
