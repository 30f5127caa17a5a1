"""How much Slack shows: numbers from its Block Kit reference."""

from collections.abc import Iterator

from course.errors import Fault

HEADER = 150
SECTION = 3000
BUTTON = 75
#: Of a button; an option's text becomes it, after its number ("1: ").
ACCESSIBILITY_LABEL = 75
OPTION = ACCESSIBILITY_LABEL - len("1: ")
ALT_TEXT = 2000
#: Plain text of a message, beyond which Slack advises against it.
MESSAGE = 4000


def too_long(file: str, key: str, text: str, limit: int, what: str) -> Iterator[Fault]:
    """Yield a fault when the text does not fit."""
    if len(text) > limit:
        yield Fault(file, key, f"has {len(text)} characters; {what} holds {limit}")
