"""Praat TextGrids, long and short: a tier for each speaker, an interval with text wherever the speaker talks.

A tier named `speaker`, alone or beside a tier of words, is read the other way round: its intervals hold the names.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_seconds, read_turn, require_turns, shown
from annotation.formats.writing import milliseconds, named, spread
from annotation.model import Annotation, Turn, Word

EXAMPLE = 'an interval tier "SPEAKER_00" with an interval from 0.5 to 2.75 that has a text'
#: Praat keeps an interval with no text silent, so speech without words needs some mark.
SPEECH_MARK = "speech"
SPEAKER_TIERS = ("speaker", "speakers", "diarization")
# What Praat itself looks at: strings, and numbers and flags that stand free.
_TOKEN = re.compile(r'"((?:[^"]|"")*+)"|(![^\n]*)|(?<!\S)([-+]?[\d.][\d.eE+-]*|<\w+>)(?!\S)', re.ASCII)
#: Tiers that hold what was said, whoever said it, where another tier says who speaks.
WORD_TIERS = (
    "words",
    "word",
    "text",
    "transcript",
    "transcription",
    "orthography",
    "utterances",
    "sentences",
)


@dataclass
class _Tokens:
    """The strings and numbers of a file, one after the other."""

    text: str
    position: int = 0
    line: int = 1
    _seen: int = field(default=0, repr=False)

    def take(self, what: str) -> tuple[str, bool]:
        """Return the next value and whether it was a string."""
        match = _TOKEN.search(self.text, self.position)
        while match is not None and match[2] is not None:  # a comment
            match = _TOKEN.search(self.text, match.end())
        if match is None:
            raise FormatError(
                f"the file ends where {what} should be", line=self.line, advice="Save it in Praat again."
            )
        self.line += self.text.count("\n", self._seen, match.start())
        self._seen = match.start()
        self.position = match.end()
        is_string = match[1] is not None
        return (match[1].replace('""', '"') if is_string else match[3]), is_string

    def string(self, what: str) -> str:
        value, is_string = self.take(what)
        if not is_string:
            raise FormatError(f"{shown(value)} stands where {what} should be in quotes", line=self.line)
        return value

    def number(self, what: str) -> float:
        value, is_string = self.take(what)
        if is_string:
            raise FormatError(f"{shown(value)} stands where {what} should be a number", line=self.line)
        return read_seconds(value, what, self.line)


@dataclass(frozen=True)
class _Interval:
    start_s: float
    end_s: float
    tier: str
    text: str
    line: int


def parse(text: str, uri: str = "") -> Annotation:
    """Return one turn for each interval that has a text.

    Raises:
        FormatError: the file is no TextGrid, is cut short, or has no interval with a text.
    """
    return Annotation.of(uri, require_turns(_turns(_intervals(text)), EXAMPLE))


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words in the intervals, with times shared out inside each; none where they hold names or marks.

    Raises:
        FormatError: the file is no TextGrid or is cut short.
    """
    intervals = _intervals(text)
    spoken = [i for i in intervals if i.text.strip() != SPEECH_MARK]
    if not _name_tiers(intervals):
        return tuple(word for i in spoken for word in spread(i.start_s, i.end_s, i.text, i.tier))
    said = [i for i in spoken if i.tier.lower() in WORD_TIERS]
    turns = _turns(intervals)
    return tuple(word for i in said for word in spread(i.start_s, i.end_s, i.text, _who_speaks(turns, i)))


def serialize(annotation: Annotation, names: Mapping[str, str] | None = None) -> str:
    """Return a long TextGrid; a speaker whose own turns overlap gets a second tier of the same name."""
    tiers = _tiers(annotation, names)
    end = max((milliseconds(turn.end_s) for turn in annotation.turns), default=1)
    head = f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = {end / 1000:.3f}\n'
    body = [_tier(number, name, spans, end) for number, (name, spans) in enumerate(tiers, start=1)]
    return f"{head}tiers? <exists>\nsize = {len(tiers)}\nitem []:\n{''.join(body)}"


