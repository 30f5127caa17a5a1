"""The neural engine on a real GPU, with tiny random weights; needs torch and pyannote.audio as well."""

import importlib

import numpy as np
import pytest

from diarize_worker.engines.choose import first_that_starts
from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.neural import NeuralEngine
from diarize_worker.engines.neural_pipeline import is_installed
from diarize_worker.engines.protocol import SpeakerHint
from tests.engine_parts import hum, toy_encoder, toy_segmentation
from tests.neural_parts import make_random_pipeline

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not is_installed(), reason="needs torch and pyannote.audio"),
    pytest.mark.skipif(
        not is_installed() or not importlib.import_module("torch").cuda.is_available(),
        reason="needs a CUDA device",
    ),
]

SOUND = np.random.default_rng(0).normal(0, 0.1, 20 * 16_000).astype(np.float32)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> NeuralEngine:
    return NeuralEngine.load(make_random_pipeline(tmp_path_factory.mktemp("pipeline")), token=None)


def test_it_works_on_the_gpu_and_leaves_its_memory_to_the_words(engine: NeuralEngine):
    torch = engine._torch
    assert engine._pipeline.device.type == "cuda"
    torch.cuda.reset_peak_memory_stats()
    labels = engine.diarize(SOUND, "clip", SpeakerHint())
    peak_mb, kept_mb = torch.cuda.max_memory_allocated() / 2**20, torch.cuda.memory_reserved() / 2**20
    print(f"peak {peak_mb:.0f} MB, kept {kept_mb:.0f} MB")
    assert labels.annotation.turns
    assert kept_mb < peak_mb


def test_a_full_gpu_hands_the_recording_over(engine: NeuralEngine):
    torch = engine._torch
    chosen, notes = first_that_starts(lambda: engine, lambda: EmbeddedEngine(toy_segmentation, toy_encoder))
    assert notes == ()
    held = []
    for size in (2**30, 2**26, 2**22, 2**20):
        while True:
            try:
                held.append(torch.empty(size, dtype=torch.uint8, device="cuda"))
            except torch.cuda.OutOfMemoryError:
                break
    labels = chosen.diarize(hum((0, 6, 0), duration_s=20), "clip", SpeakerHint())
    assert labels.engine == "embedded"
    assert labels.notes[0].startswith("The neural engine ran out of memory")
    del held
    torch.cuda.empty_cache()
    assert chosen.diarize(SOUND, "clip", SpeakerHint()).engine == "neural"
