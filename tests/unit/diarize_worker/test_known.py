"""Our own examples are known by their content, whatever they are called."""

import io
from pathlib import Path

import pytest

from diarize_worker.known import EXAMPLES, is_example

FOLDER = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.flac")), ids=lambda file: file.name)
def test_each_example_is_known_and_can_be_read_afterwards(file):
    with file.open("rb") as source:
        assert is_example(source, file.stat().st_size)
        assert source.tell() == 0


def test_there_are_no_others():
    assert len(EXAMPLES) == len(list(FOLDER.glob("*.flac")))


def test_file_of_the_same_size_is_not_taken_for_one():
    size_bytes = next(iter(EXAMPLES))
    assert not is_example(io.BytesIO(bytes(size_bytes)), size_bytes)


def test_file_of_another_size_is_not_read():
    assert not is_example(io.BytesIO(b"sound"), 5)
