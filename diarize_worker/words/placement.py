"""Where a words model is loaded: on the GPU while it can hold it, else a step lower, at last on the CPU."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diarize_worker.waiting import wait_for
from diarize_worker.words.gpu import CUBLAS, CUBLAS_COMMAND, make_cublas_known
from diarize_worker.words.protocol import WordsUnavailableError

#: Chunks at once, to begin with; halved each time memory runs out. On the CPU a cancel waits for them, so few.
GPU_BATCH, CPU_BATCH = 16, 2
#: In which numbers a GPU may count: the second takes half the memory, the third is for GPUs without float16.
GPU_TYPES = ("float16", "int8_float16", "int8_float32")
CPU_TYPE = "int8"
_SMALLER = frozenset({"int8_float16", CPU_TYPE})

#: What CTranslate2, and whatever stands in for it, may raise.
Fault = RuntimeError | ValueError | MemoryError
FAULTS = (RuntimeError, ValueError, MemoryError)

Loader = Callable[[Path, str, str], Any]
_MEMORY_SIGNS = ("out of memory", "alloc")


def load_model(path: Path, device: str, compute_type: str) -> Any:
    """Load the weights with faster-whisper."""
    from faster_whisper import WhisperModel  # noqa: PLC0415 - half a second to import

    if device == "cuda":
        make_cublas_known()
    return WhisperModel(str(path), device=device, compute_type=compute_type, local_files_only=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Device and numbers of one load of the weights."""

    device: str
    compute_type: str


class Placement:
    """Keeps the model loaded between clips, in the best place that works.

    Args:
        path: Folder with the weights.
        on_gpu: Whether the GPU is tried at all.
        load: Loads the weights from a folder, onto a device, with a compute type.
    """

    def __init__(self, path: Path, *, on_gpu: bool, load: Loader = load_model) -> None:
        gpu = [Place("cuda", compute_type) for compute_type in GPU_TYPES] if on_gpu else []
        self._path, self._load = path, load
        self._places = [*gpu, Place("cpu", CPU_TYPE)]
        self._held: tuple[Place, Any] | None = None
        self.begin()

    def begin(self) -> None:
        """Start a clip in the best place again: what was in the way of the last one may have gone."""
        self._left = list(self._places)
        self.batch = self._first_batch()
        #: Why the GPU was left, in words for the learner; empty while it was not.
        self.notes: list[str] = []

    def model(self, tick: Callable[[], None]) -> Any:
        """Return the model, loading it if it is not there.

        Args:
            tick: Called while it loads; may raise to cancel.
        """
        place = self._left[0]
        if self._held is None or self._held[0] != place:
            self._held = None  # two at once might not fit
            loaded = wait_for(lambda: self._load(self._path, place.device, place.compute_type), tick)
            self._held = place, loaded
        return self._held[1]

    def step_down(self, fault: Fault) -> None:
        """After a fault, take smaller batches, other numbers or the CPU.

        Raises:
            WordsUnavailableError: The weights cannot be loaded on the CPU either.
            Fault: There is no lower place, or memory is not the matter on the CPU.
        """
        place, was_loaded = self._left[0], self._held is not None
        is_memory = isinstance(fault, MemoryError) or any(
            sign in str(fault).lower() for sign in _MEMORY_SIGNS
        )
        if was_loaded and is_memory and self.batch > 1:
            self.batch //= 2
            return
        if place.device == "cpu":
            if was_loaded:
                raise fault
            raise WordsUnavailableError(
                f"The Whisper weights in {self._path} could not be loaded ({fault}). Remove that folder and "
                "run `python -m diarize_worker models pull --whisper` again."
            ) from fault
        lower = self._left[1:]
        if is_memory:
            self._left = [other for other in lower if other.compute_type in _SMALLER]
        else:  # other numbers help a GPU that does not know these; nothing else would become better
            self._left = lower if isinstance(fault, ValueError) and not was_loaded else lower[-1:]
        self._held, self.batch = None, self._first_batch()
        if self._left[0].device == "cpu":
            self.notes = [_reason(fault, is_memory=is_memory)]

    def _first_batch(self) -> int:
        return GPU_BATCH if self._left[0].device == "cuda" else CPU_BATCH


def _reason(fault: Fault, *, is_memory: bool) -> str:
    slower = "so the CPU wrote the words down, which is slower."
    if is_memory:
        return f"The GPU could not hold the words model, {slower}"
    if CUBLAS in str(fault):
        return f"The GPU lacks the library {CUBLAS} ({CUBLAS_COMMAND} brings it), {slower}"
    return f"The GPU could not be used for words ({str(fault)[:120]}), {slower}"
