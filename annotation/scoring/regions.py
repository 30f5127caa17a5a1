"""Which time is evaluated and which of it a setting scores, by the rule of NIST's md-eval, tie by tie."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from annotation.marks import Mark, MarkKind, Marks
from annotation.model import Annotation, Segment
from annotation.scoring.settings import Setting

#: How far what is not to be scored may widen, up to the next turn or word: NIST's figure for laughs and coughs.
WIDEST_S = 0.5
#: Two times closer than this are one: NIST's figure.
SAME_TIME_S = 1e-8
_NOT_SCORED = frozenset({MarkKind.NO_SCORE, MarkKind.NOT_A_WORD})


def evaluated_region(
    reference: Annotation, hypothesis: Annotation, uem: Sequence[Segment] | None, marks: Marks | None = None
) -> tuple[Segment, ...]:
    """Return the time that is evaluated, in order and without overlap. This is the one place that decides it.

    Without a UEM, md-eval-22 takes the reference from its first start to its last end, so a false alarm before or
    after costs nothing; so do we. Where the reference is empty, the hypothesis' own extent stands in, so that its
    false alarms can be counted. What the reference marks as NOSCORE is not evaluated.
    """
    marks = marks or Marks()
    if uem is not None:
        stretches = _apart(uem)
    else:
        turns = reference.turns if reference.turns or marks.covers else hypothesis.turns
        times = [*(marks.covers or ()), *(time_s for turn in turns for time_s in (turn.start_s, turn.end_s))]
        stretches = (Segment(min(times), max(times)),) if times and max(times) > min(times) else ()
    if not marks.has_zones:
        return stretches
    zones = _zones(marks.lines, {MarkKind.NO_SCORE}, SAME_TIME_S)
    return tuple(_left(stretches, zones))


def scored_stretches(
    reference: Annotation, evaluated: Sequence[Segment], marks: Marks, setting: Setting
) -> tuple[Segment, ...]:
    """Return the part of the evaluated time that a setting scores."""
    left: Sequence[Segment] = evaluated
    if setting.collar_each_side_s > 0:
        left = _outside_collars(left, _boundaries(reference, marks), setting.collar_each_side_s)
    if marks.has_zones:
        left = list(_left(left, _zones(marks.lines, _NOT_SCORED, SAME_TIME_S)))
        left = list(_left(left, _zones(marks.lines, {MarkKind.NOT_A_WORD}, WIDEST_S)))
    if not setting.is_overlap_scored:
        left = list(_left(left, list(_overlaps(reference))))
    return tuple(left)


def _apart(uem: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the stretches in order, overlapping ones joined; those that merely touch stay two, as in md-eval."""
    found: list[Segment] = []
    for one in sorted(segment for segment in uem if segment.duration_s > 0):
        if found and one.start_s < found[-1].end_s:
            found[-1] = Segment(found[-1].start_s, max(found[-1].end_s, one.end_s))
        else:
            found.append(one)
    return tuple(found)


def _boundaries(reference: Annotation, marks: Marks) -> Iterator[float]:
    for turn in reference.turns:
        yield turn.start_s
        yield turn.end_s
    yield from marks.instants_s


def _outside_collars(
    region: Sequence[Segment], boundaries_s: Iterable[float], width_s: float
) -> list[Segment]:
    """Return the region without the time within a width of any boundary."""
    # What is scored begins and ends at edges of the region, and the other way round at those of a collar.
    edges = [edge for s in region for edge in ((s.start_s, False), (s.end_s, True))]
    edges += [edge for at in boundaries_s for edge in ((at - width_s, True), (at + width_s, False))]
    found: list[Segment] = []
    depth, since_s = 0, 0.0
    for time_s, is_end in sorted(edges):
        depth += -1 if is_end else 1
        if not is_end and depth == 1:
            since_s = time_s
        elif is_end and depth == 0 and time_s > since_s:
            found.append(Segment(since_s, time_s))
    return found


def _overlaps(reference: Annotation) -> Iterator[Segment]:
    """Yield where two turns run at once, be they of one speaker; zones that merely touch stay two."""
    edges = [edge for t in reference.turns for edge in ((t.start_s, True), (t.end_s, False))]
    depth, since_s = 0, 0.0
    for time_s, is_start in sorted(edges):
        depth += 1 if is_start else -1
        if is_start and depth == 2:  # noqa: PLR2004 - two at once
            since_s = time_s
        elif not is_start and depth == 1:
            yield Segment(since_s, time_s)


