"""chat.*Stream: a message that grows while it is written."""

import copy
from typing import Any

from local_slack import files, messages
from local_slack.errors import Json, SlackError
from local_slack.payloads import MAX_MARKDOWN, faults_in_message
from local_slack.web_api.call import Call, Method, invalid_arguments, raise_message_faults
from local_slack.web_api.chat import own_message


def _start(call: Call) -> Json:
    channel = call.joined_channel()
    if not channel["is_im"]:
        _check_recipient(call)
    thread_ts = call.get("thread_ts")
    fields = messages.bot_fields(call.ws) | {"streaming": True, "streamed_at": call.ws.state.now()}
    if thread_ts:
        if call.ws.state.message(channel["id"], str(thread_ts)) is None:
            raise SlackError("invalid_thread_ts")
        fields["thread_ts"] = str(thread_ts)
    elif channel["is_im"]:
        raise SlackError("invalid_thread_ts")
    draft: Json = {"text": "", "blocks": [], "tasks": []}
    _append_to(call, channel, draft)
    message = messages.post(call.ws, channel, fields | draft)
    return {"channel": channel["id"], "ts": message["ts"]}


def _check_recipient(call: Call) -> None:
    for name in ("recipient_user_id", "recipient_team_id"):
        if not call.get(name):
            raise SlackError(f"missing_{name}")
    user = call.ws.user(call.get("recipient_user_id"))
    if call.get("recipient_team_id") != user["team_id"]:
        raise SlackError("team_not_found")


def _append(call: Call) -> Json:
    channel = call.visible_channel()
    message = _streaming(call, channel)
    if not call.get("markdown_text") and not call.get("chunks"):
        raise invalid_arguments(["missing required field: markdown_text"])
    _append_to(call, channel, message)
    message["streamed_at"] = call.ws.state.now()
    call.ws.state.save_message(channel["id"], message)
    return {"channel": channel["id"], "ts": message["ts"]}


def _stop(call: Call) -> Json:
    channel = call.visible_channel()
    message = _streaming(call, channel)
    previous = messages.present(call.ws, channel, copy.deepcopy(message))
    blocks = call.get("blocks")
    if blocks:
        raise_message_faults(faults_in_message({"blocks": blocks}))
        files.note_images(call.ws, blocks, channel_id=channel["id"])
    _append_to(call, channel, message)
    message["blocks"] += messages.with_ids(blocks or [])
    if call.get("metadata"):
        message["metadata"] = call.get("metadata")
    messages.end_stream(call.ws, channel, message, previous)
    return {
        "channel": channel["id"],
        "ts": message["ts"],
        "message": messages.present(call.ws, channel, message),
    }


def _streaming(call: Call, channel: Json) -> Json:
    message = own_message(call, channel, "message_not_owned_by_app")
    if message.get("streaming") and messages.is_silent(call.ws, message):
        messages.end_stream(call.ws, channel, message)
    if not message.get("streaming"):
        raise SlackError("message_not_in_streaming_state")
    return message


def _append_to(call: Call, channel: Json, message: Json) -> None:
    pieces: list[Any] = list(call.get("chunks", []))
    if call.get("markdown_text"):
        pieces.insert(0, {"type": "markdown_text", "text": call.get("markdown_text")})
    for piece in pieces:
        kind = piece.get("type") if isinstance(piece, dict) else None
        if kind == "markdown_text":
            _append_text(message, str(piece.get("text", "")))
        elif kind == "blocks":
            raise_message_faults(faults_in_message({"blocks": piece.get("blocks")}))
            files.note_images(call.ws, piece["blocks"], channel_id=channel["id"])
            message["blocks"] += messages.with_ids(piece["blocks"])
        elif kind == "task_update":
            tasks = [task for task in message["tasks"] if task.get("id") != piece.get("id")]
            message["tasks"] = [*tasks, {key: value for key, value in piece.items() if key != "type"}]
        elif kind != "plan_update":
            raise SlackError("invalid_chunks")


def _append_text(message: Json, text: str) -> None:
    if len(text) > MAX_MARKDOWN:
        raise SlackError("msg_too_long")
    message["text"] += text
    last = message["blocks"][-1] if message["blocks"] else None
    if last is not None and last["type"] == "markdown":
        last["text"] += text
    else:
        message["blocks"] += messages.with_ids([{"type": "markdown", "text": text}])


_WRITE = ("chat:write",)
METHODS = {
    "chat.appendStream": Method(_append, _WRITE),
    "chat.startStream": Method(_start, _WRITE),
    "chat.stopStream": Method(_stop, _WRITE),
}
