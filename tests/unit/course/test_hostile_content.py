"""Whatever an author writes, the answer is a module or a list of faults, never a crash."""

import copy
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from course.errors import ContentError, Fault
from course.lint import lint
from course.loader import load_module
from tests.unit.course.conftest import documents

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(""),
    st.text(max_size=8),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
    st.dictionaries(
        st.sampled_from(["id", "source", "x", "cards"]), st.one_of(st.none(), st.integers()), max_size=2
    ),
)


def paths(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    return [path, *(below for key, value in items for below in paths(value, (*path, key)))]


SOUND = documents()
PATHS = [path for path in paths(SOUND) if len(path) > 0]


@settings(deadline=None, max_examples=30)
@example(path=("facts.yaml", "facts"), junk=5, remove=False)
@example(path=("facts.yaml", "facts", 0, "source"), junk=[1], remove=False)
@example(path=("lesson-1/lesson.yaml", "cards"), junk=5, remove=False)
@example(path=("module.yaml", "lessons"), junk=[None], remove=False)
@given(path=st.sampled_from(PATHS), junk=JUNK, remove=st.booleans())
def test_one_broken_spot(path: tuple[Any, ...], junk: Any, remove: bool) -> None:
    files = copy.deepcopy(SOUND)
    spot: Any = files
    for key in path[:-1]:
        spot = spot[key]
    if remove:
        del spot[path[-1]]
    else:
        spot[path[-1]] = junk
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, document in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(yaml.safe_dump(document), encoding="utf-8")
        found = lint(folder)
        faults: tuple[Fault, ...] = ()
        try:
            load_module(folder)
        except ContentError as error:
            faults = error.faults
        assert set(faults) <= set(found)
        assert all(fault.message for fault in faults)
