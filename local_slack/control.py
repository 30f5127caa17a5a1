"""The Control API: what people do in the workspace, for the page and for tests."""

from collections.abc import Awaitable, Callable
from typing import Any

from local_slack import channels, files, interactivity, messages, people, submissions
from local_slack.errors import Json, SlackError
from local_slack.workspace import MethodFault, Workspace

Action = Callable[[Workspace, Json], Awaitable[Json]]


def _need(body: Json, *names: str) -> list[Any]:
    missing = [name for name in names if body.get(name) is None]
    if missing:
        raise SlackError("missing_argument", detail=f"The call needs {', '.join(missing)}.")
    return [body[name] for name in names]


def check_may_write(ws: Workspace, channel: Json) -> None:
    """Refuses direct messages to an app whose Messages tab is off."""
    if channel["is_im"] and not ws.manifest.has_messages_tab:
        raise SlackError("messages_tab_disabled")


async def _message(ws: Workspace, body: Json) -> Json:
    user_id, channel_id, text = _need(body, "user", "channel", "text")
    if channel_id == people.dm_id(user_id):
        ws.user(user_id)
        ws.state.open_dm(user_id)
    channel = interactivity.joined(ws, user_id, channel_id)
    check_may_write(ws, channel)
    fields: Json = {"user": user_id, "text": messages.as_sent(ws, text)}
    if body.get("thread_ts"):
        if ws.state.message(channel_id, body["thread_ts"]) is None:
            raise SlackError("thread_not_found")
        fields["thread_ts"] = body["thread_ts"]
    return {"ts": messages.post(ws, channel, fields)["ts"]}


def _own(ws: Workspace, body: Json) -> tuple[Json, Json]:
    user_id, channel_id, ts = _need(body, "user", "channel", "ts")
    channel = interactivity.joined(ws, user_id, channel_id)
    message = ws.state.message(channel_id, ts)
    if message is None:
        raise SlackError("message_not_found")
    if message["user"] != user_id:
        raise SlackError("not_your_message")
    return channel, message


async def _edit(ws: Workspace, body: Json) -> Json:
    channel, message = _own(ws, body)
    (text,) = _need(body, "text")
    messages.edit(ws, channel, message, {"text": messages.as_sent(ws, text)}, editor=body["user"])
    return {"ts": message["ts"]}


async def _delete(ws: Workspace, body: Json) -> Json:
    channel, message = _own(ws, body)
    messages.delete(ws, channel, message)
    return {}


async def _command(ws: Workspace, body: Json) -> Json:
    user_id, channel_id, command = _need(body, "user", "channel", "command")
    if channel_id == people.dm_id(user_id):
        ws.user(user_id)
        ws.state.open_dm(user_id)
    response = await interactivity.run_command(ws, user_id, channel_id, command, str(body.get("text") or ""))
    return {"response": response}


async def _shortcut(ws: Workspace, body: Json) -> Json:
    user_id, callback_id = _need(body, "user", "callback_id")
    await interactivity.run_shortcut(ws, user_id, callback_id, body.get("channel"), body.get("message_ts"))
    return {}


async def _press(ws: Workspace, body: Json) -> Json:
    user_id, _ = _need(body, "user", "action_id")
    if body.get("view_id"):
        await interactivity.press_in_view(ws, user_id, body["view_id"], body)
    else:
        channel_id, message_ts = _need(body, "channel", "message_ts")
        await interactivity.press_in_message(ws, user_id, channel_id, message_ts, body)
    return {}


async def _submit(ws: Workspace, body: Json) -> Json:
    user_id, view_id = _need(body, "user", "view_id")
    return await submissions.submit(ws, user_id, view_id, body.get("values") or {})


async def _close(ws: Workspace, body: Json) -> Json:
    user_id, view_id = _need(body, "user", "view_id")
    await submissions.close(ws, user_id, view_id, is_all=bool(body.get("all")))
    return {}


async def _delete_file(ws: Workspace, body: Json) -> Json:
    user_id, file_id = _need(body, "user", "file_id")
    file = ws.state.files.get(file_id)
    if file is None or file["state"] == "deleted":
        raise SlackError("file_not_found")
    if file["user"] != user_id:
        raise SlackError("cant_delete_file")
    files.delete(ws, file)
    return {}


