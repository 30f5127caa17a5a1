"""`python -m course lint` and `python -m course preview LESSON`.

Exit codes: 0 clean, 1 faults in the content, 2 wrong use.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course.errors import ContentError
from course.lint import lint
from course.loader import default_folder, load_module
from course.preview import preview_lesson, preview_quiz


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m course", description="Check and read the course's content."
    )
    parser.add_argument("--folder", type=Path, default=default_folder(), help="a module's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lint", help="print every fault as `file: key: fault`")
    preview = commands.add_parser("preview", help="print a lesson as text")
    preview.add_argument("lesson", help="a number, a lesson's id, or `test`")
    options = parser.parse_args(arguments)
    return _lint(options.folder) if options.command == "lint" else _preview(options.folder, options.lesson)


def _lint(folder: Path) -> int:
    faults = lint(folder)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} fault(s) in {folder}", file=sys.stderr)
        return 1
    module = load_module(folder)
    print(f"{module.title}: {len(module.lessons)} lessons, {len(module.facts)} facts, no faults.")
    return 0


def _preview(folder: Path, wanted: str) -> int:
    try:
        module = load_module(folder)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    if wanted == "test" and module.test is not None:
        print(preview_quiz(module.test), end="")
        return 0
    lesson = next((each for each in module.lessons if wanted in {each.id, str(each.number)}), None)
    if lesson is None:
        known = ", ".join(each.id for each in module.lessons)
        print(f"There is no lesson {wanted!r}. Lessons: {known}.", file=sys.stderr)
        return 2
    print(preview_lesson(module, lesson), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
