"""What an interaction hands to the app: a trigger for one view, and an address to answer at a few times."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from local_slack.errors import Json, SlackError
from local_slack.journal import Journal


@dataclass
class Trigger:
    """Leave to open one view for one person.

    Attributes:
        view_id: The modal in which the interaction happened, onto which a view may be pushed.
    """

    user_id: str
    issued_at: float
    view_id: str | None
    is_spent: bool = False


class Triggers:
    """Issues and redeems trigger ids: once each, and only for a few seconds."""

    def __init__(self, lifetime_s: float, clock: Callable[[], float]) -> None:
        self._lifetime_s = lifetime_s
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str, view_id: str | None = None) -> str:
        """A new trigger id."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user_id, self._clock(), view_id)
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Spends a trigger.

        Raises:
            SlackError: It is unknown, too old or spent.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_spent:
            raise SlackError("exchanged_trigger_id")
        if self._clock() - trigger.issued_at > self._lifetime_s:
            raise SlackError("expired_trigger_id")
        trigger.is_spent = True
        return trigger


class ResponseUrls:
    """Addresses at which an app may answer an interaction: five times within half an hour."""

    def __init__(self, journal: Journal, *, lifetime_s: float, uses: int, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._lifetime_s = lifetime_s
        self._uses = uses
        self._clock = clock
        self._rows: dict[str, Json] = dict(journal.all("response_url"))

    def issue(
        self, user_id: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        """The secret last part of a new address."""
        key = f"{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
        row = {"user": user_id, "channel": channel_id, "message_ts": message_ts, "thread_ts": thread_ts}
        self._rows[key] = row | {"uses": 0, "issued_at": self._clock()}
        self._journal.put("response_url", key, self._rows[key])
        return key

    def redeem(self, key: str) -> Json:
        """Counts one use and says where the answer belongs.

        Raises:
            SlackError: The address is unknown, too old or used up.
        """
        row = self._rows.get(key)
        if row is None:
            raise SlackError("invalid_url", status=404)
        if self._clock() - row["issued_at"] > self._lifetime_s:
            raise SlackError("expired_url", status=404)
        if row["uses"] >= self._uses:
            raise SlackError("used_url", status=404)
        row["uses"] += 1
        self._journal.put("response_url", key, row)
        return row
