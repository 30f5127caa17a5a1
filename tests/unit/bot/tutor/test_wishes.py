"""Messages about the conversation are told from messages about the case."""

import pytest

from bot.tutor.wishes import is_at_a_loss, leaves_it_to_us, wish_in

WISHES = {
    "who": [
        "are you a human?",
        "Wait, are you a real person or a bot?",
        "who am I talking to?",
        "What are you",
    ],
    "summary": ["can you summarise?", "Recap please", "what have we covered so far?", "where are we?"],
    "next": ["what should I do next?", "what now?", "next", "ok, go on", "How do I finish this lab?"],
    "example": ["for example?", "give me an example", "what would an expert do?", "What is a good answer?"],
    "why": ["why?", "why do you say that?", "says who?", "prove it", "what's your source?"],
    "more": ["tell me more", "what do you mean by that?", "I don't get it", "please explain that"],
    "object": ["I don't agree with you", "That makes no sense.", "You are wrong about the studio."],
    "weary": ["this is a waste of time", "You keep asking the same thing", "boring"],
}

ABOUT_THE_CASE = [
    "what should we not build?",
    "Why do we need consent for that?",
    "What do you mean by a threshold?",
    "Who checks the names?",
    "Next to the handbook we ask each person",
    "Are you sure that a clerk has to check each name in the record?",
    "For example, a witness could speak through an interpreter",
    "Can a human tell twins apart?",
    "",
]


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in WISHES.items() for text in texts])
def test_wishes(wish, text):
    assert wish_in(text) == wish


@pytest.mark.parametrize("text", ABOUT_THE_CASE)
def test_what_is_about_the_case_is_no_wish(text):
    assert wish_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "idk",
        "no idea",
        "hint please",
        "not sure",
        "I have no idea about this task",
        "I don't know, you tell me.",
        "no idea how the clustering threshold works",
        "whatever you think is best",
        "just tell me the answer",
        "?",
        "I'm lost",
    ],
)
def test_at_a_loss(text):
    assert is_at_a_loss(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm not sure, but I would put lapel mics on the staff",
        "when the system is not sure, print unknown",
        "We don't know the speakers in advance",
        "Let us skip overlap",
        "explain the threshold",
        "We lost the recording of the witness",
        "ok",
        "",
        "🙂",
    ],
)
def test_not_at_a_loss(text):
    assert not is_at_a_loss(text)


def test_who_wants_the_answer_gets_no_hint_first():
    assert leaves_it_to_us("just tell me the answer")
    assert not leaves_it_to_us("hint")