async def _open(ws: Workspace, body: Json) -> Json:
    user_id, tab = _need(body, "user", "tab")
    if tab not in ("home", "messages"):
        raise SlackError("no_such_tab")
    ws.user(user_id)
    channel = ws.state.open_dm(user_id)
    event: Json = {"type": "app_home_opened", "user": user_id, "channel": channel["id"], "tab": tab}
    home = ws.state.homes.get(user_id)
    if tab == "home" and home is not None:
        event["view"] = ws.state.views[home]["view"]
    ws.outbox.emit("app_home_opened", event | {"event_ts": ws.state.next_ts()})
    return {"channel": channel["id"]}


async def _join(ws: Workspace, body: Json) -> Json:
    user_id, channel_id = _need(body, "user", "channel")
    ws.user(user_id)
    channel = ws.channel(channel_id)
    if channel["is_im"] or channel["is_private"]:
        raise SlackError("channel_not_found")
    channels.join(ws, channel, user_id)
    return {}


async def _invite(ws: Workspace, body: Json) -> Json:
    channel_id, user_id = _need(body, "channel", "user")
    ws.user(user_id)
    channel = ws.channel(channel_id)
    if channel["is_im"]:
        raise SlackError("channel_not_found")
    channels.join(ws, channel, user_id, inviter=body.get("inviter") or channel["members"][0])
    return {}


async def _uninstall(ws: Workspace, _body: Json) -> Json:
    ws.is_uninstalled = True
    tokens = {"oauth": [], "bot": [people.BOT_USER_ID]}
    ws.outbox.emit("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    ws.outbox.emit("app_uninstalled", {"type": "app_uninstalled", "event_ts": ws.state.next_ts()})
    return {}


async def _install(ws: Workspace, _body: Json) -> Json:
    ws.is_uninstalled = False
    return {}


async def _fault(ws: Workspace, body: Json) -> Json:
    if limit := body.get("rate_limit"):
        method, times = _need(limit, "method", "times")
        ws.faults.add(method, MethodFault(times, "ratelimited", int(limit.get("retry_after_s", 1))))
    if fail := body.get("fail"):
        method, error = _need(fail, "method", "error")
        ws.faults.add(method, MethodFault(int(fail.get("times", 1)), error))
    if body.get("drop_sockets"):
        await ws.sockets.drop_all()
    if body.get("refresh_sockets"):
        await ws.sockets.refresh_all()
    if body.get("expire_streams"):
        for channel in ws.state.channels.values():
            for message in ws.state.in_order(channel["id"]):
                if message.get("streaming"):
                    messages.end_stream(ws, channel, message)
    answer: Json = {}
    if body.get("repeat_events"):
        answer["repeated"] = ws.outbox.repeat(int(body["repeat_events"]))
    return answer


ACTIONS: dict[str, Action] = {
    "close": _close,
    "command": _command,
    "delete": _delete,
    "delete_file": _delete_file,
    "edit": _edit,
    "fault": _fault,
    "install": _install,
    "invite": _invite,
    "join": _join,
    "message": _message,
    "open": _open,
    "press": _press,
    "shortcut": _shortcut,
    "submit": _submit,
    "uninstall": _uninstall,
}


def snapshot(ws: Workspace) -> Json:
    """Everything there is to see, for the page and for tests."""
    state = ws.state
    bot: Json = {
        "id": people.BOT_USER_ID,
        "bot_id": people.BOT_ID,
        "app_id": people.APP_ID,
        "name": ws.manifest.bot_name,
    }
    bot |= {"commands": list(ws.manifest.commands.values()), "has_home_tab": ws.manifest.has_home_tab}
    bot |= {"shortcuts": list(ws.manifest.shortcut_rows), "has_messages_tab": ws.manifest.has_messages_tab}
    return {
        "rev": state.rev,
        "team": {"id": people.TEAM_ID, "name": people.TEAM_NAME, "domain": people.TEAM_DOMAIN},
        "me": bot,
        "users": list(state.users.values()),
        "channels": list(state.channels.values()),
        "messages": {channel_id: state.in_order(channel_id) for channel_id in state.channels},
        "modals": {user: [state.views[v]["view"] for v in ids] for user, ids in state.stacks.items() if ids},
        "homes": {user: state.views[view_id]["view"] for user, view_id in state.homes.items()},
        "files": state.files,
        "ephemerals": {channel_id: list(rows.values()) for channel_id, rows in state.ephemerals.items()},
        "statuses": {
            c: {ts: row["status"] for ts, row in rows.items()} for c, rows in state.statuses.items() if rows
        },
        "prompts": state.prompts,
        "connected": ws.delivery.is_connected,
        "events_lost": ws.outbox.num_lost,
    }
