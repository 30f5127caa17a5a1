"""Comma-separated turns with the header `start,end,speaker`, and a `text` column when there are words.

Titles that other programs use are known, too, and `duration` in the place of an end.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which reading takes away again.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_clock, read_turn, require_turns
from annotation.formats.writing import milliseconds, paragraphs, spread
from annotation.model import Annotation, Turn, Word

EXAMPLE = "0.500,2.750,SPEAKER_00 under the header start,end,speaker"
_SEPARATOR = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
_TIME = re.compile(r"[\d:]*\d(?:[.,]\d*)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@")
#: What other programs call our columns, best first.
_TITLES = {
    "start": ("start", "begin", "onset", "from", "tbeg", "in"),
    "end": ("end", "stop", "offset", "to", "tend", "out", "finish"),
    "duration": ("duration", "dur", "length"),
    "speaker": ("speaker", "speaker_id", "speaker_name", "speaker_label", "label", "who", "name", "spk"),
    "text": ("text", "words", "transcript"),
}
_COLUMNS = ("start", "end", "speaker")
#: What may stand behind a title: a unit, or the word time.
_TITLE_END = re.compile(r"[\s_-]*(?:[(\[]?(?:s|sec|secs|seconds)[)\]]?|times?)$")


def parse(text: str, uri: str = "") -> Annotation:
    """Return one turn for each row.

    Raises:
        FormatError: the header or a row cannot be read, or there are no rows.
    """
    return Annotation.of(uri, require_turns([turn for turn, _ in _rows(text)], EXAMPLE))


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words of the `text` column, with times shared out inside each row; none without that column.

    Raises:
        FormatError: the header or a row cannot be read.
    """
    return tuple(
        w for turn, said in _rows(text) for w in spread(turn.start_s, turn.end_s, said, turn.speaker)
    )


def serialize(
    annotation: Annotation, words: Sequence[Word] = (), names: Mapping[str, str] | None = None
) -> str:
    r"""Return the table.

    >>> serialize(Annotation.of("clip", [Turn(0.5, 2.75, "=A1")]))
    "start,end,speaker\r\n0.500,2.750,'=A1\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, "text"] if words else _COLUMNS)
    for part in paragraphs(annotation, words, names):
        start, end = milliseconds(part.start_s), milliseconds(part.end_s)
        if end > start or words:
            row = [f"{start / 1000:.3f}", f"{end / 1000:.3f}", _guarded(part.speaker)]
            writer.writerow([*row, _guarded(part.text)] if words else row)
    return out.getvalue()


def _rows(text: str) -> list[tuple[Turn, str]]:
    lines = [line for _, line in numbered_lines(text)]
    first, separator = _beginning(lines)
    reader = csv.reader(lines[first:], delimiter=separator, strict=True)
    columns: dict[str, int] | None = None
    found: list[tuple[Turn, str]] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            number = first + reader.line_num
            if columns is None:
                columns = _columns(row, number)
                if not _is_headless(row):
                    continue
            found.append(_row(row, columns, number))
    except csv.Error as error:
        raise FormatError(
            f"the row cannot be read ({error})",
            line=first + reader.line_num,
            advice="Check its quotation marks.",
        ) from None
    return found


def _beginning(lines: Sequence[str]) -> tuple[int, str]:
    """Return where the table begins and what separates its cells, past remarks and the line that Excel reads."""
    separator = ""
    for index, line in enumerate(lines):
        if match := _SEPARATOR.fullmatch(line.strip()):
            separator = match[1]
        elif line.strip() and not line.lstrip().startswith("#"):
            return index, separator or max(",;\t", key=line.count)
    return 0, ","


def _is_headless(row: Sequence[str]) -> bool:
    """Return whether a first row has times where titles would be."""
    return len(row) >= len(_COLUMNS) and all(_TIME.fullmatch(cell.strip()) for cell in row[:2])


def _columns(row: Sequence[str], number: int) -> dict[str, int]:
    """Return where our columns are."""
    if _is_headless(row):
        return {name: i for i, name in enumerate((*_COLUMNS, "text")) if i < len(row)}
    titles = [_title(cell) for cell in row]
    columns: dict[str, int] = {}
    for name, synonyms in _TITLES.items():
        known = next((title for title in synonyms if title in titles), None)
        if known is not None:
            columns[name] = titles.index(known)
    if "duration" in columns and "start" not in columns and "end" in columns:
        columns["start"] = columns.pop(
            "end"
        )  # offset and duration: the offset is from the beginning of the clip
    missing = [
        name for name in _COLUMNS if name not in columns and not (name == "end" and "duration" in columns)
    ]
    if missing:
        raise FormatError(
            f"the header has no column {' or '.join(missing)}",
            line=number,
            advice="The first line is start,end,speaker.",
        )
    return columns


def _title(cell: str) -> str:
    """Return a title as we know it.

    >>> _title(" Start Time (s)"), _title("end_s"), _title("Speaker ID")
    ('start', 'end', 'speaker_id')
    """
    title = cell.strip().lower()
    while (shorter := _TITLE_END.sub("", title)) not in {"", title}:
        title = shorter
    return re.sub(r"[\s-]+", "_", title)


def _row(row: Sequence[str], columns: Mapping[str, int], number: int) -> tuple[Turn, str]:
    needed = [columns[name] for name in (*_COLUMNS, "duration") if name in columns]
    if len(row) <= max(needed):
        raise FormatError(f"the row has only {len(row)} cells", line=number, advice=f"Write {EXAMPLE}")
    speaker = _unguarded(row[columns["speaker"]].strip())
    if not speaker:
        raise FormatError("the speaker is empty", line=number, advice="Give every row a speaker.")
    start_s = read_clock(row[columns["start"]], "the start", number)
    if "end" in columns:
        end_s = read_clock(row[columns["end"]], "the end", number)
    else:
        end_s = round(start_s + read_clock(row[columns["duration"]], "the duration", number), 9)
    said = row[columns["text"]] if columns.get("text", len(row)) < len(row) else ""
    return read_turn(start_s, end_s, speaker, number), _unguarded(said)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    is_guarded = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA)
    return cell[1:] if is_guarded else cell
