"""Words on a real GPU: tiny random weights through the real loading, batching and falling back.

Runs where there is a CUDA device: `pytest -m gpu tests/gpu`. What the weights write down means nothing.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotation.model import Segment
from diarize_worker.words.gpu import CUBLAS, gpu_fault, has_cuda, make_cublas_known
from diarize_worker.words.protocol import WordsRequest
from diarize_worker.words.whisper import WhisperWords
from tests.engine_parts import hum
from tests.tiny_whisper import make_tiny_whisper

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not has_cuda(), reason="needs a CUDA device")]

ROOT = Path(__file__).parents[2]
SOUND = hum((0, 40, 0), (45, 100, 1), duration_s=101)
SPEECH = [Segment(0, 40), Segment(45, 100)]
WITHOUT_CUBLAS = """
import sys
from diarize_worker.words import placement
from tests.gpu.test_words_on_gpu import written

placement.make_cublas_known = lambda: False  # as where NVIDIA's wheel is not installed
print(written(sys.argv[1]).notes)
"""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_whisper(tmp_path_factory.mktemp("weights") / "tiny")


@pytest.fixture
def cublas() -> None:
    if not make_cublas_known():
        pytest.fail(f"{CUBLAS} is not here: see docs/deploy.md")


def written(weights, language: str | None = None):
    transcript = WhisperWords(Path(weights), "tiny", on_gpu=True).transcribe(
        SOUND, SPEECH, WordsRequest(language)
    )
    assert transcript.words
    assert len(transcript.language) == 2
    return transcript


@pytest.mark.usefixtures("cublas")
def test_a_tiny_load_runs():
    assert gpu_fault() is None


@pytest.mark.usefixtures("cublas")
def test_the_gpu_writes_words_and_is_kept_for_the_next_clip(weights: Path):
    engine = WhisperWords(weights, "tiny", on_gpu=True)
    for language in (None, "en"):
        transcript = engine.transcribe(SOUND, SPEECH, WordsRequest(language))
        assert transcript.words
        assert not [note for note in transcript.notes if "CPU" in note]
        place, model = engine._placement._held
        assert (place.device, model.model.device) == ("cuda", "cuda")
        assert (place.compute_type, model.model.compute_type) == ("float16", "float16")


@pytest.mark.usefixtures("cublas")
def test_memory_that_others_hold_costs_no_words(weights: Path):
    """Nearly all of the GPU's memory is taken: smaller batches, smaller weights or the CPU do it."""
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("torch sees no GPU to fill")
    torch.cuda.init()
    held = []
    for size in (2**30, 2**26, 2**22):
        while torch.cuda.mem_get_info()[0] > size + 2**23:
            try:
                held.append(torch.empty(size, dtype=torch.uint8, device="cuda"))
            except torch.cuda.OutOfMemoryError:
                break
    free_mb = torch.cuda.mem_get_info()[0] / 2**20
    engine = WhisperWords(weights, "tiny", on_gpu=True)
    transcript = engine.transcribe(SOUND, SPEECH, WordsRequest("en"))
    print(
        f"{free_mb:.0f} MB were free; {engine._placement._held[0]}, batch {engine._placement.batch}, {transcript.notes}"
    )
    assert transcript.words
    del held
    torch.cuda.empty_cache()
    again = engine.transcribe(SOUND, SPEECH, WordsRequest("en"))
    assert engine._placement._held[0].device == "cuda", "and the next clip has the GPU again"
    assert not [note for note in again.notes if "CPU" in note]


def test_without_cublas_the_cpu_writes_the_words_and_says_why(weights: Path):
    kept = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_CUBLAS, str(weights)],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    if CUBLAS not in ran.stdout:
        pytest.skip(f"{CUBLAS} was found all the same: by the system's loader, or opened by torch")
    assert "pip install" in ran.stdout
    assert "the CPU wrote the words down" in ran.stdout
