"""What the Procfiles and docs/deploy.md tell people to run and set is there."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("Procfile", "Procfile.demo", "docs/deploy.md", "README.md")
_COMMAND = re.compile(r"python -m (\w+)(?: ([a-z]\w*))?(?: ([a-z]\w*))?")


def commands() -> list[tuple[str, ...]]:
    found = {match for page in PAGES for match in _COMMAND.findall((ROOT / page).read_text())}
    return sorted(tuple(part for part in match if part) for match in found)


@pytest.mark.parametrize("package", sorted({command[0] for command in commands()} - {"pip", "venv"}))
def test_packages_that_are_run_can_be(package):
    assert importlib.util.find_spec(f"{package}.__main__")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [c for c in commands() if len(c) > 1 and c[0] in {"storage", "diarize_worker"}], ids=" ".join
)
def test_their_subcommands_are_known(command):
    said = subprocess.run(
        [sys.executable, "-m", *command[:2], "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


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
