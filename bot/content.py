"""The course as it is now; an edit that breaks it is logged once, and the last good version stays."""

import logging
import threading
from pathlib import Path

from course.errors import Fault
from course.loader import Watched
from course.model import Module

logger = logging.getLogger(__name__)


class CourseInUse:
    """Returns the newest module without faults, each time it is called.

    Raises:
        ContentError: When the content is at fault from the start.
    """

    def __init__(self, folder: Path) -> None:
        self._watched = Watched(folder)
        self._told: tuple[Fault, ...] = ()
        # Many listeners ask at once; one reads the files, the others must not see it half done.
        self._lock = threading.Lock()

    def __call__(self) -> Module:
        """Return the module, and log when it breaks and when it is whole again."""
        with self._lock:
            module, faults = self._watched.module, self._watched.faults
            if faults != self._told:
                self._tell(faults, module.version)
                self._told = faults
        return module

    @staticmethod
    def _tell(faults: tuple[Fault, ...], version: str) -> None:
        if faults:
            listed = "\n".join(f"  {fault}" for fault in faults)
            logger.error(
                "an edit of the course is at fault; version %s stays in use:\n%s", version[:8], listed
            )
        else:
            logger.warning("the course is in order again; version %s is in use", version[:8])
