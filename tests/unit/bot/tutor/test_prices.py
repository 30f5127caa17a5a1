"""What a call costs, by its four kinds of tokens."""

import pytest

from bot.tutor.anthropic import DEFAULT_MODEL
from bot.tutor.prices import Price, cost_micros, price_of
from bot.tutor.protocol import Usage


def test_cached_text_is_cheaper_to_read_and_dearer_to_write():
    price = Price(2, 10)
    assert cost_micros(Usage("m", 1000, 0), price) == 2000
    assert cost_micros(Usage("m", 0, 100), price) == 1000
    assert cost_micros(Usage("m", 0, 0, cached_tokens=1000), price) == 200
    assert cost_micros(Usage("m", 0, 0, cache_write_tokens=1000), price) == 2500


def test_the_default_model_has_a_price():
    assert price_of(DEFAULT_MODEL) is not None


@pytest.mark.parametrize(
    ("model", "price"),
    [
        ("claude-sonnet-4-5-20250929", Price(3, 15)),
        ("claude-haiku-4-5", Price(1, 5)),
        ("claude-sonnet-5-5", None),
        ("claude-sonnet-4-20250514", Price(3, 15)),
        ("another", None),
    ],
)
def test_a_name_may_be_dated_and_is_else_taken_as_it_is(model, price):
    assert price_of(model) == price
