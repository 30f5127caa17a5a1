"""The neural engine on a real pyannote pipeline with tiny random weights: its labels mean nothing, its ways do.

Runs in an environment with pyannote.audio 4.0.7 and torch: `pytest tests/neural -m neural`.
"""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from diarize_worker.engines.choose import choose_engine
from diarize_worker.engines.neural import NeuralEngine, _import_pyannote
from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.errors import ClipCancelledError, EngineUnavailableError

pytestmark = [
    pytest.mark.neural,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch and pyannote.audio"),
]

SOUND = np.random.default_rng(0).normal(0, 0.1, 6 * 16_000).astype(np.float32)
PLDA_SIZE = 128


def save(model, folder: Path) -> None:
    import lightning
    import torch

    folder.mkdir(parents=True)
    model.build()
    checkpoint = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": lightning.__version__,
        **dict.fromkeys(("epoch", "global_step"), 0),
        **{key: {} for key in ("loops", "callbacks")},
        **{key: [] for key in ("optimizer_states", "lr_schedulers")},
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "pytorch_model.bin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline of the same make as community-1, two hundred times smaller and untrained."""
    torch, _ = _import_pyannote()
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import WeSpeakerResNet34
    from pyannote.audio.models.segmentation import PyanNet

    torch.manual_seed(0)
    target = tmp_path_factory.mktemp("pipeline")
    segmentation = PyanNet(
        sincnet={"stride": 10},
        lstm={"hidden_size": 8, "num_layers": 1, "bidirectional": True, "monolithic": True, "dropout": 0.0},
        linear={"hidden_size": 8, "num_layers": 1},
    )
    segmentation.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=10.0,
        min_duration=None,
        warm_up=(0.0, 0.0),
        classes=["speaker#1", "speaker#2", "speaker#3"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    save(segmentation, target / "segmentation")
    embedding = WeSpeakerResNet34()
    embedding.specifications = Specifications(
        problem=Problem.REPRESENTATION,
        resolution=Resolution.CHUNK,
        duration=2.0,
        min_duration=None,
        warm_up=(0.0, 0.0),
    )
    save(embedding, target / "embedding")
    size = embedding.dimension
    (target / "plda").mkdir()
    lda = np.linalg.qr(np.random.default_rng(0).normal(size=(size, PLDA_SIZE)))[0]
    np.savez(target / "plda" / "xvec_transform.npz", mean1=np.zeros(size), mean2=np.zeros(PLDA_SIZE), lda=lda)
    psi = np.linspace(5, 0.5, PLDA_SIZE)
    np.savez(target / "plda" / "plda.npz", mu=np.zeros(PLDA_SIZE), tr=np.eye(PLDA_SIZE), psi=psi)
    parts = {part: f"$model/{part}" for part in ("segmentation", "embedding", "plda")}
    batches = {"segmentation_batch_size": 8, "embedding_batch_size": 8, "embedding_exclude_overlap": True}
    config = {
        "dependencies": {"pyannote.audio": "4.0.0"},
        "pipeline": {
            "name": "pyannote.audio.pipelines.SpeakerDiarization",
            "params": {"clustering": "VBxClustering", **parts, **batches},
        },
        "params": {
            "clustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8},
            "segmentation": {"min_duration_off": 0.0},
        },
    }
    # JSON is YAML, too
    (target / "config.yaml").write_text(json.dumps(config))
    return target


@pytest.fixture(scope="module")
def engine(folder: Path) -> NeuralEngine:
    return NeuralEngine.load(folder, token=None)


def test_it_loads_and_labels(engine: NeuralEngine) -> None:
    labels = engine.diarize(SOUND, "clip", SpeakerHint())
    assert labels.engine == "neural"
    assert labels.duration_s == 6.0
    assert labels.annotation.uri == labels.exclusive.uri == "clip"
    assert not labels.exclusive.overlaps()
    assert set(labels.exclusive.speakers) <= set(labels.annotation.speakers)
    assert all(0 <= turn.start_s < turn.end_s <= 6 for turn in labels.annotation.turns)
    assert list(labels.annotation.speakers) == [
        f"SPEAKER_{n:02d}" for n in range(len(labels.annotation.speakers))
    ]


def test_a_hint_is_handed_on(engine: NeuralEngine) -> None:
    assert len(engine.diarize(SOUND, "clip", SpeakerHint.exactly(1)).annotation.speakers) <= 1


@pytest.mark.parametrize("sound", [SOUND[:0], SOUND[:1], SOUND[:1600], np.zeros(48_000, np.float32)], ids=len)
def test_next_to_nothing_gives_no_labels_and_no_crash(engine: NeuralEngine, sound: np.ndarray) -> None:
    labels = engine.diarize(sound, "clip", SpeakerHint())
    assert all(turn.end_s <= labels.duration_s for turn in labels.annotation.turns)


def test_progress_reaches_one_and_may_cancel(engine: NeuralEngine) -> None:
    told: dict[str, list[float]] = {}
    engine.diarize(
        SOUND, "clip", SpeakerHint(), lambda stage, share: told.setdefault(stage, []).append(share)
    )
    assert told
    assert all(shares == sorted(shares) and shares[-1] == 1 for shares in told.values())

    def cancel(stage: str, share: float) -> None:
        raise ClipCancelledError

    with pytest.raises(ClipCancelledError):
        engine.diarize(SOUND, "clip", SpeakerHint(), cancel)


def test_running_out_of_memory_is_told_in_plain_words(engine: NeuralEngine) -> None:
    class Full:
        def __call__(self, *_arguments: object, **_keywords: object) -> None:
            raise engine._torch.cuda.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(EngineUnavailableError, match="ran out of memory"):
        NeuralEngine(Full(), engine._torch).diarize(SOUND, "clip", SpeakerHint())


def test_a_folder_without_a_pipeline_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="no pipeline that can be read"):
        NeuralEngine.load(tmp_path, token=None)


def test_without_a_token_the_way_to_one_is_shown(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match=r"models pull"):
        choose_engine("neural", tmp_path)
    with pytest.raises(EngineUnavailableError, match=r"HF_TOKEN.*WHOSPOKE_NEURAL_DIR"):
        NeuralEngine.load(None, token=None)
