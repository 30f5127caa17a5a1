"""Events. What must not be lost was committed by bot/inbox.py before the listener runs."""

from functools import partial

from slack_bolt import App

from bot.deps import Deps
from bot.inbox import KEPT
from bot.listeners.events.home import handle_home_opened
from bot.listeners.events.kept import handle_kept, handle_message


def register(app: App, deps: Deps) -> None:
    """Bind every subscribed event."""
    app.event("message")(partial(handle_message, deps=deps))
    app.event("app_home_opened")(partial(handle_home_opened, deps=deps))
    for kept in sorted(KEPT - {"message"}):
        app.event(kept)(handle_kept)
