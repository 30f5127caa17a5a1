"""How one workspace runs. The only place here that names the machine's clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Seconds after a failed delivery at which an event is sent again, as Slack does.
EVENT_RETRIES_S = (0.0, 60.0, 300.0)

BOT_TOKEN = "xoxb-local"  # noqa: S105 (open to all, for a workspace that is not real)
APP_TOKEN = "xapp-local"  # noqa: S105


@dataclass(frozen=True)
class Settings:
    """What can be chosen when a workspace is started."""

    manifest_path: Path
    dir: Path | None = None
    examples_dir: Path | None = None
    port: int = 0
    rates: bool = False
    #: conversations.history and .replies as for apps that are sold outside Slack's Marketplace.
    short_history: bool = False
    event_retries_s: tuple[float, ...] = EVENT_RETRIES_S
    ack_timeout_s: float = 3.0
    trigger_lifetime_s: float = 3.0
    response_url_lifetime_s: float = 1800.0
    response_url_uses: int = 5
    status_lifetime_s: float = 120.0
    stream_lifetime_s: float = 300.0
    share_delay_s: float = 0.15
    upload_limit_bytes: int = 1024**3
    request_url: str | None = None
    signing_secret: str = ""
    clock: Callable[[], float] = time.time
