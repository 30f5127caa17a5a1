"""views.*: modals and the home tab."""

from typing import Any

from local_slack import modals
from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method


def _open(call: Call) -> Json:
    view = _view(call, "modal")
    trigger = call.ws.triggers.redeem(str(call.required("trigger_id")))
    return {"view": modals.open_root(call.ws, trigger.user_id, view)}


def _push(call: Call) -> Json:
    view = _view(call, "modal")
    trigger = call.ws.triggers.redeem(str(call.required("trigger_id")))
    if trigger.view_id is None or trigger.view_id not in call.ws.state.stacks.get(trigger.user_id, []):
        raise SlackError("not_found")
    return {"view": modals.push(call.ws, trigger.user_id, view)}


def _update(call: Call) -> Json:
    view = _view(call, None)
    return {"view": modals.update(call.ws, _find(call), view, call.get("hash"))}


def _publish(call: Call) -> Json:
    view = _view(call, "home")
    user_id = str(call.required("user_id"))
    call.ws.user(user_id)
    if not call.ws.manifest.has_home_tab:
        raise SlackError("not_enabled")
    return {"view": modals.publish(call.ws, user_id, view, call.get("hash"))}


def _find(call: Call) -> str:
    view_id, external_id = call.get("view_id"), call.get("external_id")
    for found, record in call.ws.state.views.items():
        if found == view_id or (external_id and record["view"]["external_id"] == external_id):
            return found
    raise SlackError("not_found")


def _view(call: Call, kind: str | None) -> Json:
    view: Any = call.required("view")
    modals.check(view, kind)
    checked: Json = view
    return checked


METHODS = {
    "views.open": Method(_open),
    "views.publish": Method(_publish),
    "views.push": Method(_push),
    "views.update": Method(_update),
}
