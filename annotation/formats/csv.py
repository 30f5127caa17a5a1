"""Comma-separated turns with the header `start,end,speaker`, and a `text` column when there are words.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which reading takes away again.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_clock, read_turn, require_turns
from annotation.formats.writing import milliseconds, paragraphs, spread
from annotation.model import Annotation, Turn, Word

EXAMPLE = "0.500,2.750,SPEAKER_00 under the header start,end,speaker"
_FORMULA = ("=", "+", "-", "@")
_SYNONYMS = {
    "start_s": "start",
    "begin": "start",
    "end_s": "end",
    "stop": "end",
    "label": "speaker",
    "words": "text",
}
_COLUMNS = ("start", "end", "speaker")


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
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    head = lines[first]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(lines[first:], delimiter=separator, strict=True)
    columns: dict[str, int] | None = None
    found: list[tuple[Turn, str]] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row, first + reader.line_num)
            else:
                found.append(_row(row, columns, first + reader.line_num))
    except csv.Error as error:
        raise FormatError(
            f"the row cannot be read ({error})",
            line=first + reader.line_num,
            advice="Check its quotation marks.",
        ) from None
    return found


def _columns(row: Sequence[str], number: int) -> dict[str, int]:
    titles = [cell.strip().lower() for cell in row]
    columns = {_SYNONYMS.get(title, title): i for i, title in enumerate(titles)}
    if missing := [name for name in _COLUMNS if name not in columns]:
        raise FormatError(
            f"the header has no column {' or '.join(missing)}",
            line=number,
            advice="The first line is start,end,speaker.",
        )
    return columns


def _row(row: Sequence[str], columns: Mapping[str, int], number: int) -> tuple[Turn, str]:
    if len(row) <= max(columns[name] for name in _COLUMNS):
        raise FormatError(f"the row has only {len(row)} cells", line=number, advice=f"Write {EXAMPLE}")
    speaker = _unguarded(row[columns["speaker"]].strip())
    if not speaker:
        raise FormatError("the speaker is empty", line=number, advice="Give every row a speaker.")
    start_s = read_clock(row[columns["start"]], "the start", number)
    end_s = read_clock(row[columns["end"]], "the end", number)
    said = row[columns["text"]] if columns.get("text", len(row)) < len(row) else ""
    return read_turn(start_s, end_s, speaker, number), _unguarded(said)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    is_guarded = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA)
    return cell[1:] if is_guarded else cell
