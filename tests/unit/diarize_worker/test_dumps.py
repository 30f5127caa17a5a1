"""A crash leaves no dump: it would hold sound, words and voice vectors."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ASK = "import resource, ctypes; print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
STARTS = {
    "serve": "from diarize_worker import serve; from diarize_worker.settings import Settings; serve.main(Settings())",
    "transcribe": "from diarize_worker.__main__ import main; main(['transcribe', 'missing.wav', '--out', 'out'])",
}


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
@pytest.mark.parametrize("command", STARTS)
def test_commands_that_hold_sound_may_not_be_dumped(command, tmp_path, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # as large as this process may allow: another test in it may have forbidden its own
    most = "resource.getrlimit(resource.RLIMIT_CORE)[1]"
    begin = f"import resource; resource.setrlimit(resource.RLIMIT_CORE, ({most}, {most}))"
    told = subprocess.run(
        [sys.executable, "-c", f"{begin}; {STARTS[command]}; {ASK}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "(0, 0) 0"
