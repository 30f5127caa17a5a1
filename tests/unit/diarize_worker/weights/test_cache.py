"""Only known files are opened, and the cache is whole or not there."""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from diarize_worker.errors import EngineUnavailableError, WeightsError
from diarize_worker.weights import cache, missing_weights, pull, wheels
from tests.engine_parts import pulled_weights

GRAPHS = ["segmentation.onnx", "encoder.onnx"]


def silent(what: str, share: float) -> None:
    """Report to nobody."""


def test_an_empty_cache_misses_both(tmp_path: Path) -> None:
    assert missing_weights(tmp_path / "nowhere") == GRAPHS


def test_a_missing_graph_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match=r"missing.*python -m diarize_worker models pull"):
        cache.read_graph(tmp_path, "encoder.onnx")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "whisperx-3.8.6-py3-none-any.whl"])
def test_an_unknown_file_is_never_opened(tmp_path: Path, name: str) -> None:
    """A file under the right name with other bytes is refused by its hash, and nothing is written."""
    (tmp_path / name).write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(WeightsError, match="not the file we know"):
        pull(tmp_path / "cache", source=tmp_path, report=silent)
    assert not (tmp_path / "cache").exists()


def test_a_wheel_with_another_checkpoint_is_refused(tmp_path: Path) -> None:
    """The checkpoint is checked for itself, should the wheel's own hash ever be wrong."""
    wheel = tmp_path / "whisperx-3.8.6-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(wheels.SEGMENTATION.member, b"another")
    pinned = wheels.PinnedCheckpoint(
        requirement="whisperx==3.8.6",
        wheel=wheel.name,
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member=wheels.SEGMENTATION.member,
        member_bytes=7,
        sha256=wheels.SEGMENTATION.sha256,
    )
    with pytest.raises(WeightsError, match="not the file we know; it was not opened"):
        wheels.take_checkpoint(pinned, tmp_path, lambda share: None)


def test_an_empty_folder_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"whisperx-3\.8\.6-py3-none-any\.whl nor pytorch_model\.bin"):
        pull(tmp_path / "cache", source=tmp_path, report=silent)


def test_without_a_network_it_says_so_at_once(tmp_path: Path) -> None:
    """A pip that reaches no index ends in seconds, with what to do."""
    script = (
        "import sys; from pathlib import Path; from diarize_worker.weights import pull\n"
        "try: pull(Path(sys.argv[1]), report=lambda what, share: None)\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    unreachable = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_NO_CACHE_DIR": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[4]),
    }
    answer = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=unreachable,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert answer.startswith("WeightsError Could not download whisperx==3.8.6 with pip.")
    assert "models pull --from FOLDER" in answer
    assert list(tmp_path.iterdir()) == []


class TestWholeCache:
    @pytest.fixture
    def copied(self, tmp_path: Path) -> Path:
        for path in pulled_weights().glob("*.*"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        return tmp_path

    def test_a_damaged_graph_counts_as_missing(self, copied: Path) -> None:
        content = bytearray((copied / "encoder.onnx").read_bytes())
        content[1000] ^= 1
        (copied / "encoder.onnx").write_bytes(content)
        assert missing_weights(copied) == ["encoder.onnx"]
        with pytest.raises(EngineUnavailableError, match="damaged"):
            cache.read_graph(copied, "encoder.onnx")

    def test_graphs_of_another_build_count_as_missing(self, copied: Path) -> None:
        record = json.loads((copied / "weights.json").read_text())
        record["encoder.onnx"]["build"] = 0
        (copied / "weights.json").write_text(json.dumps(record))
        assert missing_weights(copied) == ["encoder.onnx"]

    @pytest.mark.parametrize("record", ["", "[]", "{", '{"encoder.onnx": 3}'])
    def test_a_broken_record_counts_as_missing(self, copied: Path, record: str) -> None:
        (copied / "weights.json").write_text(record)
        assert missing_weights(copied) == GRAPHS

    def test_a_second_pull_does_nothing(self, copied: Path) -> None:
        told = []
        pull(copied, source=Path("/nowhere"), report=lambda *step: told.append(step))
        assert told == [("weights ready", 1.0)]
