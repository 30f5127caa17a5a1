"""A message that must be said once is claimed once, per workspace."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class TestClaim:
    def test_first_claim_is_new_and_later_ones_are_not(self, database):
        with database.begin() as tx:
            first, was_new = tx.posts.claim("T1", "clip:1", "D1", "1.0", NOW)
            again, was_new_again = tx.posts.claim("T1", "clip:1", "D1", "1.0", NOW)
        assert (was_new, was_new_again) == (True, False)
        assert first == again
        assert first.ts is None

    def test_noted_ts_is_found_again(self, database):
        with database.begin() as tx:
            tx.posts.claim("T1", "k", "D1", None, NOW)
            tx.posts.sent("T1", "k", "7.1")
        with database.begin() as tx:
            post, was_new = tx.posts.claim("T1", "k", "D1", None, NOW)
            assert (post.ts, was_new) == ("7.1", False)
            assert tx.posts.known_ts("T1", "D1") == {"7.1"}

    def test_all_about_one_thing_are_found_sent_or_not(self, database):
        with database.begin() as tx:
            for key in ("clip:1:notice", "clip:1:shared", "clip:12:notice", "clip_1:notice"):
                tx.posts.claim("T1", key, "D1", None, NOW)
            tx.posts.claim("T2", "clip:1:notice", "D1", None, NOW)
            tx.posts.sent("T1", "clip:1:shared", "7.1")
            found = tx.posts.about("T1", "clip:1")
        assert [(post.key, post.ts) for post in found] == [("clip:1:notice", None), ("clip:1:shared", "7.1")]

    def test_another_workspace_has_its_own(self, database):
        with database.begin() as tx:
            tx.posts.claim("T1", "k", "D1", None, NOW)
            tx.posts.sent("T1", "k", "7.1")
            _, was_new = tx.posts.claim("T2", "k", "D1", None, NOW)
            assert was_new
            assert tx.posts.known_ts("T2", "D1") == set()


class TestRetention:
    def test_old_claims_go_but_for_what_is_said_for_good(self, database):
        with database.begin() as tx:
            for key in ("clip:1:notice", "certificate:7"):
                tx.posts.claim("T1", key, "D1", None, NOW - timedelta(days=400))
            tx.posts.claim("T1", "clip:2:notice", "D1", None, NOW)
            assert tx.posts.delete_before(NOW - timedelta(days=120), ["certificate:"]) == 1
        with database.read() as tx:
            assert tx.posts.find("T1", "clip:1:notice") is None
            assert tx.posts.find("T1", "certificate:7")
            assert tx.posts.find("T1", "clip:2:notice")

    def test_old_events_go_whether_handled_or_not(self, database):
        with database.begin() as tx:
            tx.inbox.add("T1", "handled", "message", {"text": "x"}, NOW - timedelta(days=8))
            tx.inbox.handled("handled", NOW)
            tx.inbox.add("T2", "lost", "message", {"text": "x"}, NOW - timedelta(days=8))
            tx.inbox.add("T1", "young", "message", {"text": "x"}, NOW)
            assert tx.inbox.delete_before(NOW - timedelta(days=7)) == 2
            assert tx.inbox.get("young")
