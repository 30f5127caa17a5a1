"""Audacity label tracks: `start<Tab>end<Tab>label`, the label being the speaker."""

from collections.abc import Mapping

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_number, read_seconds, read_turn, require_turns
from annotation.formats.writing import milliseconds, named
from annotation.model import Annotation, Turn

EXAMPLE = "0.500000<Tab>2.750000<Tab>SPEAKER_00"
_MIN_FIELDS = 2


def parse(text: str, uri: str = "") -> Annotation:
    """Return one turn for each label.

    Raises:
        FormatError: a line cannot be read or there are no labels.
    """
    turns: list[Turn] = []
    for number, line in numbered_lines(text):
        if not line.strip() or line.startswith("\\"):  # the second line of a spectral selection
            continue
        fields = line.strip(" ").split("\t", 2)
        if len(fields) < _MIN_FIELDS:
            raise FormatError(
                "the line is not start, end and speaker with tabs between",
                line=number,
                advice=f"Write {EXAMPLE}",
            )
        start_s, end_s = _time(fields[0], "the start", number), _time(fields[1], "the end", number)
        if len(fields) == _MIN_FIELDS or not fields[2].strip():
            raise FormatError(
                f"the label at {start_s:g} s is empty",
                line=number,
                advice="Type who speaks there, or remove it.",
            )
        turns.append(read_turn(start_s, end_s, fields[2].strip(), number))
    return Annotation.of(uri, require_turns(turns, EXAMPLE))


def _time(field: str, what: str, number: int) -> float:
    """Return a time; a track that was moved to the left has labels before 0, where no recording is."""
    text = field.strip().replace(",", ".")
    return (
        max(0.0, read_number(text, what, number))
        if text.startswith("-")
        else read_seconds(text, what, number)
    )


def serialize(annotation: Annotation, names: Mapping[str, str] | None = None) -> str:
    r"""Return the label track.

    >>> serialize(Annotation.of("clip", [Turn(0.5, 2.75, "A")]))
    '0.500000\t2.750000\tA\n'
    """
    rows = (
        (milliseconds(t.start_s), milliseconds(t.end_s), named(t.speaker, names)) for t in annotation.turns
    )
    return "".join(f"{a / 1000:.6f}\t{b / 1000:.6f}\t{speaker}\n" for a, b, speaker in rows if b > a)
