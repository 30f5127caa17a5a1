"""The port through which we ask Slack who people are."""

from dataclasses import dataclass
from typing import Protocol


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


def no_directory(team_id: str) -> Directory:
    """Stand where nobody set up a directory: processes that never ask who people are."""
    raise LookupError(f"There is no directory of {team_id} in this process.")
