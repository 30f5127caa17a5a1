"""Reading what comes out of our modals: presses inside them, and their submission."""

import json
from dataclasses import dataclass
from typing import Any

from bot.errors import StaleButtonError
from bot.people import Person
from bot.presses import person_of


@dataclass(frozen=True, slots=True)
class ViewPress:
    """One press or choice inside a modal."""

    person: Person
    view_id: str
    metadata: dict[str, Any]
    block_id: str
    #: The button's value, or that of the option chosen.
    value: str
    state: dict[str, Any]

    @property
    def clip_id(self) -> str:
        """The clip that the modal is about."""
        return str(self.metadata.get("clip", ""))

    @property
    def page(self) -> int:
        """The page that the modal shows."""
        return int(self.metadata.get("page", 0))

    def chosen(self, action_id: str) -> str:
        """Return the value chosen in a list of the modal, wherever it stands; empty when nothing is."""
        return _chosen(self.state, action_id)


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that was submitted."""

    person: Person
    metadata: dict[str, Any]
    state: dict[str, Any]

    @property
    def clip_id(self) -> str:
        """The clip that the modal is about."""
        return str(self.metadata.get("clip", ""))

    def typed(self, block_id: str) -> str:
        """Return what was typed in a field; its action_id is its block_id."""
        return str(self.state.get(block_id, {}).get(block_id, {}).get("value") or "")

    def chosen(self, action_id: str) -> str:
        """Return the value chosen in a list; empty when nothing is."""
        return _chosen(self.state, action_id)

    def ticked(self, block_id: str) -> frozenset[str]:
        """Return the values of the boxes that were ticked."""
        options = self.state.get(block_id, {}).get(block_id, {}).get("selected_options") or []
        return frozenset(str(option["value"]) for option in options)


def read_view_press(body: dict[str, Any]) -> ViewPress:
    """Return the press in a block_actions payload of a modal."""
    action, view = body["actions"][0], body.get("view") or {}
    option = action.get("selected_option") or {}
    return ViewPress(
        person=person_of(body),
        view_id=str(view.get("id", "")),
        metadata=_metadata(view),
        block_id=str(action.get("block_id") or ""),
        value=str(action.get("value") or option.get("value") or ""),
        state=(view.get("state") or {}).get("values") or {},
    )


def read_submission(body: dict[str, Any]) -> Submission:
    """Return what a view_submission payload says."""
    view = body["view"]
    return Submission(person_of(body), _metadata(view), (view.get("state") or {}).get("values") or {})


def _metadata(view: dict[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        raise StaleButtonError from None
    if not isinstance(found, dict):
        raise StaleButtonError
    return found


def _chosen(state: dict[str, Any], action_id: str) -> str:
    for block in state.values():
        if action_id in block:
            return str((block[action_id].get("selected_option") or {}).get("value") or "")
    return ""
