"""The directory that asks Slack's Web API."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.directory import Member

_PAGE = 200
_NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
_HIDDEN = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "fetch_members_failed"})


class SlackDirectory:
    """Says who is in one workspace, through `client`."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._own_team: str | None = None

    def look_up(self, user_id: str) -> Member | None:
        """See `Directory`."""
        try:
            found: dict[str, Any] = self._client.users_info(user=user_id)["user"]
        except SlackApiError as error:
            if error.response.get("error") in _NOBODY:
                return None
            raise
        return member_of(found, self._team())

    def everyone(self) -> list[Member]:
        """See `Directory`."""
        found: list[Member] = []
        cursor = None
        while True:
            answer = self._client.users_list(limit=_PAGE, cursor=cursor)
            found += [member_of(one, self._team()) for one in answer.get("members") or []]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    def members_of(self, channel_id: str) -> list[str] | None:
        """See `Directory`."""
        found: list[str] = []
        cursor = None
        while True:
            try:
                answer = self._client.conversations_members(channel=channel_id, limit=_PAGE, cursor=cursor)
            except SlackApiError as error:
                if error.response.get("error") in _HIDDEN:
                    return None
                raise
            found += [str(one) for one in answer.get("members") or []]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    def _team(self) -> str:
        if self._own_team is None:
            self._own_team = str(self._client.auth_test()["team_id"])
        return self._own_team


def member_of(user: dict[str, Any], own_team_id: str) -> Member:
    """Read a user object as it comes in users.info, users.list and `user_change`."""
    profile = user.get("profile") or {}
    display_name = str(profile.get("display_name") or "")
    names = (profile.get("real_name"), user.get("real_name"), display_name, user.get("name"))
    return Member(
        user_id=str(user["id"]),
        handle=str(user.get("name") or ""),
        display_name=display_name,
        name=next((str(name) for name in names if name), str(user["id"])),
        zone=user.get("tz") or None,
        email=profile.get("email") or None,
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_deactivated=bool(user.get("deleted")),
        is_external=bool(user.get("is_stranger")) or str(user.get("team_id") or own_team_id) != own_team_id,
    )
