"""Everything the workspace remembers. Plain documents in Slack's own shapes, written through to the journal."""

import asyncio
from collections.abc import Callable

from local_slack import people
from local_slack.errors import Json
from local_slack.journal import Journal


class State:
    """Channels, messages, files and views, and a revision that counts their changes."""

    def __init__(self, journal: Journal, clock: Callable[[], float], bot_name: str) -> None:
        self._journal = journal
        self._clock = clock
        self._last_us = 0
        self._watchers: set[asyncio.Event] = set()
        self.rev = 0
        self.users = people.make_users(bot_name)
        self.user_groups = people.make_user_groups()
        self.channels = people.make_channels() | dict(journal.all("channel"))
        self.messages: dict[str, dict[str, Json]] = {channel_id: {} for channel_id in self.channels}
        self.files = dict(journal.all("file"))
        #: view id -> {"user": ..., "view": ...}
        self.views = dict(journal.all("view"))
        self.stacks: dict[str, list[str]] = {user: row["ids"] for user, row in journal.all("stack")}
        self.homes: dict[str, str] = {user: row["id"] for user, row in journal.all("home")}
        self.ephemerals: dict[str, dict[str, Json]] = {}
        #: channel -> thread -> {"status", "until"}
        self.statuses: dict[str, dict[str, Json]] = {}
        self.prompts: dict[str, Json] = {}
        for key, message in journal.all("message"):
            channel_id, ts = key.split("/")
            self.messages.setdefault(channel_id, {})[ts] = message
            self._last_us = max(self._last_us, int(ts.replace(".", "")))

    def now(self) -> float:
        """Seconds since the epoch, by the clock the workspace was given."""
        return self._clock()

    def next_ts(self) -> str:
        """A message id: the time in microseconds, never the same twice."""
        self._last_us = max(self._last_us + 1, int(self._clock() * 1_000_000))
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def open_dm(self, user_id: str) -> Json:
        """The person's conversation with the bot, made when there is none."""
        channel_id = people.dm_id(user_id)
        if channel_id not in self.channels:
            members = [user_id, people.BOT_USER_ID]
            channel = {
                "id": channel_id,
                "name": "directmessage",
                "is_im": True,
                "is_private": True,
                "user": user_id,
            }
            self.save_channel(channel | {"members": members})
        return self.channels[channel_id]

    def save_channel(self, channel: Json) -> None:
        """Stores a channel and its members."""
        self.channels[channel["id"]] = channel
        self.messages.setdefault(channel["id"], {})
        self._write("channel", channel["id"], channel)

    def is_external(self, channel: Json) -> bool:
        """Whether people of another company are in the channel."""
        return any(self.users[member]["is_stranger"] for member in channel["members"] if member in self.users)

    def message(self, channel_id: str, ts: str) -> Json | None:
        """A message that everybody in the channel sees."""
        return self.messages.get(channel_id, {}).get(ts)

    def save_message(self, channel_id: str, message: Json) -> None:
        """Stores a message under its `ts`."""
        self.messages[channel_id][message["ts"]] = message
        self._write("message", f"{channel_id}/{message['ts']}", message)

    def drop_message(self, channel_id: str, ts: str) -> None:
        """Forgets a message."""
        self.messages[channel_id].pop(ts, None)
        self._erase("message", f"{channel_id}/{ts}")

    def thread(self, channel_id: str, thread_ts: str) -> list[Json]:
        """The messages of a thread, its first one included, oldest first."""
        return [m for m in self.in_order(channel_id) if thread_ts in (m["ts"], m.get("thread_ts"))]

    def in_order(self, channel_id: str) -> list[Json]:
        """All messages of a channel, oldest first."""
        return [message for _, message in sorted(self.messages.get(channel_id, {}).items())]

    def save_ephemeral(self, channel_id: str, message: Json) -> None:
        """Shows a message to one person. As in Slack it does not outlive the session."""
        self.ephemerals.setdefault(channel_id, {})[message["ts"]] = message
        self.changed()

    def drop_ephemeral(self, channel_id: str, ts: str) -> None:
        """Takes a message that only one person saw away."""
        self.ephemerals.get(channel_id, {}).pop(ts, None)
        self.changed()

    def save_file(self, file: Json) -> None:
        """Stores what is known of a file; its bytes lie elsewhere."""
        self.files[file["id"]] = file
        self._write("file", file["id"], file)

    def save_view(self, user_id: str, view: Json) -> None:
        """Stores a modal or a home tab."""
        record = {"user": user_id, "view": view}
        self.views[view["id"]] = record
        self._write("view", view["id"], record)

    def save_home(self, user_id: str, view: Json) -> None:
        """Stores a person's home tab."""
        self.save_view(user_id, view)
        self.homes[user_id] = view["id"]
        self._write("home", user_id, {"id": view["id"]})

    def save_stack(self, user_id: str, view_ids: list[str]) -> None:
        """Stores which modals a person has open, the top one last; forgets those no longer open."""
        for view_id in self.stacks.get(user_id, []):
            if view_id not in view_ids:
                self.views.pop(view_id, None)
                self._erase("view", view_id)
        self.stacks[user_id] = view_ids
        self._write("stack", user_id, {"ids": view_ids})

    def set_status(self, channel_id: str, thread_ts: str, status: Json | None) -> None:
        """Shows or removes "is thinking..." in a thread."""
        threads = self.statuses.setdefault(channel_id, {})
        if status is None:
            if threads.pop(thread_ts, None) is None:
                return
        else:
            threads[thread_ts] = status
        self.changed()

    def changed(self) -> None:
        """Counts a change and wakes whoever watches."""
        self.rev += 1
        for event in self._watchers:
            event.set()

    def watch(self) -> asyncio.Event:
        """An event that is set at every change, until it is given back with `unwatch`."""
        event = asyncio.Event()
        self._watchers.add(event)
        return event

    def unwatch(self, event: asyncio.Event) -> None:
        """Ends a watch."""
        self._watchers.discard(event)

    def _write(self, kind: str, key: str, document: Json) -> None:
        self._journal.put(kind, key, document)
        self.changed()

    def _erase(self, kind: str, key: str) -> None:
        self._journal.delete(kind, key)
        self.changed()
