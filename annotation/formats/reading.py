"""What every reader does with text from strangers: decode it, cut it into lines, read numbers and times."""

import math
import re
from collections.abc import Iterator

from annotation.formats.errors import FormatError
from annotation.model import Turn

MAX_TEXT_CHARS = 20_000_000
MAX_LINE_CHARS = 20_000
MAX_TURNS = 200_000
#: Four weeks; a larger figure is not a time in seconds but a slip (milliseconds, samples).
MAX_TIME_S = 28 * 24 * 3600.0
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LINE_END = re.compile(r"\r\n|\r|\n")


def decode(data: bytes) -> str:
    r"""Return the text of a file: UTF-8, UTF-16 with a byte order mark, or else Windows Latin.

    >>> decode("M\xe9o".encode()), decode("M\xe9o".encode("latin-1")), decode("hi".encode("utf-16"))
    ('Méo', 'Méo', 'hi')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:2]:  # text of two bytes a character without a mark; no text of one byte has NUL in it
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number from 1, without line ends and without a byte order mark.

    Raises:
        FormatError: the text is too long, has an overlong line, or holds NUL characters.
    """
    if len(text) > MAX_TEXT_CHARS:
        raise FormatError(
            f"the file has more than {MAX_TEXT_CHARS:,} characters",
            advice="Send the labels of one recording.",
        )
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1):
        if len(line) > MAX_LINE_CHARS:
            raise FormatError(
                f"the line is longer than {MAX_LINE_CHARS:,} characters",
                line=number,
                advice="Is this a text file with one entry a line?",
            )
        if "\0" in line:
            raise FormatError(
                "the line holds a NUL character", line=number, advice="Save the file as plain text in UTF-8."
            )
        yield number, line


def read_number(field: str, what: str, line: int | None = None) -> float:
    """Return a plain decimal number, or say which field is not one.

    Raises:
        FormatError: the field is not a finite number.
    """
    text = field.strip()
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        raise FormatError(
            f"{what} is {shown(field)}, not a number",
            line=line,
            advice="Write seconds with a point, such as 12.5.",
        )
    return value


def read_seconds(field: str, what: str, line: int | None = None) -> float:
    """Return a time in seconds, from 0 up.

    Raises:
        FormatError: the field is not a number, is negative, or is beyond any recording.
    """
    value = read_number(field, what, line)
    if value < 0:
        raise FormatError(
            f"{what} is {shown(field)}, below 0", line=line, advice="Times count from the start."
        )
    if value > MAX_TIME_S:
        raise FormatError(
            f"{what} is {shown(field)}, longer than four weeks", line=line, advice="Write seconds."
        )
    return value + 0.0  # turns -0.0 into 0.0


def read_clock(field: str, what: str, line: int | None = None) -> float:
    """Return seconds from `m:ss`, `h:mm:ss` (with a fraction after a point or comma) or plain seconds.

    Raises:
        FormatError: the field is no time.

    >>> read_clock("1:02:03.5", "start"), read_clock("0:07", "start"), read_clock("7.25", "start")
    (3723.5, 7.0, 7.25)
    """
    text = field.strip()
    if ":" not in text:
        return read_seconds(text.replace(",", "."), what, line)
    match = _CLOCK.fullmatch(text)
    if not match or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):  # noqa: PLR2004
        raise FormatError(
            f"{what} is {shown(field)}, not a time",
            line=line,
            advice="Write minutes and seconds, such as 0:07.",
        )
    whole = int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return read_seconds(f"{whole}.{match[4] or 0}", what, line)


def read_turn(start_s: float, end_s: float, speaker: str, line: int | None = None) -> Turn:
    """Return the turn, once its end is known to follow its start.

    Raises:
        FormatError: the end is before the start.
    """
    if end_s < start_s:
        raise FormatError(
            f"the end ({end_s:g} s) is before the start ({start_s:g} s)",
            line=line,
            advice="Write the start first.",
        )
    return Turn(start_s, end_s, speaker)


def require_turns(turns: list[Turn], example: str) -> list[Turn]:
    """Return the turns if there are any, and no absurd number of them.

    Raises:
        FormatError: the file holds no turn, or more than MAX_TURNS.
    """
    if not turns:
        raise FormatError("the file holds no turns", advice=f"A turn looks like this: {example}")
    if len(turns) > MAX_TURNS:
        raise FormatError(f"the file holds more than {MAX_TURNS:,} turns", advice="Send one recording.")
    return turns


def shown(field: str) -> str:
    """Return a stranger's field for use in a message: quoted, printable and short."""
    clean = "".join(char if char.isprintable() else "?" for char in field.strip()[:41])
    return f"“{clean[:40]}…”" if len(clean) > 40 else f"“{clean}”"  # noqa: PLR2004
