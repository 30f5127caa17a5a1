"""Interactive elements as a person uses them: finding one, choosing in it, and the state that results."""

from collections.abc import Iterator
from typing import Any

from local_slack.errors import Json, SlackError

_SINGLE_OPTION = frozenset({"static_select", "radio_buttons", "overflow"})
_MANY_OPTIONS = frozenset({"multi_static_select", "checkboxes"})
_PLAIN_VALUE = {
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
}
_STATELESS = frozenset({"button", "overflow", "image"})


def iter_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        if block["type"] == "section" and block.get("accessory", {}).get("type", "image") != "image":
            yield block, block["accessory"]
        elif block["type"] == "actions":
            for element in block["elements"]:
                yield block, element
        elif block["type"] == "input":
            yield block, block["element"]


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The element with this action id.

    Raises:
        SlackError: There is none (`no_such_element`).
    """
    for block, element in iter_elements(blocks):
        if element.get("action_id") == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise SlackError("no_such_element")


def choose(element: Json, choice: Any) -> Json:
    """The state of an element after a person chose or typed something, in the shape of `state.values`.

    Raises:
        SlackError: The choice is not among the options (`no_such_option`).
    """
    kind = element["type"]
    if kind in _SINGLE_OPTION:
        value = choice[0] if isinstance(choice, list) and choice else choice
        return {"type": kind, "selected_option": _option(element, value) if value else None}
    if kind in _MANY_OPTIONS:
        values = choice if isinstance(choice, list) else [choice] if choice else []
        return {"type": kind, "selected_options": [_option(element, value) for value in values]}
    if kind == "file_input":
        return {"type": kind, "files": choice or []}
    field, _ = _PLAIN_VALUE[kind]
    value = choice[0] if isinstance(choice, list) and choice else choice
    return {"type": kind, field: None if value in (None, "", []) else str(value)}


def initial_state(blocks: list[Json]) -> dict[str, Json]:
    """`state.values` of blocks that nobody has touched yet."""
    values: dict[str, Json] = {}
    for block, element in iter_elements(blocks):
        if element["type"] not in _STATELESS:
            values.setdefault(block["block_id"], {})[element["action_id"]] = _initial(element)
    return values


def keep_chosen(before: dict[str, Json], values: dict[str, Json]) -> None:
    """Lays what a person chose earlier over the state of blocks that stand in the same place now."""
    for block_id, actions in values.items():
        for action_id, state in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == state["type"]:
                actions[action_id] = old


def is_stateful(element: Json) -> bool:
    """Whether the element keeps what was chosen in it."""
    return element["type"] not in _STATELESS


def is_empty(state: Json) -> bool:
    """Whether nothing was chosen or typed."""
    return not any(value for key, value in state.items() if key != "type")


def action_of(block: Json, element: Json, state: Json | None, value: str | None, action_ts: str) -> Json:
    """The entry of `actions` for a press on an element."""
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        action["text"] = element["text"]
        action |= {key: element[key] for key in ("value", "style", "url") if key in element}
        if value is not None and value != element.get("value"):
            raise SlackError("no_such_element")
    else:
        action |= state or {}
        if "placeholder" in element:
            action["placeholder"] = element["placeholder"]
    return action | {"action_ts": action_ts}


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind in _SINGLE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind == "file_input":
        return {"type": kind, "files": []}
    field, initial = _PLAIN_VALUE[kind]
    return {"type": kind, field: element.get(initial)}


def _option(element: Json, value: Any) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for group in groups:
        for option in group["options"]:
            if option["value"] == value:
                found: Json = option
                return found
    raise SlackError("no_such_option")


def fault_in(element: Json, state: Json) -> str | None:
    """What Slack's client objects to in a filled-in input, before the app hears of it."""
    value = str(state.get("value"))
    if element["type"] == "plain_text_input":
        shortest, longest = element.get("min_length") or 0, element.get("max_length") or 3000
        if len(value) < shortest:
            return f"Please enter at least {shortest} characters."
        if len(value) > longest:
            return f"Please enter at most {longest} characters."
    if element["type"] == "number_input":
        return _fault_in_number(element, value)
    chosen = len(state.get("selected_options", ()))
    if chosen > element.get("max_selected_items", chosen):
        return f"Please choose at most {element['max_selected_items']}."
    return None


def _fault_in_number(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and "." in value:
        return "Please enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Please enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Please enter a number of at most {element['max_value']}."
    return None
