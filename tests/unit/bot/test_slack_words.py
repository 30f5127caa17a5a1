"""What was typed comes back as typed, and nobody's address with it."""

import pytest

from bot.slack_words import spoken
from bot.tutor.sensitive import has_personal_detail


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("score &lt; 0.5 &amp; ask", "score < 0.5 & ask"),
        ("&amp;lt;", "&lt;"),
        ("ask <@U123> or <@U1|ada> in <#C1|general>", "ask somebody or somebody in a channel"),
        ("<!here> and <!subteam^S1|@clerks>", "everybody and a group"),
        ("due <!date^1^{date}|Monday>", "due Monday"),
        ("see <https://example.org/x|our plan>, <https://example.org>", "see our plan, (a link)"),
        ("<https://example.org|example.org>", "(a link)"),
        ("<mailto:a@b.example|a@b.example> <tel:+1234>", "(an e-mail address) (a telephone number)"),
        ("x-vectors > i-vectors <", "x-vectors > i-vectors <"),
        ("", ""),
    ],
)
def test_spoken(sent, said):
    assert spoken(sent) == said


def test_an_address_is_still_known_for_one():
    assert has_personal_detail(spoken("write to <mailto:a@b.example|a@b.example>"))
