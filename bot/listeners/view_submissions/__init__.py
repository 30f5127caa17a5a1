"""Modals that were submitted."""

from functools import partial

from slack_bolt import App

from bot import ids
from bot.deps import Deps
from bot.listeners.view_submissions import scores


def register(app: App, deps: Deps) -> None:
    """Bind every modal's submission."""
    table = {
        ids.NAMES_SAVE: scores.handle_names,
        ids.FIX_SAVE: scores.handle_fix,
        ids.FIX_TURN_SAVE: scores.handle_turn,
        ids.FIX_ADD_SAVE: scores.handle_add,
        ids.FIX_RENAME_SAVE: scores.handle_rename,
        ids.OWN_SAVE: scores.handle_own,
    }
    for callback_id, listener in table.items():
        app.view(callback_id)(partial(listener, deps=deps))
