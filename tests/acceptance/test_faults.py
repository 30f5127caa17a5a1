"""What people and networks do to the app: repeated events, 429s, cut sockets, bad files, old buttons."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from storage.database import Database
from tests.media_corpus import silent_video, wav
from tests.world import ADA, BEN, CLEO, GENERAL, World, action_ids, bot_messages, unfinished_jobs, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
CLIP = (Path(__file__).parents[2] / "examples" / "short.flac").read_bytes()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    (folder / "tmp").mkdir()
    with World(folder, TMPDIR=str(folder / "tmp")) as running:
        running.start("bot", "worker")
        yield running


def offer(world, user, name, content):
    channel = world.dm(user)
    upload = world.people.upload(user, channel, {name: content})
    notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
    return channel, upload, notice


def thread_texts(world, channel, thread_ts):
    return [m["text"] for m in world.messages(channel, thread_ts=thread_ts)]


def wait_idle(world, timeout_s=40):
    database = Database(world.database_url)
    try:
        wait_until(lambda: not unfinished_jobs(database), timeout_s)
    finally:
        database.close()
    world.wait_shared()


def num_downloads(world, file_id):
    return world.people.state()["files"][file_id].get("num_downloads", 0)


class TestEvents:
    def test_delivered_six_times_it_has_one_effect(self, world):
        channel, upload, notice = offer(world, ADA, "again.flac", CLIP)
        for _ in range(5):
            world.people.do("fault", repeat_events=3)
        wait_idle(world)
        assert len(thread_texts(world, channel, upload["ts"])) == 1
        world.press(ADA, notice, "clip.decline", channel=channel)

    def test_words_said_once_are_answered_once(self, world):
        channel = world.dm(CLEO)
        world.people.message(CLEO, channel, "hello?")
        world.wait_message(channel, "/whospoke start")
        for _ in range(5):
            world.people.do("fault", repeat_events=1)
        wait_idle(world)
        assert sum("/whospoke start" in m["text"] for m in world.messages(channel)) == 1

    def test_nothing_is_lost_when_sockets_are_cut(self, world):
        channel = world.dm(BEN)
        for _ in range(3):
            world.people.do("fault", drop_sockets=True)
        before = len(world.messages(channel))
        world.people.message(BEN, channel, "are you there?")
        world.wait(lambda state: len(bot_messages(state, channel)) > before, 40)
        assert world.people.state()["events_lost"] == 0

    def test_a_refreshed_socket_loses_nothing(self, world):
        channel = world.dm(BEN)
        before = len(world.messages(channel))
        world.people.do("fault", refresh_sockets=True)
        world.people.message(BEN, channel, "and now?")
        world.wait(lambda state: len(bot_messages(state, channel)) > before, 40)
        wait_idle(world)
        assert len(world.messages(channel)) == before + 1


class TestRateLimits:
    @pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "files.info"])
    def test_a_429_delays_and_loses_nothing(self, world, method):
        limit = {"method": method, "times": 2, "retry_after_s": 1}
        world.people.do("fault", rate_limit=limit)
        channel, upload, notice = offer(world, BEN, f"{method}.flac", CLIP)
        world.press(BEN, notice, "clip.decline", channel=channel)
        world.wait_message(channel, "Nothing was fetched", thread_ts=upload["ts"])

    def test_an_error_of_slacks_is_tried_again(self, world):
        world.people.do("fault", fail={"method": "chat.postMessage", "error": "internal_error", "times": 2})
        channel, upload, notice = offer(world, BEN, "hiccup.flac", CLIP)
        wait_idle(world)
        assert len(thread_texts(world, channel, upload["ts"])) == 1
        world.press(BEN, notice, "clip.decline", channel=channel)


class TestConsent:
    def test_declined_means_never_fetched(self, world):
        channel, upload, notice = offer(world, ADA, "private.flac", CLIP)
        world.press(ADA, notice, "clip.decline", channel=channel)
        world.wait_message(channel, "Nothing was fetched", thread_ts=upload["ts"])
        wait_idle(world)
        assert num_downloads(world, upload["file_ids"][0]) == 0

    def test_before_the_press_nothing_is_fetched_and_after_it_once(self, world):
        channel, upload, notice = offer(world, ADA, "asked.flac", CLIP)
        wait_idle(world)
        assert num_downloads(world, upload["file_ids"][0]) == 0
        world.agree(ADA, channel, notice, "label", "others")
        world.wait_message(channel, "Who spoke when", thread_ts=upload["ts"], timeout_s=60)
        wait_idle(world)
        assert num_downloads(world, upload["file_ids"][0]) == 1

    def test_no_picture_is_made_unless_its_box_is_ticked(self, world):
        channel, upload, notice = offer(world, CLEO, "unseen.flac", CLIP)
        world.agree(CLEO, channel, notice, "label", "others")
        result = world.wait_message(channel, "Who spoke when", thread_ts=upload["ts"], timeout_s=60)
        wait_idle(world)
        result = next(m for m in world.messages(channel) if m["ts"] == result["ts"])
        assert not any(block["type"] == "image" for block in result["blocks"])
        ours = [f for f in world.people.state()["files"].values() if f["user"] == "U0BOT"]
        assert not any(f["name"] == "timeline.png" and channel in f["shown_in"] for f in ours)


class TestChangesOfMind:
    def under_way(self, world, user, name):
        channel, upload, notice = offer(world, user, name, CLIP)
        world.agree(user, channel, notice, "label", "others", "pictures")
        placeholder = world.wait_message(channel, name, thread_ts=upload["ts"], timeout_s=40)
        working = world.wait(partial(_cancellable, channel=channel, thread_ts=upload["ts"]), 40)
        assert placeholder
        return channel, upload, working

    def test_cancel_in_the_middle_leaves_one_sentence(self, world):
        channel, upload, working = self.under_way(world, ADA, "cancel.flac")
        world.press(ADA, working, "clip.cancel", channel=channel)
        world.wait_message(channel, "was cancelled", thread_ts=upload["ts"])
        wait_idle(world)
        texts = thread_texts(world, channel, upload["ts"])
        assert len(texts) == 1
        assert "SPEAKER" not in texts[0]

    def test_deleting_the_upload_stops_the_work(self, world):
        channel, upload, _ = self.under_way(world, ADA, "gone.flac")
        world.people.do("delete_file", user=ADA, file_id=upload["file_ids"][0])
        world.wait_message(channel, "You deleted gone.flac, so the work on it was stopped")
        wait_idle(world)
        texts = [t for t in thread_texts(world, channel, upload["ts"]) if t]
        assert len(texts) == 1
        assert not any(m.get("files") for m in world.messages(channel, thread_ts=upload["ts"]))

    def test_deleting_everything_takes_our_messages_and_files_out_of_slack(self, world):
        user = "U0DEV"
        channel, card = world.start_course(user)
        summary = world.take_quiz(user, channel, world.read_lesson(user, channel, card))
        world.press(user, summary, "lab.open", channel=channel)
        lab = world.wait_message(channel, "Your mission")
        world.people.message(user, channel, "Do labels tell us the names of people?", thread_ts=lab["ts"])
        world.wait_message(channel, "of 3", thread_ts=lab["ts"])
        _, upload, notice = offer(world, user, "mine.flac", CLIP)
        world.agree(user, channel, notice, "label", "others", "pictures")
        world.wait(partial(_num_files, channel=channel, thread_ts=upload["ts"], number=5), 60)
        wait_idle(world)
        held = world.people.command(user, GENERAL, "/whospoke", "privacy")
        assert "1 clip" in held["text"]
        world.people.press(user, "privacy.delete_all", channel=GENERAL, message_ts=held["ts"])
        world.wait_message(channel, "Deleted: 1 clip")
        wait_idle(world)
        assert world.messages(channel, thread_ts=upload["ts"]) == []
        assert world.messages(channel, thread_ts=lab["ts"]) == []
        assert not any("Your mission" in m["text"] for m in world.messages(channel))
        files = world.people.state()["files"].values()
        assert not [
            f for f in files if "mine" in f["name"] and f["user"] == "U0BOT" and f["state"] != "deleted"
        ]
        again = world.people.command(user, GENERAL, "/whospoke", "privacy")
        assert "0 clips" in again["text"]
        world.people.message(user, channel, "hello again")
        world.wait(lambda state: "/whospoke start" in bot_messages(state, channel)[-1]["text"])


def _cancellable(state, channel, thread_ts):
    return next((m for m in bot_messages(state, channel, thread_ts) if "clip.cancel" in action_ids(m)), None)


def _num_files(state, channel, thread_ts, number):
    return sum(len(m.get("files") or []) for m in bot_messages(state, channel, thread_ts)) >= number


def _bad_files():
    """Files that people do send, each with what the answer has to say of it."""
    yield "silent.wav", wav(np.zeros(48_000)), "found no speech"
    yield "text.wav", b"Dear diary, today nothing was recorded at all.\n" * 40, "not a recording we can read"
    yield "broken-off.flac", CLIP[:60], "breaks off"
    yield "mute.mp4", silent_video(), "no sound track"
    boasting = bytearray(wav(np.zeros(48_000)))
    boasting[40:44] = (2**32 - 40).to_bytes(4, "little")
    yield "boasting.wav", bytes(boasting), "found no speech"


class TestBadFiles:
    @pytest.mark.parametrize(
        ("name", "content", "said"), [pytest.param(*one, id=one[0]) for one in _bad_files()]
    )
    def test_the_message_says_what_and_what_to_do_and_nothing_is_left(self, world, name, content, said):
        channel, upload, notice = offer(world, ADA, name, content)
        world.agree(ADA, channel, notice, "label", "others")
        failed = world.wait_message(channel, "could not be labelled", thread_ts=upload["ts"], timeout_s=40)
        assert said in failed["text"]
        assert "Traceback" not in failed["text"]
        wait_idle(world)
        assert _left_behind(world) == []

    def test_after_all_of_this_the_worker_still_works_and_left_nothing(self, world):
        channel, upload, notice = offer(world, BEN, "fine.flac", CLIP)
        world.agree(BEN, channel, notice, "label", "others")
        world.wait_message(channel, "Who spoke when", thread_ts=upload["ts"], timeout_s=60)
        wait_idle(world)
        assert _left_behind(world) == []


def _left_behind(world):
    return [p for p in (world.folder / "tmp").rglob("*") if p.is_file() and p.stat().st_size]


def _press_agree(world, channel, notice):
    return world.people.control(
        "press", user=CLEO, channel=channel, message_ts=notice["ts"], action_id="clip.agree"
    )


class TestOldButtons:
    def test_agreeing_twice_starts_the_work_once(self, world):
        channel, upload, notice = offer(world, CLEO, "twice.flac", CLIP)
        world.press(CLEO, notice, "clip.purposes", channel=channel, selected=["label", "others"])
        twice = [partial(_press_agree, world, channel, notice) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            answers = [pressed.result() for pressed in [pool.submit(press) for press in twice]]
        assert any(answer["ok"] for answer in answers)
        if all(answer["ok"] for answer in answers):  # the second press came before its button was gone
            world.wait(lambda _: [t for t in world.whispers(CLEO) if "has moved on" in t])
        world.wait_message(channel, "Who spoke when", thread_ts=upload["ts"], timeout_s=60)
        wait_idle(world)
        assert num_downloads(world, upload["file_ids"][0]) == 1

    def test_somebody_elses_card_in_a_channel_begins_ones_own_course(self, world):
        answer = world.people.command(CLEO, GENERAL, "/whospoke", "start")
        refused = world.people.control(
            "press", user=BEN, channel=GENERAL, message_ts=answer["ts"], action_id="together.offer"
        )
        assert refused["ok"] is False, "what only Cleo was shown only Cleo can press"


class TestNoWeights:
    def test_words_alone_and_the_command_that_brings_the_weights(self, tmp_path):
        with World(tmp_path, WHOSPOKE_CACHE_DIR=str(tmp_path / "empty")) as world:
            world.start("bot", "worker")
            channel, upload, notice = offer(world, ADA, "talk.flac", CLIP)
            world.agree(ADA, channel, notice, "label", "others", "pictures")
            result = world.wait_message(
                channel, "python -m diarize_worker models pull", thread_ts=upload["ts"], timeout_s=60
            )
            wait_idle(world)
            assert "SPEAKER_" not in result["text"]
            names = {
                world.people.state()["files"][f]["name"]
                for m in world.messages(channel, thread_ts=upload["ts"])
                for f in m.get("files") or []
            }
            assert all(name.endswith(".txt") for name in names)
            assert names
