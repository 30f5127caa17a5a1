"""A file is fetched, asked about and answered whatever its name: through the workspace's own addresses and rules."""

import itertools
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from slack_sdk import WebClient

from bot.people import Person
from bot.slack_messenger import SlackMessenger
from bot.use_cases.handle_event import handle_event, keep_event
from diarize_worker.stages.fetch import FetchConfig, fetch
from local_slack.server import LocalSlack
from storage.database import Database
from storage.schema import clip as clip_table
from tests.bot_parts import Bench, real_module
from tests.clip_parts import put_clip
from tests.file_names import WORST, names
from tests.world import ADA, ROOT

pytestmark = pytest.mark.thorough
TEAM = "T0LOCAL"
SOUND, TRUTH = b"fLaC and what follows", (ROOT / "examples" / "short.rttm").read_bytes()


@pytest.fixture(name="place", scope="module")
def _place(tmp_path_factory):
    """A workspace, the bot's use cases on a database, and a clip of Ada's that is labelled."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('names')}/whospoke.db")
    database.migrate()
    with LocalSlack(ROOT / "slack_manifest.yaml") as workspace:
        client = WebClient(token="xoxb-local", base_url=workspace.api_url)
        messenger = SlackMessenger(client)
        bench = Bench(database, real_module(), messenger)
        channel = workspace.client.open(ADA)
        thread_ts = workspace.client.message(ADA, channel, "a clip")
        place = SimpleNamespace(
            workspace=workspace,
            bench=bench,
            messenger=messenger,
            channel=channel,
            thread_ts=thread_ts,
            number=itertools.count(1),
        )
        yield place
    database.close()


def drop(place, name, content, thread_ts=None):
    """Upload a file and handle its event; returns its id and what the bot said in the thread after it."""
    shared = place.workspace.client.upload(ADA, place.channel, {name: content}, thread_ts=thread_ts)
    (file_id,) = shared["file_ids"]
    event = {
        "type": "message",
        "subtype": "file_share",
        "channel": place.channel,
        "channel_type": "im",
        "user": ADA,
        "ts": shared["ts"],
        "files": [{"id": file_id, "name": name}],
    } | ({"thread_ts": thread_ts} if thread_ts else {})
    event_id, person = f"Ev{next(place.number)}", Person(TEAM, ADA)
    with place.bench.database.begin() as tx:
        assert keep_event(tx, person, event_id, "message", event, place.bench.now) == "kept"
    handle_event(place.bench.deps, event_id, ADA)
    found = place.workspace.workspace.state.thread(place.channel, thread_ts or shared["ts"])
    return file_id, [m["text"] for m in found if m.get("bot_id") and m["ts"] > shared["ts"]]


def check(place, name):
    file_id, said = drop(place, name, SOUND)
    assert len(said) == 1, "asked about, or refused with a reason"
    assert place.messenger.download(file_id, 100) == SOUND
    with fetch(file_id, FetchConfig("xoxb-local", place.workspace.api_url)) as file:
        assert file.read() == SOUND

    clip_id = f"c{next(place.number)}"
    put_clip(
        place.bench,
        clip_id,
        team_id=TEAM,
        user_id=ADA,
        channel_id=place.channel,
        thread_ts=place.workspace.client.message(ADA, place.channel, "a clip"),
        name=name,
        is_labelled=False,
    )
    with place.bench.database.read() as tx:
        clip = tx.clips.get(TEAM, clip_id)
    _, said = drop(place, name, TRUTH, clip.thread_ts)
    assert len(said) == 1, "kept as a reference, or asked about as a recording"
    with sa.create_engine(
        place.bench.database.url
    ).begin() as connection:  # or each name would take longer than the last
        connection.execute(sa.delete(clip_table))


@given(names)
@settings(max_examples=500, deadline=None)
def test_five_hundred_names_are_fetched_and_answered(place, name):
    check(place, name)


@pytest.mark.parametrize("name", WORST)
def test_the_worst_are(place, name):
    check(place, name)
