"""All faults of a module's content at once: what makes it unfit to teach, then what makes it worse to read."""

from pathlib import Path

from course.draft import read_draft
from course.errors import Fault
from course.integrity import integrity_faults
from course.lint.cards import card_faults
from course.lint.core_path import core_path_faults
from course.lint.facts import fact_faults
from course.lint.labs import lab_faults
from course.lint.questions import question_faults
from course.lint.telling import telling_faults


def lint(folder: Path) -> tuple[Fault, ...]:
    """Return every fault of the module in `folder`, ordered by file; empty when it is clean."""
    draft = read_draft(folder)
    faults = [*draft.faults, *integrity_faults(draft)]
    # A part that cannot be read would make facts look unused, so these wait until everything can.
    if not draft.faults:
        faults += [*fact_faults(draft), *telling_faults(draft), *core_path_faults(draft)]
    faults += [*card_faults(draft), *question_faults(draft), *lab_faults(draft)]
    return tuple(sorted(dict.fromkeys(faults)))
