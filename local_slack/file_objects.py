"""Files as Slack describes them, and who may see them."""

from pathlib import Path
from urllib.parse import quote

from local_slack import people
from local_slack.errors import Json, SlackError
from local_slack.workspace import Workspace


def path_of(ws: Workspace, file_id: str) -> Path:
    """Where the bytes of a file lie."""
    return ws.files_dir / file_id


def present(ws: Workspace, file: Json) -> Json:
    """A file as Slack's file object."""
    if file["state"] == "deleted":
        return {"id": file["id"], "mode": "tombstone"}
    channels = {c: ws.state.channels[c] for c in file["shares"] if c in ws.state.channels}
    public = {c: file["shares"][c] for c, channel in channels.items() if not channel["is_private"]}
    private = {c: file["shares"][c] for c, channel in channels.items() if channel["is_private"]}
    described = {
        key: file[key]
        for key in ("id", "created", "timestamp", "name", "title", "filetype", "user", "user_team", "size")
    }
    url = f"{ws.base_url}/files-pri/{people.TEAM_ID}-{file['id']}"
    in_address = quote(file["name"].replace("\n", " "), safe="", errors="replace")
    media = file["mimetype"].split("/")[0]
    return described | {
        "mimetype": file["mimetype"] if file["state"] == "ready" else "",
        "pretty_type": file["filetype"].upper(),
        "mode": "hosted",
        "editable": False,
        "is_external": False,
        "external_type": "",
        "is_public": bool(public),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{url}/{in_address}",
        "url_private_download": f"{url}/download/{in_address}",
        "media_display_type": media if media in ("audio", "video") else "unknown",
        "permalink": f"{ws.base_url}/files/{file['user']}/{file['id']}",
        "permalink_public": f"{ws.base_url}/files-pub/{people.TEAM_ID}-{file['id']}",
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
        "channels": list(public),
        "groups": [c for c, channel in channels.items() if channel["is_private"] and not channel["is_im"]],
        "ims": [c for c, channel in channels.items() if channel["is_im"]],
        "shares": {key: value for key, value in (("public", public), ("private", private)) if value},
        "comments_count": 0,
    }


def present_in_message(ws: Workspace, channel: Json, file_id: str) -> Json:
    """A file as it stands in a message; what outsiders bring is named only, as in Slack Connect."""
    file = ws.state.files.get(file_id)
    if file is None:
        return {"id": file_id, "mode": "tombstone"}
    if file["state"] != "deleted" and file["user_team"] != people.TEAM_ID and not channel["is_im"]:
        stub = {"id": file_id, "mode": "file_access", "file_access": "check_file_info"}
        return stub | {"created": 0, "timestamp": 0, "user": file["user"], "user_team": file["user_team"]}
    return present(ws, file)


def bot_may_read(ws: Workspace, file: Json) -> bool:
    """Whether the bot owns the file or shares a conversation with it."""
    if file["user"] == people.BOT_USER_ID or file.get("is_given_to_app"):
        return True
    return any(ws.bot_is_in(ws.state.channels[c]) for c in file["shares"] if c in ws.state.channels)


def person_may_see(ws: Workspace, file: Json, user_id: str) -> bool:
    """Whether a person owns the file, or was shown it in a conversation, modal or home tab."""
    if user_id in (file["user"], *file["shown_to"]):
        return True
    places = [*file["shares"], *file["shown_in"]]
    return any(user_id in ws.state.channels[c]["members"] for c in places if c in ws.state.channels)


def readable(ws: Workspace, file_id: str | None) -> Json:
    """The record of a file that the bot may read.

    Raises:
        SlackError: It is deleted, or not there as far as the bot can see.
    """
    file = ws.state.files.get(file_id or "")
    if file is None or file["state"] == "waiting" or not bot_may_read(ws, file):
        raise SlackError("file_not_found")
    if file["state"] == "deleted":
        raise SlackError("file_deleted")
    return file
