"""Modals submitted and closed, and what the app answers to it."""

import copy

from local_slack import elements, modals
from local_slack.errors import Json, SlackError
from local_slack.interactivity import common, fill, send_interactive, shown_view
from local_slack.workspace import Workspace

_REQUIRED = "Please complete this required field."


async def submit(ws: Workspace, user_id: str, view_id: str, typed: dict[str, Json]) -> Json:
    """Submits a modal and does what the app answers: errors, update, push, clear, or close it."""
    view = shown_view(ws, user_id, view_id)
    if view["type"] != "modal":
        raise SlackError("view_not_found")
    values = fill(ws, view["blocks"], view["state"]["values"], typed)
    faults = _faults_of(view["blocks"], values)
    if faults:  # Slack's own client says this; the app hears nothing.
        return {"response_action": "errors", "errors": faults}
    view["state"] = {"values": values}
    ws.state.save_view(user_id, view)
    payload = common(ws, user_id) | {
        "type": "view_submission",
        "trigger_id": ws.triggers.issue(user_id, view_id),
        "view": copy.deepcopy(view),
        "response_urls": [],
    }
    answer = await send_interactive(ws, payload) or {}
    return _obey(ws, user_id, view_id, answer)


async def close(ws: Workspace, user_id: str, view_id: str, *, is_all: bool = False) -> None:
    """Closes a modal, with those above it, or all; tells the app where it asked to be told."""
    stack = ws.state.stacks.get(user_id, [])
    if view_id not in stack:
        raise SlackError("view_not_found")
    clears = is_all or ws.state.views[view_id]["view"]["clear_on_close"]
    gone = modals.pop(ws, user_id, stack[0] if clears else view_id)
    for view in reversed(gone):
        if view["notify_on_close"]:
            payload = common(ws, user_id) | {"type": "view_closed", "view": view, "is_cleared": clears}
            await send_interactive(ws, payload)


def _obey(ws: Workspace, user_id: str, view_id: str, answer: Json) -> Json:
    action = answer.get("response_action")
    if action == "errors":
        errors = answer.get("errors") or {}
        blocks = {b["block_id"] for b in ws.state.views[view_id]["view"]["blocks"] if b["type"] == "input"}
        if not errors or not set(errors) <= blocks:
            raise SlackError(
                "invalid_response_errors", detail="errors may name only block ids of input blocks"
            )
        return {"response_action": "errors", "errors": errors}
    if action in ("update", "push"):
        view = answer.get("view")
        modals.check(view, "modal")
        assert isinstance(view, dict)
        if action == "update":
            modals.update(ws, view_id, view)
        else:
            modals.push(ws, user_id, view)
        return {"response_action": action}
    if action == "clear":
        ws.state.save_stack(user_id, [])
        return {"response_action": "clear"}
    if action is not None:
        raise SlackError("invalid_response_action")
    if view_id in ws.state.stacks.get(user_id, []):
        modals.pop(ws, user_id, view_id)
    return {"response_action": None}


def _faults_of(blocks: list[Json], values: dict[str, Json]) -> dict[str, str]:
    faults: dict[str, str] = {}
    for block, element in elements.iter_elements(blocks):
        if block["type"] != "input":
            continue
        state = values[block["block_id"]][element["action_id"]]
        if elements.is_empty(state):
            if not block.get("optional"):
                faults[block["block_id"]] = _REQUIRED
        elif fault := elements.fault_in(element, state):
            faults[block["block_id"]] = fault
    return faults
