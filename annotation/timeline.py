"""The timeline of a labelled recording as a picture, with a text that says the same in words."""

import io
import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from annotation.formats.writing import clock, named
from annotation.model import Annotation, Segment, union

#: Dark enough on white, and apart from each other for the three common kinds of colour blindness.
PALETTE = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#b5539c",
    "#56a5d8",
    "#b8860b",
    "#4d4d4d",
    "#882255",
    "#2f8f83",
    "#7a6f00",
)
INK, FAINT, LANE = "#1d1c1d", "#616061", "#eeeeee"

#: A chat shows the picture some 310 points wide on a phone, so type has to survive being made five times smaller.
WIDTH_PX, DOTS_PER_INCH = 1500, 200
TYPE_PT, SMALL_TYPE_PT = 19, 16
LANE_IN, HEAD_IN, FOOT_IN = 0.8, 0.08, 0.52
MAX_NAME_CHARS = 22
#: Bars thinner than this share of the width could not be seen, and hatching needs more room than that.
MIN_BAR_SHARE, MIN_HATCH_SHARE = 1 / 1500, 1 / 150
TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MAX_TICKS = 5
MAX_EXAMPLES = 3


class Picture(NamedTuple):
    """A picture and its alt text."""

    png: bytes
    alt_text: str


def draw(annotation: Annotation, duration_s: float, names: Mapping[str, str] | None = None) -> Picture:
    """Draw one lane per speaker, and one that shows where people talk at once.

    Args:
        annotation: All turns, which may overlap.
        duration_s: Length of the recording.
        names: What people call the labels.
    """
    # Figure and canvas by hand: pyplot keeps every figure in a global and is not safe in threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    duration_s = max(duration_s, annotation.end_s, 0.1)
    overlaps = annotation.overlaps()
    lanes = len(annotation.speakers) + bool(overlaps)
    height_in = HEAD_IN + FOOT_IN + LANE_IN * max(1, lanes)
    figure = Figure(figsize=(WIDTH_PX / DOTS_PER_INCH, height_in), dpi=DOTS_PER_INCH, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    bottom, top = FOOT_IN / height_in, 1 - HEAD_IN / height_in
    axes = figure.add_axes((0.035, bottom, 0.93, top - bottom))
    talk_time_s = annotation.talk_time_s()
    speech_s = sum(talk_time_s.values())
    for lane, speaker in enumerate(annotation.speakers):
        own = union(turn for turn in annotation.turns if turn.speaker == speaker)
        shared = [s for s in _common(own, overlaps) if s.duration_s >= duration_s * MIN_HATCH_SHARE]
        share = f"{_length(talk_time_s[speaker])}  {talk_time_s[speaker] / speech_s:.0%}"
        _lane(axes, lane, _short(named(speaker, names)), share, duration_s)
        colour = PALETTE[lane % len(PALETTE)]
        _bars(axes, lane, own, duration_s, facecolor=colour, linewidth=0)
        _bars(axes, lane, shared, duration_s, facecolor=colour, edgecolor="white", hatch="////", linewidth=0)
    if overlaps:
        lane = len(annotation.speakers)
        _lane(axes, lane, "talking at once", _length(sum(s.duration_s for s in overlaps)), duration_s)
        _bars(axes, lane, overlaps, duration_s, facecolor=INK, linewidth=0)
    _time_axis(axes, duration_s, max(1, lanes))
    buffer = io.BytesIO()
    canvas.print_png(buffer)
    return Picture(buffer.getvalue(), describe(annotation, duration_s, names))


def describe(annotation: Annotation, duration_s: float, names: Mapping[str, str] | None = None) -> str:
    """Say in words what the timeline shows.

    >>> from annotation.model import Turn
    >>> print(describe(Annotation.of("clip", [Turn(0, 40, "A"), Turn(36, 50, "B")]), 60, {"A": "Ada"}))
    Timeline of 1:00 with 2 speakers. Ada: 0:40 (74%), 1 turn from 0:00. B: 0:14 (26%), 1 turn from 0:36. \
Two or more talk at once for 4 s (7% of the recording), at 0:36.
    """
    talk_time_s = annotation.talk_time_s()
    speech_s = sum(talk_time_s.values())
    if not talk_time_s:
        return f"Timeline of {clock(duration_s)} in which nobody speaks."
    parts = [f"Timeline of {clock(duration_s)} with {_count(len(talk_time_s), 'speaker')}."]
    for speaker, talked_s in talk_time_s.items():
        own = [turn for turn in annotation.turns if turn.speaker == speaker]
        parts.append(
            f"{named(speaker, names)}: {_length(talked_s)} ({talked_s / speech_s:.0%}), "
            f"{_count(len(own), 'turn')} from {clock(own[0].start_s)}."
        )
    overlaps = annotation.overlaps()
    overlap_s = sum(region.duration_s for region in overlaps)
    if not overlaps:
        parts.append("Nobody talks at the same time as somebody else.")
    else:
        longest = sorted(sorted(overlaps, key=lambda s: -s.duration_s)[:MAX_EXAMPLES])
        where = ", ".join(clock(region.start_s) for region in longest)
        hint = "at" if len(overlaps) <= MAX_EXAMPLES else "longest at"
        parts.append(
            f"Two or more talk at once for {overlap_s:.0f} s ({overlap_s / duration_s:.0%} of the recording), {hint} {where}."
        )
    return " ".join(parts)


def _lane(axes: Any, lane: int, name: str, figure: str, duration_s: float) -> None:
    axes.broken_barh([(0, duration_s)], (lane + 0.47, 0.44), facecolor=LANE, linewidth=0)
    # Names are what people typed: a dollar sign must not start a formula.
    text = {"va": "center", "fontsize": TYPE_PT, "parse_math": False}
    axes.text(0, lane + 0.25, name, ha="left", color=INK, weight="bold", **text)
    axes.text(duration_s, lane + 0.25, figure, ha="right", color=FAINT, **text)


def _bars(axes: Any, lane: int, spans: Sequence[Segment], duration_s: float, **style: Any) -> None:
    least_s = duration_s * MIN_BAR_SHARE
    spots = [(span.start_s, max(span.duration_s, least_s)) for span in spans]
    axes.broken_barh(spots, (lane + 0.47, 0.44), **style)


def _common(own: Sequence[Segment], overlaps: Sequence[Segment]) -> list[Segment]:
    """Intersect two lists of disjoint segments in order of time."""
    found: list[Segment] = []
    index = 0
    for span in own:
        while index < len(overlaps) and overlaps[index].end_s <= span.start_s:
            index += 1
        for region in overlaps[index:]:
            if region.start_s >= span.end_s:
                break
            found.append(Segment(max(span.start_s, region.start_s), min(span.end_s, region.end_s)))
    return found


def _time_axis(axes: Any, duration_s: float, lanes: int) -> None:
    step_s = next((step for step in TICK_STEPS_S if duration_s / step <= MAX_TICKS), TICK_STEPS_S[-1])
    ticks = [i * step_s for i in range(int(duration_s / step_s) + 1)]
    axes.set_xlim(0, duration_s)
    axes.set_ylim(lanes, 0)
    axes.set_yticks([])
    axes.set_xticks(ticks, [clock(tick) for tick in ticks], fontsize=SMALL_TYPE_PT, color=FAINT)
    axes.tick_params(axis="x", color=FAINT, length=5)
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    if len(ticks) > 1 and duration_s - ticks[-1] < step_s / 3:
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)


def _length(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else clock(seconds)  # noqa: PLR2004


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 1] + "\u2026"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
