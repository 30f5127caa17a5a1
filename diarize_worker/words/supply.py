"""The words engine of a worker: its weights come in the background, and it is kept between clips."""

import threading
from collections.abc import Callable
from pathlib import Path

from diarize_worker.engines.protocol import no_progress
from diarize_worker.errors import WorkerError
from diarize_worker.words.choice import choose_words_engine, default_model
from diarize_worker.words.gpu import has_cuda
from diarize_worker.words.protocol import WordsEngine
from diarize_worker.words.whisper_weights import fetch, locate

_LOOK_S = 0.2

Fetch = Callable[[str, Callable[[str, float], None]], Path]


class WordsSupply:
    """Brings the words engine to whoever asks; labels never wait for it.

    Args:
        model: Whisper size, repository or folder; None for what suits the hardware.
        is_here: Whether the weights are on this machine.
        fetch_weights: Brings them.
        choose: Builds the best engine that needs no network.
    """

    def __init__(
        self,
        model: str | None,
        is_here: Callable[[str], bool] = lambda model: locate(model).path is not None,
        fetch_weights: Fetch = fetch,
        choose: Callable[..., WordsEngine | None] = choose_words_engine,
    ) -> None:
        self._wanted, self._is_here, self._fetch, self._choose = model, is_here, fetch_weights, choose
        self._thread: threading.Thread | None = None
        self._share = 0.0
        self._engine: WordsEngine | None = None

    def begin(self) -> None:
        """Begin to fetch the weights if they are not here; what fails is tried again at the next clip."""
        if self._engine is not None or self._is_fetching:
            return
        try:
            # Not in the thread: it imports what speech detection imports as well, and two at once would clash.
            model = self._wanted or default_model(on_gpu=has_cuda())
            if self._is_here(model):
                return
        except WorkerError:
            return  # whoever asks for the engine is told
        self._share = 0.0
        self._thread = threading.Thread(target=self._bring, args=(model,), name="fetch-words", daemon=True)
        self._thread.start()

    def __call__(self, progress: Callable[[str, float], None] = no_progress) -> WordsEngine | None:
        """Return the engine, after weights that are on their way have come.

        Raises:
            WordsUnavailableError: Nothing can write down words here.
        """
        while self._thread is not None and self._is_fetching:
            progress("fetch words", self._share)  # also while nothing comes: a cancel is heard here
            self._thread.join(_LOOK_S)
        if self._engine is not None:
            return self._engine
        engine = self._choose("auto", self._wanted, progress, may_fetch=False)
        if engine is not None and not engine.is_draft:  # a better one may come by the next clip
            self._engine = engine
        return engine

    @property
    def _is_fetching(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _bring(self, model: str) -> None:
        def note(_stage: str, share: float) -> None:
            self._share = share

        try:
            self._fetch(model, note)
        except (WorkerError, OSError):
            return  # whoever asks for the engine is told what there is
