"""Scoring of label files, which may hold many recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from annotation.formats import rttm, uem
from annotation.formats.rttm import Recording
from annotation.marks import Marks
from annotation.model import Annotation, Segment
from annotation.scoring.errors import ScoringError
from annotation.scoring.scorecard import FilesScore, Scorecard, score

#: A recording's name and the channel of it.
Key: TypeAlias = tuple[str, str]
_Value = TypeVar("_Value")


def score_files(ref_text: str, hyp_text: str, uem_text: str | None = None) -> FilesScore:
    """Score RTTM files, as `score_recordings` does.

    Raises:
        FormatError: one of the files cannot be read.
        ScoringError: the reference has no turns.
    """
    regions = uem.parse_all(uem_text) if uem_text is not None else {}
    return score_recordings(rttm.recordings(ref_text), rttm.recordings(hyp_text), regions)


def score_recordings(
    references: Mapping[Key, Recording],
    hypotheses: Mapping[Key, Recording],
    regions: Mapping[Key, Sequence[Segment]],
) -> FilesScore:
    """Score every channel of every recording of the reference, in order of name.

    A recording that the hypothesis lacks is missed speech from end to end. One that only the hypothesis has is
    named but not scored, as in md-eval. Where both sides hold a single recording, its name does not have to agree,
    and the score's notes say so. A recording that the UEM does not list is evaluated over the extent of its reference.

    Raises:
        ScoringError: the reference has no turns.
    """
    if not references:
        raise ScoringError("The reference has no SPEAKER lines, so there is nothing to score against.")
    hypotheses, hypothesis_note = _under_one_name(references, hypotheses, "hypothesis")
    named: Mapping[Key, Sequence[Segment]] = {
        key: region for key in references if (region := uem.region_of(regions, *key)) is not None
    }
    region_note = ""
    if not named:
        named, region_note = _under_one_name(references, regions, "UEM")
    cards = [_scored(key, references, hypotheses.get(key), named.get(key)) for key in sorted(references)]
    left = sorted(set(hypotheses) - set(references))
    known = [*references, *hypotheses]
    notes = tuple(note for note in (hypothesis_note, region_note) if note)
    return FilesScore(tuple(cards), tuple(_shown(key, known) for key in left), notes)


def _scored(
    key: Key,
    references: Mapping[Key, Recording],
    hypothesis: Recording | None,
    region: Sequence[Segment] | None,
) -> Scorecard:
    reference = references[key]
    found = hypothesis.annotation if hypothesis else Annotation(key[0], ())
    card = score(reference.annotation, found, region, reference.marks)
    return replace(card, uri=_shown(key, list(references)))


def _under_one_name(
    references: Mapping[Key, Recording], found: Mapping[Key, _Value], what: str
) -> tuple[Mapping[Key, _Value], str]:
    """Return a lone recording under the lone reference's name, and a note where the names differ."""
    if len(references) != 1 or len(found) != 1 or set(references) == set(found):
        return found, ""
    (key,), ((other, value),) = references, found.items()
    both = [key, other]
    if not key[0] or not other[0]:  # a format that knows no names
        return {key: value}, ""
    note = (
        f"The {what} says {_shown(other, both)} where the reference says {_shown(key, both)}. "
        "As each names one recording, they were taken to be the same."
    )
    return {key: value}, note


def _shown(key: Key, among: Sequence[Key]) -> str:
    """Return the name of a recording, with its channel where several of that name are about."""
    name, channel = key
    is_one = len({other for file, other in among if file == name}) == 1
    return name if is_one else f"{name}, channel {channel}"


def lone_recording(annotation: Annotation) -> dict[Key, Recording]:
    """Return turns from a file that knows no names of recordings, as the only recording of that file."""
    times = [time_s for turn in annotation.turns for time_s in (turn.start_s, turn.end_s)]
    return {("", "1"): Recording("", "1", annotation, Marks.of((), (), times))}
