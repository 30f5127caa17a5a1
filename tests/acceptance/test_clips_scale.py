"""Many clips, several workers, workers that die: everybody gets their result or a reason, and nothing is left."""

import re

import pytest

from tests.clip_world import ClipWorld, postgres
from tests.media_corpus import speech, wav
from tests.world import ADA, BEN, CLEO, ROOT, action_ids, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SHORT = (ROOT / "examples" / "short.flac").read_bytes()
MEETING = (ROOT / "examples" / "meeting.flac").read_bytes()
#: Half a minute that looks like more than ten by its size.
BULKY = wav(speech(13.0, 96_000), 96_000, channels=2, bits=32, kind=3)


@pytest.fixture
def alone(tmp_path):
    with ClipWorld(tmp_path) as world:
        world.start("bot")
        yield world


@pytest.fixture
def many(tmp_path):
    with postgres() as url, ClipWorld(tmp_path, url) as world:
        world.start("bot")
        yield world


def order(world) -> list[str]:
    """Return the clips by when a worker took them."""
    statement = (
        "SELECT c.name FROM clip c JOIN clip_work w ON w.team_id = c.team_id AND w.clip_id = c.clip_id "
        "WHERE w.taken_at IS NOT NULL ORDER BY w.taken_at"
    )
    return [row.name for row in world.rows(statement)]


class TestQueue:
    def test_learners_take_turns_and_are_told_their_place(self, alone):
        a1 = alone.give(ADA, "a1.flac", SHORT)
        assert "no worker is running" in alone.wait_said(a1, "a1.flac: waiting")["text"]
        a2, a3, b1 = (
            alone.give(ADA, "a2.flac", MEETING),  # long enough for its successor's place to be seen
            alone.give(ADA, "a3.flac", SHORT),
            alone.give(BEN, "b1.flac", SHORT),
        )
        alone.start("worker")
        alone.wait_said(a3, "waiting, 2 clips ahead")
        told = alone.wait_said(a3, "waiting, 1 clip ahead", "comparing", "reading", "Who spoke", timeout_s=90)
        for where in (a1, b1, a2, a3):
            alone.wait_done(where)
        assert order(alone) == ["a1.flac", "b1.flac", "a2.flac", "a3.flac"]
        assert re.search(r"waiting, 1 clip ahead of it, done in (under a|about \d+) minute", told["text"])
        assert len(alone.rows("SELECT 1 FROM clip_pace")) == 4

    @pytest.mark.postgres
    def test_with_two_workers_one_is_kept_for_short_clips_while_any_waits(self, many):
        first = many.give(ADA, "long1.wav", BULKY)
        many.wait_said(first, "long1.wav: waiting")
        second = many.give(BEN, "long2.wav", BULKY)
        short = many.give(CLEO, "short.flac", SHORT)
        many.start("worker", "worker2")
        for where in (first, second, short):
            many.wait_done(where)
        # The first two may have been taken in one moment.
        assert set(order(many)[:2]) == {"long1.wav", "short.flac"}
        assert order(many)[2:] == ["long2.wav"]

    @pytest.mark.postgres
    def test_worker_takes_over_from_one_that_died(self, many):
        where = many.give(ADA, "a.flac", SHORT)
        many.start("worker")
        many.wait_state(where, "running")
        many.kill("worker")
        many.start("worker2")
        assert "Who spoke when" in many.wait_done(where)["text"]


class TestDeath:
    def test_clip_that_kills_every_worker_is_given_up_and_said_so(self, alone):
        where = alone.give(ADA, "poison.flac", SHORT)
        for _ in range(3):
            began = _num_begun(alone)
            alone.start("worker")
            wait_until(lambda began=began: _num_begun(alone) > began, 30)
            alone.kill("worker")
        alone.start("worker")
        failed = alone.wait_said(where, "could not be labelled")
        assert "tried this clip three times and the worker did not survive it" in failed["text"]
        assert set(action_ids(failed)) == {"clip.retry", "clip.delete"}
        assert list(alone.sound.iterdir()) == []
        alone.press(ADA, failed, "clip.retry", channel=where[0])
        alone.wait_done(where)

    def test_workers_that_stop_in_order_do_not_count(self, alone):
        where = alone.give(ADA, "busy.flac", MEETING)
        for _ in range(4):
            alone.start("worker")
            wait_until(lambda: _num_begun(alone) == 1, 30)
            assert alone.stop("worker") == 0
            assert _num_begun(alone) == 0
        alone.start("worker")
        alone.wait_said(where, "Who spoke when", timeout_s=180)

    def test_sound_has_no_name_on_disk_and_is_gone_after_a_kill(self, alone):
        where = alone.give(ADA, "sound.flac", SHORT)
        alone.start("worker")
        held = wait_until(lambda: alone.open_sound("worker"), 40)
        assert all("deleted" in line for line in held)
        assert list(alone.sound.iterdir()) == []
        alone.kill("worker")
        assert list(alone.sound.iterdir()) == []
        alone.start("worker")
        alone.wait_done(where)
        wait_until(lambda: not alone.open_sound("worker"), 20)
        assert list(alone.sound.iterdir()) == []


def _num_begun(world) -> int:
    return sum(row.num_begun for row in world.rows("SELECT num_begun FROM clip_work"))


class TestStopped:
    def test_cancelled_at_work_leaves_nothing_and_lets_the_next_begin(self, alone):
        first = alone.give(ADA, "first.flac", MEETING)
        second = alone.give(BEN, "second.flac", SHORT)
        alone.start("worker")
        alone.wait_state(first, "running")
        at_work = alone.wait_said(first, "first.flac:")
        alone.press(ADA, at_work, "clip.cancel", channel=first[0])
        alone.wait_said(first, "was cancelled")
        alone.wait_done(second)
        assert alone.state_of(first) == "deleted"
        wait_until(lambda: not alone.open_sound("worker"), 20)

    def test_upload_deleted_in_slack_stops_the_work(self, alone):
        where = alone.give(ADA, "gone.flac", MEETING)
        alone.start("worker")
        alone.wait_state(where, "running")
        file_id = alone.rows("SELECT file_id FROM clip")[0].file_id
        alone.people.do("delete_file", user=ADA, file_id=file_id)
        alone.wait_said(where, "the work on it was stopped and nothing of it is kept")
        wait_until(lambda: not alone.open_sound("worker"), 20)
        assert alone.rows("SELECT 1 FROM clip_document") == []
