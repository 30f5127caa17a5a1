"""Whisper weights come from a real (local) hub: at the commit we know, checked, with progress on no terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from diarize_worker.words.whisper_weights import LARGE_BYTES, PINNED, PULL_COMMAND
from tests.hub_server import ModelHub
from tests.tiny_whisper import make_tiny_whisper

ROOT = Path(__file__).parents[4]
SMALL = PINNED["Systran/faster-whisper-small"]

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_tiny_whisper(tmp_path_factory.mktemp("hub") / "tiny")
    with (folder / "model.bin").open("ab") as file:
        file.write(bytes(LARGE_BYTES))  # so that its share is told
    return folder


def pull(hub: ModelHub, home: Path, model: str) -> "subprocess.CompletedProcess[str]":
    program = (
        "import sys\n"
        "from diarize_worker.words.whisper_weights import fetch, locate\n"
        "from diarize_worker.commands.progress_bar import progress_on\n"
        "from diarize_worker.errors import WorkerError\n"
        "try: print(fetch(sys.argv[1], progress_on(sys.stderr)))\n"
        "except WorkerError as error: print(error, file=sys.stderr)\n"
        "print(locate(sys.argv[1]).path)\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    own = {"HF_ENDPOINT": hub.url, "HF_HOME": str(home), "NO_PROXY": "*", "HF_HUB_DISABLE_XET": "1"}
    return subprocess.run(
        [sys.executable, "-c", program, model],
        cwd=ROOT,
        env=kept | own,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_model_of_any_repository_comes_with_progress_where_there_is_no_terminal(weights, tmp_path):
    with ModelHub(weights) as hub:
        told = pull(hub, tmp_path, "owner/name")
    fetched, located = told.stdout.split()
    assert fetched == located, told.stderr
    assert (Path(located) / "model.bin").stat().st_size > LARGE_BYTES
    lines = [line for line in told.stderr.splitlines() if line.startswith("Fetching the words model")]
    assert lines[-1] == "Fetching the words model: 100 %"
    shares = [int(line.split()[-2]) for line in lines]
    assert shares == sorted(set(shares))


def test_a_known_model_is_asked_for_at_its_commit_and_other_bytes_are_refused(weights, tmp_path):
    with ModelHub(weights) as hub:
        told = pull(hub, tmp_path, "small")
    assert any(f"/resolve/{SMALL.revision}/model.bin" in line for line in hub.asked), hub.asked
    assert "are not the ones we know" in told.stderr
    assert PULL_COMMAND in told.stderr
    assert told.stdout.strip() == "None", "what was refused is not found later"
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > LARGE_BYTES]
    assert left == []
