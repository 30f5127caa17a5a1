"""Files: made, shared, shown in pictures and deleted."""

import asyncio
import mimetypes
import secrets
from pathlib import Path

from local_slack import messages, people
from local_slack.errors import Json, SlackError
from local_slack.file_objects import bot_may_read, path_of
from local_slack.workspace import Workspace

_TYPES = {"audio/x-wav": "audio/wav", "audio/mp4": "audio/mp4", "text/vtt": "text/vtt"}
_NAMES = {
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".rttm": "text/plain",
    ".srt": "text/plain",
}


def new_file(ws: Workspace, user_id: str, name: str) -> Json:
    """Makes the record of a file that has no bytes yet."""
    name = name.encode(errors="replace").decode()  # what no letter stands for, as in a name cut in the middle
    suffix = Path(name).suffix.lower()
    guess = _NAMES.get(suffix) or mimetypes.guess_type(f"file{suffix}")[0] or "application/octet-stream"
    now = int(ws.state.now())
    file: Json = {
        "id": "F0" + secrets.token_hex(5).upper(),
        "created": now,
        "timestamp": now,
        "name": name,
        "title": name,
        "mimetype": _TYPES.get(guess, guess),
        "filetype": suffix.removeprefix(".") or "binary",
        "user": user_id,
        "user_team": ws.state.users[user_id]["team_id"],
        "size": 0,
        "state": "waiting",
        "shares": {},
        "shown_in": [],
        "shown_to": [],
    }
    ws.state.save_file(file)
    return file


def share(ws: Workspace, channel: Json, file_ids: list[str], fields: Json) -> Json:
    """Posts files in a conversation as one message and tells the app."""
    subtype = {"subtype": "file_share"} if fields["user"] != people.BOT_USER_ID else {}
    ts = ws.state.next_ts()
    place = {"ts": ts} | ({"thread_ts": fields["thread_ts"]} if fields.get("thread_ts") else {})
    for file_id in file_ids:
        file = ws.state.files[file_id]
        file["shares"].setdefault(channel["id"], []).append(place)
        ws.state.save_file(file)
    message = messages.post(ws, channel, {**subtype, **fields, "ts": ts, "files": file_ids, "upload": False})
    if ws.bot_is_in(channel):
        for file_id in file_ids:
            event = {
                "type": "file_shared",
                "file_id": file_id,
                "user_id": fields["user"],
                "file": {"id": file_id},
            }
            event |= {"channel_id": channel["id"], "event_ts": ws.state.next_ts()}
            ws.outbox.emit("file_shared", event, is_external=ws.state.is_external(channel))
    return message


def share_soon(ws: Workspace, file_ids: list[str], channel_ids: list[str], fields: Json) -> None:
    """Makes the bot's files ready and shares them a moment after it was told that all is well, as Slack does."""
    key = secrets.token_hex(8)
    ws.journal.put("share", key, {"file_ids": file_ids, "channel_ids": channel_ids, "fields": fields})
    delay_s = ws.settings.share_delay_s
    asyncio.get_running_loop().call_later(delay_s, _share_now, ws, key, file_ids, channel_ids, fields)


def resume_shares(ws: Workspace) -> None:
    """Shares what an earlier run of the server promised and did not come to."""
    for key, row in list(ws.journal.all("share")):
        _share_now(ws, key, row["file_ids"], row["channel_ids"], row["fields"])


def _share_now(ws: Workspace, key: str, file_ids: list[str], channel_ids: list[str], fields: Json) -> None:
    if ws.is_stopping:
        return
    kept = [file_id for file_id in file_ids if ws.state.files[file_id]["state"] != "deleted"]
    for file_id in kept:
        file = ws.state.files[file_id]
        file["state"] = "ready"
        ws.state.save_file(file)
    for channel_id in channel_ids if kept else []:
        share(ws, ws.state.channels[channel_id], kept, dict(fields))
    ws.journal.delete("share", key)


def delete(ws: Workspace, file: Json) -> None:
    """Removes a file's bytes and its place in messages, and tells the app."""
    was_readable = bot_may_read(ws, file)
    path_of(ws, file["id"]).unlink(missing_ok=True)
    file["state"] = "deleted"
    ws.state.save_file(file)
    for channel_id, places in file["shares"].items():
        channel = ws.state.channels[channel_id]
        for place in places:
            message = ws.state.message(channel_id, place["ts"])
            if message is None:
                continue
            left = [f for f in message.get("files", []) if ws.state.files[f]["state"] != "deleted"]
            if left or message.get("text"):
                messages.edit(ws, channel, message, {"files": message["files"]}, is_hidden_change=True)
            else:
                messages.delete(ws, channel, message)
    if was_readable:
        channel_ids = list(file["shares"])
        event = {"type": "file_deleted", "file_id": file["id"], "channel_ids": channel_ids}
        ws.outbox.emit("file_deleted", event | {"event_ts": ws.state.next_ts()})


def note_images(
    ws: Workspace, blocks: list[Json], *, channel_id: str | None = None, user_id: str | None = None
) -> None:
    """Lets those who see the blocks see the workspace's own files in them.

    Raises:
        SlackError: An image names a file that the bot cannot use as a picture (`invalid_blocks`).
    """
    for index, image in _slack_files(blocks):
        file_id = (
            image.get("id")
            or str(image.get("url", "")).rsplit("/files-pri/", 1)[-1].split("/")[0].split("-")[-1]
        )
        file = ws.state.files.get(file_id)
        is_usable = file is not None and file["state"] == "ready" and bot_may_read(ws, file)
        if file is None or not is_usable or file["mimetype"].split("/")[0] != "image":
            fault = f"invalid slack file [json-pointer:/blocks/{index}/slack_file]"
            raise SlackError(
                "invalid_blocks", errors=[fault], response_metadata={"messages": [f"[ERROR] {fault}"]}
            )
        for key, value in (("shown_in", channel_id), ("shown_to", user_id)):
            if value is not None and value not in file[key]:
                file[key].append(value)
                ws.state.save_file(file)


def _slack_files(blocks: list[Json]) -> list[tuple[int, Json]]:
    found: list[tuple[int, Json]] = []
    for index, block in enumerate(blocks):
        images = [
            block,
            block.get("accessory") or {},
            *(block.get("elements") or [] if block["type"] == "context" else []),
        ]
        found += [(index, image["slack_file"]) for image in images if "slack_file" in image]
    return found
