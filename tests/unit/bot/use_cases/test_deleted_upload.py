"""A recording is deleted in Slack: what its uploader reads fits what there was, also after a crash."""

import pytest

from bot.people import Person
from bot.use_cases.handle_event import handle_event
from tests.clip_parts import DM, OWNER, TEAM, clip_now, put_clip, queue_clip


def delete_file(bench, event_id="E1"):
    with bench.database.begin() as tx:
        tx.inbox.add(TEAM, event_id, "file_deleted", {"file_id": "Fc1"}, bench.now)
    handle_event(bench.deps, event_id, OWNER)


def texts(bench):
    return [message.text for message in bench.messenger.posts.values()]


class TestDeletedUpload:
    def test_of_a_finished_clip_offers_to_delete_what_was_derived(self, bench):
        put_clip(bench)
        delete_file(bench)
        (text,) = texts(bench)
        assert "still here until you delete them" in text
        assert clip_now(bench).state == "done"

    @pytest.mark.parametrize("state", ["asking", "queued", "running", "failed"])
    def test_before_there_was_a_result_forgets_the_clip(self, bench, state):
        clip = put_clip(bench, state=state, is_labelled=False)
        if state == "queued":
            queue_clip(bench, clip)
        delete_file(bench)
        (text,) = texts(bench)
        assert "You deleted talk.m4a, so the work on it was stopped and nothing of it is kept." in text
        assert clip_now(bench).state == "deleted"

    @pytest.mark.parametrize("state", ["declined", "deleted"])
    def test_of_which_nothing_was_kept_is_nothing_to_talk_about(self, bench, state):
        put_clip(bench, state=state, is_labelled=False)
        delete_file(bench)
        assert texts(bench) == []

    def test_a_process_that_dies_before_it_has_told_tells_at_its_next_start(self, bench):
        put_clip(bench, state="queued", is_labelled=False)
        real, calls = bench.messenger.post, []

        def post(*args, **more):
            if not calls:
                calls.append(True)
                raise ConnectionResetError
            return real(*args, **more)

        bench.messenger.post = post
        with pytest.raises(ConnectionResetError):
            delete_file(bench)
        assert clip_now(bench).state == "deleted"
        for _ in range(2):
            handle_event(bench.deps, "E1", OWNER)
        (text,) = texts(bench)
        assert "nothing of it is kept" in text

    def test_where_the_notice_began_the_thread_it_is_said_outside_of_it(self, bench):
        put_clip(bench, state="asking", is_labelled=False, posted={"origin": {"channel_id": "C1", "ts": "8"}})
        delete_file(bench)
        with bench.database.begin() as tx:
            post = tx.posts.find(TEAM, "event:E1")
        assert (post.channel_id, post.thread_ts) == (DM, None)


def test_others_cannot_bring_it_about(bench):
    put_clip(bench)
    with bench.database.begin() as tx:
        tx.inbox.add("T2", "E2", "file_deleted", {"file_id": "Fc1"}, bench.now)
    handle_event(bench.deps, "E2", Person("T2", "U9").user_id)
    assert clip_now(bench).state == "done"
