"""The app is taken out of the workspace, and put back."""

from datetime import UTC, datetime

import pytest

from storage.database import Database
from storage.reviews import ReviewPlan
from tests.world import ADA, GENERAL, ROOT, World, unfinished_jobs, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
MEETING = ROOT / "examples" / "short.flac"
TEAM = "T0LOCAL"


@pytest.fixture
def world(tmp_path):
    with World(tmp_path) as running:
        running.start("bot")
        yield running


@pytest.fixture
def database(world):
    opened = Database(world.database_url)
    yield opened
    opened.close()


def clip_of(database, file_id):
    with database.begin() as tx:
        return tx.clips.by_file(TEAM, file_id)


def test_what_was_said_goes_and_who_comes_back_goes_on_where_they_were(world, database):
    channel, card = world.start_course(ADA)
    card = world.press_until(ADA, card, "lesson.turn.next", "card 2 of", channel=channel)
    upload = world.people.upload(ADA, channel, {"retro.flac": MEETING.read_bytes()})
    notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
    world.agree(ADA, channel, notice, "label", "others")
    file_id = upload["file_ids"][0]
    wait_until(lambda: clip_of(database, file_id).state == "queued")  # no worker is there to take it
    with database.begin() as tx:
        plan = ReviewPlan(TEAM, ADA, True, 9, False, "Europe/London", datetime.now(UTC))
        tx.reviews.set_plan(plan)

    world.people.do("uninstall")
    wait_until(lambda: clip_of(database, file_id).state == "deleted")
    wait_until(lambda: not unfinished_jobs(database))
    with database.begin() as tx:
        assert not tx.reviews.plan(TEAM, ADA).is_on
        assert [entry.action for entry in tx.audit.of_subject(TEAM, f"team:{TEAM}")]
        assert not tx.consent.latest(TEAM, tx.clips.by_file(TEAM, file_id).clip_id).given
        assert tx.learners.get(TEAM, ADA).dm_channel_id is None
    assert world.people.state()["events_lost"] == 0
    assert "Traceback" not in world.log("bot")

    world.people.do("install")
    before = len(world.messages(channel))
    world.people.command(ADA, GENERAL, "/whospoke", "start")
    world.wait(lambda _: len(world.messages(channel)) > before)
    assert "card 2 of" in world.messages(channel)[-1]["text"]
