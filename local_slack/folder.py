"""One workspace to a folder: a second one would write over what the first remembers."""

import fcntl
from pathlib import Path
from typing import TextIO

from local_slack.errors import FolderInUseError

_NAME = "in-use"


def hold(folder: Path, who: str) -> TextIO:
    """Take the folder for as long as what is returned stays open; the kernel lets go when the process dies.

    Args:
        folder: Made when it is not there.
        who: What the next one is told; the workspace's address.

    Raises:
        FolderInUseError: Another workspace has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = (folder / _NAME).open("a+", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.seek(0)
        by = held.read().strip() or "another workspace"
        held.close()
        raise FolderInUseError(
            f"The folder {folder} is in use by {by}. Stop it first (Ctrl-C where it runs), or use that one."
        ) from None
    held.truncate(0)
    held.write(who)
    held.flush()
    return held


def check_free(folder: Path) -> None:
    """Refuse a folder that another workspace has.

    Raises:
        FolderInUseError: With its address.
    """
    if (folder / _NAME).exists():
        hold(folder, "").close()
