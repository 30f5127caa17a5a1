"""Slack is away for longer than a job tries: what was on its way arrives when Slack is back."""

from pathlib import Path

import pytest

from storage.database import Database
from tests.world import ADA, BEN, World, bot_messages, wait_until

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
    wait_until(lambda: {"result", "event"} <= _failed(database), 150)
    assert _clip(database).state == "replying"
    world.start("workspace")
    world.people.wait_ready(20)
    wait_until(lambda: _clip(database).state == "done", 90)
    answer = world.wait_message(world.dm(BEN), "", timeout_s=60)
    assert answer["text"]
    assert len(world.messages(world.dm(BEN))) == 1
    names = world.wait(
        lambda state: "outage.rttm" in (found := _names(state, channel, upload["ts"])) and found
    )
    assert sorted(names) == sorted(set(names))
    database.close()


def _clip(database):
    with database.read() as tx:
        (clip,) = tx.clips.of_user("T0LOCAL", ADA)
    return clip


def _failed(database):
    """Return what could not be done: the moments of the clip's message, and "event"."""
    failed = database.jobs_client.list_workflows(status="ERROR", load_input=False, load_output=False)
    return {job.workflow_id.split(":")[-1] if job.name == "show_clip" else "event" for job in failed}


def _names(state, channel, thread_ts):
    """Return the files that were shared in the thread; Slack shows them a moment after it took them."""
    shared = [one for m in bot_messages(state, channel, thread_ts) for one in m.get("files") or []]
    return [state["files"][file_id]["name"] for file_id in shared]
