"""Finding a font that has every letter of a name: part of a name would be another name."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

#: Emoji and other signs that are no letters; a name is whole without them.
_SIGNS = frozenset({"So", "Sk"})
_WEIGHTS = ("-Bold", "-Regular")
#: These have a box for every letter there is.
_BOXES = "LastResort"


def drawable(name: str) -> str:
    """Return the name without emoji.

    >>> drawable("Ada 🎉 Quill")
    'Ada Quill'
    """
    return " ".join("".join(each for each in name if not _is_sign(each)).split())


def find_font(text: str, fonts: Iterable[Path] | None = None) -> Path | None:
    """Return a font file that has every character of the text, or None.

    Args:
        text: What is to be drawn.
        fonts: Files to look through after the standard one; by default all that are installed.
    """
    from matplotlib import font_manager  # noqa: PLC0415 - half a second to import

    standard = Path(font_manager.findfont("DejaVu Sans:bold"))
    if _has_all(standard, text):
        return standard
    if fonts is None:
        # Not matplotlib's own list, which is kept in a file and misses what was installed since.
        fonts = map(Path, font_manager.findSystemFonts())
    return next((font for font in sorted(fonts, key=_order) if _has_all(font, text)), None)


def _is_sign(each: str) -> bool:
    # The selectors between U+FE00 and U+FE0F only say how the sign before them looks.
    selects = "\ufe00" <= each <= "\ufe0f"
    return selects or (unicodedata.category(each) in _SIGNS and not each.isascii())


def _order(font: Path) -> tuple[bool, int, str]:
    """Put the fonts that are made for all scripts first, and of those the upright bold ones."""
    stem = font.stem
    weight = next((n for n, ending in enumerate(_WEIGHTS) if stem.endswith(ending)), len(_WEIGHTS))
    return not stem.startswith("NotoSans"), weight, stem


def _has_all(font: Path, text: str) -> bool:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    if font.stem.startswith(_BOXES):
        return False
    try:
        face = FT2Font(str(font))
    except (OSError, RuntimeError):  # a file that is no font, or of a kind that FreeType does not know
        return False
    return all(face.get_char_index(ord(each)) for each in text)
