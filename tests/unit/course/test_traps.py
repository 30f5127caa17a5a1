"""A mistake is one that is made; asking, doubting, refusing and quoting are none."""

import pytest

from course.model import Lab, Persona, Sign, Trap
from course.traps import met_traps, stances, weighed_traps

TRAP = Trap(
    id="enough",
    claim="One buoy is enough.",
    signs=(Sign(about=("buoy", "float*"), says=("enough", "will * do", "is fine"), unless=("twin*",)),),
    reply="It drifts.",
    card_id="c",
)
DENIAL = Trap(
    id="law",
    claim="The Harbour Act no longer matters.",
    patterns=(r"harbour act.{0,20}no longer matters",),
    reply="It does.",
    card_id="c",
)
LAB = Lab(
    id="lab",
    title="Harbour",
    persona=Persona(name="P", role="R", style="S"),
    scenario="Harbour",
    mission="M",
    openers=(),
    topics=(),
    traps=(TRAP, DENIAL),
)


@pytest.mark.parametrize(
    "text",
    [
        "One buoy is enough",
        "I think a floating thing will certainly do.",
        "We can't pay for more, so one buoy is enough",
        "We need no lamp and one buoy is fine.",
        "Can't we say that one buoy is enough?",
        "One buoy is enough, right?",
        "Good. The buoy is ours. A buoy is enough. Next?",
        "Why bother with a second one, one buoy is enough",
    ],
)
def test_made(text):
    assert met_traps(LAB, text) == (TRAP,)


@pytest.mark.parametrize(
    "text",
    [
        "One buoy is not enough",
        "I do not think that one buoy is enough",
        "One buoy is hardly enough.",
        "A buoy is a buoy. Three lamps are enough.",
        "Twin buoys are enough",
        "Buoys float",
        "A finely painted buoy",
        "",
    ],
)
def test_not_made(text):
    assert stances(TRAP, text) == frozenset()


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Is one buoy enough?", "asks"),
        ("so what if one buoy is enough", "asks"),
        ("How do we know that a buoy is enough?", "asks"),
        ("Some people say one buoy is enough.", "doubts"),
        ("One buoy is enough, which I doubt.", "doubts"),
        ("My boss says a buoy is enough, is he right?", "asks"),
        ("One buoy is enough for the pond but not for the sea.", "doubts"),
    ],
)
def test_weighed(text, stance):
    assert stances(TRAP, text) == {stance}
    assert met_traps(LAB, text) == ()
    assert weighed_traps(LAB, text) == (TRAP,)


def test_made_once_counts_whatever_is_asked_elsewhere():
    assert met_traps(LAB, "Is one buoy enough? I say one buoy is enough.") == (TRAP,)


def test_a_mistake_that_is_a_denial():
    assert met_traps(LAB, "The Harbour Act no longer matters, I read.") == (DENIAL,)
    assert met_traps(LAB, "I doubt that the Harbour Act no longer matters.") == ()


@pytest.mark.timeout(5)
def test_long_messages_take_no_time():
    assert met_traps(LAB, "one buoy " * 3_000) == ()
    assert met_traps(LAB, "!?;." * 5_000) == ()
