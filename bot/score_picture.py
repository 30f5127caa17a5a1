"""The four settings as stacked bars, each with the share of speech it leaves out, and a text that says the same."""

import io
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from annotation.scoring import FOUR_SETTINGS, Score

#: Apart from each other for the three common kinds of colour blindness, dark enough on white.
PARTS = (("missed", "#0072b2"), ("false alarm", "#d55e00"), ("wrong speaker", "#4d4d4d"))
INK, FAINT, LANE = "#1d1c1d", "#616061", "#eeeeee"
#: A chat shows the picture some 360 points wide on a phone, so type has to survive a quartering.
WIDTH_PX, DOTS_PER_INCH = 1500, 200
TYPE_PT, SMALL_TYPE_PT = 17, 14
LANE_IN, HEAD_IN, FOOT_IN = 1.12, 0.5, 0.46
#: The scale never ends before this, so that a good score looks good.
LEAST_SCALE_PERCENT = 10.0
#: Where in its lane, and how high, each bar is; and how much of the width the share left out has.
BAR, LEFT_OUT = (0.34, 0.28), (0.74, 0.12)
LEFT_OUT_WIDTH = 0.3
_FULL = 100.0


class Picture(NamedTuple):
    """A picture and its alt text."""

    png: bytes
    alt_text: str


def draw(settings: Mapping[str, Score]) -> Picture:
    """Draw one bar for each setting: missed, false alarm and wrong speaker in per cent of what is scored.

    Below it stands a narrow bar of the speech that the setting leaves out, of all the speech there is.
    """
    # Figure and canvas by hand: pyplot keeps every figure in a global and is not safe in threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    height_in = HEAD_IN + LANE_IN * len(FOUR_SETTINGS) + FOOT_IN
    figure = Figure(figsize=(WIDTH_PX / DOTS_PER_INCH, height_in), dpi=DOTS_PER_INCH, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes(
        (0.035, FOOT_IN / height_in, 0.93, 1 - (FOOT_IN + HEAD_IN) / height_in), frameon=False
    )
    most = max([LEAST_SCALE_PERCENT, *(one.der_percent or 0.0 for one in settings.values())])
    scale = most * 1.02
    for lane, setting in enumerate(FOUR_SETTINGS):
        _bar(axes, lane, setting.title, settings[setting.key], scale)
    axes.set_xlim(0, scale)
    axes.set_ylim(len(FOUR_SETTINGS), 0)
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} %")
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="x", color=FAINT, labelcolor=FAINT, labelsize=SMALL_TYPE_PT, length=5)
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    _legend(figure, 1 - HEAD_IN / height_in / 2)
    buffer = io.BytesIO()
    canvas.print_png(buffer)
    return Picture(buffer.getvalue(), describe(settings))


def describe(settings: Mapping[str, Score]) -> str:
    """Say in words what the bars show.

    >>> print(describe({s.key: Score(200, 10, 4, 6, 200) for s in FOUR_SETTINGS})[:164])
    Stacked bars of the diarization error rate. No collar, overlap scored: 10.0 %, of which missed 5.0 %, \
false alarm 2.0 %, wrong speaker 3.0 %; no speech is left out.
    """
    lines = [_described(setting.title, settings[setting.key]) for setting in FOUR_SETTINGS]
    return "Stacked bars of the diarization error rate. " + " ".join(lines)


def _described(title: str, score: Score) -> str:
    name = title[0].upper() + title[1:]
    if score.der_percent is None:
        return f"{name}: no rate, as no reference speech is left."
    parts = ", ".join(
        f"{part} {value:.1f} %" for (part, _), value in zip(PARTS, _percents(score), strict=True)
    )
    return f"{name}: {score.der_percent:.1f} %, of which {parts}; {_left_out(score)}."


def _left_out(score: Score) -> str:
    share = score.left_out_percent or 0.0
    if share <= 0:
        return "no speech is left out"
    if share < 1:
        return "under 1 % of the speech is left out"
    return f"{share:.0f} % of the speech is left out"


def _percents(score: Score) -> tuple[float, float, float]:
    return (score.missed_percent or 0.0, score.false_alarm_percent or 0.0, score.confusion_percent or 0.0)


def _bar(axes: Any, lane: int, title: str, score: Score, scale: float) -> None:
    rate = "no rate" if score.der_percent is None else f"{score.der_percent:.1f} %"
    name = title[0].upper() + title[1:]
    axes.text(0, lane + 0.19, name, ha="left", va="center", fontsize=TYPE_PT, color=INK)
    axes.text(scale, lane + 0.19, rate, ha="right", va="center", fontsize=TYPE_PT, color=INK, weight="bold")
    axes.broken_barh([(0, scale)], (lane + BAR[0], BAR[1]), facecolor=LANE, linewidth=0)
    left = 0.0
    for (_, colour), value in zip(PARTS, _percents(score), strict=True):
        axes.broken_barh(
            [(left, value)],
            (lane + BAR[0], BAR[1]),
            facecolor=colour,
            edgecolor="white",
            linewidth=1 if value else 0,
        )
        left += value
    if scale > _FULL:
        axes.vlines(_FULL, lane + BAR[0], lane + sum(BAR), color=INK, linewidth=1.5)
    _draw_left_out(axes, lane, score, scale)


def _draw_left_out(axes: Any, lane: int, score: Score, scale: float) -> None:
    """Draw the share of the speech that is left out on a scale of its own, the whole of it being the faint bar."""
    whole = scale * LEFT_OUT_WIDTH
    share = min((score.left_out_percent or 0.0) / _FULL, 1.0)
    axes.broken_barh([(0, whole)], (lane + LEFT_OUT[0], LEFT_OUT[1]), facecolor=LANE, linewidth=0)
    if share > 0:
        axes.broken_barh(
            [(0, whole * share)],
            (lane + LEFT_OUT[0], LEFT_OUT[1]),
            facecolor="white",
            edgecolor=FAINT,
            hatch="////",
        )
    axes.text(
        whole + 0.02 * scale, lane + LEFT_OUT[0] + LEFT_OUT[1] / 2, _left_out(score),
        ha="left", va="center", fontsize=SMALL_TYPE_PT, color=FAINT,
    )  # fmt: skip


def _legend(figure: Any, height: float) -> None:
    left = 0.035
    for name, colour in PARTS:
        figure.text(left, height, "■", color=colour, fontsize=TYPE_PT + 3, va="center")
        figure.text(left + 0.04, height, name, color=INK, fontsize=TYPE_PT, va="center")
        left += 0.075 + 0.0225 * len(name)
