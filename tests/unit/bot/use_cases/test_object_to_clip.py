"""Anybody who was recorded can object where a result was shared: it goes at once, and the uploader is told."""

import pytest

from bot.errors import FileRefusedError, NotThereAnyMoreError, StaleButtonError
from bot.messenger import SlackFile
from bot.people import Person
from bot.use_cases.object_to_clip import object_to_clip, tell_objection
from bot.use_cases.receive_clip import Where, offer_consent
from bot.use_cases.remove_posts import remove_posts_of
from bot.use_cases.share_clip import share_clip
from bot.use_cases.show_clip import show_clip
from tests.clip_parts import DM, TEAM, clip_now, job_names, put_clip

BEN = Person(TEAM, "U2")


@pytest.fixture
def shared(bench, ada):
    put_clip(bench, state="replying", posted={"origin": {"channel_id": "C1", "ts": "8.0"}})
    show_clip(bench.deps, TEAM, "c1")
    share_clip(bench.deps, ada, "c1")
    return bench


def shared_ts(bench):
    return next(ts for channel, ts in bench.messenger.posts if channel == "C1")


class TestObjection:
    def test_deletes_what_was_derived_and_what_was_shared(self, shared, ada):
        ts = shared_ts(shared)
        object_to_clip(shared.deps, BEN, "c1", "C1", keep_ts=ts)
        assert clip_now(shared).state == "deleted"
        with shared.database.begin() as tx:
            assert tx.clips.load(TEAM, "c1", "result") is None
            assert not tx.consent.latest(TEAM, "c1").given
            assert tx.consent.latest(TEAM, "c1").user_id == ada.user_id, "it was the uploader's consent"
        assert {"remove_posts", "tell_objection"} <= set(job_names(shared))
        remove_posts_of(shared.deps, TEAM, "c1", ts)
        assert set(shared.messenger.posts) == {("C1", ts)}, "which says what happened"
        assert shared.messenger.uploads == {}

    def test_the_uploader_is_told_and_not_who_it_was(self, shared):
        object_to_clip(shared.deps, BEN, "c1", "C1", keep_ts=None)
        for _ in range(2):
            tell_objection(shared.deps, TEAM, "c1")
        told = [m for (channel, ts), m in shared.messenger.posts.items() if channel == DM and ts != "2.0"]
        (message,) = told
        assert "objected to its labelling" in message.text
        assert "U2" not in str(message)
        assert "https://slack.test/C1/8.0" in str(message.blocks)
        remove_posts_of(shared.deps, TEAM, "c1", None)
        assert message in shared.messenger.posts.values(), "it stays when the rest is taken back"

    def test_counts_once(self, shared):
        object_to_clip(shared.deps, BEN, "c1", "C1", keep_ts=None)
        with pytest.raises(NotThereAnyMoreError):
            object_to_clip(shared.deps, BEN, "c1", "C1", keep_ts=None)

    @pytest.mark.parametrize("channel", ["C2", "", DM])
    def test_is_for_those_to_whom_it_was_shown(self, shared, channel):
        with pytest.raises(StaleButtonError):
            object_to_clip(shared.deps, BEN, "c1", channel, keep_ts=None)
        assert clip_now(shared).state == "done"

    def test_a_clip_that_was_never_shared_is_nobodys_to_object_to(self, bench):
        put_clip(bench)
        with pytest.raises(StaleButtonError):
            object_to_clip(bench.deps, BEN, "c1", "C1", keep_ts=None)

    def test_the_same_file_is_not_labelled_again(self, shared, ada):
        object_to_clip(shared.deps, BEN, "c1", "C1", keep_ts=None)
        file = SlackFile("Fc1", ada.user_id, "talk.m4a", "audio/mp4", 900, is_external=False)
        with pytest.raises(FileRefusedError, match="objected"):
            offer_consent(shared.deps, ada, file, Where(DM, "9.0"), "event:9")


class TestSharing:
    def test_of_a_clip_deleted_meanwhile_is_taken_back(self, bench, ada):
        put_clip(bench, posted={"origin": {"channel_id": "C1", "ts": "8.0"}})
        real = bench.messenger.post

        def post(channel_id, message, **more):
            with bench.database.begin() as tx:
                tx.clips.forget(TEAM, "c1", bench.now)
            return real(channel_id, message, **more)

        bench.messenger.post = post
        with pytest.raises(NotThereAnyMoreError):
            share_clip(bench.deps, ada, "c1")
        assert bench.messenger.posts == {}
