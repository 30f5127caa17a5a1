"""What to distrust about labels that nobody has checked, as sentences for the learner."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from annotation.doubt import doubts, in_words
from annotation.formats.writing import clock
from annotation.model import Annotation, Turn
from diarize_worker.engines.protocol import Labels

#: Below this the voice was about as close to another speaker (as a difference of cosines).
UNSURE = 0.05
#: Shorter turns are in the sentence on short turns already.
LEAST_UNSURE_S = 1.0
#: A speaker who returns after so long may be another person under the same label.
LONG_GAP_S = 300.0
_NUM_EXAMPLES = 3


def notes_on(labels: Labels) -> list[str]:
    """Return the sentences; the engine's own notes come first."""
    found = doubts(labels.annotation)
    if any("talking at once" in note for note in labels.notes):  # the engine has said it in its own words
        found = replace(found, overlap_s=0.0)
    said = [] if not found.num_turns and labels.notes else in_words(found)
    return [*labels.notes, *said, *_unsure(labels.evidence), *_returns(labels.annotation)]


def _unsure(evidence: dict[str, Any] | None) -> list[str]:
    turns = [
        (confidence, start_s)
        for start_s, end_s, _speaker, confidence in (evidence or {}).get("turns", ())
        if confidence is not None and confidence < UNSURE and end_s - start_s >= LEAST_UNSURE_S
    ]
    if not turns:
        return []
    times = ", ".join(
        clock(start_s) for start_s in sorted(start_s for _, start_s in sorted(turns)[:_NUM_EXAMPLES])
    )
    which = "One turn's voice is" if len(turns) == 1 else f"The voices of {len(turns)} turns are"
    return [f"{which} about as close to another speaker: low confidence. Listen to {times}."]


def _returns(annotation: Annotation) -> list[str]:
    found: list[tuple[float, Turn]] = []
    for speaker in annotation.speakers:
        own = [turn for turn in annotation.turns if turn.speaker == speaker]
        end_s = own[0].end_s
        for before, turn in pairwise(own):
            end_s = max(end_s, before.end_s)
            if turn.start_s - end_s >= LONG_GAP_S:
                found.append((turn.start_s - end_s, turn))
    longest = sorted(sorted(found, reverse=True)[:_NUM_EXAMPLES], key=lambda one: one[1].start_s)
    return [
        f"{turn.speaker} returns at {clock(turn.start_s)} after {gap_s / 60:.0f} minutes of silence. "
        "Is it the same person? Only you can tell."
        for gap_s, turn in longest
    ]
