"""The messenger that speaks Slack's Web API."""

import logging
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.errors import FileRefusedError, NotPostedError, TooSlowError, UploadRefusedError
from bot.file_fetch import fetch_small_file
from bot.messenger import Message, Profile, SlackFile
from bot.retry_policy import cannot_pass
from bot.views.text import shorten
from clip_rules.addresses import LOOPBACK_HOSTS, is_loopback
from clip_rules.slack_faults import PASSING, is_passing_status

#: What files.getUploadURLExternal takes; an image block takes twice as much, and says the rest.
_LONGEST_ALT_TEXT = 1_000
METADATA_EVENT_TYPE = "whospoke_message"
#: How long to wait until Slack has looked at a picture; until then a message that shows it is refused.
_PICTURE_READY_S = 6.0
_PICTURE_LOOK_EVERY_S = 0.2
_GONE = frozenset(
    {
        "message_not_found",
        "file_not_found",
        "file_deleted",
        "channel_not_found",
        "cant_delete_message",
        "not_found",
    }
)

#: Slack's words for a conversation that is not ours to post in.
_CLOSED = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})

#: Control characters, and those that embed or override a direction of writing (Unicode, UAX 9).
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_T = TypeVar("_T")

logger = logging.getLogger(__name__)


class SlackMessenger:
    """Says things in one workspace through `client`.

    Args:
        client: Waits as long as Slack asks.
        brief_client: Gives up soon; for what is only pleasant. By default the same.
    """

    def __init__(self, client: WebClient, brief_client: WebClient | None = None) -> None:
        self._client = client
        self._brief_client = brief_client or client

    def open_dm(self, user_id: str) -> str:
        """See `Messenger`."""
        return str(self._client.conversations_open(users=[user_id])["channel"]["id"])

    def profile(self, user_id: str) -> Profile:
        """See `Messenger`."""
        user: dict[str, Any] = self._client.users_info(user=user_id)["user"]
        profile = user.get("profile") or {}
        names = (
            profile.get("real_name"),
            user.get("real_name"),
            profile.get("display_name"),
            user.get("name"),
        )
        return Profile(next((str(name) for name in names if name), user_id), user.get("tz") or None)

    def post(
        self, channel_id: str, message: Message, *, thread_ts: str | None = None, key: str | None = None
    ) -> str:
        """See `Messenger`."""
        metadata = {"event_type": METADATA_EVENT_TYPE, "event_payload": {"key": key}} if key else None

        def send(blocks: list[dict[str, Any]]) -> str:
            answer = self._client.chat_postMessage(
                channel=channel_id,
                text=message.text,
                blocks=blocks or None,
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(answer["ts"])

        try:
            return _with_pictures_if_possible(send, message.blocks)
        except SlackApiError as error:
            if error.response.get("error") in _CLOSED:
                logger.info("not posted in %s: %s", channel_id, error.response.get("error"))
                raise NotPostedError from error
            raise

    def find(self, channel_id: str, thread_ts: str | None, key: str, *, after_ts: str) -> str | None:
        """See `Messenger`."""
        asked: dict[str, Any] = {
            "channel": channel_id,
            "oldest": after_ts,
            "include_all_metadata": True,
            "limit": 15,
        }
        try:
            if thread_ts is None:
                answer = self._client.conversations_history(**asked)
            else:
                answer = self._client.conversations_replies(ts=thread_ts, **asked)
        except SlackApiError as error:
            if error.response.get("error") in _CLOSED | {"missing_scope"}:  # we never read channels
                return None
            raise
        for found in answer.get("messages") or []:
            if _key_of(found) == key:
                return str(found["ts"])
        return None

    def find_reply(
        self, channel_id: str, thread_ts: str, key: str, *, known: Collection[str], after_ts: str
    ) -> str | None:
        """See `Messenger`."""
        answer = self._client.conversations_replies(
            channel=channel_id, ts=thread_ts, oldest=after_ts, include_all_metadata=True, limit=15
        )
        messages = answer.get("messages") or []
        marked = next((str(found["ts"]) for found in messages if _key_of(found) == key), None)
        return marked or next((ts for found in messages if (ts := _stray(found, thread_ts, known))), None)

    def our_messages(self, channel_id: str, thread_ts: str) -> list[str]:
        """See `Messenger`."""
        found: list[str] = []
        cursor = None
        while True:
            try:
                answer = self._client.conversations_replies(
                    channel=channel_id, ts=thread_ts, limit=15, cursor=cursor
                )
            except SlackApiError as error:
                if error.response.get("error") in {*_GONE, "thread_not_found"}:
                    return found
                raise
            found += [str(one["ts"]) for one in answer.get("messages") or [] if one.get("bot_id")]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    def update(self, channel_id: str, ts: str, message: Message) -> bool:
        """See `Messenger`."""

        def send(blocks: list[dict[str, Any]]) -> bool:
            return self._unless_gone(
                lambda: self._client.chat_update(channel=channel_id, ts=ts, text=message.text, blocks=blocks)
            )

        return _with_pictures_if_possible(send, message.blocks)

    def update_soon(self, channel_id: str, ts: str, message: Message) -> bool:
        """See `Messenger`."""
        try:
            self._brief_client.chat_update(
                channel=channel_id, ts=ts, text=message.text, blocks=message.blocks
            )
        except (SlackApiError, OSError) as error:
            logger.info("not updated in between: %s", type(error).__name__)
            return False
        return True

    def replace(self, response_url: str | None, channel_id: str, ts: str, message: Message) -> bool:
        """See `Messenger`."""
        if response_url and self._answer(response_url, message, {"replace_original": True}):
            return True
        return self.update(channel_id, ts, message)

    def answer(
        self,
        response_url: str | None,
        message: Message,
        *,
        is_for_all: bool = False,
        thread_ts: str | None = None,
    ) -> bool:
        """See `Messenger`."""
        how: dict[str, Any] = {
            "replace_original": False,
            "response_type": "in_channel" if is_for_all else "ephemeral",
        }
        if thread_ts:
            how["thread_ts"] = thread_ts
        return bool(response_url) and self._answer(str(response_url), message, how)

    def _answer(self, response_url: str, message: Message, how: dict[str, Any]) -> bool:
        parts = urlsplit(response_url)
        is_local = parts.hostname in LOOPBACK_HOSTS and is_loopback(self._client.base_url)
        if not is_local and (parts.scheme, parts.hostname) != ("https", "hooks.slack.com"):
            return False
        try:
            said = {"text": message.text} | ({"blocks": message.blocks} if message.blocks else {})
            answer = WebhookClient(response_url, timeout=10, ssl=self._client.ssl).send_dict(said | how)
        except OSError:
            return False
        return answer.status_code == HTTPStatus.OK

    def whisper(
        self, channel_id: str, user_id: str, message: Message, *, thread_ts: str | None = None
    ) -> None:
        """See `Messenger`."""
        self._client.chat_postEphemeral(
            channel=channel_id,
            user=user_id,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=thread_ts,
        )

    def delete(self, channel_id: str, ts: str) -> bool:
        """See `Messenger`."""
        return self._unless_gone(lambda: self._client.chat_delete(channel=channel_id, ts=ts))

    def publish_home(self, user_id: str, blocks: list[dict[str, Any]]) -> None:
        """See `Messenger`."""

        def send(blocks: list[dict[str, Any]]) -> None:
            self._client.views_publish(user_id=user_id, view={"type": "home", "blocks": blocks})

        _with_pictures_if_possible(send, blocks)

    def file(self, file_id: str) -> SlackFile | None:
        """See `Messenger`."""
        found = self._file_info(file_id)
        return slack_file(found) if found else None

    def download(self, file_id: str, max_bytes: int) -> bytes:
        """See `Messenger`."""
        found = self._file_info(file_id)
        if found is None:
            raise FileRefusedError("We cannot see this file: it was deleted.")
        url = str(found.get("url_private_download") or found.get("url_private") or "")
        return fetch_small_file(url, self._client.token or "", self._client.base_url, max_bytes)

    def _file_info(self, file_id: str) -> dict[str, Any] | None:
        """Return Slack's description of a file; None when it is gone or hidden from us."""
        try:
            found: dict[str, Any] = self._client.files_info(file=file_id)["file"]
        except SlackApiError as error:
            fault = error.response.get("error")
            if fault in _GONE:
                return None
            if not cannot_pass(error):
                raise
            raise FileRefusedError(
                f"Slack does not let this app see the file ({fault}). Upload it again, or tell whoever runs this app."
            ) from error
        return found

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        """See `Messenger`."""
        with _quick_enough():
            return str(self._client.views_open(trigger_id=trigger_id, view=view)["view"]["id"])

    def push_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        """See `Messenger`."""
        with _quick_enough():
            self._client.views_push(trigger_id=trigger_id, view=view)

    def update_view(self, view_id: str, view: dict[str, Any]) -> bool:
        """See `Messenger`."""
        return self._unless_gone(lambda: self._client.views_update(view_id=view_id, view=view))

    def start_upload(self, name: str, size_bytes: int, alt_text: str | None = None) -> tuple[str, str]:
        """See `Messenger`."""
        with _told_if_refused():
            answer = self._client.files_getUploadURLExternal(
                filename=name, length=size_bytes, alt_txt=alt_text and shorten(alt_text, _LONGEST_ALT_TEXT)
            )
        return str(answer["file_id"]), str(answer["upload_url"])

    def send_bytes(self, upload_url: str, content: bytes) -> None:
        """See `Messenger`."""
        if not upload_url.startswith("https://") and not is_loopback(upload_url):
            logger.warning("Slack gave an upload address that is neither https nor on this machine")
            raise UploadRefusedError
        request = urllib.request.Request(upload_url, data=content, method="POST")  # noqa: S310  checked above
        request.add_header("Content-Type", "application/octet-stream")
        with _told_if_refused(), urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            answer.read()

    def finish_upload(
        self, file_id: str, title: str, *, channel_id: str | None = None, thread_ts: str | None = None
    ) -> None:
        """See `Messenger`."""
        with _told_if_refused():
            self._client.files_completeUploadExternal(
                files=[{"id": file_id, "title": title}], channel_id=channel_id, thread_ts=thread_ts
            )
        if channel_id is None:
            self._wait_ready(file_id)

    def _wait_ready(self, file_id: str) -> None:
        """Wait until Slack knows what the file is; one that takes too long is shown in words instead."""
        deadline = time.monotonic() + _PICTURE_READY_S
        while time.monotonic() < deadline:
            found: dict[str, Any] = self._client.files_info(file=file_id)["file"]
            if found.get("mimetype"):
                return
            time.sleep(_PICTURE_LOOK_EVERY_S)
        logger.warning("Slack has not made a picture ready within %.0f s", _PICTURE_READY_S)

    def delete_file(self, file_id: str) -> bool:
        """See `Messenger`."""
        return self._unless_gone(lambda: self._client.files_delete(file=file_id))

    def permalink(self, channel_id: str, ts: str) -> str | None:
        """See `Messenger`."""
        try:
            return str(self._client.chat_getPermalink(channel=channel_id, message_ts=ts)["permalink"])
        except SlackApiError:
            return None

    def start_stream(self, channel_id: str, thread_ts: str, user_id: str) -> str | None:
        """See `Messenger`."""
        try:
            answer = self._brief_client.chat_startStream(
                channel=channel_id, thread_ts=thread_ts, recipient_user_id=user_id
            )
        except SlackApiError as error:
            logger.info("no stream: %s", error.response.get("error"))
            return None
        return str(answer["ts"])

    def append_stream(self, channel_id: str, ts: str, markdown: str) -> bool:
        """See `Messenger`."""
        try:
            self._brief_client.chat_appendStream(channel=channel_id, ts=ts, markdown_text=markdown)
        except SlackApiError as error:
            logger.info("stream ended early: %s", error.response.get("error"))
            return False
        return True

    def stop_stream(self, channel_id: str, ts: str) -> None:
        """See `Messenger`."""
        try:
            self._client.chat_stopStream(channel=channel_id, ts=ts)
        except (SlackApiError, OSError) as error:
            # The update that follows makes the message whole, whatever became of its stream.
            logger.info(
                "stream not stopped: %s", getattr(error, "response", {}).get("error") or type(error).__name__
            )

    def set_status(self, channel_id: str, thread_ts: str, status: str) -> None:
        """See `Messenger`."""
        try:
            self._brief_client.assistant_threads_setStatus(
                channel_id=channel_id, thread_ts=thread_ts, status=status
            )
        except (SlackApiError, OSError) as error:
            logger.info("typing status not shown: %s", type(error).__name__)

    @staticmethod
    def _unless_gone(call: Any) -> bool:
        try:
            call()
        except SlackApiError as error:
            if error.response.get("error") in _GONE:
                return False
            raise
        return True


@contextmanager
def _quick_enough() -> Iterator[None]:
    """Say what to do where a trigger was too old for a modal."""
    try:
        yield
    except SlackApiError as error:
        if error.response.get("error") in {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired"}:
            raise TooSlowError from None
        raise


@contextmanager
def _told_if_refused() -> Iterator[None]:
    """Tell an upload that Slack will never take from one that it could not take just now."""
    try:
        yield
    except SlackApiError as error:
        if error.response.get("error") in PASSING:
            raise
        logger.warning("Slack does not take a file: %s", error.response.get("error"))
        raise UploadRefusedError from error
    except urllib.error.HTTPError as error:
        if is_passing_status(error.code):
            raise
        logger.warning("Slack does not take a file's bytes: status %d", error.code)
        raise UploadRefusedError from error


def _with_pictures_if_possible(
    send: Callable[[list[dict[str, Any]]], _T], blocks: list[dict[str, Any]]
) -> _T:
    """Send the blocks; where Slack cannot show a picture of ours, its alt text says the same."""
    try:
        return send(blocks)
    except SlackApiError as error:
        in_words = [_in_words(block) for block in blocks]
        if error.response.get("error") != "invalid_blocks" or in_words == blocks:
            raise
        logger.warning("Slack refuses a picture: it is said in words")
    return send(in_words)


def _in_words(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] != "image" or "slack_file" not in block:
        return block
    return {"type": "context", "elements": [{"type": "plain_text", "text": block["alt_text"]}]}


def slack_file(found: dict[str, Any]) -> SlackFile:
    """Read a file object as it comes in events and from files.info."""
    channels = [*(found.get("channels") or []), *(found.get("groups") or []), *(found.get("ims") or [])]
    return SlackFile(
        file_id=str(found["id"]),
        user_id=str(found.get("user") or ""),
        name=_one_line(str(found.get("name") or found.get("title") or "")) or "clip",
        mimetype=str(found.get("mimetype") or ""),
        size_bytes=int(found.get("size") or 0),
        is_external=bool(found.get("is_external")) or found.get("mode") == "external",
        channel_ids=tuple(channels),
        user_team=str(found.get("user_team") or ""),
    )


def _one_line(name: str) -> str:
    """Return a file's name without what no screen and no database can show, or what would turn the line around."""
    whole = name.encode(errors="replace").decode()
    return " ".join(_UNSEEN.sub(" ", whole).split())


def _key_of(found: dict[str, Any]) -> str | None:
    payload = (found.get("metadata") or {}).get("event_payload") or {}
    key = payload.get("key")
    return str(key) if key else None


def _stray(found: dict[str, Any], thread_ts: str, known: Collection[str]) -> str | None:
    ts = str(found["ts"])
    is_empty = not found.get("blocks")  # a stream that was opened and never closed
    return ts if found.get("bot_id") and is_empty and ts != thread_ts and ts not in known else None
