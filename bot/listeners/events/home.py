"""Opening the Home tab."""

from typing import Any

from bot.deps import Deps
from bot.people import Person
from bot.show import publish_home


def handle_home_opened(event: dict[str, Any], body: dict[str, Any], *, deps: Deps) -> None:
    """Show the tab as things stand."""
    if event.get("tab", "home") == "home":
        publish_home(deps, Person(str(body["team_id"]), str(event["user"])))
