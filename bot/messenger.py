"""The port through which use cases and jobs speak to people."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.views.text import shorten

#: What `chat.update` takes, less a little.
_MAX_TEXT = 3_900


@dataclass(frozen=True, slots=True)
class Message:
    """A message as people read it: `text` alone must make sense (screen readers, notifications)."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let no name of a file or person act as markup where the text stands in for the blocks."""
        harmless = self.text.replace("<", "&lt;").replace(">", "&gt;")
        object.__setattr__(self, "text", shorten(harmless, _MAX_TEXT))


@dataclass(frozen=True, slots=True)
class SlackFile:
    """What Slack says of an uploaded file."""

    file_id: str
    user_id: str
    name: str
    mimetype: str
    size_bytes: int
    is_external: bool
    channel_ids: tuple[str, ...] = ()
    #: The workspace of who uploaded it; empty when Slack does not say.
    user_team: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a person."""

    #: Their full name, or the name they show when they gave no other.
    name: str
    #: IANA name of their time zone; None when Slack does not know.
    zone: str | None


class Messenger(Protocol):
    """Says things in one workspace."""

    def open_dm(self, user_id: str) -> str:
        """Return the id of the direct message channel with that person."""
        ...

    def profile(self, user_id: str) -> Profile:
        """Return the person's name and time zone."""
        ...

    def post(
        self, channel_id: str, message: Message, *, thread_ts: str | None = None, key: str | None = None
    ) -> str:
        """Post a message and return its ts; `key` marks it so that it can be found again after a crash.

        Raises:
            NotPostedError: We may not post in that conversation.
        """
        ...

    def find(self, channel_id: str, thread_ts: str | None, key: str, *, after_ts: str) -> str | None:
        """Return the ts of our message with that key, if it was posted; None where we may not look."""
        ...

    def find_reply(
        self, channel_id: str, thread_ts: str, key: str, *, known: Collection[str], after_ts: str
    ) -> str | None:
        """Return the ts of our message in the thread with that key, or of one without that is not a known one."""
        ...

    def our_messages(self, channel_id: str, thread_ts: str) -> list[str]:
        """Return the ts of every message of ours in a thread."""
        ...

    def update(self, channel_id: str, ts: str, message: Message) -> bool:
        """Make a message of ours equal to this one; False when it is gone."""
        ...

    def update_soon(self, channel_id: str, ts: str, message: Message) -> bool:
        """Make a message of ours equal to this one; False when Slack has no room for that right now."""
        ...

    def replace(self, response_url: str | None, channel_id: str, ts: str, message: Message) -> bool:
        """Make the message under a pressed button equal to this one; False when it is gone.

        Each press brings a response_url of its own, which Slack's limits on updates do not count.
        """
        ...

    def answer(
        self,
        response_url: str | None,
        message: Message,
        *,
        is_for_all: bool = False,
        thread_ts: str | None = None,
    ) -> bool:
        """Answer what was pressed or typed, also where we are no member; False when no answer is taken there.

        Only who pressed sees it, unless it is for all.
        """
        ...

    def whisper(
        self, channel_id: str, user_id: str, message: Message, *, thread_ts: str | None = None
    ) -> None:
        """Say something only that person sees."""
        ...

    def delete(self, channel_id: str, ts: str) -> bool:
        """Remove a message of ours; False when it was gone already."""
        ...

    def publish_home(self, user_id: str, blocks: list[dict[str, Any]]) -> None:
        """Show the Home tab."""
        ...

    def file(self, file_id: str) -> SlackFile | None:
        """Return what Slack knows of a file, or None when it is gone or hidden from us.

        Raises:
            FileRefusedError: Slack refuses to show it, with the reason.
        """
        ...

    def download(self, file_id: str, max_bytes: int) -> bytes:
        """Return the bytes of a small file; raises `FileRefusedError` where we may not or cannot have it."""
        ...

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal and return its id; the trigger of a press lives for three seconds."""
        ...

    def push_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Lay a modal over the one in which something was pressed."""
        ...

    def update_view(self, view_id: str, view: dict[str, Any]) -> bool:
        """Make a modal show this; False when it was closed meanwhile."""
        ...

    def start_upload(self, name: str, size_bytes: int, alt_text: str | None = None) -> tuple[str, str]:
        """Return (file_id, upload_url) for bytes to come.

        This, `send_bytes` and `finish_upload` raise `UploadRefusedError` where trying again is no use.
        """
        ...

    def send_bytes(self, upload_url: str, content: bytes) -> None:
        """Send a file's bytes."""
        ...

    def finish_upload(
        self, file_id: str, title: str, *, channel_id: str | None = None, thread_ts: str | None = None
    ) -> None:
        """Complete an upload, sharing it where asked; a picture for blocks is ready when this returns."""
        ...

    def delete_file(self, file_id: str) -> bool:
        """Delete a file of ours; False when it was gone already."""
        ...

    def permalink(self, channel_id: str, ts: str) -> str | None:
        """Return a link to a message, or None."""
        ...

    def start_stream(self, channel_id: str, thread_ts: str, user_id: str) -> str | None:
        """Open a message into which text will stream, and return its ts; None where Slack offers no stream now."""
        ...

    def append_stream(self, channel_id: str, ts: str, markdown: str) -> bool:
        """Add text to a streaming message; False when the stream has died, or Slack wants a rest."""
        ...

    def stop_stream(self, channel_id: str, ts: str) -> None:
        """Close a stream; a stream that died is closed already."""
        ...

    def set_status(self, channel_id: str, thread_ts: str, status: str) -> None:
        """Show that somebody is typing; a courtesy that may be dropped."""
        ...
