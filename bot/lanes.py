"""Socket Mode in two lanes: a press never waits behind what was said, however much is said at once.

The SDK hands everything to one pool, first come, first served. Two hundred messages would fill it, each waiting for
its commit, and a button pressed after them would be answered after them, too late for Slack.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.courtesies import Crowd
from bot.errors import UnusableError
from bot.payload_shapes import read_request

#: Their commits come one after another anyway, and threads that wait for them keep the others from working.
_NUM_EVENT_THREADS = 4
_NUM_PRESS_THREADS = 16
#: The SDK's own threads only pass things on.
_NUM_SORTING_THREADS = 2

logger = logging.getLogger(__name__)


class LanedSocketMode(SocketModeHandler):
    """Takes events in one lane, and buttons, commands, shortcuts and modals in the other.

    Args:
        app: Handles both.
        app_token: The app-level token.
        crowd: Counts the events that were not handled yet.
    """

    def __init__(self, app: App, app_token: str, crowd: Crowd) -> None:
        super().__init__(app, app_token, concurrency=_NUM_SORTING_THREADS)
        self._crowd = crowd
        self._events = ThreadPoolExecutor(_NUM_EVENT_THREADS, thread_name_prefix="event")
        self._presses = ThreadPoolExecutor(_NUM_PRESS_THREADS, thread_name_prefix="press")

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        """Put a request into its lane."""
        if req.type == "events_api":
            self._crowd.enter()
            self._events.submit(self._hear, client, req)
        else:
            self._presses.submit(self._answer, client, req)

    def _hear(self, client: SocketModeClient, req: SocketModeRequest) -> None:
        try:
            self._answer(client, req)
        finally:
            self._crowd.leave()

    def _answer(self, client: SocketModeClient, req: SocketModeRequest) -> None:
        try:
            read_request(req.payload, mode="socket_mode")
            super().handle(client, req)
        except UnusableError as error:
            logger.warning("a request of Slack's is of no use: %s", error)
            # Else it would come again, and be of no more use.
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
        except Exception:
            # As the SDK does: Slack gets no ack, and delivers an event again.
            logger.exception("A request of Slack's could not be answered")
