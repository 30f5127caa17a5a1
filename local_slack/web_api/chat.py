"""chat.*: whole messages. Streamed ones are in `streams`."""

from local_slack import files, messages, people
from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method

_UPDATE_TEXT_MAX = 4000


def _post_message(call: Call) -> Json:
    channel = call.channel_to_post_in()
    call.check_message()
    fields = _content(call, channel["id"]) | messages.bot_fields(call.ws)
    thread_ts = call.get("thread_ts")
    if thread_ts:
        fields["thread_ts"] = _thread(call, channel, str(thread_ts))
        if call.flag("reply_broadcast"):
            fields["subtype"] = "thread_broadcast"
    message = messages.post(call.ws, channel, fields)
    shown = messages.present(call.ws, channel, message)
    return {"channel": channel["id"], "ts": message["ts"], "message": shown}


def _post_ephemeral(call: Call) -> Json:
    channel = call.joined_channel()
    user_id = call.required("user")
    if user_id not in channel["members"]:
        raise SlackError("user_not_in_channel")
    call.check_message()
    fields = _content(call, channel["id"]) | messages.bot_fields(call.ws)
    if call.get("thread_ts"):
        fields["thread_ts"] = str(call.get("thread_ts"))
    message = messages.show_only_to(call.ws, channel, user_id, fields)
    return {"message_ts": message["ts"]}


def _update(call: Call) -> Json:
    channel = call.visible_channel()
    message = own_message(call, channel, "cant_update_message")
    if message.get("streaming") and not messages.is_silent(call.ws, message):
        raise SlackError("streaming_state_conflict")
    text, blocks = call.get("text"), call.get("blocks")
    if isinstance(text, str) and len(text) > _UPDATE_TEXT_MAX:
        raise SlackError("msg_too_long")
    call.check_message()
    changes: Json = {"streaming": None, "streamed_at": None}
    if text is not None:
        changes["text"] = text
    if blocks is not None:
        files.note_images(call.ws, blocks, channel_id=channel["id"])
        changes["blocks"] = messages.with_ids(blocks) or None
    elif text is not None:
        changes["blocks"] = None
    if call.get("metadata") is not None:
        changes["metadata"] = call.get("metadata")
    # Slack marks a message as edited when its text is replaced, not when its blocks are.
    editor = people.BOT_USER_ID if blocks is None else None
    messages.edit(call.ws, channel, message, changes, editor=editor)
    shown = messages.present(call.ws, channel, message)
    return {"channel": channel["id"], "ts": message["ts"], "text": message["text"], "message": shown}


def _delete(call: Call) -> Json:
    channel = call.visible_channel()
    message = own_message(call, channel, "cant_delete_message")
    messages.delete(call.ws, channel, message)
    return {"channel": channel["id"], "ts": message["ts"]}


def _get_permalink(call: Call) -> Json:
    channel = call.visible_channel()
    ts = str(call.required("message_ts"))
    message = call.ws.state.message(channel["id"], ts)
    if message is None:
        raise SlackError("message_not_found")
    thread = message.get("thread_ts")
    query = f"?thread_ts={thread}&cid={channel['id']}" if thread and thread != ts else ""
    link = f"{call.ws.base_url}/archives/{channel['id']}/p{ts.replace('.', '')}{query}"
    return {"channel": channel["id"], "permalink": link}


def own_message(call: Call, channel: Json, refusal: str) -> Json:
    """A message of the bot's own.

    Raises:
        SlackError: It is not there, or somebody else's.
    """
    message = call.ws.state.message(channel["id"], str(call.required("ts")))
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if message.get("bot_id") != people.BOT_ID:
        raise SlackError(refusal)
    return message


def _thread(call: Call, channel: Json, thread_ts: str) -> str:
    # A reply to a reply belongs to the first message, as Slack's clients show it.
    parent = call.ws.state.message(channel["id"], thread_ts)
    if parent is None:
        raise (
            SlackError("cannot_reply_to_message")
            if thread_ts in call.ws.state.ephemerals.get(channel["id"], {})
            else SlackError("thread_not_found")
        )
    return str(parent.get("thread_ts") or thread_ts)


def _content(call: Call, channel_id: str) -> Json:
    fields: Json = {"text": call.get("text", "")}
    markdown = call.get("markdown_text")
    blocks = call.get("blocks") or ([{"type": "markdown", "text": markdown}] if markdown else None)
    if blocks:
        files.note_images(call.ws, blocks, channel_id=channel_id)
        fields["blocks"] = messages.with_ids(blocks)
    if markdown and not fields["text"]:
        fields["text"] = markdown
    for name in ("attachments", "metadata"):
        if call.get(name):
            fields[name] = call.get(name)
    return fields


_WRITE = ("chat:write",)
METHODS = {
    "chat.delete": Method(_delete, _WRITE),
    "chat.getPermalink": Method(_get_permalink),
    "chat.postEphemeral": Method(_post_ephemeral, _WRITE),
    "chat.postMessage": Method(_post_message, _WRITE),
    "chat.update": Method(_update, _WRITE),
}
