"""A workspace that leaves takes what was said there with it, and nothing of any other workspace."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.schema import metadata
from storage.team_jobs import cancel_jobs_of
from tests.contract.test_storage_workspaces_apart import _fill

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
GONE = {"lab_session", "lab_turn", "appeal", "roster", "directory_entry", "workspace_file"}


@pytest.fixture
def filled(database: Database) -> Database:
    with database.begin() as tx:
        for team in ("T1", "T2"):
            _fill(tx, team)
            for number, owner in enumerate((f"{team}:U1", f"{team}:U2")):
                tx.jobs.enqueue("w", "q", f"w:{owner}:{number}", user_key=owner, partition_key=owner)
            tx.jobs.enqueue("w", "q", f"remove:{team}:clip", partition_key=f"{team}:clip")
    return database


def leave(database: Database, team: str) -> None:
    with database.begin() as tx:
        tx.departure.stop_the_clock(team, LATER)
        tx.departure.forget_installation(team)
        tx.departure.forget_what_was_said(team, LATER)


def rows(database: Database, team: str) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    with database.connect() as connection:
        return {
            table.name: list(connection.execute(sa.select(table).where(table.c.team_id == team)))
            for table in metadata.sorted_tables
            if "team_id" in table.c
        }


def test_what_was_said_goes_and_what_was_learned_stays(filled: Database) -> None:
    before = rows(filled, "T1")
    leave(filled, "T1")
    after = rows(filled, "T1")
    assert {name for name, found in after.items() if not found and before[name]} == GONE
    for name in ("completed_step", "attempt", "certificate", "consent", "audit", "enrolment"):
        assert after[name] == before[name]
    assert all(row.user_id is None for row in after["lab_usage"])
    assert all(row.payload is None for row in after["inbox"])
    assert all(row.dm_channel_id is None for row in after["learner"])
    assert not any(row.is_on for row in after["review_plan"])
    assert all(row.archived_at for row in after["cohort"])


def test_other_workspaces_stay_as_they_are(filled: Database) -> None:
    before = rows(filled, "T2")
    leave(filled, "T1")
    assert rows(filled, "T2") == before


def test_its_clips_are_known_until_they_are_forgotten(filled: Database) -> None:
    with filled.begin() as tx:
        assert tx.departure.owners_of_clips("T1") == [("clip", "U1")]
        tx.clips.forget("T1", "clip", LATER)
        assert tx.departure.owners_of_clips("T1") == []


def test_its_jobs_are_cancelled_but_the_one_that_asks(filled: Database) -> None:
    def waiting() -> set[str]:
        unfinished = ["ENQUEUED", "DELAYED", "PENDING"]
        found = filled.jobs_client.list_workflows(status=unfinished, load_input=False, load_output=False)
        return {job.workflow_id for job in found}

    others = {job for job in waiting() if "T1" not in job}
    assert cancel_jobs_of(filled, "T1", but="w:T1:U1:0") >= 2
    assert waiting() == others | {"w:T1:U1:0"}
    assert cancel_jobs_of(filled, "T1", but="w:T1:U1:0") == 0
