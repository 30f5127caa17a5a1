"""Slack's published tiers, per method, and its rule of about one message a second in a channel."""

import time
from collections import deque
from collections.abc import Callable

_TIERS = {1: 1, 2: 20, 3: 50, 4: 100}

_METHOD_TIERS = {
    "apps.connections.open": 1,
    "assistant.threads.setSuggestedPrompts": 4,
    "assistant.threads.setTitle": 4,
    "bots.info": 3,
    "chat.appendStream": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "usergroups.users.list": 2,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}

_HISTORY = ("conversations.history", "conversations.replies")
_WINDOW_S = 60.0
#: Messages a channel takes at once before one a second is enforced.
_CHANNEL_BURST = 5


class RateLimiter:
    """Counts calls and says for how long a caller has to wait.

    Args:
        clock: Seconds that only grow.
        has_tiers: Enforce the tiers of methods and the pace of a channel.
        has_short_history: Let messages be read once a minute, as for apps sold outside Slack's Marketplace.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        has_tiers: bool = True,
        has_short_history: bool = False,
    ) -> None:
        self._clock = clock
        self._has_tiers = has_tiers
        self._tiers = (_METHOD_TIERS if has_tiers else {}) | (
            dict.fromkeys(_HISTORY, 1) if has_short_history else {}
        )
        self._calls: dict[str, deque[float]] = {}
        self._channels: dict[str, tuple[float, float]] = {}

    def wait_s(self, method: str, channel: str | None) -> int:
        """Counts a call; returns 0 when it may go on, else the whole seconds to wait."""
        if method == "chat.postMessage" and self._has_tiers:
            return self._wait_for_channel(channel or "")
        tier = self._tiers.get(method)
        return 0 if tier is None else self._wait_for_tier(method, _TIERS[tier])

    def _wait_for_tier(self, method: str, limit: int) -> int:
        now = self._clock()
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - _WINDOW_S:
            calls.popleft()
        if len(calls) < limit:
            calls.append(now)
            return 0
        return int(calls[0] + _WINDOW_S - now) + 1

    def _wait_for_channel(self, channel: str) -> int:
        now = self._clock()
        tokens, at = self._channels.get(channel, (float(_CHANNEL_BURST), now))
        tokens = min(float(_CHANNEL_BURST), tokens + now - at)
        if tokens >= 1:
            self._channels[channel] = (tokens - 1, now)
            return 0
        self._channels[channel] = (tokens, now)
        return 1
