"""A module folder as read: whatever could be understood, and the faults of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from course.errors import Fault
from course.model import Fact, Lesson, Quiz

_M = TypeVar("_M", bound=BaseModel)

#: The C one is ten times faster, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

INDEX = "module.yaml"
FACTS = "facts.yaml"
LESSON = "lesson.yaml"
QUIZ = "quiz.yaml"
LAB = "lab.yaml"
TEST = "test.yaml"


@dataclass(slots=True)
class Draft:
    """The parts of a module that could be read, each under the file it came from."""

    folder: Path
    id: str = ""
    title: str = ""
    #: By the lesson's folder name, in the order of the index.
    lessons: dict[str, Lesson] = field(default_factory=dict)
    test: Quiz | None = None
    #: By fact file, in order.
    facts: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    #: By fact file: source key to citation.
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Source keys that a fact rests on.
    used_sources: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def quizzes(self) -> Iterator[tuple[str, Quiz]]:
        """Yield every quiz and the test with its file."""
        for name, lesson in self.lessons.items():
            yield f"{name}/{QUIZ}", lesson.quiz
        if self.test is not None:
            yield TEST, self.test


def read_draft(folder: Path) -> Draft:
    """Return all that can be read of the module in `folder`; never raises for what an author wrote."""
    draft = Draft(folder)
    index = _read_mapping(draft, INDEX)
    if index is None:
        return draft
    names = index.get("lessons")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not names:
        draft.faults.append(Fault(INDEX, "lessons", "list the lessons' folders, such as [lesson-1]"))
        names = []
    for key in ("id", "title"):
        if not isinstance(index.get(key), str):
            draft.faults.append(Fault(INDEX, key, "is missing"))
    draft.id, draft.title = str(index.get("id", "")), str(index.get("title", ""))
    draft.faults += [
        Fault(INDEX, key, "is not a key of this file")
        for key in index
        if key not in {"id", "title", "lessons"}
    ]
    for file in (FACTS, *(f"{name}/{FACTS}" for name in names)):
        if (folder / file).exists():
            _read_facts(draft, file)
    for name in names:
        _read_lesson(draft, name)
    if (folder / TEST).exists() and (raw := _read_mapping(draft, TEST)) is not None:
        draft.test = _validate(draft, Quiz, raw, {"": TEST})
    return draft


def _read_mapping(draft: Draft, file: str) -> dict[str, Any] | None:
    try:
        raw = yaml.load((draft.folder / file).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506, safe either way
    except FileNotFoundError:
        draft.faults.append(Fault(file, "", "the file is missing"))
    except OSError as error:
        draft.faults.append(Fault(file, "", f"cannot be read: {error.strerror or error}"))
    except UnicodeDecodeError:
        draft.faults.append(Fault(file, "", "is not UTF-8 text"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}" if mark else ""
        draft.faults.append(Fault(file, line, f"is not YAML: {error.problem or error.context}"))
    except yaml.YAMLError as error:
        draft.faults.append(Fault(file, "", f"is not YAML: {error}"))
    else:
        if isinstance(raw, dict):
            return raw
        draft.faults.append(Fault(file, "", "has to be a mapping of keys to values"))
    return None


def _read_facts(draft: Draft, file: str) -> None:
    raw = _read_mapping(draft, file)
    if raw is None:
        return
    sources = raw.get("sources") or {}
    if not isinstance(sources, dict):
        draft.faults.append(Fault(file, "sources", "has to map a key to a citation"))
        sources = {}
    draft.sources[file] = {str(key): str(citation) for key, citation in sources.items()}
    known = {key: citation for each in draft.sources.values() for key, citation in each.items()}
    draft.faults += [
        Fault(file, str(key), "is not a key of this file") for key in raw if key not in {"sources", "facts"}
    ]
    entries = raw.get("facts") or []
    if not isinstance(entries, list):
        draft.faults.append(Fault(file, "facts", "has to be a list"))
        entries = []
    facts = (_read_fact(draft, file, known, position, entry) for position, entry in enumerate(entries))
    draft.facts[file] = tuple(fact for fact in facts if fact is not None)


def _read_fact(draft: Draft, file: str, known: Mapping[str, str], position: int, entry: Any) -> Fact | None:
    if not isinstance(entry, dict):
        draft.faults.append(Fault(file, f"facts.{position}", "has to be a mapping"))
        return None
    key = entry.get("source")
    prefix = f"facts.{entry.get('id', position)}"
    if key is None:
        draft.faults.append(Fault(file, f"{prefix}.source", "is missing: say what the fact rests on"))
    elif not isinstance(key, str) or key not in known:
        draft.faults.append(Fault(file, f"{prefix}.source", f"names the unknown source {key!r}"))
    else:
        draft.used_sources.add(key)
    citation = known.get(key, "") if isinstance(key, str) else ""
    return _validate(draft, Fact, {**entry, "source": citation}, {"": file}, prefix=prefix)


def _read_lesson(draft: Draft, name: str) -> None:
    lesson = _read_mapping(draft, f"{name}/{LESSON}")
    quiz = _read_mapping(draft, f"{name}/{QUIZ}")
    lab = _read_mapping(draft, f"{name}/{LAB}")
    if lesson is None:
        return
    _take_in_bodies(draft, name, lesson)
    files = {"": f"{name}/{LESSON}", "quiz": f"{name}/{QUIZ}", "lab": f"{name}/{LAB}"}
    missing = {key for key, part in (("quiz", quiz), ("lab", lab)) if part is None}
    read = _validate(draft, Lesson, {**lesson, "quiz": quiz, "lab": lab}, files, silent=missing)
    if read is not None:
        draft.lessons[name] = read


def _take_in_bodies(draft: Draft, name: str, lesson: dict[str, Any]) -> None:
    """Replace each card's `body_file` by the file's text."""
    cards = lesson.get("cards")
    for card in cards if isinstance(cards, list) else []:
        if not isinstance(card, dict) or "body_file" not in card:
            continue
        file = str(card.pop("body_file"))
        try:
            card["body"] = (draft.folder / name / file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            key = f"cards.{card.get('id')}.body_file"
            draft.faults.append(
                Fault(f"{name}/{LESSON}", key, f"names {file!r}, which is no readable text file")
            )


def _validate(
    draft: Draft,
    model: type[_M],
    raw: Mapping[str, Any],
    files: Mapping[str, str],
    *,
    prefix: str = "",
    silent: set[str] | None = None,
) -> _M | None:
    """Return the model, or None with the faults noted under the file each part came from."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            loc = list(detail["loc"])
            part = str(loc[0]) if loc and str(loc[0]) in files else ""
            if silent and part in silent:
                continue
            inner = raw[part] if part else raw
            key = _dotted(inner, loc[1:] if part else loc)
            message = detail["msg"][:1].lower() + detail["msg"][1:]
            draft.faults.append(Fault(files[part], ".".join(filter(None, (prefix, key))), message))
        return None


def _dotted(raw: Any, loc: Sequence[int | str]) -> str:
    """Return the path with the ids of list items in place of their positions.

    >>> _dotted({"cards": [{"id": "pitch", "title": 3}]}, ["cards", 0, "title"])
    'cards.pitch.title'
    """
    parts = []
    for step in loc:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = None
        named = isinstance(step, int) and isinstance(raw, dict) and isinstance(raw.get("id"), str)
        parts.append(raw["id"] if named else str(step))
    return ".".join(parts)
