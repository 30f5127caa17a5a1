"""A pyannote pipeline with tiny random weights, in the real file format: its labels mean nothing, its ways do.

Needs pyannote.audio and torch; only tests marked `neural` make one.
"""

import json
from pathlib import Path

import numpy as np

from diarize_worker.engines.neural_pipeline import import_pyannote

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


def make_random_pipeline(target: Path) -> Path:
    """Write a pipeline of the same make as community-1, two hundred times smaller and untrained."""
    torch, _ = import_pyannote()
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import WeSpeakerResNet34
    from pyannote.audio.models.segmentation import PyanNet

    torch.manual_seed(0)
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
    # Windows further apart than in community-1: each costs a run of the embedding network, the one that is not tiny.
    batches = {
        "segmentation_step": 0.5,
        "segmentation_batch_size": 8,
        "embedding_batch_size": 8,
        "embedding_exclude_overlap": True,
    }
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
