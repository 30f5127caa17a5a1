"""Sending the day's handful, once."""

from bot.deps import Deps
from bot.people import Person
from bot.use_cases.review_cards import follow_zone, open_todays_round
from bot.use_cases.say_once import say_once
from bot.views.review import build_review_message


def send_review(deps: Deps, person: Person, channel_id: str) -> None:
    """Post today's first card; nothing when review was stopped meanwhile, or it is not the learner's hour."""
    # First of all: for somebody who has travelled it may be the middle of the night.
    follow_zone(deps, person)
    screen = open_todays_round(deps, person)
    if screen is None:
        return
    key = f"review:{screen.round_id}"
    say_once(deps, person.team_id, key, channel_id, build_review_message(screen))
