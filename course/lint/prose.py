"""Words that the course does without."""

import re
from collections.abc import Iterator

from course.errors import Fault

#: Each with what to write instead.
BANNED = {
    "utilize": "use",
    "utilise": "use",
    "leverage": "use",
    "seamless": "say what happens",
    "seamlessly": "say what happens",
    "cutting-edge": "say what is new",
    "state-of-the-art": "name the system and the date",
    "game-changer": "say what changed",
    "delve": "look",
    "obviously": "leave it out",
    "simply": "leave it out",
    "needless to say": "leave it out",
    "labeled": "labelled (British spelling)",
    "labeling": "labelling (British spelling)",
    "color": "colour (British spelling)",
    "behavior": "behaviour (British spelling)",
    "center": "centre (British spelling)",
    "recognize": "recognise (British spelling)",
    "recognized": "recognised (British spelling)",
    "organize": "organise (British spelling)",
    "minimize": "minimise (British spelling)",
    "pseudonymization": "pseudonymisation (British spelling)",
    "anonymized": "anonymised (British spelling)",
}
_BANNED = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, BANNED))})(?![\w-])", re.IGNORECASE)


def banned_words(file: str, key: str, text: str) -> Iterator[Fault]:
    """Yield a fault for every banned word in the text.

    >>> [fault.message for fault in banned_words("f", "k", "Simply utilize it")]
    ["'Simply' is banned: leave it out", "'utilize' is banned: use"]
    """
    for match in _BANNED.finditer(text):
        yield Fault(file, key, f"{match[0]!r} is banned: {BANNED[match[0].lower()]}")
