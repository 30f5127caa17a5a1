"""Labs whose data hold together: openers that fit their buttons, traps that catch what they name."""

from collections.abc import Iterator

from course.draft import LAB, Draft
from course.errors import Fault
from course.exchanges import is_engaged
from course.lint.limits import BUTTON, HEADER, SECTION, too_long
from course.lint.prose import banned_words
from course.model import Lab
from course.traps import met_traps

NUM_OPENERS = 3
MIN_TOPICS = 4
MAX_SENTENCE = 240


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
        for trap in met_traps(lab, opener):
            yield Fault(file, f"openers.{number}", f"walks into the trap {trap.id}")


def _traps(file: str, lab: Lab) -> Iterator[Fault]:
    for topic in lab.topics:
        key = f"topics.{topic.id}"
        if not topic.keywords:
            yield Fault(file, f"{key}.keywords", "is empty")
        for name in ("question", "hint", "sound_answer"):
            yield from banned_words(file, f"{key}.{name}", str(getattr(topic, name)))
        for name in ("hint", "sound_answer"):
            yield from _one_sentence(file, f"{key}.{name}", str(getattr(topic, name)))
    for trap in lab.traps:
        key = f"traps.{trap.id}"
        yield from too_long(file, f"{key}.reply", trap.reply, SECTION, "a section")
        yield from banned_words(file, f"{key}.reply", trap.reply)
        if not trap.patterns and not trap.signs:
            yield Fault(file, key, "has neither patterns nor signs to be known by")
        elif trap not in met_traps(lab, trap.claim):
            yield Fault(file, key, "neither patterns nor signs match the claim itself")


def _one_sentence(file: str, key: str, text: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(file, key, "is missing")
    elif len(text) > MAX_SENTENCE:
        yield Fault(file, key, f"has {len(text)} characters; {MAX_SENTENCE} are a sentence")
