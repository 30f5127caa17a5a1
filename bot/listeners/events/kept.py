"""Events that the inbox has committed by now, with the job that handles them."""

from functools import partial
from typing import Any

from bot.deps import Deps
from bot.inbox import HEARD_IN_LAB
from bot.people import Person
from bot.use_cases.show_listening import show_listening


def handle_kept() -> None:
    """Nothing is left to do."""


def handle_message(
    event: dict[str, Any], body: dict[str, Any], context: dict[str, Any], *, deps: Deps
) -> None:
    """Show in a lab that its persona has heard, long before there may be room for the reply."""
    is_said = event.get("subtype") not in {"message_changed", "message_deleted"}
    if is_said and context.get(HEARD_IN_LAB):
        person = Person(str(body["team_id"]), str(event["user"]))
        place = str(event["channel"]), str(event["thread_ts"]), str(event["ts"])
        deps.courtesies.errands.run(partial(show_listening, deps, person, *place))
