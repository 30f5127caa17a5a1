"""Which words engine this machine can use, and why not a better one."""

from collections.abc import Callable
from typing import Literal

from diarize_worker.engines.protocol import no_progress
from diarize_worker.words.gpu import has_cuda
from diarize_worker.words.protocol import WordsEngine, WordsUnavailableError
from diarize_worker.words.sphinx import SphinxWords, is_installed
from diarize_worker.words.whisper import WhisperWords
from diarize_worker.words.whisper_weights import PULL_COMMAND, fetch, locate

WordsChoice = Literal["auto", "none", "whisper", "pocketsphinx"]

NO_WORDS = (
    f"No words engine is ready, so there are labels without words. Run `{PULL_COMMAND}` where there is a network, "
    "or `pip install 'whospoke[offline]'` for a rough draft."
)


def default_model(*, on_gpu: bool) -> str:
    """Return the Whisper model that suits the hardware."""
    return "large-v3-turbo" if on_gpu else "small"


def choose_words_engine(
    choice: WordsChoice,
    model: str | None = None,
    progress: Callable[[str, float], None] = no_progress,
    *,
    may_fetch: bool = True,
) -> WordsEngine | None:
    """Return the engine to use; None when the choice is none.

    Args:
        choice: auto takes Whisper when its weights are here or a hub answers within three seconds, else pocketsphinx.
        model: Whisper size, repository or folder; None for what suits the hardware.
        progress: Told as weights come in; may raise to cancel.
        may_fetch: False to use only what is on this machine.

    Raises:
        WordsUnavailableError: Nothing can write down words here; the message has the command that helps.
    """
    if choice == "none":
        return None
    if choice in {"auto", "whisper"}:
        on_gpu = has_cuda()
        model = model or default_model(on_gpu=on_gpu)
        path = locate(model).path
        try:
            if path is None and may_fetch:
                path = fetch(model, progress)
        except WordsUnavailableError:
            if choice == "whisper":
                raise
        if path is not None:
            return WhisperWords(path, model, on_gpu=on_gpu)
        if choice == "whisper":
            raise WordsUnavailableError(
                f"The Whisper weights ({model}) are not on this machine. Run `{PULL_COMMAND}`."
            )
    if is_installed():
        return SphinxWords()
    raise WordsUnavailableError(NO_WORDS)
