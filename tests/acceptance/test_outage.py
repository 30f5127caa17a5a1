"""Slack is away for longer than a job tries: what was on its way arrives when Slack is back."""

from pathlib import Path

import pytest

from storage.database import Database
from tests.world import ADA, BEN, World, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CLIP = (Path(__file__).parents[2] / "examples" / "short.flac").read_bytes()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("outage")) as running:
        running.start("bot", "worker")
        yield running


def test_a_result_and_an_answer_outlive_it(world):
    database = Database(world.database_url)
    channel = world.dm(ADA)
    upload = world.people.upload(ADA, channel, {"outage.flac": CLIP})
    notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
    world.agree(ADA, channel, notice, "label", "others")
    wait_until(lambda: _clip(database).stage not in {"", "queued", "fetch"}, 60)
    world.people.control("fault", fail={"method": "chat.postMessage", "error": "fatal_error", "times": 1})
    world.people.message(BEN, world.dm(BEN), "what is a speaker turn?")
    wait_until(lambda: "attempt 1 of" in world.log("bot"))
    world.stop("workspace")
    wait_until(lambda: {"show_clip", "handle_event"} <= _failed(database), 120)
    assert _clip(database).state == "replying"
    world.start("workspace")
    world.people.wait_ready(20)
    wait_until(lambda: _clip(database).state == "done", 90)
    answer = world.wait_message(world.dm(BEN), "", timeout_s=60)
    assert answer["text"]
    assert len(world.messages(world.dm(BEN))) == 1
    names = [f["name"] for m in world.messages(channel, thread_ts=upload["ts"]) for f in m.get("files") or []]
    assert sorted(names) == sorted(set(names))
    assert "outage.rttm" in names
    database.close()


def _clip(database):
    with database.read() as tx:
        (clip,) = tx.clips.of_user("T0LOCAL", ADA)
    return clip


def _failed(database):
    failed = database.jobs_client.list_workflows(status="ERROR", load_input=False, load_output=False)
    return {job.name for job in failed}
