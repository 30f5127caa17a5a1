"""From a folder of YAML to a module, whole or not at all."""

from pathlib import Path

from course.compile import stamped
from course.draft import read_draft
from course.errors import ContentError, Fault
from course.integrity import integrity_faults
from course.model import Module


def default_folder() -> Path:
    """Return the folder of the module that ships with the package."""
    return Path(__file__).parent / "content" / "module-6"


def load_module(folder: Path) -> Module:
    """Return the module in `folder`, stamped with its version.

    Raises:
        ContentError: With every fault at once.
    """
    draft = read_draft(folder)
    faults = tuple(dict.fromkeys([*draft.faults, *integrity_faults(draft)]))
    if faults:
        raise ContentError(faults)
    facts = tuple(fact for each in draft.facts.values() for fact in each)
    lessons = tuple(draft.lessons.values())
    return stamped(Module(id=draft.id, title=draft.title, lessons=lessons, test=draft.test, facts=facts))


class Watched:
    """A module that follows edits to its files and keeps the last good version when an edit breaks it.

    Raises:
        ContentError: When the content is at fault from the start.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._fingerprint()
        self._module = load_module(folder)
        self._faults: tuple[Fault, ...] = ()

    @property
    def module(self) -> Module:
        """The newest version without faults."""
        self._refresh()
        return self._module

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the files as they stand now; empty when `module` is up to date."""
        self._refresh()
        return self._faults

    def _refresh(self) -> None:
        now = self._fingerprint()
        if now == self._seen:
            return
        self._seen = now
        try:
            self._module, self._faults = load_module(self._folder), ()
        except ContentError as error:
            self._faults = error.faults

    def _fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        found = []
        for path in sorted(self._folder.rglob("*")):
            try:
                stat = path.stat()
            except OSError:  # an editor replaced it between the two calls, or it is not for us to see
                continue
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)
