"""Whether a reference belongs to a clip at all: to be asked before it is scored."""

from annotation.formats.writing import clock
from annotation.model import Annotation, Segment

#: Clips and label files rarely agree to the millisecond.
LENGTH_SLACK_S = 2.0
#: More of the speech we hear than this share after the reference's end is a sign that it stops early.
MAX_AFTER_END = 0.5
#: Less common speech than this share of the reference is a sign of the wrong file, or of times in another unit.
MIN_SHARED = 0.2


def misfits(reference: Annotation, machine: Annotation, clip_s: float) -> list[str]:
    """Return, in words for the person who sent it, why a reference may not belong to the clip; empty when it fits.

    Args:
        reference: the turns somebody sent.
        machine: the turns the clip was given by us, taken here only for where there is speech.
        clip_s: the length of the clip.

    >>> from annotation.model import Turn
    >>> clip = Annotation.of("clip", [Turn(0, 10, "x")])
    >>> misfits(Annotation.of("ref", [Turn(0, 9, "A")]), clip, 12.0)
    []
    >>> misfits(Annotation.of("ref", [Turn(0, 30, "A")]), clip, 12.0)
    ['The last turn ends at 0:30, but the clip is only 0:12 long.']
    """
    found: list[str] = []
    if reference.end_s > clip_s + LENGTH_SLACK_S:
        found.append(
            f"The last turn ends at {clock(reference.end_s)}, but the clip is only {clock(clip_s)} long."
        )
    speech, heard = reference.speech(), machine.speech()
    heard_s = sum(segment.duration_s for segment in heard)
    after_s = shared_s(heard, (Segment(reference.end_s, max(clip_s, machine.end_s)),))
    if speech and after_s > MAX_AFTER_END * heard_s and after_s > LENGTH_SLACK_S:
        found.append(
            f"Its last turn ends at {clock(reference.end_s)}, but {100 * after_s / heard_s:.0f} % of the speech we "
            "hear comes after that. Is it for the whole clip?"
        )
    speech_s = sum(segment.duration_s for segment in speech)
    if speech_s > 0 and heard and shared_s(speech, heard) < MIN_SHARED * speech_s:
        found.append(
            "Hardly any of its turns fall where we hear speech. Is it for another recording, or are its times "
            "not in seconds from the start?"
        )
    return found


def shared_s(first: tuple[Segment, ...], second: tuple[Segment, ...]) -> float:
    """Return the time two rows of disjoint segments in order have in common.

    >>> shared_s((Segment(0, 2), Segment(3, 5)), (Segment(1, 4),))
    2
    """
    i = j = 0
    total: float = 0
    while i < len(first) and j < len(second):
        a, b = first[i], second[j]
        total += max(0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s))
        if a.end_s <= b.end_s:
            i += 1
        else:
            j += 1
    return total
