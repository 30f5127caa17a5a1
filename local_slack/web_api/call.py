"""One call of a Web API method: its arguments, and the refusals that all methods share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_slack import people
from local_slack.errors import Json, SlackError
from local_slack.payloads import MESSAGE_ERRORS, faults_in_message
from local_slack.workspace import Workspace

_FALSE = (None, False, 0, "", "false", "False", "0")


@dataclass(frozen=True)
class Call:
    """What an app asked for."""

    ws: Workspace
    args: Json
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """An argument, or the default when it is missing or null."""
        value = self.args.get(name)
        return default if value is None else value

    def required(self, name: str) -> Any:
        """An argument that has to be there.

        Raises:
            SlackError: It is missing or empty (`invalid_arguments`).
        """
        value = self.args.get(name)
        if value in (None, ""):
            raise invalid_arguments([f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """An argument that is true or false, however it is written."""
        return self.args.get(name) not in _FALSE

    def number(self, name: str, default: int, maximum: int) -> int:
        """A whole number between 1 and a maximum."""
        try:
            return max(1, min(maximum, int(self.get(name, default))))
        except (TypeError, ValueError):
            raise invalid_arguments([f"{name} must be a number"]) from None

    def page(self, name: str, rows: list[Any], *, default: int, maximum: int = 1000) -> Json:
        """One page of the rows under that name, and the cursor of the next."""
        limit = self.number("limit", default, maximum)
        cursor = str(self.get("cursor", ""))
        try:
            start = int(cursor.removeprefix("from:") or 0)
        except ValueError:
            raise SlackError("invalid_cursor") from None
        more = f"from:{start + limit}" if start + limit < len(rows) else ""
        return {name: rows[start : start + limit], "response_metadata": {"next_cursor": more}}

    def visible_channel(self, name: str = "channel") -> Json:
        """A conversation that the bot can see: one it is in, or a public channel."""
        channel = self.ws.channel(self.required(name))
        if channel["is_private"] and not self.ws.bot_is_in(channel):
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Json:
        """A conversation that the bot is in."""
        channel = self.visible_channel(name)
        if not self.ws.bot_is_in(channel):
            raise SlackError("not_in_channel")
        return channel

    def channel_to_post_in(self, name: str = "channel") -> Json:
        """Where a message goes; the id of a person means the direct messages with them."""
        target = self.required(name)
        if target in self.ws.state.users and target != people.BOT_USER_ID:
            return self.ws.state.open_dm(target)
        channel = self.visible_channel(name)
        if not self.ws.bot_is_in(channel) and "chat:write.public" not in self.ws.manifest.scopes:
            raise SlackError("not_in_channel")
        return channel

    def check_message(self) -> None:
        """Refuses text and blocks that Slack would refuse."""
        raise_message_faults(faults_in_message(self.args))


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A method: what answers it, and the scopes of which one is needed."""

    handler: Handler
    scopes: tuple[str, ...] = ()


def invalid_arguments(messages: list[str]) -> SlackError:
    """The refusal of arguments, with the reasons."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})


def raise_message_faults(faults: list[str]) -> None:
    """Raises what Slack answers to a faulty message, if there is a fault."""
    for error in MESSAGE_ERRORS:
        if any(fault.startswith(error) for fault in faults):
            raise SlackError(error)
    if faults:
        metadata = {"messages": [f"[ERROR] {fault}" for fault in faults]}
        raise SlackError("invalid_blocks", errors=faults, response_metadata=metadata)
