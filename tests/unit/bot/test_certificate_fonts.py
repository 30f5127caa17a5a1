"""A name is drawn whole or not at all."""

from datetime import date
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from bot.certificate import Award, alt_text, draw_certificate
from bot.certificate_fonts import drawable, find_font
from bot.views.test import build_certificate_message


def font_of(letters: str, path: Path) -> Path:
    """Write a font in which each of these letters is a square."""
    names = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    order = [".notdef", *names.values()]
    font = FontBuilder(1000)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys(order, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(order, (900, 100)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return path


def award(name: str) -> Award:
    return Award(name, "Who spoke when", 13, 15, date(2026, 11, 23), "0a1b2c3d4e5f6789")


@pytest.fixture
def kanji(tmp_path: Path) -> Path:
    return font_of("山田太郎 ", tmp_path / "NotoSansKanji-Regular.ttf")


@pytest.mark.parametrize("name", ["Ada Quill", "Zoë Čapek", "Юлия", "Ελένη", "$x_1$"])
def test_standard_font_has_european_letters(name: str) -> None:
    assert find_font(name, []).stem == "DejaVuSans-Bold"


def test_another_font_is_found_by_its_letters(kanji: Path, tmp_path: Path) -> None:
    broken = tmp_path / "NotoSansBroken-Bold.ttf"
    broken.write_bytes(b"no font")
    other = font_of("山田", tmp_path / "Aaa-Bold.ttf")
    assert find_font("山田 太郎", [broken, other, kanji]) == kanji


def test_part_of_a_name_is_never_drawn(kanji: Path) -> None:
    assert find_font("山田 Quill", [kanji]) is None
    picture = draw_certificate(award("山田 Quill"), [kanji])
    assert not picture.shows_name


def test_name_in_another_script_is_drawn_where_a_font_has_it(kanji: Path) -> None:
    with_name = draw_certificate(award("山田 太郎"), [kanji])
    assert with_name.shows_name
    assert with_name.png != draw_certificate(award("山田 太郎"), []).png


def test_name_that_is_not_drawn_stands_beside_the_picture() -> None:
    name = "山田 太郎"
    picture = draw_certificate(award(name), [])
    message = build_certificate_message(award(name), "F0123456789", picture)
    assert not picture.shows_name
    assert f"It is made out to {name}" in message.text
    assert f"It is made out to {name}" in str(message.blocks)
    assert name in alt_text(award(name))
    drawn = build_certificate_message(award("Ada"), "F0123456789", draw_certificate(award("Ada"), []))
    assert "made out to" not in drawn.text


@pytest.mark.parametrize(
    ("name", "kept"), [("Ada 🎉 Quill ❤️", "Ada Quill"), ("🎉", ""), ("Ada_*`Quill`", "Ada_*`Quill`")]
)
def test_emoji_are_no_letters(name: str, kept: str) -> None:
    assert drawable(name) == kept
    assert draw_certificate(award(name), []).shows_name == bool(kept)
