"""Versions of a reference count up, are never changed, and can be taken back one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.clips import Clip
from storage.database import Database
from storage.errors import ClipDeletedError, NoSuchRecordError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def clips(database: Database) -> Database:
    with database.begin() as tx:
        for clip_id in ("c1", "c2"):
            tx.clips.add(
                Clip(
                    clip_id,
                    "T1",
                    f"F-{clip_id}",
                    "UADA",
                    "D1",
                    None,
                    "a.wav",
                    "audio/wav",
                    1,
                    "done",
                    "",
                    1.0,
                    None,
                    None,
                    None,
                    None,
                    None,
                    NOW,
                    NOW,
                )
            )
    return database


class TestVersions:
    def test_count_up_for_each_clip_and_the_newest_is_current(self, clips: Database) -> None:
        with clips.begin() as tx:
            assert tx.references.current("T1", "c1") is None
            assert tx.references.add("T1", "c1", "UADA", {"turns": [1]}, NOW).version == 1
            second = tx.references.add("T1", "c1", "UADA", {"turns": [2]}, LATER)
            assert second.version == 2
            assert tx.references.add("T1", "c2", "UADA", {}, NOW).version == 1
        with clips.begin() as tx:
            assert tx.references.current("T1", "c1") == second
            assert [one.document for one in tx.references.all("T1", "c1")] == [{"turns": [1]}, {"turns": [2]}]

    def test_undo_goes_back_one_version_and_numbers_are_not_given_again(self, clips: Database) -> None:
        with clips.begin() as tx:
            tx.references.add("T1", "c1", "UADA", {"n": 1}, NOW)
            tx.references.add("T1", "c1", "UADA", {"n": 2}, NOW)
            assert not tx.references.take_back("T1", "c1", 1, LATER), "only the current one"
            assert tx.references.take_back("T1", "c1", 2, LATER)
            assert not tx.references.take_back("T1", "c1", 2, LATER), "once"
            current = tx.references.current("T1", "c1")
            assert current is not None
            assert current.version == 1
            gone = tx.references.get("T1", "c1", 2)
            assert gone is not None
            assert gone.taken_back_at == LATER
            assert tx.references.add("T1", "c1", "UADA", {"n": 3}, LATER).version == 3

    def test_go_with_the_clip(self, clips: Database) -> None:
        with clips.begin() as tx:
            tx.references.add("T1", "c1", "UADA", {"n": 1}, NOW)
            tx.references.add("T1", "c2", "UADA", {"n": 1}, NOW)
            tx.clips.forget("T1", "c1", LATER)
            assert tx.references.all("T1", "c1") == []
            assert len(tx.references.all("T1", "c2")) == 1
        with pytest.raises(ClipDeletedError, match="deleted by its uploader"), clips.begin() as tx:
            tx.references.add("T1", "c1", "UADA", {"n": 2}, LATER)

    def test_need_a_clip(self, clips: Database) -> None:
        with pytest.raises(NoSuchRecordError, match="no clip none"), clips.begin() as tx:
            tx.references.add("T1", "none", "UADA", {}, NOW)
