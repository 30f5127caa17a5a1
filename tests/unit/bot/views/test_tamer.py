"""Nothing active leaves us, however a model's text is cut into pieces."""

import pytest

from bot.views.text import Tamer, tame

ACTIVE = [
    "Hey <!channel>, and <@U1> in <#C1|general>!",
    "See [this](javascript:alert(1)) and [that](http://insecure.example) and [fine](https://example.org).",
    "![pixel](https://spy.example/x.png) and @channel and @here",
    "[ref]: javascript:alert(1)\nText [ref] and < !channel>",
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
    for active in ("<", "](javascript", "](http:", "![", "]:", "@channel", "@here"):
        assert active not in shown


def test_words_without_suspicion_are_shown_at_once():
    assert Tamer().add("これは誰の声ですか") == "これは誰の声ですか"
    assert Tamer().add("half a wo") == "half a wo"


def test_https_links_stay():
    assert tame("[fine](https://example.org)") == "[fine](https://example.org)"
