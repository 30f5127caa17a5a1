"""One half without the other, one half once more, and the right number of speakers."""

import pytest

from tests.clip_world import ClipWorld, modal
from tests.world import ADA, BEN, CLEO, ROOT, action_ids, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SHORT = (ROOT / "examples" / "short.flac").read_bytes()
SUFFIXES = ["json", "rttm", "srt", "txt", "vtt"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with ClipWorld(tmp_path_factory.mktemp("again")) as world:
        world.start("bot", "worker")
        yield world


def run_again(world, where, user, rule, number):
    result = world.wait_done(where)
    world.press(user, result, "clip.again_open", channel=where[0])
    view = modal(world, user, "clip.again")
    values = {
        "clip.again_rule_block": {"clip.again_rule": rule},
        "clip.again_number_block": {"clip.again_number": number},
    }
    world.people.submit(user, view["id"], values)
    return result


class TestNumberOfSpeakers:
    def test_new_result_takes_the_place_of_the_old_one_and_of_its_files(self, running):
        where = running.give(ADA, "count.flac", SHORT)
        before = running.wait_done(where)
        assert "2 speakers" in before["text"]
        assert "Labels by the embedded engine." in before["text"]
        run_again(running, where, ADA, "exactly", "1")
        after = running.wait_said(where, "1 speaker,", without="Running again")
        assert after["ts"] == before["ts"]
        assert "We kept to the number of speakers you gave" in after["text"]
        running.wait_state(where, "done")
        wait_until(lambda: running.shared_suffixes(where) == SUFFIXES)

    def test_upload_that_slack_no_longer_has_keeps_the_result_and_says_so(self, running):
        where = running.give(BEN, "gone.flac", SHORT)
        running.wait_done(where)
        found = running.rows("SELECT file_id FROM clip WHERE name = 'gone.flac'")
        running.people.do("delete_file", user=BEN, file_id=found[0].file_id)
        offer = running.wait_said(where, "are still here until you delete them")
        assert action_ids(offer) == ["clip.delete"]
        run_again(running, where, BEN, "at_least", "3")
        kept = running.wait_said(where, "Check that it has not been deleted")
        assert "2 speakers" in kept["text"]
        assert "clip.again_open" in action_ids(kept)

    def test_later_run_can_be_stopped_and_the_result_stays(self, running):
        where = running.give(CLEO, "stop.flac", SHORT)
        running.wait_done(where)
        running.stop("worker")
        run_again(running, where, CLEO, "at_most", "1")
        waiting = running.wait_said(where, "Running again: waiting")
        assert "2 speakers" in waiting["text"]
        running.press(CLEO, waiting, "clip.cancel", channel=where[0])
        kept = running.wait_said(where, "The new run was stopped", without="Running again")
        assert "2 speakers" in kept["text"]
        assert running.state_of(where) == "done"
        running.start("worker")


class TestRecording:
    def test_how_it_was_made_is_asked_and_shown_with_advice(self, running):
        where = running.give(ADA, "room.flac", SHORT, agree=False)
        notice = running.wait_said(where, "May we label")
        running.press(ADA, notice, "clip.recorded", channel=where[0], selected="room")
        running.agree(ADA, where[0], notice, "label", "others")
        result = running.wait_done(where)
        assert "Recorded with: a microphone across the room." in result["text"]
        assert "Next time put it on the table" in result["text"]


class TestHalves:
    def test_words_that_fail_leave_the_labels_and_can_be_tried_again(self, tmp_path):
        with ClipWorld(tmp_path, WHOSPOKE_WHISPER="no-such-model") as world:
            world.start("bot", "worker")
            where = world.give(ADA, "half.flac", SHORT)
            result = world.wait_done(where)
            assert "2 speakers" in result["text"]
            assert "which is no Whisper model" in result["text"]
            assert {"clip.try_words", "clip.again_open"} <= set(action_ids(result))
            wait_until(lambda: world.shared_suffixes(where) == SUFFIXES)
            world.stop("worker")
            del world._env["WHOSPOKE_WHISPER"]
            world.start("worker")
            world.press(ADA, result, "clip.try_words", channel=where[0])
            view = modal(world, ADA, "clip.words_again")
            world.people.submit(ADA, view["id"], {"clip.hot_words": {"clip.hot_words": "harbour"}})
            again = world.wait_said(where, "Words by", without="Running again")
            assert "Write the words again" in str(again["blocks"])
            world.wait_state(where, "done")
            wait_until(lambda: world.shared_suffixes(where) == SUFFIXES)

    def test_labels_that_fail_leave_the_words_and_can_be_tried_again(self, tmp_path):
        with ClipWorld(tmp_path, WHOSPOKE_CACHE_DIR=str(tmp_path / "empty")) as world:
            world.start("bot", "worker")
            where = world.give(ADA, "half.flac", SHORT)
            result = world.wait_done(where)
            assert "models pull" in result["text"]
            assert "clip.try_labels" in action_ids(result)
            assert "clip.again_open" not in action_ids(result)
            world.stop("worker")
            del world._env["WHOSPOKE_CACHE_DIR"]
            world.start("worker")
            world.press(ADA, result, "clip.try_labels", channel=where[0])
            assert "2 speakers" in world.wait_said(where, "Labels by the embedded engine")["text"]
