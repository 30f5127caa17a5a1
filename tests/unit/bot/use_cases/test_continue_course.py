"""Turning cards: the place is kept, a finished lesson begins again, and what is gone is said to be gone."""

from itertools import pairwise

import pytest

from bot.errors import NotThereAnyMoreError
from bot.use_cases.continue_course import continue_course, finish_lesson, open_step, turn_to_card


@pytest.fixture
def lesson(bench):
    return bench.module.lessons[0]


def bookmark(bench, person):
    with bench.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, bench.module.id)
    return record.bookmarks.get(bench.module.lessons[0].id)


def test_goes_on_at_the_card_that_was_left(bench, ada, lesson):
    turn_to_card(bench.deps, ada, lesson.id, lesson.core_cards[3].id)
    assert continue_course(bench.deps, ada).card == lesson.core_cards[3]


def test_goes_on_at_an_extra_card_too(bench, ada, lesson):
    extra = next(card for card in lesson.cards if card.kind == "more")
    turn_to_card(bench.deps, ada, lesson.id, extra.id)
    assert continue_course(bench.deps, ada).card == extra


def test_finished_lesson_opens_at_its_first_card(bench, ada, lesson):
    turn_to_card(bench.deps, ada, lesson.id, lesson.core_cards[-1].id)
    finish_lesson(bench.deps, ada, lesson.id)
    again = open_step(bench.deps, ada, "lesson-1")
    assert again.card == lesson.core_cards[0]
    assert again.is_finished


def test_button_to_a_card_that_is_gone_moves_nobody(bench, ada, lesson):
    turn_to_card(bench.deps, ada, lesson.id, lesson.core_cards[3].id)
    with pytest.raises(NotThereAnyMoreError):
        turn_to_card(bench.deps, ada, lesson.id, "l1-gone")
    assert bookmark(bench, ada) == lesson.core_cards[3].id


def test_screen_brings_the_sources_and_the_extra_cards_that_follow(bench, ada, lesson):
    cards = list(lesson.cards)
    before = next(card for card, after in pairwise(cards) if after.kind == "more")
    screen = turn_to_card(bench.deps, ada, lesson.id, before.id)
    assert [fact.id for fact in screen.facts] == list(before.fact_ids)
    assert screen.more_cards == (cards[cards.index(before) + 1],)
