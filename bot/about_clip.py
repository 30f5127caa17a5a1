"""What an uploader says about a recording: how many speak, how it was made, and what to listen for."""

import re
from dataclasses import dataclass
from typing import Any

#: What a words engine is told takes room from what it hears; more than this would do harm.
MOST_HOT_WORDS, MOST_HOT_WORD_CHARS, MOST_TYPED_CHARS = 40, 40, 300
_SEPARATORS = re.compile(r"[,;\n]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class WordsWish:
    """What helps to write down the words."""

    #: ISO 639-1 code, such as "en"; None to find out.
    language: str | None = None
    #: Names and jargon to listen for.
    hot_words: tuple[str, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"language": self.language, "hot_words": list(self.hot_words)}

    @classmethod
    def of_document(cls, document: dict[str, Any] | None) -> "WordsWish":
        """Return what was stored; nothing in particular where nothing was."""
        found = document or {}
        return cls(language=found.get("language"), hot_words=tuple(found.get("hot_words") or ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class AboutClip:
    """All that the uploader may say at the notice; every part is optional."""

    min_speakers: int | None = None
    max_speakers: int | None = None
    #: One of `bot.views.clip.RECORDED`.
    recorded: str | None = None
    words: WordsWish = WordsWish()


def read_hot_words(typed: str) -> tuple[str, ...]:
    r"""Return names and jargon, each once, as they were separated by commas or lines.

    >>> read_hot_words("Ada Quill, DER,\n ada quill; x-vectors ")
    ('Ada Quill', 'DER', 'x-vectors')
    """
    found: dict[str, str] = {}
    for part in _SEPARATORS.split(typed):
        word = " ".join("".join(c if c.isprintable() else " " for c in part).split())[:MOST_HOT_WORD_CHARS]
        if word:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())[:MOST_HOT_WORDS]
