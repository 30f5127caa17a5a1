"""What all tests share: only files named test_* hold tests; the rest are parts and programs they use."""

import io
import logging
from pathlib import Path

import pytest

from storage.log import start_log


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    is_part = collection_path.suffix == ".py" and not collection_path.name.startswith(("test_", "conftest"))
    return True if is_part and "tests" in collection_path.parts else None


@pytest.fixture
def log(monkeypatch):
    """The log as a process of ours starts it, in a stream."""
    stream, level = io.StringIO(), logging.root.level
    monkeypatch.setattr(logging.root, "handlers", [])
    servers = logging.getLogger("uvicorn")  # as no other server in this process has changed it
    monkeypatch.setattr(servers, "handlers", [])
    monkeypatch.setattr(servers, "propagate", True)
    start_log(stream)
    yield stream
    logging.root.setLevel(level)
