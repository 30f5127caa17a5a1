"""Before the first message a learner reads who reads, what is sent and how long it stays."""

from bot.tutor.notice import notice


def test_model_is_named_with_what_is_sent_and_kept():
    text = notice("anthropic", persona="Harbour Advisor", retention_days=90, model="claude-x")
    for part in (
        "AI model of Anthropic (claude-x)",
        "sent to Anthropic",
        "90 days",
        "not a person",
        "offline guide",
        "managers",
    ):
        assert part in text


def test_script_sends_nothing():
    text = notice("scripted", persona="Harbour Advisor", retention_days=1)
    assert "nothing is sent to another company" in text
    assert "1 day," in text
    assert "Anthropic" not in text
