"""Posting, editing and deleting messages, and the events that tell the app of it."""

import copy
import re
import secrets

from local_slack import file_objects, people
from local_slack.errors import Json
from local_slack.workspace import Workspace

_MARKUP = re.compile(r"<(?:[@#!][^<>\s]+|(?:https?|mailto):[^<>]+)>")
_URL = re.compile(r"https?://[^\s<>]+")
_INTERNAL = ("state_values", "streamed_at", "streaming", "tasks")


def as_sent(ws: Workspace, text: str) -> str:
    """Text as a Slack client sends what a person typed: escaped, with mentions and links marked up."""
    parts: list[str] = []
    end = 0
    for match in _MARKUP.finditer(text):
        parts += [_escape(ws, text[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, _escape(ws, text[end:])])


def _escape(ws: Workspace, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _URL.sub(lambda match: f"<{match.group()}>", escaped)
    for user in ws.state.users.values():
        for name in (user["real_name"], user["name"]):  # the longer one first
            escaped = re.sub(
                rf"(?<!\w)@{re.escape(name)}(?!\w)", f"<@{user['id']}>", escaped, flags=re.IGNORECASE
            )
    return escaped


def with_ids(blocks: list[Json]) -> list[Json]:
    """Blocks with the ids that Slack makes up where an app gave none."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block["block_id"] = block.get("block_id") or secrets.token_urlsafe(4)
        elements = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*elements, block.get("accessory"), block.get("element")]:
            if element and element["type"] != "image" and not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)
    return blocks


def bot_fields(ws: Workspace) -> Json:
    """What marks a message as the bot's."""
    profile = {"id": people.BOT_ID, "deleted": False, "name": ws.manifest.bot_name, "updated": 0}
    profile |= {"app_id": people.APP_ID, "team_id": people.TEAM_ID, "icons": {}}
    return {
        "user": people.BOT_USER_ID,
        "bot_id": people.BOT_ID,
        "app_id": people.APP_ID,
        "bot_profile": profile,
    }


def present(ws: Workspace, channel: Json, message: Json) -> Json:
    """A message as the Web API and events show it."""
    shown = {key: value for key, value in message.items() if key not in _INTERNAL}
    if "files" in shown:
        shown["files"] = [file_objects.present_in_message(ws, channel, file_id) for file_id in shown["files"]]
    return shown


def post(ws: Workspace, channel: Json, fields: Json) -> Json:
    """Stores a new message, counts it in its thread and tells the app."""
    author = ws.state.users[fields["user"]]
    message: Json = {
        "type": "message",
        "text": "",
        "team": author["team_id"],
        "ts": ws.state.next_ts(),
    } | fields
    if author["is_stranger"]:
        message |= {"user_team": author["team_id"], "source_team": author["team_id"]}
    thread_ts = message.get("thread_ts")
    parent = ws.state.message(channel["id"], thread_ts) if thread_ts else None
    if thread_ts and parent is not None:
        message["parent_user_id"] = parent["user"]
    ws.state.save_message(channel["id"], message)
    if parent is not None:
        _count_reply(ws, channel, parent, message)
    if "bot_id" in message:
        ws.state.set_status(channel["id"], thread_ts or "", None)
    _tell(ws, channel, present(ws, channel, message) | {"event_ts": message["ts"]})
    _tell_mention(ws, channel, message)
    return message


def edit(
    ws: Workspace,
    channel: Json,
    message: Json,
    changes: Json,
    *,
    editor: str | None = None,
    is_hidden_change: bool = False,
) -> Json:
    """Changes a message in place; a field set to None goes away."""
    previous = present(ws, channel, copy.deepcopy(message))
    for key, value in changes.items():
        if value is None:
            message.pop(key, None)
        else:
            message[key] = value
    if editor is not None and not is_hidden_change:
        message["edited"] = {"user": editor, "ts": ws.state.next_ts()}
    ws.state.save_message(channel["id"], message)
    tell_changed(ws, channel, message, previous)
    return message


def tell_changed(ws: Workspace, channel: Json, message: Json, previous: Json) -> None:
    """Sends the app a `message_changed`."""
    ts = ws.state.next_ts()
    event: Json = {"type": "message", "subtype": "message_changed", "hidden": True}
    event |= {
        "message": present(ws, channel, message),
        "previous_message": previous,
        "ts": ts,
        "event_ts": ts,
    }
    _tell(ws, channel, event)


def is_silent(ws: Workspace, message: Json) -> bool:
    """Whether a streamed message heard nothing for so long that Slack takes it for finished."""
    return bool(ws.state.now() - message.get("streamed_at", 0) > ws.settings.stream_lifetime_s)


def end_stream(ws: Workspace, channel: Json, message: Json, previous: Json | None = None) -> None:
    """Closes a streamed message, at the app's word or because it fell silent, and tells the app."""
    previous = previous or present(ws, channel, copy.deepcopy(message))
    for key in ("streaming", "streamed_at"):
        message.pop(key, None)
    ws.state.save_message(channel["id"], message)
    tell_changed(ws, channel, message, previous)


def delete(ws: Workspace, channel: Json, message: Json) -> None:
    """Removes a message; the first of a thread leaves a tombstone."""
    previous = present(ws, channel, message)
    if message.get("reply_count"):
        keep = ("type", "ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
        stone = {key: message[key] for key in keep} | {
            "subtype": "tombstone",
            "hidden": True,
            "user": people.SLACKBOT_ID,
        }
        ws.state.save_message(channel["id"], stone | {"text": "This message was deleted."})
    else:
        ws.state.drop_message(channel["id"], message["ts"])
        _uncount_reply(ws, channel, message)
    ts = ws.state.next_ts()
    event: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message["ts"],
    }
    _tell(ws, channel, event | {"previous_message": previous, "ts": ts, "event_ts": ts})


def show_only_to(ws: Workspace, channel: Json, user_id: str, fields: Json) -> Json:
    """Shows a message to one person alone."""
    message: Json = {"type": "message", "ts": ws.state.next_ts(), "text": ""} | fields
    message |= {"is_ephemeral": True, "ephemeral_for": user_id}
    ws.state.save_ephemeral(channel["id"], message)
    return message


def _count_reply(ws: Workspace, channel: Json, parent: Json, reply: Json) -> None:
    users = list(dict.fromkeys([*parent.get("reply_users", []), reply["user"]]))
    parent |= {
        "thread_ts": parent["ts"],
        "reply_count": parent.get("reply_count", 0) + 1,
        "reply_users": users,
    }
    parent |= {"reply_users_count": len(users), "latest_reply": reply["ts"]}
    ws.state.save_message(channel["id"], parent)


def _uncount_reply(ws: Workspace, channel: Json, reply: Json) -> None:
    parent = ws.state.message(channel["id"], reply.get("thread_ts", ""))
    if parent is not None and parent["ts"] != reply["ts"] and parent.get("reply_count"):
        parent["reply_count"] -= 1
        ws.state.save_message(channel["id"], parent)


def _tell(ws: Workspace, channel: Json, event: Json) -> None:
    if not ws.bot_is_in(channel):
        return
    kind, subscription = "channel", "message.channels"
    if channel["is_im"]:
        kind, subscription = "im", "message.im"
    elif channel["is_private"]:
        kind, subscription = "group", "message.groups"
    event = event | {"channel": channel["id"], "channel_type": kind}
    ws.outbox.emit(subscription, event, is_external=ws.state.is_external(channel))


def _tell_mention(ws: Workspace, channel: Json, message: Json) -> None:
    mentions = f"<@{people.BOT_USER_ID}" in message["text"] and message["user"] != people.BOT_USER_ID
    if not mentions or channel["is_im"] or not ws.bot_is_in(channel):
        return
    keys = (
        "user",
        "text",
        "ts",
        "team",
        "thread_ts",
        "parent_user_id",
        "files",
        "blocks",
        "user_team",
        "source_team",
    )
    shown = present(ws, channel, message)
    event = {"type": "app_mention"} | {key: shown[key] for key in keys if key in shown}
    event |= {"channel": channel["id"], "event_ts": message["ts"]}
    ws.outbox.emit("app_mention", event, is_external=ws.state.is_external(channel))
