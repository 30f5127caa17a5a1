"""Which format a dropped file has: its name first, and its first lines where the name does not tell."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from annotation.formats import audacity, csv, rttm, srt, textgrid, turns_text, vtt, whospoke_json
from annotation.formats.errors import FormatError
from annotation.formats.reading import decode
from annotation.model import Annotation, Word

_HEAD_CHARS = 4000


def _no_words(_: str) -> tuple[Word, ...]:
    return ()


def _no_names(_: str) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A format that turns can be read from."""

    name: str
    suffixes: tuple[str, ...]
    #: What the beginning of such a file looks like.
    head: re.Pattern[str]
    parse: Callable[[str, str], Annotation]
    parse_words: Callable[[str], tuple[Word, ...]] = _no_words
    parse_names: Callable[[str], dict[str, str]] = _no_names


@dataclass(frozen=True, slots=True)
class LabelFile:
    """What a dropped file says."""

    format_name: str
    annotation: Annotation
    #: Empty when the format or this file has none.
    words: tuple[Word, ...]
    #: What the file calls its labels, where it keeps names beside them.
    names: dict[str, str] = field(default_factory=dict)


FORMATS = (
    LabelFormat("WebVTT", (".vtt",), re.compile(r"WEBVTT"), vtt.parse, vtt.parse_words),
    LabelFormat(
        "whospoke JSON",
        (".json",),
        re.compile(r"\{"),
        whospoke_json.parse,
        whospoke_json.parse_words,
        whospoke_json.parse_names,
    ),
    LabelFormat(
        "Praat TextGrid",
        (".textgrid",),
        re.compile(r'(?:File type = )?"ooTextFile'),
        textgrid.parse,
        textgrid.parse_words,
    ),
    LabelFormat(
        "RTTM",
        (".rttm",),
        re.compile(
            r"(?:[;#][^\n]*\n\s*)*(?:SPEAKER|SPKR-INFO|SEGMENT|NOSCORE|NON-LEX|NON-SPEECH|LEXEME)[ \t]",
            re.IGNORECASE,
        ),
        rttm.parse,
    ),
    LabelFormat(
        "SubRip", (".srt",), re.compile(r"(?:\d+[ \t]*\n)?[\d:.,]+[ \t]*-->"), srt.parse, srt.parse_words
    ),
    LabelFormat(
        "CSV",
        (".csv", ".tsv"),
        re.compile(
            r"(?:sep=.\n|#[^\n]*\n)*(?:(?=[^\n]*(?:start|begin|onset|from))(?=[^\n]*(?:speaker|label|who|name))"
            r"[\w\"'#(\[][^\n,;\t]*[,;\t]|[\d:.]+[,;]\s?[\d:.]+[,;])",
            re.IGNORECASE,
        ),
        csv.parse,
        csv.parse_words,
    ),
    LabelFormat("Audacity labels", (), re.compile(r"-?[\d.,]+\t-?[\d.,]+[\t\n]"), audacity.parse),
    LabelFormat("typed turns", (), re.compile(r"[\d:.]+\s*(?:-|–|—|to)\s*[\d:.]+[\s,;]"), turns_text.parse),
)


#: Endings that say that a file holds labels.
LABEL_SUFFIXES = frozenset(suffix for kind in FORMATS for suffix in kind.suffixes)


def sniff(name: str, text: str) -> LabelFormat:
    r"""Return the format of a file.

    Args:
        name: the file's name; its ending decides where it can.
        text: the file's text.

    Raises:
        FormatError: it is none of the formats we read.

    >>> sniff("labels.txt", "0.5\t2.75\tA\n").name
    'Audacity labels'
    """
    suffix = PurePosixPath(name.lower()).suffix
    for kind in FORMATS:
        if suffix in kind.suffixes:
            return kind
    head = text[:_HEAD_CHARS].removeprefix("\ufeff").lstrip().replace("\r\n", "\n")
    for kind in FORMATS:
        if kind.head.match(head):
            return kind
    if not head:
        raise FormatError("the file is empty", advice="Send a file with turns in it.")
    raise FormatError(
        "this is none of the label formats we read",
        advice="Send RTTM, Audacity labels, CSV (start,end,speaker), WebVTT with voices, SubRip, TextGrid or our JSON.",
    )


def read_labels(name: str, data: bytes | str, uri: str = "") -> LabelFile:
    """Return the turns, and words if any, of a dropped file.

    Raises:
        FormatError: the file is none of the formats we read, or breaks the rules of its own.
    """
    text = decode(data) if isinstance(data, bytes) else data
    kind = sniff(name, text)
    annotation = Annotation(uri, kind.parse(text, uri).turns)
    if not annotation.turns:
        raise FormatError("no turn is longer than 0 s", advice="Give every turn an end after its start.")
    return LabelFile(kind.name, annotation, kind.parse_words(text), kind.parse_names(text))
