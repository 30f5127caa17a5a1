"""The port through which we ask Slack who people are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.directory import KnownPerson


@dataclass(frozen=True, slots=True)
class Member:
    """What Slack says of one account."""

    user_id: str
    #: What others type after an @.
    handle: str
    display_name: str
    #: Their full name, or the next best thing to show.
    name: str
    #: IANA name of their time zone; None when Slack does not know.
    zone: str | None
    #: None unless the app was given the scope `users:read.email`.
    email: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_deactivated: bool = False
    #: Of another company, through a shared channel.
    is_external: bool = False

    def why_not_a_learner(self) -> str | None:
        """Return why this account cannot be enrolled or given a role; None when it can."""
        reasons = {
            "is a bot": self.is_bot,
            "is deactivated": self.is_deactivated,
            "belongs to another company": self.is_external,
            "is a guest": self.is_guest,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def as_known(self, team_id: str, now: datetime) -> KnownPerson:
        """Return what we remember of this account."""
        can_take_part = self.why_not_a_learner() is None
        return KnownPerson(team_id, self.user_id, self.name, self.zone, can_take_part, now)


@dataclass(frozen=True, slots=True)
class Channel:
    """What Slack says of a channel that we can see."""

    channel_id: str
    name: str
    is_private: bool
    #: Whether we are in it: only then do we hear who joins, and may post.
    has_us: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A user group of the workspace."""

    group_id: str
    #: What others type after an @.
    handle: str
    name: str


class Directory(Protocol):
    """Says who is in one workspace."""

    def look_up(self, user_id: str) -> Member | None:
        """Return one account, or None when there is none with that id."""
        ...

    def everyone(self) -> list[Member]:
        """Return every account that the workspace knows."""
        ...

    def members_of(self, channel_id: str) -> list[str] | None:
        """Return the ids of a channel's members; None when we cannot see the channel."""
        ...

    def channel(self, channel_id: str) -> Channel | None:
        """Return a channel; None when we cannot see it."""
        ...

    def groups(self) -> list[Group]:
        """Return the workspace's user groups; none where it has none, or does not show them to us."""
        ...

    def members_of_group(self, group_id: str) -> list[str] | None:
        """Return the ids of a user group's members; None when there is no such group."""
        ...

    def sees_emails(self) -> bool:
        """Tell whether the app was given leave to see e-mail addresses."""
        ...


def no_directory(team_id: str) -> Directory:
    """Stand where nobody set up a directory: processes that never ask who people are."""
    raise LookupError(f"There is no directory of {team_id} in this process.")
