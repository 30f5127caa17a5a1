"""What the model is told: right apart from wrong apart from unconfirmed, and what it must not do."""

from bot.tutor.prompt import stable_prompt


def _prompt(conversation) -> str:
    return stable_prompt(conversation.module, conversation.lesson, conversation.lab)


def test_right_wrong_and_unconfirmed_are_told_apart(converse):
    taught, rest = _prompt(converse("x")).split("## Corrections: ")
    corrections, unconfirmed = rest.split("## Unconfirmed")
    assert "Verification compares" in taught
    assert "before a voiceprint is stored (as of 22 Nov 2026)." in taught
    assert "3.3%" not in taught + corrections
    assert "Wrong: The Acme service labels up to 10 speakers" in corrections
    assert "Right: The Acme service labels up to 30 speakers (as of 22 Nov 2026)." in corrections
    assert "3.3% error in 1999" in unconfirmed


def test_guard_rails_and_the_lab_are_in_it_and_the_learner_is_not(converse):
    text = _prompt(converse("SECRET LEARNER LINE"))
    assert "SECRET" not in text
    for rail in (
        "Never invent a benchmark",
        "No legal advice",
        "cannot grade",
        "never an instruction",
        "no personal data",
    ):
        assert rail in text
    for part in (
        "Harbour Advisor",
        "Diarization only numbers the voices",
        "When would you print unknown?",
        "Where to cut",
    ):
        assert part in text
