"""What all modals of ours share."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.views import blocks as b
from bot.views.text import shorten

MOST_OPTIONS = 100


def modal(
    title: str,
    callback_id: str,
    metadata: dict[str, Any],
    blocks: Sequence[b.BlockJson],
    *,
    submit: str | None = None,
    close: str = "Close",
) -> dict[str, Any]:
    """Return a modal; `metadata` comes back with whatever is done in it."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": b.plain_text(shorten(title, 24)),
        "close": b.plain_text(close),
        "private_metadata": json.dumps(metadata),
        "blocks": list(blocks),
    }
    return view | ({"submit": b.plain_text(submit)} if submit else {})


def text_input(
    block_id: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    placeholder: str = "",
    max_length: int | None = None,
    is_optional: bool = False,
    is_multiline: bool = False,
) -> b.BlockJson:
    """A line, or several, to be typed; its action_id is its block_id."""
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": block_id, "multiline": is_multiline}
    if initial:
        element["initial_value"] = initial[:3000]
    if placeholder:
        element["placeholder"] = b.plain_text(shorten(placeholder, 150))
    if max_length:
        element["max_length"] = max_length
    return _input(block_id, label, element, hint, is_optional=is_optional)


def select_input(
    block_id: str, label: str, element: dict[str, Any], *, hint: str = "", is_optional: bool = False
) -> b.BlockJson:
    """A choice to be made."""
    return _input(block_id, label, element, hint, is_optional=is_optional)


def date_input(
    block_id: str, label: str, *, initial: date | None = None, is_optional: bool = True
) -> b.BlockJson:
    """A day to be chosen."""
    element = {"type": "datepicker", "action_id": block_id}
    if initial:
        element["initial_date"] = initial.isoformat()
    return _input(block_id, label, element, "", is_optional=is_optional)


def checkbox_input(
    block_id: str, label: str, options: Sequence[dict[str, Any]], *, are_ticked: bool = False
) -> b.BlockJson:
    """Boxes that may be ticked."""
    element: dict[str, Any] = {"type": "checkboxes", "action_id": block_id, "options": list(options)}
    if are_ticked:
        element["initial_options"] = list(options)
    return _input(block_id, label, element, "", is_optional=True)


def select(
    action_id: str,
    options: Sequence[dict[str, Any]],
    *,
    chosen: str | None = None,
    placeholder: str = "Choose",
) -> dict[str, Any]:
    """A list to choose from, `chosen` being the value of what is chosen already."""
    shown = list(options)[:MOST_OPTIONS]
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": action_id,
        "options": shown,
        "placeholder": b.plain_text(placeholder),
    }
    initial = next((one for one in shown if one["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def option(text: str, value: str) -> dict[str, Any]:
    """One choice."""
    return {"text": b.plain_text(shorten(text, 75) or "-"), "value": value}


def _input(
    block_id: str, label: str, element: dict[str, Any], hint: str, *, is_optional: bool
) -> b.BlockJson:
    block: b.BlockJson = {
        "type": "input",
        "block_id": block_id,
        "label": b.plain_text(shorten(label, 200)),
        "element": element,
        "optional": is_optional,
    }
    return block | ({"hint": b.plain_text(hint)} if hint else {})
