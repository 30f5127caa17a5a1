"""The neural engine on a real pyannote pipeline with tiny random weights: its labels mean nothing, its ways do.

Runs in an environment with pyannote.audio 4.0.7 and torch: `make test-neural`.
"""

import importlib.util
import shutil
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from diarize_worker.commands.neural_finding import neural_finding
from diarize_worker.engines import neural_pipeline
from diarize_worker.engines.choose import choose_engine
from diarize_worker.engines.neural import NeuralEngine
from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.errors import EngineUnavailableError
from diarize_worker.settings import Settings
from tests.engine_parts import pulled_weights
from tests.engine_specification import EngineSpecification
from tests.neural_parts import make_random_pipeline

pytestmark = [
    pytest.mark.neural,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch and pyannote.audio"),
]

SOUND = np.random.default_rng(0).normal(0, 0.1, 6 * 16_000).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_random_pipeline(tmp_path_factory.mktemp("pipeline"))


@pytest.fixture(scope="module")
def engine(folder: Path) -> NeuralEngine:
    return NeuralEngine.load(folder, token=None)


class Spy:
    """A pipeline that notes what it is asked, and then is the real one, or fails."""

    def __init__(self, pipeline=None, fault: BaseException | None = None) -> None:
        self.pipeline, self.fault = pipeline, fault
        self.asked: list[dict] = []
        self.held: weakref.ref | None = None

    def __call__(self, file, **options):
        self.asked.append({"file": file, **options})
        if self.fault:
            self._fail(file)
        return self.pipeline(file, **options)

    def _fail(self, file) -> None:
        activations = file["waveform"] * 2
        self.held = weakref.ref(activations)
        raise self.fault


class Crowd:
    """A pipeline that finds so many speakers, unless it is asked for fewer."""

    def __init__(self, num_speakers: int) -> None:
        self.num_speakers = num_speakers

    def __call__(self, file, *, min_speakers, max_speakers, hook):
        from pyannote.core import Annotation, Segment

        found = Annotation()
        for n in range(min(self.num_speakers, max_speakers or self.num_speakers)):
            found[Segment(n / 10, n / 10 + 0.05)] = f"S{n}"
        return SimpleNamespace(speaker_diarization=found, exclusive_speaker_diarization=found)


class TestNeural(EngineSpecification):
    """What every engine promises; its labels of talk mean nothing, but they keep the rules."""

    unheard: ClassVar[set[str]] = {"constant"}
    longest_s = 5.0


def test_it_loads_and_labels(engine: NeuralEngine) -> None:
    labels = engine.diarize(SOUND, "clip", SpeakerHint())
    assert labels.engine == "neural"
    assert labels.annotation.uri == labels.exclusive.uri == "clip"
    assert labels.annotation.turns


@pytest.mark.parametrize("hint", [SpeakerHint.exactly(3), SpeakerHint(2, 5), SpeakerHint()])
def test_a_hint_is_handed_on(engine: NeuralEngine, hint: SpeakerHint) -> None:
    spy = Spy(engine._pipeline)
    labels = NeuralEngine(spy, engine._torch).diarize(SOUND, "clip", hint)
    assert len(labels.annotation.speakers) <= hint.maximum
    asked = spy.asked[0]
    assert (asked["min_speakers"], asked["max_speakers"]) == (hint.minimum, None)
    assert asked["file"]["uri"] == "clip"
    assert asked["file"]["sample_rate"] == 16_000
    assert np.array_equal(asked["file"]["waveform"].numpy(), SOUND[None])


@pytest.mark.parametrize(
    ("hint", "num_kept"), [(SpeakerHint(), 20), (SpeakerHint(1, 3), 3), (SpeakerHint(1, 40), 34)]
)
def test_who_is_more_than_is_wanted_is_folded_and_counted(
    engine: NeuralEngine, hint: SpeakerHint, num_kept: int
) -> None:
    labels = NeuralEngine(Crowd(34), engine._torch).diarize(SOUND, "clip", hint)
    assert len(labels.annotation.speakers) == num_kept
    assert any("found 34" in note for note in labels.notes) == (num_kept < 34)


def test_progress_has_the_names_that_people_are_shown_each_once_in_order(engine: NeuralEngine) -> None:
    told: list[tuple[str, float]] = []
    engine.diarize(SOUND, "clip", SpeakerHint(), lambda stage, share: told.append((stage, share)))
    assert list(dict.fromkeys(stage for stage, _ in told)) == ["segment", "embed", "cluster"]
    assert [stage for stage, share in told if share == 1] == ["segment", "embed", "cluster"]
    order = [["segment", "embed", "cluster"].index(stage) for stage, _ in told]
    assert order == sorted(order)


def test_more_speakers_than_the_clip_has_room_for_are_said_to_be_too_many(engine: NeuralEngine) -> None:
    labels = engine.diarize(SOUND[:32_000], "clip", SpeakerHint(5, 9))
    assert "at least 5 speakers" in labels.notes[0]


