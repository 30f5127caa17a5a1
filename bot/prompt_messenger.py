"""The messenger of listeners: a limit of Slack's never holds one of their threads for long.

What changes a message or the Home tab and meets a long 429 is done as soon as Slack allows it, by one thread
that has nothing else to do; of several changes to one message only the latest is made. What was pressed is
in the database by then, so nothing but the picture on the screen would be lost with the process.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messenger import Message
from bot.slack_clients import retry_after_s
from bot.slack_messenger import SlackMessenger

logger = logging.getLogger(__name__)


class PromptMessenger(SlackMessenger):
    """Says things at once, or sees to it that they are said.

    Args:
        client: Gives up on long 429s.
        patient: Waits as long as Slack asks; for what needs Slack's answer.
        wait: Waits so many seconds.
    """

    def __init__(
        self,
        client: WebClient,
        patient: SlackMessenger,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__(client)
        self._patient = patient
        self._wait = wait
        self._late: dict[tuple[str, str], Callable[[], object]] = {}
        self._has_late = threading.Condition()
        self._rest_s = 0
        self._thread: threading.Thread | None = None

    def post(
        self, channel_id: str, message: Message, *, thread_ts: str | None = None, key: str | None = None
    ) -> str:
        """See `Messenger`."""
        try:
            return super().post(channel_id, message, thread_ts=thread_ts, key=key)
        except SlackApiError as error:
            if not _is_rate_limit(error):
                raise
        return self._patient.post(channel_id, message, thread_ts=thread_ts, key=key)

    def update(self, channel_id: str, ts: str, message: Message) -> bool:
        """See `Messenger`."""
        change = super().update
        return bool(self._soon((channel_id, ts), lambda: change(channel_id, ts, message)))

    def replace(self, response_url: str | None, channel_id: str, ts: str, message: Message) -> bool:
        """See `Messenger`."""
        with self._has_late:
            self._late.pop((channel_id, ts), None)  # what was to be shown there is out of date now
        return super().replace(response_url, channel_id, ts, message)

    def whisper(
        self, channel_id: str, user_id: str, message: Message, *, thread_ts: str | None = None
    ) -> None:
        """See `Messenger`."""
        send = super().whisper
        self._soon(
            (channel_id, f"{user_id} {message.text}"),
            lambda: send(channel_id, user_id, message, thread_ts=thread_ts),
        )

    def publish_home(self, user_id: str, blocks: list[dict[str, Any]]) -> None:
        """See `Messenger`."""
        publish = super().publish_home
        self._soon(("home", user_id), lambda: publish(user_id, blocks))

    def _soon(self, key: tuple[str, str], call: Callable[[], object]) -> object:
        """Call now, or as soon as Slack allows; returns what the call returned, True for a later one."""
        with self._has_late:
            self._late.pop(key, None)  # what was to be shown there is out of date now
        try:
            return call()
        except SlackApiError as error:
            if not _is_rate_limit(error):
                raise
            self._keep(key, call, retry_after_s(error.response.headers))
        return True

    def _keep(self, key: tuple[str, str], call: Callable[[], object], rest_s: int) -> None:
        with self._has_late:
            self._late.setdefault(key, call)
            self._rest_s = max(self._rest_s, rest_s)
            self._has_late.notify()
            logger.info("Slack asks for a rest of %d s; to be shown later: %d", rest_s, len(self._late))
            if self._thread is None:
                self._thread = threading.Thread(target=self._catch_up, name="late-messages", daemon=True)
                self._thread.start()

    def _catch_up(self) -> None:
        while True:
            with self._has_late:
                while not self._late:
                    self._has_late.wait()
                rest_s, self._rest_s = self._rest_s, 0
            self._wait(rest_s)
            self._show_next()

    def _show_next(self) -> None:
        with self._has_late:
            key = next(iter(self._late), None)
            if key is None:  # overtaken by something newer
                return
            call = self._late.pop(key)
        try:
            call()
        except SlackApiError as error:
            if _is_rate_limit(error):
                self._keep(key, call, retry_after_s(error.response.headers))
            else:
                logger.warning("could not be shown later: %s", error.response.get("error"))
        except Exception as error:  # noqa: BLE001 - this thread has to outlive a lost connection
            logger.warning("could not be shown later: %s", type(error).__name__)


def _is_rate_limit(error: SlackApiError) -> bool:
    return bool(error.response.get("error") == "ratelimited")
