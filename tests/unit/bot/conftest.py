"""A Bolt app whose Slack only notes what it is told, over a real database."""

import itertools
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.app import build_app
from bot.messenger import SlackFile
from storage.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class NotingMessenger:
    """Notes what is said instead of saying it."""

    def __init__(self):
        self.said = []
        self.files = {}
        self.takes_answers = True
        self.fails = {}
        self._numbers = itertools.count(1)

    def open_dm(self, user_id):
        return f"D{user_id}"

    def post(self, channel_id, message, *, thread_ts=None, key=None):
        self._fail("post")
        self.said.append(("post", channel_id, message))
        return f"{next(self._numbers)}.000000"

    def find(self, channel_id, thread_ts, key, *, after_ts):
        return None

    def update(self, channel_id, ts, message):
        self.said.append(("update", channel_id, message))
        return True

    def replace(self, response_url, channel_id, ts, message):
        return self.update(channel_id, ts, message)

    def answer(self, response_url, message, *, is_for_all=False, thread_ts=None):
        if response_url is None or not self.takes_answers:
            return False
        self.said.append(("card" if is_for_all else "answer", response_url, message))
        return True

    def whisper(self, channel_id, user_id, message, *, thread_ts=None):
        self._fail("whisper")
        self.said.append(("whisper", user_id, message))

    def _fail(self, name):
        if name in self.fails:
            raise self.fails[name]

    def file(self, file_id) -> SlackFile | None:
        return self.files.get(file_id)

    def publish_home(self, user_id, blocks):
        self.said.append(("home", user_id, blocks))

    def permalink(self, channel_id, ts):
        return f"https://slack.example/{channel_id}/{ts}"

    def texts(self, kind):
        return [message.text for what, _, message in self.said if what == kind]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    file = tmp_path_factory.mktemp("bot") / "whospoke.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def database(migrated, tmp_path):
    copy = tmp_path / "whospoke.db"
    copy.write_bytes(migrated.read_bytes())
    opened = Database(f"sqlite:///{copy}")
    yield opened
    opened.close()


@pytest.fixture
def messenger():
    return NotingMessenger()


@pytest.fixture(scope="session")
def shipped():
    """The course that ships."""
    from course.loader import default_folder, load_module

    return load_module(default_folder())


@pytest.fixture
def deps(database, messenger, shipped):
    """The collaborators that listeners look at; the course is the one that ships."""
    ids = itertools.count(1)
    return SimpleNamespace(
        database=database,
        current_module=lambda: shipped,
        messenger_for=lambda _team: messenger,
        tutor_of=lambda _kind: None,
        now=lambda: NOW,
        new_id=lambda: f"id{next(ids)}",
        new_seed=lambda: 7,
        read_figure=lambda _file: None,
        clip_retention_days=30,
        lab_retention_days=90,
        model_name=None,
        test_retake="always",
    )


@pytest.fixture
def app(deps):
    client = WebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/")
    client.auth_test = lambda **_: _who_we_are(client)
    return build_app(deps, client)


def _who_we_are(client):
    data = {
        "ok": True,
        "bot_id": "B1",
        "user_id": "UBOT",
        "team_id": "T1",
        "team": "harbour",
        "user": "whospoke",
    }
    return SlackResponse(
        client=client,
        http_verb="POST",
        api_url="auth.test",
        req_args={},
        data=data,
        headers={},
        status_code=200,
    )
