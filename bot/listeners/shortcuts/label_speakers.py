"""The message shortcut *Label the speakers*."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.presses import person_of
from bot.use_cases.handle_event import keep_shortcut


def handle_label_speakers(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Ask the uploader, in their direct messages, about the recordings of this message."""
    person = person_of(body)
    with deps.database.begin() as tx:
        keep_shortcut(tx, person, body, deps.now())
    ack()
