"""Labs whose data hold together: openers that fit their buttons, traps that catch what they name."""

import re
from collections.abc import Iterator

from course.draft import LAB, Draft
from course.errors import Fault
from course.exchanges import is_engaged
from course.lint.limits import BUTTON, HEADER, SECTION, too_long
from course.lint.prose import banned_words
from course.model import Lab

NUM_OPENERS = 3
MIN_TOPICS = 4


def lab_faults(draft: Draft) -> Iterator[Fault]:
    """Yield faults of the labs' data."""
    for name, lesson in draft.lessons.items():
        file, lab = f"{name}/{LAB}", lesson.lab
        yield from too_long(file, "title", lab.title, HEADER, "a header")
        for key in ("scenario", "mission", "opening"):
            text = str(getattr(lab, key))
            yield from too_long(file, key, text, SECTION, "a section")
            yield from banned_words(file, key, text)
            if not text.strip():
                yield Fault(file, key, "is missing")
        if len(lab.topics) < MIN_TOPICS:
            yield Fault(file, "topics", f"there are {len(lab.topics)}; at least {MIN_TOPICS} are wanted")
        if lab.exchanges_needed < 1:
            yield Fault(file, "exchanges_needed", "has to be at least 1")
        yield from _openers(file, lab)
        yield from _traps(file, lab)


def _openers(file: str, lab: Lab) -> Iterator[Fault]:
    if len(lab.openers) != NUM_OPENERS:
        yield Fault(file, "openers", f"there are {len(lab.openers)}; {NUM_OPENERS} are wanted")
    for number, opener in enumerate(lab.openers, 1):
        yield from too_long(file, f"openers.{number}", opener, BUTTON, "a button")
        if not is_engaged(opener, (), lab.topics):
            yield Fault(file, f"openers.{number}", "would not count as an exchange")
        for trap in lab.traps:
            if _is_caught(trap.patterns, opener):
                yield Fault(file, f"openers.{number}", f"walks into the trap {trap.id}")


def _traps(file: str, lab: Lab) -> Iterator[Fault]:
    for topic in lab.topics:
        if not topic.keywords:
            yield Fault(file, f"topics.{topic.id}.keywords", "is empty")
        yield from banned_words(file, f"topics.{topic.id}", topic.question)
    for trap in lab.traps:
        key = f"traps.{trap.id}"
        yield from too_long(file, f"{key}.reply", trap.reply, SECTION, "a section")
        yield from banned_words(file, f"{key}.reply", trap.reply)
        if not _is_caught(trap.patterns, trap.claim):
            yield Fault(file, f"{key}.patterns", "none of them matches the claim itself")


def _is_caught(patterns: tuple[str, ...], text: str) -> bool:
    for pattern in patterns:
        try:
            if re.search(pattern, text, re.IGNORECASE):
                return True
        except re.error:  # reported by the integrity check
            continue
    return False