def _left(region: Iterable[Segment], zones: Iterable[Segment]) -> Iterator[Segment]:
    """Yield the region without the zones.

    A piece opens at any edge after which evaluated time runs and no zone does, and closes at the first *later* edge
    after which that is not so. Where edges coincide this shows: a piece may open where a zone ends and the next
    begins, or where a zone ends and so does the region, and then runs on to the next edge. So it is in md-eval.
    """
    depth = {True: 0, False: 0}
    since_s: float | None = None
    for time_s, is_start, is_zone in _merged(_edges(region), _edges(zones)):
        depth[is_zone] += 1 if is_start else -1
        if depth[False] > 0 and depth[True] == 0:
            since_s = time_s
        elif since_s is not None and time_s > since_s:
            yield Segment(since_s, time_s)
            since_s = None


def _edges(segments: Iterable[Segment]) -> list[tuple[float, bool]]:
    """Return starts and ends in order of time, ends first where times are equal."""
    return sorted(edge for s in segments for edge in ((s.start_s, True), (s.end_s, False)))


def _merged(
    region: Sequence[tuple[float, bool]], zones: Sequence[tuple[float, bool]]
) -> Iterator[tuple[float, bool, bool]]:
    """Yield the edges of both, each with whether it is a zone's.

    Of two ends at one time the zone's comes first. Of two starts, that of the side the edge before came from, and at
    the very beginning the region's: what the sort in md-eval mostly makes of them.
    """
    i = j = 0
    is_zone = False
    while i < len(region) or j < len(zones):
        if i == len(region) or j == len(zones):
            is_zone = i == len(region)
        elif region[i] != zones[j]:
            is_zone = zones[j] < region[i]
        elif not zones[j][1]:
            is_zone = True
        edge = zones[j] if is_zone else region[i]
        i, j = (i, j + 1) if is_zone else (i + 1, j)
        yield (*edge, is_zone)


def _zones(lines: Sequence[Mark], kinds: Collection[MarkKind], widest_s: float) -> list[Segment]:
    """Return the time around marks of these kinds that is left out.

    A zone reaches back from a mark to the nearest word or edge of a turn, and forth likewise, but not further than
    `widest_s`; inside a word it keeps to the mark. After a mark that no edge of a turn follows, nothing is scored.
    """
    found: list[Segment] = []
    since_s: float | None = None
    num_words = num_marks = 0
    word_end_s = mark_end_s = edge_s = 0.0
    for time_s, is_start, mark in _mark_edges(lines, kinds):
        is_mark, step = mark.kind in kinds, 1 if is_start else -1
        if is_mark:
            num_marks += step
            mark_end_s = time_s if num_marks == 0 else mark_end_s
        elif mark.kind is MarkKind.WORD:
            num_words += step
            word_end_s = time_s if num_words == 0 else word_end_s
        else:
            edge_s = time_s
        if since_s is None:
            if is_mark and num_marks > 0:
                since_s = time_s if num_words else max(word_end_s, edge_s, time_s - widest_s)
        elif num_marks == 0 and (num_words or mark.kind is MarkKind.TURN):
            found.append(Segment(since_s, min(mark_end_s + widest_s, time_s)))
            since_s = None
        elif is_mark and is_start and num_marks == 1 and time_s > mark_end_s + 2 * widest_s:
            found.append(Segment(since_s, mark_end_s + widest_s))
            since_s = time_s - widest_s
    return found if since_s is None else [*found, Segment(since_s, math.inf)]


def _mark_edges(lines: Sequence[Mark], kinds: Collection[MarkKind]) -> list[tuple[float, bool, Mark]]:
    """Return all edges in order of time; where times are equal, ends first and starts in reverse, as in md-eval."""
    known = [mark for mark in lines if mark.kind in kinds or mark.kind in {MarkKind.TURN, MarkKind.WORD}]
    ends = [(mark.end_s, False, mark) for mark in known]
    starts = [(mark.start_s, True, mark) for mark in reversed(known)]
    return sorted([*ends, *starts], key=lambda edge: edge[:2])
