"""Slash commands."""

from functools import partial

from slack_bolt import App

from bot import ids
from bot.deps import Deps
from bot.listeners.commands.whospoke import handle_whospoke


def register(app: App, deps: Deps) -> None:
    """Bind the slash command."""
    app.command(ids.COMMAND)(partial(handle_whospoke, deps=deps))
