"""What use cases are given in tests: a database in a file, a clock that is moved by hand, and a messenger that listens."""

import hashlib
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.deps import Deps
from bot.errors import UploadRefusedError
from bot.messenger import Message, Profile, SlackFile
from course.loader import default_folder, load_module
from course.model import Module
from storage.database import Database

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class FakeMessenger:
    """Keeps what was said; hands out ids in order."""

    zone: str | None = "Europe/London"
    name: str = "Ada Quill"
    posts: dict[tuple[str, str], Message] = field(default_factory=dict)
    #: Every state that any message was in, oldest first.
    #: What was deleted; an update does not bring it back.
    gone: set[tuple[str, str]] = field(default_factory=set)
    history: list[tuple[str, str, Message]] = field(default_factory=list)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    homes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    whispers: list[str] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    #: File id -> name, of everything that was begun to be uploaded.
    file_names: dict[str, str] = field(default_factory=dict)
    #: File id -> channel, of uploads that were shared and not deleted.
    shared_files: dict[str, str] = field(default_factory=dict)
    #: Names of files that Slack does not take.
    refused_files: set[str] = field(default_factory=set)
    #: What people uploaded.
    known_files: dict[str, SlackFile] = field(default_factory=dict)
    alt_texts: dict[str, str | None] = field(default_factory=dict)
    #: Calls by name that die after they took effect, as a process does when it is killed.
    dies_after: set[str] = field(default_factory=set)
    #: Calls by name, and what they raise instead of taking effect.
    raises: dict[str, Exception] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    def _refuse(self, name: str) -> None:
        if name in self.raises:
            raise self.raises[name]

    def _die(self, name: str) -> None:
        if name in self.dies_after:
            self.dies_after.remove(name)
            raise ConnectionResetError(name)

    def open_dm(self, user_id: str) -> str:
        return f"D{user_id}"

    def profile(self, user_id: str) -> Profile:
        return Profile(self.name, self.zone)

    def post(
        self, channel_id: str, message: Message, *, thread_ts: str | None = None, key: str | None = None
    ) -> str:
        self._refuse("post")
        ts = f"{next(self._numbers)}.0"
        self.posts[channel_id, ts] = message
        self.history.append((channel_id, ts, message))
        if key:
            self.keys[key] = (channel_id, ts)
        self._die("post")
        return ts

    def find(self, channel_id: str, thread_ts: str | None, key: str, *, after_ts: str) -> str | None:
        self._refuse("find")
        return self.keys[key][1] if key in self.keys else None

    def find_reply(
        self, channel_id: str, thread_ts: str, key: str, *, known: Collection[str], after_ts: str
    ) -> str | None:
        return self.find(channel_id, thread_ts, key, after_ts=after_ts)

    def update_soon(self, channel_id: str, ts: str, message: Message) -> bool:
        self.update(channel_id, ts, message)
        return True

    def update(self, channel_id: str, ts: str, message: Message) -> None:
        if (channel_id, ts) in self.gone:
            return
        self.posts[channel_id, ts] = message
        self.history.append((channel_id, ts, message))

    def replace(self, response_url, channel_id, ts, message):
        return self.update(channel_id, ts, message)

    def answer(self, response_url, message, *, is_for_all=False, thread_ts=None):
        return False

    def whisper(
        self, channel_id: str, user_id: str, message: Message, *, thread_ts: str | None = None
    ) -> None:
        self.whispers.append(message.text)

    def delete(self, channel_id: str, ts: str) -> bool:
        self.gone.add((channel_id, ts))
        return self.posts.pop((channel_id, ts), None) is not None

    def publish_home(self, user_id: str, blocks: list[dict[str, Any]]) -> None:
        self.homes[user_id] = blocks

    def file(self, file_id: str) -> SlackFile | None:
        if file_id in self.shared_files:
            name = self.file_names[file_id]
            return SlackFile(
                file_id, "UBOT", name, "", 1, is_external=False, channel_ids=(self.shared_files[file_id],)
            )
        return self.known_files.get(file_id)

    def sent(self) -> dict[str, str]:
        """Return the text of the files that are shared by now, by name."""
        return {self.file_names[one]: self.uploads[one].decode() for one in self.shared_files}

    def start_upload(self, name: str, size_bytes: int, alt_text: str | None = None) -> tuple[str, str]:
        if name in self.refused_files:
            raise UploadRefusedError
        self._refuse("start_upload")
        file_id = f"F{next(self._numbers)}"
        self.file_names[file_id] = name
        self.alt_texts[file_id] = alt_text
        return file_id, f"https://files.test/{file_id}"

    def send_bytes(self, upload_url: str, content: bytes) -> None:
        self._refuse("send_bytes")
        self.uploads[upload_url.rsplit("/", 1)[1]] = content
        self._die("send_bytes")

    def finish_upload(
        self, file_id: str, title: str, *, channel_id: str | None = None, thread_ts: str | None = None
    ) -> None:
        self._refuse("finish_upload")
        if channel_id:
            self.shared_files[file_id] = channel_id
        self._die("finish_upload")

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        self.views.append(view)

    def delete_file(self, file_id: str) -> bool:
        self.shared_files.pop(file_id, None)
        return self.uploads.pop(file_id, None) is not None

    def permalink(self, channel_id: str, ts: str) -> str | None:
        return f"https://slack.test/{channel_id}/{ts}"

    def start_stream(self, channel_id: str, thread_ts: str, user_id: str) -> str:
        return self.post(channel_id, Message("…"))

    def append_stream(self, channel_id: str, ts: str, markdown: str) -> bool:
        return True

    def stop_stream(self, channel_id: str, ts: str) -> None:
        pass

    def set_status(self, channel_id: str, thread_ts: str, status: str) -> None:
        pass


@dataclass
class Bench:
    """The bot's collaborators, and the hands that move its clock and its content."""

    database: Database
    module: Module
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    now: datetime = MONDAY
    test_retake: timedelta = timedelta(hours=12)
    _ids: Any = field(default_factory=lambda: count(1))

    @property
    def deps(self) -> Deps:
        """Return the collaborators as they stand now."""
        return Deps(
            database=self.database,
            current_module=lambda: self.module,
            messenger_for=lambda _team_id: self.messenger,  # type: ignore[arg-type, return-value]
            tutor_of=lambda *_: None,
            now=lambda: self.now,
            new_id=lambda: hashlib.sha256(str(next(self._ids)).encode()).hexdigest()[:16],
            new_seed=lambda: next(self._ids) * 7919,
            read_figure=lambda _file: None,
            test_retake=self.test_retake,
        )

    def wait(self, **duration: float) -> None:
        """Move the clock."""
        self.now += timedelta(**duration)


def real_module() -> Module:
    """Return the course that ships."""
    return load_module(default_folder())


def migrated(folder: Path) -> Path:
    """Return a migrated SQLite file."""
    file = folder / "template.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


def copy_of(template: Path, folder: Path) -> Database:
    """Return a database of one's own."""
    file = folder / "whospoke.db"
    shutil.copy(template, file)
    return Database(f"sqlite:///{file}")
