"""A recording arrives, once or again: who is asked, who is told how it stands, and who is refused."""

import pytest

from bot.errors import FileRefusedError
from bot.messenger import SlackFile
from bot.use_cases.label_clip import decline, delete
from bot.use_cases.receive_clip import Where, ensure_acceptable, offer_consent
from tests.clip_parts import DM, OWNER, TEAM, clip_now, put_clip

FILE = SlackFile("Fc1", OWNER, "talk.m4a", "audio/mp4", 900, is_external=False)
HERE = Where(DM, "1.0")


def texts(bench):
    return [message.text for message in bench.messenger.posts.values()]


def by_file(bench):
    with bench.database.begin() as tx:
        return tx.clips.by_file(TEAM, "Fc1")


class TestFirstTime:
    def test_the_uploader_is_asked_and_nothing_is_enqueued(self, bench, ada):
        offer_consent(bench.deps, ada, FILE, HERE, "event:1")
        assert ["May we label" in text for text in texts(bench)] == [True]
        assert by_file(bench).state == "asking"

    def test_the_same_request_again_asks_no_second_time(self, bench, ada):
        bench.messenger.dies_after.add("post")
        with pytest.raises(ConnectionResetError):
            offer_consent(bench.deps, ada, FILE, HERE, "event:1")
        offer_consent(bench.deps, ada, FILE, HERE, "event:1")
        assert len(texts(bench)) == 1

    def test_asked_for_in_a_channel_the_notice_begins_the_thread(self, bench, ada):
        where = Where(DM, None, {"channel_id": "C1", "ts": "8.0"})
        offer_consent(bench.deps, ada, FILE, where, "event:1")
        clip = by_file(bench)
        assert (DM, clip.thread_ts) in bench.messenger.posts
        assert clip.posted["origin"] == {"channel_id": "C1", "ts": "8.0"}


class TestAgain:
    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("asking", "waits for your answer"),
            ("queued", "waits for its turn"),
            ("running", "is being labelled right now"),
            ("replying", "is labelled already"),
            ("done", "is labelled already"),
            ("failed", "could not be labelled"),
        ],
    )
    def test_who_asks_again_is_told_how_it_stands_with_the_way_there(self, bench, ada, state, said):
        put_clip(bench, state=state)
        for _ in range(2):
            offer_consent(bench.deps, ada, FILE, Where(DM, "9.0"), "event:2")
        (text,) = texts(bench)
        assert said in text
        assert f"https://slack.test/{DM}/2.0" in str(next(iter(bench.messenger.posts.values())).blocks)
        assert by_file(bench).clip_id == "c1"

    def test_after_a_no_one_may_think_again(self, bench, ada):
        offer_consent(bench.deps, ada, FILE, HERE, "event:1")
        first = decline(bench.deps, ada, by_file(bench).clip_id)
        offer_consent(bench.deps, ada, FILE, HERE, "event:2")
        assert by_file(bench).state == "asking"
        assert by_file(bench).clip_id != first.clip_id
        assert sum("May we label" in text for text in texts(bench)) == 2

    def test_what_was_deleted_or_has_expired_is_asked_about_anew(self, bench, ada):
        put_clip(bench)
        delete(bench.deps, ada, "c1")
        offer_consent(bench.deps, ada, FILE, HERE, "event:2")
        assert by_file(bench).state == "asking"
        assert by_file(bench).name == "talk.m4a"
        assert clip_now(bench).state == "deleted", "where our messages were is still known"


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"is_external": True}, "outside this workspace"),
            ({"user_id": "U2"}, "Only the person who uploaded"),
            ({"size_bytes": 2**31}, "larger than 1 GiB"),
            ({"size_bytes": 0}, "is empty"),
        ],
    )
    def test_with_the_reason(self, ada, changes, said):
        fields = {"file_id": "F", "user_id": OWNER, "name": "a.wav", "mimetype": "audio/wav", "size_bytes": 9}
        file = SlackFile(**({**fields, "is_external": False} | changes))
        with pytest.raises(FileRefusedError, match=said):
            ensure_acceptable(file, ada)

    def test_what_is_no_recording(self, bench, ada):
        with pytest.raises(FileRefusedError, match="does not look like a recording"):
            offer_consent(
                bench.deps, ada, SlackFile("F", OWNER, "a.pdf", "application/pdf", 9, False), HERE, "event:1"
            )
