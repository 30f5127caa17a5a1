"""Ending connections in Socket Mode without the SDK's wait."""

import contextlib
from collections.abc import Iterable

from slack_bolt.adapter.socket_mode import SocketModeHandler

from local_slack.server import LocalSlack


def hang_up(workspace: LocalSlack, handlers: Iterable[SocketModeHandler]) -> None:
    """Close the handlers; their close() waits for a read of three seconds unless the other side hangs up first."""
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    workspace.control("fault", drop_sockets=True)
    for handler in handlers:
        with contextlib.suppress(AttributeError):  # the SDK trips over a socket that was hung up on it
            handler.close()  # type: ignore[no-untyped-call]