def _intervals(text: str) -> list[_Interval]:
    tokens = _Tokens("\n".join(line for _, line in numbered_lines(text)))
    if (
        not tokens.string("the file type").startswith("ooTextFile")
        or tokens.string("the object class") != "TextGrid"
    ):
        raise FormatError(
            "this is not a Praat TextGrid", line=tokens.line, advice='It begins with "ooTextFile".'
        )
    tokens.number("the start of the file")
    tokens.number("the end of the file")
    exists, _ = tokens.take("<exists>")
    found: list[_Interval] = []
    if exists != "<exists>":
        return found
    for _ in range(_count(tokens, "the number of tiers")):
        kind, name = tokens.string("the tier's class"), tokens.string("the tier's name").strip()
        tokens.number("the tier's start")
        tokens.number("the tier's end")
        for _ in range(_count(tokens, "the number of intervals")):
            start_s = tokens.number("the start")
            if kind == "TextTier":  # points in time say nothing about turns
                tokens.string("the mark")
                continue
            end_s, said = tokens.number("the end"), tokens.string("the text")
            if said.strip():
                found.append(_Interval(start_s, end_s, name or "SPEAKER", said, tokens.line))
    return found


def _count(tokens: _Tokens, what: str) -> int:
    value = tokens.number(what)
    if value != int(value):
        raise FormatError(f"{what} is {value:g}, not a whole number", line=tokens.line)
    return int(value)


def _turns(intervals: Sequence[_Interval]) -> list[Turn]:
    names = _name_tiers(intervals)
    if not names:
        return [read_turn(i.start_s, i.end_s, i.tier, i.line) for i in intervals]
    return [
        read_turn(i.start_s, i.end_s, i.text.strip(), i.line) for i in intervals if i.tier.lower() in names
    ]


def _who_speaks(turns: Sequence[Turn], interval: _Interval) -> str | None:
    middle_s = (interval.start_s + interval.end_s) / 2
    return next((turn.speaker for turn in turns if turn.start_s <= middle_s <= turn.end_s), None)


def _name_tiers(intervals: Sequence[_Interval]) -> set[str]:
    """Return the tiers whose intervals hold names: one called `speaker`, alone or beside tiers of words."""
    tiers = {interval.tier.lower() for interval in intervals}
    names = tiers & set(SPEAKER_TIERS)
    return names if len(names) == 1 and tiers - names <= set(WORD_TIERS) else set()


def _tiers(
    annotation: Annotation, names: Mapping[str, str] | None
) -> list[tuple[str, list[tuple[int, int]]]]:
    tiers: list[tuple[str, list[tuple[int, int]]]] = []
    for turn in annotation.turns:
        start, end, name = milliseconds(turn.start_s), milliseconds(turn.end_s), named(turn.speaker, names)
        if end <= start:
            continue
        free = next((spans for tier, spans in tiers if tier == name and spans[-1][1] <= start), None)
        if free is None:
            tiers.append((name, [(start, end)]))
        else:
            free.append((start, end))
    return tiers


def _tier(number: int, name: str, spans: Sequence[tuple[int, int]], end: int) -> str:
    cells: list[tuple[int, int, str]] = []
    at = 0
    for start, stop in spans:
        if start > at:
            cells.append((at, start, ""))
        cells.append((start, stop, SPEECH_MARK))
        at = stop
    if at < end:
        cells.append((at, end, ""))
    rows = [
        f"        intervals [{i}]:\n            xmin = {a / 1000:.3f}\n            xmax = {b / 1000:.3f}\n"
        f'            text = "{text}"\n'
        for i, (a, b, text) in enumerate(cells, start=1)
    ]
    quoted = name.replace('"', '""')
    head = f'    item [{number}]:\n        class = "IntervalTier"\n        name = "{quoted}"\n'
    span = f"        xmin = 0\n        xmax = {end / 1000:.3f}\n        intervals: size = {len(cells)}\n"
    return head + span + "".join(rows)