def test_clustering_that_cannot_make_so_many_groups_is_asked_for_fewer(engine: NeuralEngine) -> None:
    class TooFew(Spy):
        def __call__(self, file, **options):
            found = super().__call__(file, **options)
            if options["min_speakers"] > 1:  # what scikit-learn says where there are three pieces of speech
                raise ValueError("n_samples=3 should be >= n_clusters=5.")
            return found

    spy = TooFew(engine._pipeline)
    told: list[tuple[str, float]] = []
    labels = NeuralEngine(spy, engine._torch).diarize(
        SOUND, "clip", SpeakerHint(5, 9), lambda *report: told.append(report)
    )
    assert [asked["min_speakers"] for asked in spy.asked] == [5, 1]
    assert "at least 5 speakers" in labels.notes[0]
    assert [stage for stage, share in told if share == 1] == ["segment", "embed", "cluster"]


class TestOutOfMemory:
    def torch_s_own(self, engine: NeuralEngine) -> BaseException:
        """The error that torch raises when this machine has not got so much memory."""
        with pytest.raises(RuntimeError) as caught:
            engine._torch.empty(2**60)
        return caught.value

    @pytest.mark.parametrize("kind", ["GPU", "CPU", "Python", "cuBLAS"])
    def test_is_told_in_plain_words_and_its_tensors_are_let_go(self, engine: NeuralEngine, kind: str) -> None:
        faults = {
            "GPU": engine._torch.cuda.OutOfMemoryError("CUDA out of memory."),
            "CPU": self.torch_s_own(engine),
            "Python": MemoryError(),
            "cuBLAS": RuntimeError(
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"
            ),
        }
        spy = Spy(fault=faults[kind])
        with pytest.raises(EngineUnavailableError, match="ran out of memory") as caught:
            NeuralEngine(spy, engine._torch).diarize(SOUND, "clip", SpeakerHint())
        assert caught.value.__cause__ is faults[kind]
        assert spy.held() is None

    @pytest.mark.parametrize("kind", ["memory", "anything"])
    def test_hands_the_recording_over(self, folder: Path, kind: str) -> None:
        """The way that a worker goes: the engine of the settings, which loads the real pipeline."""
        engine, notes = choose_engine("neural", pulled_weights(), neural_dir=folder)
        assert (engine.name, notes) == ("neural", ())
        real = engine._engine
        fault = real._torch.cuda.OutOfMemoryError("CUDA out of memory.")
        real._pipeline = Spy(fault=fault if kind == "memory" else KeyError("meeting.m4a"))
        labels = engine.diarize(SOUND, "clip", SpeakerHint())
        assert labels.engine == "embedded"
        assert labels.notes[0].startswith(
            "The neural engine ran out of memory" if kind == "memory" else "The neural engine failed on this"
        )
        assert "meeting.m4a" not in labels.notes[0]
        assert labels.notes[0].endswith("The embedded engine was used instead.")


class TestFoldersThatAreNotWhole:
    def test_nothing_in_it(self, tmp_path: Path) -> None:
        with pytest.raises(EngineUnavailableError, match="no pipeline that can be read"):
            NeuralEngine.load(tmp_path, token=None)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("config.yaml", b"pipeline: ["),
            ("config.yaml", b"{}"),
            ("segmentation/pytorch_model.bin", b"not a checkpoint"),
            ("segmentation/pytorch_model.bin", b""),
            ("embedding/pytorch_model.bin", b"PK\x03\x04 cut off"),
            ("plda/plda.npz", b"nothing"),
        ],
    )
    def test_damaged_files(self, folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
        shutil.copytree(folder, tmp_path / "copy")
        (tmp_path / "copy" / name).write_bytes(content)
        with pytest.raises(EngineUnavailableError, match="no pipeline that can be read"):
            NeuralEngine.load(tmp_path / "copy", token=None)

    def test_a_download_that_broke_off_is_not_taken_for_the_pipeline(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from huggingface_hub import constants

        cache = tmp_path / "models--pyannote--speaker-diarization-community-1"
        snapshot = cache / "snapshots" / ("a" * 40)
        shutil.copytree(folder, snapshot)
        (cache / "refs").mkdir()
        (cache / "refs" / "main").write_text("a" * 40)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
        assert neural_pipeline.cached_folder() == snapshot
        (snapshot / "plda" / "plda.npz").unlink()
        assert neural_pipeline.cached_folder() is None


def test_without_a_token_the_way_to_one_is_shown(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match=r"models pull"):
        choose_engine("neural", tmp_path)
    with pytest.raises(EngineUnavailableError, match=r"HF_TOKEN.*WHOSPOKE_NEURAL_DIR"):
        NeuralEngine.load(None, token=None)


def test_doctor_says_what_torch_sees_and_whether_the_folder_is_whole(folder: Path, tmp_path: Path) -> None:
    found = neural_finding(Settings(neural_dir=folder), may_ask_hub=False)
    assert found.is_ready
    assert "torch sees" in found.state
    assert not neural_finding(Settings(neural_dir=tmp_path), may_ask_hub=False).is_ready
