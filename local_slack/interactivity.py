"""What a person does to the app: commands, shortcuts and presses, in the shapes Slack sends them."""

import copy
from typing import Any

from local_slack import channels, elements, file_objects, messages, people
from local_slack.errors import Json, SlackError, UndeliveredError
from local_slack.payloads import faults_in_message
from local_slack.web_api.call import raise_message_faults
from local_slack.workspace import Workspace


def common(ws: Workspace, user_id: str) -> Json:
    """The fields that all interactive payloads share."""
    if not ws.manifest.is_interactive:
        raise SlackError("interactivity_disabled")
    user = ws.user(user_id)
    return {
        "user": {"id": user_id, "username": user["name"], "name": user["name"], "team_id": user["team_id"]},
        "api_app_id": people.APP_ID,
        "token": "local",
        "team": {"id": people.TEAM_ID, "domain": people.TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def joined(ws: Workspace, user_id: str, channel_id: str) -> Json:
    """A channel that the person is in."""
    ws.user(user_id)
    channel = ws.channel(channel_id)
    if user_id not in channel["members"]:
        raise SlackError("not_in_channel")
    return channel


async def run_command(ws: Workspace, user_id: str, channel_id: str, command: str, text: str) -> Json | None:
    """Sends a slash command and shows what the app acknowledged it with, to the one who typed it."""
    user, channel = ws.user(user_id), joined(ws, user_id, channel_id)
    declared = ws.manifest.commands.get(command)
    if declared is None:
        _slackbot_says(ws, channel, user_id, f"`{command}` is not a valid command.")
        raise SlackError("no_such_command")
    payload = {
        "token": "local",
        "team_id": people.TEAM_ID,
        "team_domain": people.TEAM_DOMAIN,
        "channel_id": channel_id,
        "channel_name": channels.shown_name(channel),
        "user_id": user_id,
        "user_name": user["name"],
        "command": command,
        "text": messages.as_sent(ws, text) if declared.get("should_escape") else text,
        "api_app_id": people.APP_ID,
        "is_enterprise_install": "false",
        "response_url": _response_url(ws, user_id, channel_id),
        "trigger_id": ws.triggers.issue(user_id),
    }
    try:
        answer = await ws.delivery.send("slash_commands", payload)
    except UndeliveredError as error:
        _slackbot_says(ws, channel, user_id, f'{command} failed with the error "{error.reason}"')
        raise SlackError(error.reason) from None
    if not answer or not (answer.get("text") or answer.get("blocks")):
        return None
    return answer_in(ws, channel, user_id, answer)


async def run_shortcut(
    ws: Workspace, user_id: str, callback_id: str, channel_id: str | None, message_ts: str | None
) -> None:
    """Sends a global shortcut or, with a message, a message shortcut."""
    kind = "global" if channel_id is None else "message"
    if ws.manifest.shortcuts.get(callback_id, {}).get("type") != kind:
        raise SlackError("no_such_shortcut")
    payload = common(ws, user_id) | {"callback_id": callback_id, "action_ts": ws.state.next_ts()}
    if channel_id is None:
        payload["type"] = "shortcut"
    else:
        channel = joined(ws, user_id, channel_id)
        message = ws.state.message(channel_id, message_ts or "")
        if message is None:
            raise SlackError("message_not_found")
        payload |= {
            "type": "message_action",
            "channel": {"id": channel_id, "name": channels.shown_name(channel)},
            "message_ts": message_ts,
            "message": messages.present(ws, channel, message),
            "response_url": _response_url(ws, user_id, channel_id, None, message.get("thread_ts")),
        }
    await send_interactive(ws, payload | {"trigger_id": ws.triggers.issue(user_id)})


async def press_in_message(
    ws: Workspace, user_id: str, channel_id: str, message_ts: str, press: Json
) -> None:
    """Sends what a person did to an element of a message."""
    channel = joined(ws, user_id, channel_id)
    hidden = ws.state.ephemerals.get(channel_id, {}).get(message_ts)
    if hidden is not None and hidden["ephemeral_for"] != user_id:
        hidden = None
    message = hidden or ws.state.message(channel_id, message_ts)
    if message is None:
        raise SlackError("message_not_found")
    values = elements.initial_state(message.get("blocks", []))
    elements.keep_chosen(message.get("state_values", {}).get(user_id, {}), values)
    action, values = _act(ws, message.get("blocks", []), values, press)
    message["state_values"] = message.get("state_values", {}) | {user_id: values}
    thread = message.get("thread_ts")
    container: Json = {"type": "message", "message_ts": message_ts, "channel_id": channel_id}
    container |= {"is_ephemeral": hidden is not None} | ({"thread_ts": thread} if thread else {})
    payload = common(ws, user_id) | {
        "type": "block_actions",
        "container": container,
        "channel": {"id": channel_id, "name": channels.shown_name(channel)},
        "state": {"values": values},
        "response_url": _response_url(ws, user_id, channel_id, message_ts, thread),
        "actions": [action],
    }
    if hidden is None:
        payload["message"] = messages.present(ws, channel, message)
    await send_interactive(ws, payload | {"trigger_id": ws.triggers.issue(user_id)})


async def press_in_view(ws: Workspace, user_id: str, view_id: str, press: Json) -> None:
    """Sends what a person did to an element of a modal or of the home tab."""
    view = shown_view(ws, user_id, view_id)
    action, values = _act(ws, view["blocks"], view["state"]["values"], press)
    view["state"] = {"values": values}
    ws.state.save_view(user_id, view)
    payload = common(ws, user_id) | {
        "type": "block_actions",
        "container": {"type": "view", "view_id": view_id},
        "view": copy.deepcopy(view),
        "actions": [action],
    }
    in_modal = view_id if view["type"] == "modal" else None
    await send_interactive(ws, payload | {"trigger_id": ws.triggers.issue(user_id, in_modal)})


def shown_view(ws: Workspace, user_id: str, view_id: str) -> Json:
    """A view that the person has before them: the top modal or the home tab."""
    record = ws.state.views.get(view_id)
    stack = ws.state.stacks.get(user_id, [])
    is_home = ws.state.homes.get(user_id) == view_id
    if record is None or not (is_home or stack[-1:] == [view_id]):
        raise SlackError("view_not_found")
    view: Json = record["view"]
    return view


async def send_interactive(ws: Workspace, payload: Json) -> Json | None:
    """Sends an interactive payload.

    Raises:
        SlackError: The app did not take it; the error is what Slack shows.
    """
    try:
        return await ws.delivery.send("interactive", payload)
    except UndeliveredError as error:
        raise SlackError(error.reason) from None


def fill(
    ws: Workspace, blocks: list[Json], values: dict[str, Json], typed: dict[str, Json]
) -> dict[str, Json]:
    """`state.values` with what a person typed or chose laid over it."""
    values = copy.deepcopy(values)
    for block_id, actions in typed.items():
        for action_id, choice in actions.items():
            block, element = elements.find_element(blocks, action_id, block_id)
            state = elements.choose(element, choice)
            if "files" in state:
                state["files"] = [
                    file_objects.present(ws, file_objects.readable(ws, f)) for f in state["files"]
                ]
            values.setdefault(block["block_id"], {})[action_id] = state
    return values


def answer_in(ws: Workspace, channel: Json, user_id: str, answer: Json) -> Json:
    """Shows an app's direct answer: to one person, or to all with `response_type: in_channel`."""
    raise_message_faults(faults_in_message(answer))
    fields = messages.bot_fields(ws) | {"text": answer.get("text") or ""}
    if answer.get("blocks"):
        fields["blocks"] = messages.with_ids(answer["blocks"])
    if answer.get("thread_ts"):
        fields["thread_ts"] = answer["thread_ts"]
    if answer.get("response_type") == "in_channel":
        return messages.post(ws, channel, fields)
    return messages.show_only_to(ws, channel, user_id, fields)


def _act(
    ws: Workspace, blocks: list[Json], values: dict[str, Json], press: Json
) -> tuple[Json, dict[str, Json]]:
    values = fill(ws, blocks, values, press.get("values") or {})
    block, element = elements.find_element(blocks, press["action_id"], press.get("block_id"))
    choice: Any = press["selected"] if press.get("selected") is not None else press.get("value")
    state = None
    if element["type"] != "button":
        state = elements.choose(element, choice)
        if elements.is_stateful(element):
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    action = elements.action_of(block, element, state, press.get("value"), ws.state.next_ts())
    return action, values


def _response_url(
    ws: Workspace, user_id: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None
) -> str:
    return f"{ws.base_url}/respond/{ws.response_urls.issue(user_id, channel_id, message_ts, thread_ts)}"


def _slackbot_says(ws: Workspace, channel: Json, user_id: str, text: str) -> None:
    messages.show_only_to(ws, channel, user_id, {"user": people.SLACKBOT_ID, "text": text})
