"""What the papers name is there: files, links, headings, make targets, commands with their options."""

import contextlib
import io
import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = (
    "*.md",
    "docs/**/*.md",
    "bench/**/*.md",
    "examples/**/*.md",
    "local_slack/**/*.md",
    "Procfile*",
    ".ci/run",
)
#: What a folder of ours is called in a paper.
PARTS = (
    "annotation",
    "bench",
    "bot",
    "course",
    "diarize_worker",
    "docs",
    "examples",
    "local_slack",
    "storage",
    "tests",
)
_FENCE = re.compile(r"^( *)```.*?\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
_COMMAND = re.compile(r"(?<![\w-])python3? (-m [\w.]+|[\w/]+\.py)([^#|;&)\n]*)")
_TARGET = re.compile(r"(?<![\w./-])make (?:[A-Z_]+=\S+ )*([a-z][a-z-]*)")
_EXTRAS = re.compile(r"'?\.\[([a-z,]+)\]")
_PATH = re.compile(rf"(?:{'|'.join(PARTS)})/[\w./-]*")
_MARKER = re.compile(r"^(?:<{7} |>{7} |\|{7} |={7}$)", re.MULTILINE)


def texts(root=ROOT):
    """Every text file by name: those that git tracks, or where there is no git, those that are no by-product."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
        if listed:
            return read(root, (root / name for name in listed.decode().split("\0") if name))
    return read(root, (path for path in root.rglob("*") if not is_by_product(path.relative_to(root))))


def is_by_product(path):
    hidden = [part for part in path.parts if part.startswith(".") and part != ".ci"]
    return bool(hidden) or any(part == "__pycache__" or part.endswith(".egg-info") for part in path.parts)


def read(root, paths):
    found = {}
    for path in paths:
        with contextlib.suppress(UnicodeDecodeError):
            if path.is_file():
                found[str(path.relative_to(root))] = path.read_text(encoding="utf-8")
    return found


def papers():
    return {path: path.read_text() for pattern in PAPERS for path in sorted(ROOT.glob(pattern))}


def code(text):
    """The parts of a paper that are to be typed or looked for; a file that is no paper is one such part."""
    return [*(match.group(2) for match in _FENCE.finditer(text)), *_SPAN.findall(_FENCE.sub("", text))]


CODE = {path: code(text) if path.suffix == ".md" else [text] for path, text in papers().items()}


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


def commands():
    matches = (match for parts in CODE.values() for part in parts for match in _COMMAND.finditer(part))
    return sorted({(match[1], match[2].strip()) for match in matches})


def test_there_are_papers_and_they_show_commands():
    assert {"README.md", "CHANGELOG.md", "THIRD_PARTY.md", "Procfile"} <= {path.name for path in papers()}
    assert len(papers()) >= 11
    assert len(commands()) >= 25


def test_no_text_has_the_marks_of_a_conflict():
    assert [name for name, text in texts().items() if _MARKER.search(text)] == []


@pytest.mark.parametrize(
    "mark", ["<" * 7 + " HEAD", "=" * 7, "|" * 7 + " base", ">" * 7 + " 83bbc29 (subject)"]
)
def test_such_marks_are_found(mark):
    assert _MARKER.search(f"before\n{mark}\nafter\n")


@pytest.mark.parametrize("has_git", [True, False])
def test_texts_are_found_with_git_and_without(tmp_path, has_git):
    for name in ("a.md", "b/c.py", ".ci/run", ".venv/d.py", "b/__pycache__/e.pyc", "x.egg-info/f.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    if has_git:
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        subprocess.run(["git", "add", "a.md", "b/c.py", ".ci/run", "picture.png"], cwd=tmp_path, check=True)
    assert sorted(texts(tmp_path)) == [".ci/run", "a.md", "b/c.py"]


def test_links_lead_somewhere():
    lost = []
    for path, text in papers().items():
        for target in _LINK.findall(_FENCE.sub("", text)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, heading = target.partition("#")
            there = path if not name else path.parent / name
            if not there.exists() or (
                heading and heading not in map(slug, _HEADING.findall(there.read_text()))
            ):
                lost.append(f"{path.relative_to(ROOT)}: {target}")
    assert lost == []


def test_files_that_are_named_exist():
    known = {
        path.name
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.suffix in {".py", ".md", ".yaml"}
    }
    known |= {path.name for path in ROOT.glob("*")} | {"config.yaml"}  # which a pipeline of pyannote's has
    lost = []
    for path, parts in CODE.items():
        for part in parts:
            for word in re.split(r"[\s'\"(),:=]+", part):
                is_file = bool(re.fullmatch(r"\w+\.(?:py|md|yaml)", word)) and word == part
                if (is_file and word not in known) or (_PATH.fullmatch(word) and not (ROOT / word).exists()):
                    lost.append(f"{path.relative_to(ROOT)}: {word}")
    assert lost == []


def test_make_targets_exist():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for parts in CODE.values() for part in parts for target in _TARGET.findall(part)}
    assert {"demo", "check", "test", "setup"} <= named
    assert named - targets == set()


def test_extras_exist():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = {
        name
        for parts in CODE.values()
        for part in parts
        for one in _EXTRAS.findall(part)
        for name in one.split(",")
    }
    assert named
    assert named - extras.keys() == set()


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A folder without settings, and an environment without tokens."""
    for variable in [one for one in os.environ if one.startswith(("SLACK_", "WHOSPOKE_", "ANTHROPIC_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def source_of(program):
    """The file that such a command runs; None when there is none."""
    if program.endswith(".py"):
        return ROOT / program
    name = program.removeprefix("-m ")
    found = find_spec(name)
    if found and found.submodule_search_locations:
        found = find_spec(f"{name}.__main__")
    return Path(found.origin) if found else None


def help_of(monkeypatch, source, words):
    monkeypatch.setattr(sys, "argv", [str(source), *words, "--help"])
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        pytest.raises(SystemExit) as ended,
    ):
        runpy.run_path(str(source), run_name="__main__")
    assert not ended.value.code, said.getvalue()
    return said.getvalue()


@pytest.mark.parametrize(("program", "rest"), commands(), ids=lambda part: part or "-")
def test_command_answers_help_and_has_these_options(program, rest, monkeypatch, bare):
    source = source_of(program)
    assert source
    if not source.is_relative_to(ROOT) or "site-packages" in source.parts:
        return  # somebody else's
    words = shlex.split(re.sub(r"\$\w+", "1", rest.translate({ord("["): None, ord("]"): None})))
    said = help_of(monkeypatch, source, words)
    assert said.startswith("usage: ")
    said += help_of(monkeypatch, source, [])
    assert [word for word in words if word.startswith("--") and word not in said] == []
    assert list(bare.iterdir()) == [], "asking for help makes nothing"
