"""Each reason for which the neural engine cannot start is told in plain words, with the fix. No torch needed."""

import importlib.util
import pickle
import sys
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import errors

from diarize_worker.commands.neural_finding import neural_finding
from diarize_worker.engines.neural_pipeline import from_pretrained, is_installed, is_whole
from diarize_worker.errors import EngineUnavailableError
from diarize_worker.settings import Settings


def answered(status: int) -> httpx2.Response:
    return httpx2.Response(status, request=httpx2.Request("GET", "https://huggingface.co/"))


def http_error(status: int) -> errors.HfHubHTTPError:
    return errors.HfHubHTTPError(str(status), response=answered(status))


class Hub:
    """Answers every request for a pipeline in one way."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def from_pretrained(self, *_arguments: object, **_keywords: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            errors.GatedRepoError("gated", response=answered(403)),
            "Accept them at https://huggingface.co/pyannote/",
        ),
        (
            errors.RepositoryNotFoundError("401", response=answered(401)),
            "Make a new one with read access and set HF_TOKEN",
        ),
        (http_error(403), "give the token read access to gated repositories"),
        (http_error(429), "answered 429.*Try again later"),
        (http_error(503), "answered 503.*Try again later"),
        (httpx2.ReadTimeout("slow"), "cannot be reached"),
        (httpx2.ConnectError("refused"), "cannot be reached"),
        (ValueError("no pipeline"), "no pipeline that can be read"),
        (KeyError("pipeline"), "no pipeline that can be read"),
        (RuntimeError("size mismatch"), "no pipeline that can be read"),
        (pickle.UnpicklingError("invalid load key"), "no pipeline that can be read"),
        (errors.LocalEntryNotFoundError("offline"), "cannot be reached.*WHOSPOKE_NEURAL_DIR"),
        (ConnectionError("refused"), "cannot be reached"),
        (FileNotFoundError("config.yaml"), "no pipeline that can be read"),
        (None, "could not be loaded. Accept its terms"),
    ],
)
def test_reason_and_fix(answer: object, told: str) -> None:
    with pytest.raises(EngineUnavailableError, match=told):
        from_pretrained(Hub(answer), None, "token")


def test_running_out_of_memory_is_left_to_whoever_knows_of_gpus() -> None:
    with pytest.raises(MemoryError):
        from_pretrained(Hub(MemoryError()), None, "token")


@pytest.mark.parametrize("others", ["pyannote.metrics", "nothing"])
def test_torch_without_pyannote_audio_is_not_the_engine(others: str, tmp_path: Path, monkeypatch) -> None:
    """pyannote.metrics has the same first name, and is installed for development."""
    for module in [name for name in sys.modules if name.partition(".")[0] in {"torch", "pyannote"}]:
        monkeypatch.delitem(sys.modules, module)
    (tmp_path / "torch.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    if others == "nothing":
        monkeypatch.setitem(sys.modules, "pyannote", None)
    elif importlib.util.find_spec("pyannote") and importlib.util.find_spec("pyannote.audio"):
        pytest.skip("the engine is installed here")
    assert not is_installed()
    assert not neural_finding(Settings(), may_ask_hub=False).is_ready


def test_a_folder_is_whole_when_every_part_it_names_is_there(tmp_path: Path) -> None:
    assert not is_whole(tmp_path)
    (tmp_path / "config.yaml").write_text(
        "params:\n  segmentation: $model/segmentation\n  plda: $model/plda\n"
    )
    for name in ("segmentation/pytorch_model.bin", "plda/plda.npz", "plda/xvec_transform.npz"):
        assert not is_whole(tmp_path)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"something")
    assert is_whole(tmp_path)
