"""Views on a person's screen: the stack of modals and the home tab."""

import json
import secrets

from local_slack import files, messages, people
from local_slack.elements import initial_state, keep_chosen
from local_slack.errors import Json, SlackError
from local_slack.payloads import faults_in_view
from local_slack.workspace import Workspace

_STACK_MAX = 3
_BYTES_MAX = 250_000
_KEPT = ("type", "title", "submit", "close")


def check(view: object, kind: str | None) -> None:
    """Refuses a view that Slack would refuse, with Slack's words."""
    if not isinstance(view, dict) or (kind is not None and view.get("type") != kind):
        faults = [f"must be a view of type {kind or 'modal or home'} [json-pointer:/view]"]
    elif len(json.dumps(view)) > _BYTES_MAX:
        raise SlackError("view_too_large")
    else:
        faults = faults_in_view(view)
    if faults:
        metadata = {"messages": [f"[ERROR] {fault}" for fault in faults]}
        raise SlackError("invalid_arguments", response_metadata=metadata)


def open_root(ws: Workspace, user_id: str, view: Json) -> Json:
    """Opens a modal, in the place of what was open."""
    made = _make(ws, user_id, view)
    made["root_view_id"] = made["id"]
    ws.state.save_view(user_id, made)
    ws.state.save_stack(user_id, [made["id"]])
    return made


def push(ws: Workspace, user_id: str, view: Json) -> Json:
    """Lays a modal over the one that is open.

    Raises:
        SlackError: Three lie there already (`push_limit_reached`).
    """
    stack = ws.state.stacks.get(user_id, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= _STACK_MAX:
        raise SlackError("push_limit_reached")
    made = _make(ws, user_id, view) | {"root_view_id": stack[0], "previous_view_id": stack[-1]}
    ws.state.save_view(user_id, made)
    ws.state.save_stack(user_id, [*stack, made["id"]])
    return made


def update(ws: Workspace, view_id: str, view: Json, hash_: str | None = None) -> Json:
    """Replaces what a view shows; what was typed in inputs that stay is kept.

    Raises:
        SlackError: Somebody changed it in between (`hash_conflict`).
    """
    record = ws.state.views.get(view_id)
    if record is None:
        raise SlackError("not_found")
    old, user_id = record["view"], record["user"]
    _check_hash(old, hash_)
    if view["type"] != old["type"]:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] the view type cannot change"]}
        )
    made = _make(ws, user_id, view, known_id=view_id)
    made |= {key: old[key] for key in ("id", "root_view_id", "previous_view_id")}
    keep_chosen(old["state"]["values"], made["state"]["values"])
    ws.state.save_view(user_id, made)
    return made


def publish(ws: Workspace, user_id: str, view: Json, hash_: str | None = None) -> Json:
    """Puts a view on a person's home tab."""
    view_id = ws.state.homes.get(user_id)
    if view_id is not None:
        return update(ws, view_id, view, hash_)
    made = _make(ws, user_id, view)
    made["root_view_id"] = made["id"]
    ws.state.save_home(user_id, made)
    return made


def pop(ws: Workspace, user_id: str, view_id: str) -> list[Json]:
    """Takes a modal, and those above it, off the screen and returns them, the lowest first."""
    stack = ws.state.stacks.get(user_id, [])
    if view_id not in stack:
        raise SlackError("view_not_found")
    index = stack.index(view_id)
    gone = [ws.state.views[found]["view"] for found in stack[index:]]
    ws.state.save_stack(user_id, stack[:index])
    return gone


def _check_hash(view: Json, hash_: str | None) -> None:
    if hash_ is not None and hash_ != view["hash"]:
        raise SlackError("hash_conflict")


def _make(ws: Workspace, user_id: str, view: Json, known_id: str | None = None) -> Json:
    external_id = view.get("external_id") or ""
    taken = [
        v
        for v, record in ws.state.views.items()
        if external_id and record["view"]["external_id"] == external_id
    ]
    if any(found != known_id for found in taken):
        raise SlackError("duplicate_external_id")
    files.note_images(ws, view["blocks"], user_id=user_id)
    blocks = messages.with_ids(view["blocks"])
    return {
        "id": "V0" + secrets.token_hex(5).upper(),
        "team_id": people.TEAM_ID,
        **{key: view.get(key) for key in _KEPT},
        "blocks": blocks,
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "external_id": external_id,
        "state": {"values": initial_state(blocks)},
        "hash": f"{int(ws.state.now())}.{secrets.token_hex(4)}",
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "root_view_id": None,
        "previous_view_id": None,
        "app_id": people.APP_ID,
        "app_installed_team_id": people.TEAM_ID,
        "bot_id": people.BOT_ID,
    }
