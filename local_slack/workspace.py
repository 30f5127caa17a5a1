"""One workspace: its memory, and every way in and out of it, in one place."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from local_slack import people
from local_slack.errors import Json, SlackError
from local_slack.folder import hold
from local_slack.http_delivery import HttpDelivery
from local_slack.journal import Journal
from local_slack.manifest import Manifest, read_manifest
from local_slack.outbox import Outbox
from local_slack.rates import RateLimiter
from local_slack.settings import Settings
from local_slack.socket_mode import Delivery, Sockets
from local_slack.state import State
from local_slack.triggers import ResponseUrls, Triggers


@dataclass
class MethodFault:
    """An answer that the next calls of a method get instead of a real one."""

    times: int
    error: str
    retry_after_s: int | None = None


@dataclass
class MethodFaults:
    """The answers laid out for methods that are to fail."""

    _faults: dict[str, list[MethodFault]] = field(default_factory=dict)

    def add(self, method: str, fault: MethodFault) -> None:
        """Lets the next calls of a method fail."""
        self._faults.setdefault(method, []).append(fault)

    def check(self, method: str) -> None:
        """Raises the next fault of a method, if one is laid out."""
        queue = self._faults.get(method, [])
        while queue and queue[0].times <= 0:
            queue.pop(0)
        if not queue:
            return
        fault = queue[0]
        fault.times -= 1
        if fault.retry_after_s is not None:
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(fault.retry_after_s)})
        raise SlackError(fault.error)


class Workspace:
    """Everything a request handler needs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.manifest: Manifest = read_manifest(settings.manifest_path)
        self.base_url = f"http://127.0.0.1:{settings.port}"
        self._held = hold(settings.dir, self.base_url) if settings.dir else None
        self._temporary = Path(tempfile.mkdtemp(prefix="local_slack-")) if settings.dir is None else None
        folder = self._temporary or settings.dir
        assert folder is not None
        self.files_dir = folder / "files"
        self.files_dir.mkdir(parents=True, exist_ok=True)
        self.journal = Journal(settings.dir / "workspace.db" if settings.dir else None)
        self.state = State(self.journal, settings.clock, self.manifest.bot_name)
        self.sockets = Sockets(settings.ack_timeout_s)
        self.delivery: Delivery = self._make_delivery()
        self.outbox = Outbox(settings, self.manifest, self.journal, self.delivery)
        self.triggers = Triggers(settings.trigger_lifetime_s, settings.clock)
        self.response_urls = ResponseUrls(
            self.journal,
            lifetime_s=settings.response_url_lifetime_s,
            uses=settings.response_url_uses,
            clock=settings.clock,
        )
        self.limiter = (
            RateLimiter(has_tiers=settings.rates, has_short_history=settings.short_history)
            if settings.rates or settings.short_history
            else None
        )
        self.faults = MethodFaults()
        #: Whether somebody took the app out; its bot token is worth nothing then.
        self.is_uninstalled = False
        self.is_stopping = False

    def channel(self, channel_id: str | None) -> Json:
        """A channel by its id.

        Raises:
            SlackError: There is none (`channel_not_found`).
        """
        channel = self.state.channels.get(channel_id or "")
        if channel is None:
            raise SlackError("channel_not_found")
        return channel

    def user(self, user_id: str | None) -> Json:
        """A person by id.

        Raises:
            SlackError: There is none (`user_not_found`).
        """
        user = self.state.users.get(user_id or "")
        if user is None:
            raise SlackError("user_not_found")
        return user

    def bot_is_in(self, channel: Json) -> bool:
        """Whether the bot is a member of the channel."""
        return people.BOT_USER_ID in channel["members"]

    def require_scope(self, *scopes: str) -> None:
        """Refuses when the app has none of the scopes."""
        if scopes and not set(scopes) & set(self.manifest.scopes):
            provided = ",".join(self.manifest.scopes)
            raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)

    async def stop(self) -> None:
        """Ends what would keep the server from stopping: streams, sockets and pending deliveries."""
        self.is_stopping = True
        self.state.changed()
        await self.outbox.close()
        await self.sockets.close()

    def close(self) -> None:
        """Closes the journal; nothing may be asked of the workspace afterwards."""
        self.journal.close()
        if self._held is not None:
            self._held.close()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _make_delivery(self) -> Delivery:
        if self.settings.request_url is None:
            return self.sockets
        return HttpDelivery(
            self.settings.request_url,
            self.settings.signing_secret,
            timeout_s=self.settings.ack_timeout_s,
            clock=self.settings.clock,
        )
