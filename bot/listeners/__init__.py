"""Thin: read the payload, call one use case, ack once it is committed, show one view."""

from slack_bolt import App

from bot.deps import Deps
from bot.listeners import (
    actions,
    appeals,
    cohorts,
    commands,
    events,
    managers,
    nudges,
    shortcuts,
    view_submissions,
)


def register(app: App, deps: Deps) -> None:
    """Bind every family of listeners to the app.

    Bolt asks each listener in this order whether a request is for it. There are few for events and many for
    buttons, and events come in hundreds.
    """
    events.register(app, deps)
    commands.register(app, deps)
    actions.register(app, deps)
    shortcuts.register(app, deps)
    view_submissions.register(app, deps)
    managers.register(app, deps)
    cohorts.register(app, deps)
    nudges.register(app, deps)
    appeals.register(app, deps)
