"""What a call of a model costs, by Anthropic's published prices."""

import re
from dataclasses import dataclass

from bot.tutor.protocol import Usage

#: Writing into the five-minute cache costs a quarter more than reading fresh text, reading from it a tenth.
_CACHE_WRITE = 1.25
_CACHE_READ = 0.1


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    output: float


#: By the model's name without its date; from the pricing page of Anthropic's documentation
#: in autumn 2026. Prices change: `WHOSPOKE_MODEL_PRICE` overrules this table.
_PRICES = {
    "claude-opus-5": Price(5, 25),
    "claude-opus-4-8": Price(5, 25),
    "claude-opus-4-7": Price(5, 25),
    "claude-opus-4-6": Price(5, 25),
    "claude-opus-4-5": Price(5, 25),
    "claude-sonnet-5": Price(2, 10),
    "claude-sonnet-4-6": Price(3, 15),
    "claude-sonnet-4-5": Price(3, 15),
    "claude-sonnet-4": Price(3, 15),
    "claude-haiku-4-5": Price(1, 5),
}
#: A name may end in its date; anything else after it is another model.
_REST = re.compile(r"(?:-\d{8}|-latest)?")


def price_of(model: str) -> Price | None:
    """Return the price of a model, or None where it is not known: a later model of that family has its own.

    >>> price_of("claude-sonnet-4-5-20250929"), price_of("claude-sonnet-5-5"), price_of("another")
    (Price(input=3, output=15), None, None)
    """
    for name, price in _PRICES.items():
        if model.startswith(name) and _REST.fullmatch(model, len(name)):
            return price
    return None


def cost_micros(usage: Usage, price: Price) -> int:
    """Return the cost of a call in millionths of a US dollar.

    >>> cost_micros(Usage("m", 1000, 100, cached_tokens=5000, cache_write_tokens=2000), Price(2, 10))
    9000
    """
    read = usage.input_tokens + _CACHE_WRITE * usage.cache_write_tokens + _CACHE_READ * usage.cached_tokens
    return round(read * price.input + usage.output_tokens * price.output)
