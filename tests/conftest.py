"""What all tests share: only files named test_* hold tests; the rest are parts and programs they use."""

from pathlib import Path


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    is_part = collection_path.suffix == ".py" and not collection_path.name.startswith(("test_", "conftest"))
    return True if is_part and "tests" in collection_path.parts else None
