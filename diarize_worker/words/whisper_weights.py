"""Where Whisper's weights are, found out at once: a missing network must not cost half a minute of retries."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diarize_worker.engines.protocol import no_progress
from diarize_worker.hub import HUB_TIMEOUT_S, connection_errors, hub_status, is_there
from diarize_worker.words.protocol import WordsUnavailableError

PULL_COMMAND = "python -m diarize_worker models pull --whisper"
#: What a download counts for; before it, small files alone would look like the whole.
LARGE_BYTES = 10_000_000
FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")


@dataclass(frozen=True, slots=True)
class PinnedWeights:
    """Weights as we know them: one commit of a hub repository, and the SHA-256 of its model.bin."""

    revision: str
    sha256: str


#: The models that are taken when nobody says which; any other is taken as its repository has it that day.
PINNED = {
    "Systran/faster-whisper-small": PinnedWeights(
        "536b0662742c02347bc0e980a01041f333bce120",
        "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671",
    ),
    "mobiuslabsgmbh/faster-whisper-large-v3-turbo": PinnedWeights(
        "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
        "e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da",
    ),
}


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
    name = repository(model)
    pinned = PINNED.get(name)
    for revision in (
        pinned.revision if pinned else None,
        None,
    ):  # ours first, then whatever was fetched earlier
        try:
            found = snapshot_download(
                name, revision=revision, local_files_only=True, allow_patterns=list(FILES)
            )
        except (OSError, ValueError):
            continue
        if (Path(found) / "model.bin").is_file():
            return WhisperWeights(model, Path(found))
    return WhisperWeights(model, None)


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
    return is_there(hub_status(f"api/models/{repository(model)}", timeout_s=timeout_s))


def fetch(model: str, progress: Callable[[str, float], None] = no_progress) -> Path:
    """Bring the weights from the hub into its cache.

    Raises:
        WordsUnavailableError: No hub answers, or the download broke off.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    if not hub_answers(model):
        raise WordsUnavailableError(
            f"The Whisper weights ({model}) are not on this machine and no model hub answered within three seconds. "
            f"Where there is a network, run `{PULL_COMMAND}`, or set WHOSPOKE_WHISPER to a folder with model.bin."
        )
    name = repository(model)
    pinned = PINNED.get(name)
    broken: tuple[type[Exception], ...] = (OSError, RuntimeError, *connection_errors())
    try:
        found = snapshot_download(
            name,
            revision=pinned.revision if pinned else None,
            allow_patterns=list(FILES),
            tqdm_class=_told_to(progress),
        )
    except broken as error:
        raise WordsUnavailableError(
            f"The download of the Whisper weights ({model}) broke off. Run `{PULL_COMMAND}` again; it goes on where it stopped."
        ) from error
    if pinned:
        _check(Path(found) / "model.bin", pinned)
    return Path(found)


def _told_to(progress: Callable[[str, float], None]) -> Any:
    """Return the hub's progress bar that draws nothing and tells the share instead, on a terminal or not."""
    from tqdm.auto import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415

    shares = [0.0]

    class Bar(tqdm):  # type: ignore[misc]
        def update(self, n: float | None = 1) -> Any:
            shown = super().update(n)
            if self.unit == "B" and (self.total or 0) > LARGE_BYTES:
                # The hub counts bytes that came and bytes that were written in two bars: the further one is told.
                shares[0] = max(shares[0], min(1.0, self.n / self.total))
                progress("fetch words", shares[0])
            return shown

        def display(self, msg: str | None = None, pos: int | None = None) -> None:
            """Stay quiet; progress is shown by whoever asked."""

    return Bar


def _check(weights: Path, pinned: PinnedWeights) -> None:
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found == pinned.sha256:
        return
    weights.resolve().unlink()  # the blob; without it the next look finds no weights
    weights.unlink(missing_ok=True)
    raise WordsUnavailableError(
        f"The Whisper weights that came are not the ones we know (SHA-256 {found}, expected {pinned.sha256}); they "
        f"were removed unopened. Run `{PULL_COMMAND}` again; if it stays, the hub or its mirror has other files."
    )
