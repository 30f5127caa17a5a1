"""The directory that asks Slack's Web API."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.directory import Channel, Group, Member

_PAGE = 200
_NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
_HIDDEN = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "fetch_members_failed"})
#: Workspaces without a paid plan have no user groups.
_NO_GROUPS = frozenset({"missing_scope", "no_such_subteam", "paid_teams_only", "plan_upgrade_required"})
_EMAIL_SCOPE = "users:read.email"


class SlackDirectory:
    """Says who is in one workspace, through `client`."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._own_team: str | None = None
        self._scopes: frozenset[str] | None = None

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

    def channel(self, channel_id: str) -> Channel | None:
        """See `Directory`."""
        try:
            found: dict[str, Any] = self._client.conversations_info(channel=channel_id)["channel"]
        except SlackApiError as error:
            if error.response.get("error") in _HIDDEN:
                return None
            raise
        is_private = bool(found.get("is_private"))
        name = str(found.get("name") or channel_id)
        return Channel(str(found["id"]), name, is_private, bool(found.get("is_member")))

    def groups(self) -> list[Group]:
        """See `Directory`."""
        try:
            answer = self._client.usergroups_list()
        except SlackApiError as error:
            if error.response.get("error") in _NO_GROUPS:
                return []
            raise
        rows: list[dict[str, Any]] = answer.get("usergroups") or []
        in_use = [row for row in rows if not row.get("date_delete")]
        return [Group(str(row["id"]), str(row.get("handle")), str(row.get("name"))) for row in in_use]

    def members_of_group(self, group_id: str) -> list[str] | None:
        """See `Directory`."""
        try:
            answer = self._client.usergroups_users_list(usergroup=group_id)
        except SlackApiError as error:
            if error.response.get("error") in _NO_GROUPS:
                return None
            raise
        return [str(one) for one in answer.get("users") or []]

    def sees_emails(self) -> bool:
        """See `Directory`."""
        if self._scopes is None:
            self._look_at_ourselves()
        return _EMAIL_SCOPE in (self._scopes or frozenset())

    def _team(self) -> str:
        if self._own_team is None:
            self._look_at_ourselves()
        return str(self._own_team)

    def _look_at_ourselves(self) -> None:
        answer = self._client.auth_test()
        self._own_team = str(answer["team_id"])
        headers = {name.lower(): value for name, value in answer.headers.items()}
        scopes = headers.get("x-oauth-scopes") or ""
        said = ",".join(scopes) if isinstance(scopes, list) else str(scopes)
        self._scopes = frozenset(scope.strip() for scope in said.split(","))


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
