"""Drawing a certificate; matplotlib is brought in only when somebody has passed."""

import io
import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bot.certificate_fonts import drawable, find_font

INK, FAINT, ACCENT, PAPER = "#1f3a4d", "#5a6b76", "#0072b2", "#fdfcf8"
WIDTH_IN, HEIGHT_IN, DOTS_PER_INCH = 10.0, 7.0, 160
MAX_NAME_CHARACTERS = 60
#: Share of the width that a line may take; longer ones are set smaller.
_WIDEST = 0.84
_TITLE_WRAPS_AT = 46


@dataclass(frozen=True, slots=True)
class Award:
    """What a certificate says."""

    name: str
    module_title: str
    num_correct: int
    num_questions: int
    #: The learner's own date.
    passed_on: date
    certificate_id: str


class Picture(NamedTuple):
    """A picture and its alt text."""

    png: bytes
    alt_text: str
    #: False where no font has all letters of the name, so that the picture goes without it.
    shows_name: bool


def tidy_name(name: str) -> str:
    r"""Return a name on one line, without what draws nothing or changes direction, cut where it is too long.

    >>> tidy_name("  Ada\n Quill \u202e")
    'Ada Quill'
    """
    kept = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in name)
    words = " ".join(kept.split())
    cut = words if len(words) <= MAX_NAME_CHARACTERS else words[: MAX_NAME_CHARACTERS - 1].rstrip() + "…"
    return cut or "A learner"


def shown_id(certificate_id: str) -> str:
    """Return an id as people read it aloud.

    >>> shown_id("0a1b2c3d4e5f6789")
    '0A1B-2C3D-4E5F-6789'
    """
    capitals = certificate_id.upper()
    return "-".join(capitals[start : start + 4] for start in range(0, len(capitals), 4))


def read_id(typed: str) -> str:
    """Return an id as it is stored, however it was typed.

    >>> read_id(" 0a1b-2C3D 4e5f-6789")
    '0a1b2c3d4e5f6789'
    """
    return "".join(typed.lower().replace("-", "").split())


def day_in_words(day: date) -> str:
    """Return a date as it is written out."""
    return f"{day.day} {day:%B %Y}"


def draw_certificate(award: Award, fonts: Iterable[Path] | None = None) -> Picture:
    """Draw the certificate, and say the same in words.

    Args:
        award: What to certify.
        fonts: Font files for names that the standard font lacks letters of; by default what is installed.
    """
    # Figure and canvas by hand: pyplot keeps every figure in a global and is not safe in threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - half a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DOTS_PER_INCH, facecolor=PAPER)
    FigureCanvasAgg(figure)
    for inset, width, color in ((0.025, 3.0, INK), (0.04, 1.0, ACCENT)):
        frame = Rectangle(
            (inset, inset * WIDTH_IN / HEIGHT_IN),
            1 - 2 * inset,
            1 - 2 * inset * WIDTH_IN / HEIGHT_IN,
            fill=False,
            linewidth=width,
            edgecolor=color,
            transform=figure.transFigure,
        )
        figure.add_artist(frame)

    def write(
        y: float,
        text: str,
        size: float,
        color: str = INK,
        weight: str = "normal",
        font: Path | None = None,
    ) -> None:
        # A name may hold a dollar sign, which would otherwise begin a formula.
        line = figure.text(
            0.5, y, text, size=size, color=color, weight=weight, ha="center", va="center", parse_math=False
        )
        if font is not None:
            line.set_fontproperties(font)
            line.set_fontsize(size)
        share = line.get_window_extent().width / (WIDTH_IN * DOTS_PER_INCH)
        if share > _WIDEST:
            line.set_fontsize(size * _WIDEST / share)

    write(0.855, "CERTIFICATE", 20, ACCENT, "bold")
    write(0.765, "This certifies that", 18, FAINT)
    name = drawable(award.name)
    font = find_font(name, fonts) if name else None
    write(0.655, name if font else "the person named beside this picture", 44, INK, "bold", font)
    write(0.545, "has passed the module test of", 18, FAINT)
    write(0.445, _wrapped(award.module_title), 27, INK)
    write(0.32, f"{award.num_correct} of {award.num_questions} questions right", 20)
    write(0.25, day_in_words(award.passed_on), 20)
    _draw_turns(figure)
    write(0.105, f"Certificate {shown_id(award.certificate_id)}", 17, FAINT)
    image = io.BytesIO()
    figure.savefig(image, format="png", facecolor=PAPER)
    return Picture(image.getvalue(), alt_text(award), shows_name=font is not None)


def alt_text(award: Award) -> str:
    """Return what the certificate says."""
    return (
        f"Certificate: {award.name} has passed the module test of {award.module_title} with {award.num_correct} of "
        f"{award.num_questions} questions right, on {day_in_words(award.passed_on)}. "
        f"Certificate id {shown_id(award.certificate_id)}."
    )


def _draw_turns(figure: object) -> None:
    """Draw a little timeline of who spoke when, for ornament."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    turns = ((0.30, 0.09, 0), (0.40, 0.05, 1), (0.46, 0.12, 0), (0.56, 0.04, 2), (0.61, 0.09, 1))
    for start, width, lane in turns:
        bar = Rectangle(
            (start, 0.19 - 0.014 * lane),
            width,
            0.009,
            color=(ACCENT, "#d55e00", "#009e73")[lane],
            transform=figure.transFigure,  # type: ignore[attr-defined]  # matplotlib has no types here
        )
        figure.add_artist(bar)  # type: ignore[attr-defined]


def _wrapped(title: str) -> str:
    if len(title) <= _TITLE_WRAPS_AT:
        return title
    middle = title.rfind(" ", 0, _TITLE_WRAPS_AT)
    return title if middle < 0 else f"{title[:middle]}\n{title[middle + 1 :]}"
