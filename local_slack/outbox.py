"""Events on their way to the app: sent, sent again three times when nobody takes them, then lost, as in Slack."""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Coroutine
from typing import Any

from local_slack import people
from local_slack.errors import Json, UndeliveredError
from local_slack.journal import Journal
from local_slack.manifest import Manifest
from local_slack.settings import Settings
from local_slack.socket_mode import Delivery, Retry

_log = logging.getLogger(__name__)
_REPEATABLE = 50


class Outbox:
    """Wraps, sends and repeats events. What is not taken yet lies in the journal and outlives the server."""

    def __init__(self, settings: Settings, manifest: Manifest, journal: Journal, delivery: Delivery) -> None:
        self._settings = settings
        self._manifest = manifest
        self._journal = journal
        self._delivery = delivery
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent: deque[Json] = deque(maxlen=_REPEATABLE)
        self.num_lost = 0

    def start(self) -> None:
        """Goes on with the events that an earlier run did not get rid of."""
        for _, row in list(self._journal.all("event")):
            self._begin(row["payload"], row["num_sent"])

    def emit(self, subscription: str, event: Json, *, is_external: bool = False) -> None:
        """Sends an event if the app has subscribed to it."""
        if subscription not in self._manifest.bot_events:
            return
        payload: Json = {
            "token": "local",
            "team_id": people.TEAM_ID,
            "context_team_id": people.TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": people.APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(self._settings.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": people.TEAM_ID,
                    "user_id": people.BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": is_external,
            "event_context": "4-" + secrets.token_hex(12),
        }
        self._journal.put("event", payload["event_id"], {"payload": payload, "num_sent": 0})
        self._begin(payload, 0)

    def repeat(self, count: int) -> int:
        """Sends the last `count` delivered events once more, under the same event ids; returns how many there were."""
        again = list(self._sent)[-count:] if count > 0 else []
        for payload in again:
            self._track(self._send_once(payload, Retry(1, "timeout")))
        return len(again)

    async def close(self) -> None:
        """Stops sending; what is left waits in the journal."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, payload: Json, num_sent: int) -> None:
        self._track(self._deliver(payload, num_sent))

    def _track(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Json, num_sent: int) -> None:
        retries = self._settings.event_retries_s
        reason = "timeout"
        while num_sent <= len(retries):
            if num_sent:
                await self._pause(retries[num_sent - 1])
            try:
                await self._delivery.send(
                    "events_api", payload, Retry(num_sent, reason) if num_sent else None
                )
            except UndeliveredError as error:
                if error.is_final:
                    break
                reason = error.retry_reason
                num_sent += 1
                self._journal.put("event", payload["event_id"], {"payload": payload, "num_sent": num_sent})
            else:
                self._sent.append(payload)
                self._journal.delete("event", payload["event_id"])
                return
        self.num_lost += 1
        self._journal.delete("event", payload["event_id"])
        _log.warning(
            "Event %s (%s) was never acknowledged and is lost.", payload["event_id"], payload["event"]["type"]
        )

    async def _pause(self, delay_s: float) -> None:
        if delay_s <= 0:
            return
        if self._delivery.is_connected:
            await asyncio.sleep(delay_s)
        else:
            await self._delivery.wait_connected(delay_s)

    async def _send_once(self, payload: Json, retry: Retry) -> None:
        try:
            await self._delivery.send("events_api", payload, retry)
        except UndeliveredError:
            _log.info("A repeated event was not acknowledged.")
