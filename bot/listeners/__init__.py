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
    """Bind every family of listeners to the app."""
    commands.register(app, deps)
    actions.register(app, deps)
    events.register(app, deps)
    shortcuts.register(app, deps)
    view_submissions.register(app, deps)
    managers.register(app, deps)
    cohorts.register(app, deps)
    nudges.register(app, deps)
    appeals.register(app, deps)
