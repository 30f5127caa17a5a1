"""files.*: the upload in three steps, and what is known of a file."""

from typing import Any

from local_slack import file_objects, files, messages, people
from local_slack.errors import Json, SlackError
from local_slack.payloads import faults_in_message
from local_slack.web_api.call import Call, Method, invalid_arguments, raise_message_faults

_LONGEST_ALT_TEXT = 1_000


def _get_upload_url(call: Call) -> Json:
    name = str(call.required("filename"))
    try:
        length = int(call.required("length"))
    except ValueError:
        raise invalid_arguments(["length must be a number"]) from None
    if not 0 < length <= call.ws.settings.upload_limit_bytes:
        raise invalid_arguments(["length must be between 1 and 1 GiB"])
    if len(str(call.get("alt_txt") or "")) > _LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file = files.new_file(call.ws, people.BOT_USER_ID, name)
    return {"upload_url": f"{call.ws.base_url}/upload/v1/{file['id']}", "file_id": file["id"]}


def _complete_upload(call: Call) -> Json:
    rows: list[Any] = call.required("files")
    found = [_uploaded(call, row) for row in rows]
    targets = (
        [str(call.get("channel_id"))] if call.get("channel_id") else str(call.get("channels", "")).split(",")
    )
    places = [_target(call, target) for target in targets if target]
    thread_ts = call.get("thread_ts")
    for channel in places:
        if thread_ts and call.ws.state.message(channel["id"], str(thread_ts)) is None:
            raise SlackError("thread_not_found")
    fields: Json = messages.bot_fields(call.ws) | {"text": call.get("initial_comment", "")}
    if thread_ts:
        fields["thread_ts"] = str(thread_ts)
    blocks = call.get("blocks")
    if blocks and not fields["text"]:
        raise_message_faults(faults_in_message({"blocks": blocks}))
        fields["blocks"] = messages.with_ids(blocks)
    for file, row in zip(found, rows, strict=True):
        file |= {"title": row.get("title") or file["title"], "state": "processing"}
        if row.get("alt_txt"):
            file["alt_txt"] = row["alt_txt"]
        call.ws.state.save_file(file)
    files.share_soon(call.ws, [file["id"] for file in found], [channel["id"] for channel in places], fields)
    return {"files": [file_objects.present(call.ws, file) for file in found]}


def _uploaded(call: Call, row: Any) -> Json:
    file = call.ws.state.files.get(row.get("id", "")) if isinstance(row, dict) else None
    if file is None or file["user"] != people.BOT_USER_ID or file["state"] != "uploaded":
        raise SlackError("file_not_found")
    return file


def _target(call: Call, target: str) -> Json:
    channel = call.ws.channel(target)  # An id is needed here: names and people are not found, as in Slack.
    if not call.ws.bot_is_in(channel):
        raise SlackError("channel_not_found" if channel["is_private"] else "not_in_channel")
    return channel


def _info(call: Call) -> Json:
    file = file_objects.readable(call.ws, call.required("file"))
    return {
        "file": file_objects.present(call.ws, file),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def _delete(call: Call) -> Json:
    file = file_objects.readable(call.ws, call.required("file"))
    if file["user"] != people.BOT_USER_ID:
        raise SlackError("cant_delete_file")
    files.delete(call.ws, file)
    return {}


METHODS = {
    "files.completeUploadExternal": Method(_complete_upload, ("files:write",)),
    "files.delete": Method(_delete, ("files:write",)),
    "files.getUploadURLExternal": Method(_get_upload_url, ("files:write",)),
    "files.info": Method(_info, ("files:read",)),
}
