"""Channels as Slack describes them, and joining one."""

from local_slack import people
from local_slack.errors import Json
from local_slack.workspace import Workspace


def present(ws: Workspace, channel: Json) -> Json:
    """A channel as Slack's conversation object."""
    if channel["is_im"]:
        described: Json = {
            "id": channel["id"],
            "created": 0,
            "is_im": True,
            "is_archived": False,
            "is_org_shared": False,
        }
        return described | {"user": channel["user"], "is_user_deleted": False, "is_open": True, "priority": 0}
    is_external = ws.state.is_external(channel)
    return {
        "id": channel["id"],
        "name": channel["name"],
        "name_normalized": channel["name"],
        "created": 0,
        "creator": "U0CLEO",
        "is_channel": not channel["is_private"],
        "is_group": channel["is_private"],
        "is_im": False,
        "is_mpim": False,
        "is_private": channel["is_private"],
        "is_archived": False,
        "is_general": channel["name"] == "general",
        "is_member": ws.bot_is_in(channel),
        "is_shared": is_external,
        "is_ext_shared": is_external,
        "is_org_shared": False,
        "shared_team_ids": [people.TEAM_ID, *([people.OTHER_TEAM_ID] if is_external else [])],
        "context_team_id": people.TEAM_ID,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "unlinked": 0,
        "updated": 0,
        "is_frozen": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "parent_conversation": None,
    }


def shown_name(channel: Json) -> str:
    """The name that payloads give a channel."""
    if channel["is_im"]:
        return "directmessage"
    return "privategroup" if channel["is_private"] else str(channel["name"])


def join(ws: Workspace, channel: Json, user_id: str, inviter: str | None = None) -> None:
    """Adds a member and tells the app, if the app is in the channel too."""
    if user_id in channel["members"]:
        return
    channel["members"].append(user_id)
    ws.state.save_channel(channel)
    if not ws.bot_is_in(channel):
        return
    event: Json = {"type": "member_joined_channel", "user": user_id, "channel": channel["id"]}
    event |= {"channel_type": "G" if channel["is_private"] else "C", "team": people.TEAM_ID}
    event |= {"event_ts": ws.state.next_ts()} | ({"inviter": inviter} if inviter else {})
    ws.outbox.emit("member_joined_channel", event, is_external=ws.state.is_external(channel))
