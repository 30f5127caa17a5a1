"""Retrieval finds what is meant and nothing when nothing is meant."""

import pytest

from bot.tutor.passages import PassageIndex, facts_of


@pytest.fixture(name="conversation")
def _conversation(converse):
    return converse("x")


@pytest.fixture(name="index")
def _index(conversation):
    return PassageIndex(conversation.module)


@pytest.mark.parametrize(
    ("query", "fact_id"),
    [
        ("what does a higher threshold change?", "F-threshold"),
        ("enrolled templates", "F-verify"),
        ("is a written release required by the Harbour Act", "F-law"),
        ("acme speakers limit", "F-limit"),
        ("grouping turns by anonymous labels", "F-cluster"),
    ],
)
def test_best_passage(index, conversation, query, fact_id):
    best = index.search(query, conversation.lesson)[0]
    assert best.fact is not None
    assert best.fact.id == fact_id


@pytest.mark.parametrize(
    "query", ["", "the of and", "bananas and apples", "how do penguins sleep in winter", "🙂"]
)
def test_nothing_relevant(index, conversation, query):
    assert index.search(query, conversation.lesson) == []


def test_own_lesson_before_others(index, conversation):
    found = index.search("latency budget and the similarity score of a room", conversation.lesson)
    assert found[0].lesson.id == "lesson-one"


def test_one_shared_word_in_a_long_message_is_not_enough(index, conversation):
    query = "my grandmother bakes enormous apricot cakes whenever visitors label jars"
    assert index.search(query, conversation.lesson) == []
    assert index.knows(query) < 0.25


def test_facts_of_a_lesson(conversation):
    ids = [fact.id for fact in facts_of(conversation.module, conversation.lesson)]
    assert "F-told" in ids
    assert "F-stream" not in ids
