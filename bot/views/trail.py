"""The line under every message of the course that shows all stops, in words."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.learning_screens import TrailStop
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.text import shorten

#: What an update of a message takes.
_TEXT_CHARACTERS = 3990
_PLURALS = {"lesson": "lessons", "quiz": "quizzes", "lab": "labs"}


def with_trail(message: Message, trail: Sequence[TrailStop]) -> Message:
    """Return the message with the line about all stops at its end."""
    if not trail:
        return message
    words = trail_words(trail)
    said = shorten(message.text, _TEXT_CHARACTERS - len(words) - 1)
    return replace(message, text=f"{said}\n{words}", blocks=[*message.blocks, b.context(words)])


def trail_words(trail: Sequence[TrailStop]) -> str:
    """Return every stop, grouped by how it stands, and within that by lesson.

    >>> stops = [TrailStop("lesson", 1, True, False), TrailStop("quiz", 1, False, True)]
    >>> trail_words([*stops, TrailStop("lab", 1, False, False), TrailStop("test", None, False, False)])
    '1 of 4 stops done: lesson 1. Here: quiz 1. To come: lab 1; test.'
    """
    done = [stop for stop in trail if stop.is_done]
    here = [stop for stop in trail if stop.is_here]
    ahead = [stop for stop in trail if not stop.is_done and not stop.is_here]
    parts = [f"{len(done)} of {len(trail)} stops done{': ' if done else ''}{_listed(done)}."]
    if here:
        parts.append(f"Here: {_listed(here)}{' (done)' if here[0].is_done else ''}.")
    if ahead:
        parts.append(f"To come: {_listed(ahead)}.")
    return " ".join(parts)


def _listed(stops: Sequence[TrailStop]) -> str:
    runs: list[tuple[tuple[str, ...], int | None, int | None]] = []
    for number, group in groupby(stops, key=lambda stop: stop.number):
        kinds = tuple(stop.kind for stop in group)
        last = runs[-1] if runs else None
        if last and number and last[2] and last[0] == kinds and last[2] + 1 == number:
            runs[-1] = (kinds, last[1], number)
        else:
            runs.append((kinds, number, number))
    return "; ".join(_run_words(*run) for run in runs)


def _run_words(kinds: Sequence[str], first: int | None, last: int | None) -> str:
    if first is None:
        return ", ".join(kinds)
    if first == last:
        return f"{', '.join(kinds)} {first}"
    return f"{', '.join(_PLURALS[kind] for kind in kinds)} {first} to {last}"
