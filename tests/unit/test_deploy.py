"""What the Procfile and docs/deploy.md tell people to set is there."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_procfile_names_every_process():
    names = re.findall(r"^(\w+):", (ROOT / "Procfile").read_text(), re.MULTILINE)
    assert names == ["release", "web", "worker"]


def test_settings_that_are_named_are_read():
    named = set(re.findall(r"\b(WHOSPOKE_[A-Z_]+)", (ROOT / "docs/deploy.md").read_text()))
    code = "".join(
        (ROOT / package / "settings.py").read_text() for package in ("bot", "diarize_worker", "storage")
    )
    fields = {f"WHOSPOKE_{name.upper()}" for name in re.findall(r"^    (\w+): ", code, re.MULTILINE)}
    assert named
    assert named <= fields | set(re.findall(r"WHOSPOKE_[A-Z_]+", code))


def test_gpu_worker_without_an_index_says_what_to_do():
    said = subprocess.run(["make", "worker-gpu"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode
    assert "docs/deploy.md" in said.stdout
