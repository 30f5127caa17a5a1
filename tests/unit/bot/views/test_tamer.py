"""Nothing active leaves us, however a model's text is cut into pieces."""

import pytest

from bot.views.text import Tamer, tame

ACTIVE = [
    "Hey <!channel>, and <@U1> in <#C1|general>!",
    "See [this](javascript:alert(1)) and [that](http://insecure.example) and [fine](https://example.org).",
    "![pixel](https://spy.example/x.png) and @channel and @here",
    "[ref]: javascript:alert(1)\nText [ref] and < !channel>",
    "[click here now](https://evil.example/x?a=b) or https://evil.example/y, HTTPS://EVIL.EXAMPLE and www.evil.example/z",
    "[write](mailto:a@b.example) or mailto:a@b.example or a@b.example, call tel:+123; [x][y] and slack://open",
    "Read ![a](https://x.example) <https://y.example|z> ftp://old.example (https://in.example)",
    "go to evil.com/path or sub.evil.io now",
]


@pytest.mark.parametrize("text", ACTIVE)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_pieces_are_as_tame_as_the_whole(text, size):
    tamer = Tamer()
    shown = "".join(tamer.add(text[at : at + size]) for at in range(0, len(text), size)) + tamer.add(" ")
    assert shown == tame(text + " ")


@pytest.mark.parametrize("text", ACTIVE)
def test_nothing_active_is_left(text):
    shown = tame(text)
    for active in (
        "<",
        "](",
        "![",
        "]:",
        "][",
        "://",
        "www.",
        "mailto:",
        "tel:",
        "@channel",
        "@here",
        "@b.",
        "evil.com",
    ):
        assert active not in shown.lower()


def test_a_word_waits_for_its_end():
    tamer = Tamer()
    assert tamer.add("half a wo") == "half a "
    assert tamer.add("rd.") == ""
    assert tamer.add(" And") == "word. "


def test_scripts_without_spaces_are_shown_at_once():
    assert Tamer().add("これは誰の声ですか") == "これは誰の声ですか"


@pytest.mark.parametrize(
    "text",
    [
        "What is stored: data: audio, tel: none; score 0.5 (see pyannote.audio 3.1, e.g. x-vectors).",
        "findahelpline.com lists those of other countries, and/or 988.",
        "A ratio of 3:1, a [bracket] and 5 > 4.",
    ],
)
def test_what_is_no_link_stays_as_it_is(text):
    assert tame(text) == text
