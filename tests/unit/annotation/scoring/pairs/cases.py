"""Pairs small enough to add up on paper, each about one clause of NIST's rule; md_eval.json has their figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A pair written by hand: turns as `label start duration`, other lines as in the file."""

    name: str
    reference: str
    hypothesis: str
    #: Lines of the reference that are no turns, without recording and channel: `TYPE start duration subtype`.
    marks: str = ""
    uem: str = ""

    def texts(self) -> tuple[str, str, str | None]:
        """Return reference, hypothesis and UEM as files hold them."""
        region = "".join(f"{line}\n" for line in self.uem.split(", ") if line)
        return _turns(self.reference) + _marks(self.marks), _turns(self.hypothesis), region or None


#: Two speakers, twenty seconds, and labels that are a second late twice: what most cases vary.
TWO, FOUND = "A 0 10, B 12 8", "x 0 11, y 12 7"
CASES = (
    Case("instant_bears_a_collar", f"{TWO}, C 5 0", "x 0 4.8, y 12 7"),
    Case("instant_widens_the_extent", f"{TWO}, C 25 0", f"{FOUND}, y 21 2"),
    Case("overlap_after_overlap", "A 0 10, B 2 2, C 4 4", "x 0 10, y 3 4", uem="f 1 0 6"),
    Case("overlap_ends_with_the_stretch", "A 0 10, B 4 2, A 12 8, B 14 2", "x 0 10, y 12 8", uem="f 1 0 6"),
    Case("overlap_begins_with_the_stretch", "A 0 10, B 2 4", "x 0 10, y 3 4", uem="f 1 2 5, f 1 7 9"),
    Case("equal_by_name", "A 0 5, B 5 5, C 3 2", "x 0 10"),
    Case("equal_by_name_turned", "B 0 5, A 5 5, C 3 2", "x 0 10"),
    Case("equal_crosswise", "A 0 4, B 4 4, A 8 2, C 8 1", "y 0 2, x 2 4, y 6 2, y 8 2"),
    Case("two_channels", "A 0 10, A@2 5 10", "x 0 10, x@2 6 10"),
    Case("not_to_be_scored", TWO, FOUND, marks="NOSCORE 4 3 <NA>"),
    Case("not_to_be_scored_at_the_end", TWO, FOUND, marks="NOSCORE 18 4 <NA>", uem="f 1 0 30"),
    Case("laugh", TWO, FOUND, marks="NON-LEX 4 3 laugh"),
    Case("laughs_close_together", TWO, FOUND, marks="NON-LEX 4 1 laugh, NON-LEX 5.5 1 cough, LEXEME 7 1 lex"),
    Case(
        "other_lines_in_the_extent", TWO, f"{FOUND}, y 22 2", marks="SEGMENT 0 30 eval, NON-SPEECH 40 5 noise"
    ),
    Case(
        "uem_names_a_file", f"{TWO}, A#g 2 10", f"{FOUND}, x#g 0 15", uem="/data/f.wav 1 0 22, g.sph 1 0 20"
    ),
    Case("stretches_that_touch", TWO, FOUND, uem="f 1 0 10, f 1 10 20"),
    Case("before_the_start", "A -1 6, B 6 4", "x -2 6, y 6 4"),
    Case("sums_that_miss_by_a_hair", "A 0.1 0.2, B 0.3 4, C 0.3 1, A 1.3 1.1", "x 0.1 2, y 2.1 2.2"),
)


def _turns(turns: str) -> str:
    """Return the lines of turns such as `A 0 10`, on `@channel` and of `#recording` where one is named."""
    rows = []
    for turn in turns.split(", "):
        label, start, duration = turn.split()
        label, _, recording = label.partition("#")
        label, _, channel = label.partition("@")
        span = f"{recording or 'f'} {channel or 1} {start} {duration}"
        rows.append(f"SPEAKER {span} <NA> <NA> {label} <NA> <NA>\n")
    return "".join(rows)


def _marks(marks: str) -> str:
    """Return the other lines of a reference."""
    fields = [mark.split() for mark in marks.split(", ") if mark]
    return "".join(
        f"{kind} f 1 {start} {duration} <NA> {subtype} <NA> <NA> <NA>\n"
        for kind, start, duration, subtype in fields
    )
