"""What has been kept as long as was said goes by night; what is younger stays."""

from datetime import timedelta

import pytest

from bot.use_cases.keep_retention import keep_retention
from storage.clips import Clip
from storage.consent import ConsentRecord


def clip_of(bench, clip_id, days_old):
    at = bench.now - timedelta(days=days_old)
    return Clip(
        clip_id=clip_id,
        team_id="T1",
        file_id=f"F{clip_id}",
        user_id="U1",
        channel_id="D1",
        thread_ts="1.0",
        name="standup.m4a",
        mimetype="audio/mp4",
        size_bytes=9,
        state="done",
        stage="",
        share=1.0,
        placeholder_ts="2.0",
        consent_id=None,
        min_speakers=None,
        max_speakers=None,
        error=None,
        created_at=at,
        updated_at=at,
    )


@pytest.fixture
def kept(bench):
    with bench.database.begin() as tx:
        for clip_id, days_old in (("old", 31), ("young", 29)):
            tx.clips.add(clip_of(bench, clip_id, days_old))
            tx.clips.save("T1", clip_id, "result", {"words": ["secret"]}, bench.now)
        for session_id, days_old in (("then", 91), ("lately", 89)):
            at = bench.now - timedelta(days=days_old)
            tx.labs.open("T1", session_id, "U1", "m", "lab-1", "D1", session_id, "v", "scripted", at)
            tx.labs.add_turn("T1", session_id, f"{session_id}.1", "learner", "secret", "1.1", at)
    return bench


class TestKeepRetention:
    def test_lets_go_of_what_is_old_enough_and_no_more(self, kept):
        assert keep_retention(kept.deps) == 2
        with kept.database.begin() as tx:
            assert tx.clips.get("T1", "old").state == "deleted"
            assert tx.clips.load("T1", "old", "result") is None
            assert tx.clips.get("T1", "young").name == "standup.m4a"
            assert tx.clips.load("T1", "young", "result") == {"words": ["secret"]}
            assert tx.labs.get("T1", "then") is None
            assert [turn.text for turn in tx.labs.turns("T1", "lately")] == ["secret"]

    def test_the_logs_go_after_three_years(self, kept):
        with kept.database.begin() as tx:
            for number, years in ((1, 3.1), (2, 2.9)):
                at = kept.now - timedelta(days=365 * years)
                record = ConsentRecord(f"k{number}", "T1", "U1", "of-then", {}, "v1", True, at)
                tx.consent.append(record)
                tx.audit.append("T1", "U1", "clip_deleted", "clip:of-then", {"number": number}, at)
        keep_retention(kept.deps)
        with kept.database.begin() as tx:
            assert [one.consent_id for one in tx.consent.of_user("T1", "U1")] == ["k2"]
            assert [one.detail["number"] for one in tx.audit.of_subject("T1", "clip:of-then")] == [2]

    def test_of_a_clip_the_ids_go_three_years_after_it_was_forgotten(self, kept):
        keep_retention(kept.deps)
        kept.wait(days=3 * 365 - 1)
        keep_retention(kept.deps)
        with kept.database.begin() as tx:
            assert tx.clips.get("T1", "old"), "forgotten, and still known by its id"
        kept.wait(days=3)
        keep_retention(kept.deps)
        with kept.database.begin() as tx:
            assert tx.clips.get("T1", "old") is None
            assert tx.clips.get("T1", "young"), "which was forgotten later"

    def test_again_finds_nothing_more(self, kept):
        keep_retention(kept.deps)
        assert keep_retention(kept.deps) == 0

    def test_is_written_down(self, kept):
        keep_retention(kept.deps)
        with kept.database.begin() as tx:
            assert [entry.action for entry in tx.audit.of_subject("T1", "clip:old")] == ["clip_expired"]
