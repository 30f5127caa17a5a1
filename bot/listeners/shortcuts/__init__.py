"""Shortcuts."""

from functools import partial

from slack_bolt import App

from bot import ids
from bot.deps import Deps
from bot.listeners.shortcuts.label_speakers import handle_label_speakers


def register(app: App, deps: Deps) -> None:
    """Bind the message shortcut."""
    app.shortcut(ids.CLIP_LABEL_SHORTCUT)(partial(handle_label_speakers, deps=deps))
