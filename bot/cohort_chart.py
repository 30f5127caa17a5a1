"""The picture of a cohort: progress over time, and every cohort by step. Says the same in words."""

import io
import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from storage.cohorts import Cohort

_INK, _FAINT, _LINE, _DUE = "#1d1c1d", "#616061", "#0072b2", "#d55e00"
#: A phone shows the picture 390 pixels wide: on this width its smallest letters are 12 pixels high there.
_WIDTH_IN, _DOTS_PER_INCH = 4.2, 240
_LINE_IN, _ROW_IN, _FRAME_IN = 1.5, 0.3, 1.85
_TYPE_PT, _SMALL_TYPE_PT = 10.5, 9.5
#: Above this share the cell is dark, so its number is written in white.
_DARK = 0.62
_MAX_NAME, _MAX_TITLE = 12, 16
_MOST_TICKS = 4


class Picture(NamedTuple):
    """A picture and its alt text."""

    png: bytes
    alt_text: str


def draw_cohorts(
    cohort: Cohort,
    per_day: Mapping[date, int],
    num_possible: int,
    today: date,
    titles: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float]]],
) -> Picture:
    """Draw a cohort's progress and the table of all cohorts.

    Args:
        cohort: The one whose progress is drawn.
        per_day: How many stops it completed on each day.
        num_possible: Stops times learners.
        today: Where the line ends.
        titles: The stops, in order.
        rows: Each cohort's name with its completed share of each stop; the drawn one first.
    """
    # Figure and canvas by hand: pyplot keeps every figure in a global and is not safe in threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    days, shares = _line(cohort, per_day, num_possible, today)
    height_in = _LINE_IN + _ROW_IN * len(rows) + _FRAME_IN
    figure = Figure(figsize=(_WIDTH_IN, height_in), dpi=_DOTS_PER_INCH, layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=[_LINE_IN, _ROW_IN * len(rows)])
    _draw_line(upper, cohort, days, shares)
    _draw_table(lower, titles, rows)
    png = io.BytesIO()
    FigureCanvasAgg(figure).print_png(png)
    return Picture(png.getvalue(), _in_words(cohort, shares[-1], titles, rows))


def _line(
    cohort: Cohort, per_day: Mapping[date, int], num_possible: int, today: date
) -> tuple[list[date], list[float]]:
    first = min([cohort.starts_on, today, *per_day])
    days = [first + timedelta(days=n) for n in range((max(today, *per_day, first) - first).days + 1)]
    totals = accumulate(per_day.get(day, 0) for day in days)
    return days, [100 * total / num_possible if num_possible else 0.0 for total in totals]


def _draw_line(axes: Any, cohort: Cohort, days: Sequence[date], shares: Sequence[float]) -> None:
    axes.plot(days, shares, color=_LINE, linewidth=2, drawstyle="steps-post")
    axes.fill_between(days, shares, color=_LINE, alpha=0.15, step="post")
    end = days[-1]
    if cohort.due_on:
        axes.axvline(cohort.due_on, color=_DUE, linewidth=1.5, linestyle="--")
        axes.annotate(
            f"due {cohort.due_on:%-d %b}", (cohort.due_on, 97), xytext=(-4, 0), textcoords="offset points",
            ha="right", va="top", color=_DUE, fontsize=_SMALL_TYPE_PT,
        )  # fmt: skip
        end = max(end, cohort.due_on)
    axes.set_xlim(days[0], max(end, days[0] + timedelta(days=1)))
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
    num_days = (max(end, days[0] + timedelta(days=1)) - days[0]).days
    step = max(1, -(-num_days // _MOST_TICKS))
    ticks = [days[0] + timedelta(days=n) for n in range(0, num_days + 1, step)]
    axes.set_xticks(ticks, [f"{day:%-d %b}" for day in ticks])
    axes.set_title(
        f"{_short(cohort.name, 24)}: {shares[-1]:.0f} % completed",
        loc="left", fontsize=_TYPE_PT, color=_INK,
    )  # fmt: skip
    axes.tick_params(labelsize=_SMALL_TYPE_PT, colors=_FAINT)
    axes.grid(axis="y", alpha=0.3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _draw_table(axes: Any, titles: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> None:
    axes.imshow([shares for _, shares in rows], aspect="auto", cmap="Blues", vmin=0, vmax=1)
    for y, (_, shares) in enumerate(rows):
        for x, share in enumerate(shares):
            color = "white" if share > _DARK else _INK
            axes.text(x, y, f"{100 * share:.0f}", ha="center", va="center", color=color, fontsize=9)
    axes.set_yticks(range(len(rows)), [_short(name, _MAX_NAME) for name, _ in rows])
    axes.set_xticks(
        range(len(titles)), [_short(title, _MAX_TITLE) for title in titles], rotation=90, ha="center"
    )
    axes.set_title("Completed, by stop, in %", loc="left", fontsize=_TYPE_PT, color=_INK)
    axes.tick_params(labelsize=_SMALL_TYPE_PT, colors=_FAINT, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _in_words(
    cohort: Cohort, share: float, titles: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]
) -> str:
    shares = rows[0][1]
    steps = "; ".join(f"{title} {100 * one:.0f} %" for title, one in zip(titles, shares, strict=True))
    due = f", due {cohort.due_on:%-d %B %Y}" if cohort.due_on else ""
    others = f" Below it, the same for {len(rows) - 1} more." if len(rows) > 1 else ""
    return f"{cohort.name}{due}: {share:.0f} % of all stops completed. By stop: {steps}.{others}"[:1990]


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
