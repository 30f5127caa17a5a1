"""What counts as an exchange, by example."""

import pytest

from course.exchanges import count, is_engaged, is_repeat, mentions, topics_in
from course.model import Topic

TOPICS = (
    Topic(
        id="mic",
        title="Microphones",
        question="Which?",
        keywords=("microphone", "mic", "lapel", "ceiling"),
        card_id="c",
    ),
    Topic(id="open", title="Strangers", question="Who?", keywords=("witness", "open set"), card_id="c"),
)

EMPTY = [
    "", "   ", "\n", "...", "?", "!!!", "👍", "🙏🙏 🎉", ":thumbsup:", ":+1: :tada:", "<@U0BOT>", "https://example.org/a",
    "hi", "Hello!", "hey there", "Good morning", "ok", "OK.", "okay, thanks", "thanks a lot", "Thank you very much!",
    "yes", "no", "sure", "got it", "I see", "makes sense", "ok, that makes sense, thanks", "cool", "great!", "lol",
    "Hallo", "Guten Tag", "Danke, alles klar", "vielen Dank", "ja genau", "Bonjour", "merci beaucoup", "d'accord",
    "hola, buenos días", "muchas gracias", "ciao, grazie mille", "obrigado", "tack", "Привет", "спасибо, понятно",
    "teşekkürler", "こんにちは", "ありがとうございます", "好的，谢谢", "감사합니다", "Why?", "go on", "please continue",
]  # fmt: skip

ENGAGED = [
    "Lapel.",
    "Ceiling microphones, I think",
    "What about a witness?",
    "I would use an open set with a high cut-off",
    "We plan to store voices of all twelve judges in our district",
    "Would five minutes of speech per judge suffice?",
    "ok, but then lapel mics for the nurses",
    "Wir würden die Stimmen der Richter vorher aufnehmen und speichern",
    "¿Qué pasa si la persona no está registrada en el sistema?",
    "Comment gérer les interprètes qui changent chaque semaine ?",
    "Как поступать с голосами новых свидетелей в зале суда?",
    "裁判官の声を事前に登録する必要がありますか",
    "法官的声音需要提前登记吗？证人怎么办",
]


@pytest.mark.parametrize("text", EMPTY)
def test_courtesies_and_reactions_do_not_count(text: str) -> None:
    assert not is_engaged(text, [], TOPICS)


@pytest.mark.parametrize("text", ENGAGED)
def test_questions_answers_and_plans_count(text: str) -> None:
    assert is_engaged(text, [], TOPICS)


class TestRepeats:
    def test_the_same_words_again_do_not_count(self) -> None:
        assert not is_engaged("lapel MICROPHONES!", ["Lapel microphones"], TOPICS)

    def test_a_retyped_message_does_not_count(self) -> None:
        first = "We plan to store the voices of all twelve judges"
        assert is_repeat("We plan to store the voices of all twelve judges..", [first])
        assert is_repeat("We plan to store the voice of all twelve judges", [first])

    def test_a_new_thought_on_the_same_topic_counts(self) -> None:
        assert is_engaged(
            "A ceiling microphone for the corridor", ["Lapel microphones for the staff"], TOPICS
        )

    def test_what_persona_and_others_said_is_no_repeat(self) -> None:
        assert not is_repeat("Lapel", [])


class TestCount:
    def test_only_engaged_messages_are_counted_and_each_once(self) -> None:
        said = [
            "hi",
            "Lapel microphones",
            "ok",
            "lapel microphones",
            "And a witness nobody knows?",
            "👍",
            "thanks!",
        ]
        assert count(said, TOPICS) == 2

    def test_adding_a_message_never_lowers_the_count(self) -> None:
        said = [*ENGAGED, *EMPTY]
        counts = [count(said[:end], TOPICS) for end in range(len(said) + 1)]
        assert counts == sorted(counts)


class TestMentions:
    def test_keywords_match_at_the_start_of_a_word(self) -> None:
        assert mentions("Two Microphones", ["microphone"])
        assert not mentions("a comic book", ["mic"])

    def test_a_curly_apostrophe_is_an_apostrophe(self) -> None:
        assert mentions("I don’t know", ["don't know"])

    def test_topics_are_found_in_the_labs_order(self) -> None:
        assert [topic.id for topic in topics_in(["a witness", "lapel"], TOPICS)] == ["mic", "open"]
