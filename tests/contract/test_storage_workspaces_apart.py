"""The same ids in two workspaces: what one stores, the other never sees, table by table."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage.certificates import Certificate
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.database import Database
from storage.reviews import ReviewCard, ReviewPlan
from storage.schema import metadata
from storage.transaction import Transaction
from tests.contract import manager_rows

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

#: Not of one workspace: the course itself, the job engine's notes and how long clips take, which hold no one's content.
_SHARED = {"content", "executor_lease", "given_up_job", "clip_pace"}


def _fill(tx: Transaction, team: str) -> None:
    """Store something in every table, under the same ids each time; every value names its workspace."""
    tx.workspaces.see(team, None, f"name {team}", NOW)
    tx.workspaces.remember_file(team, "hash", f"F {team}", NOW)
    tx.learners.see(team, "U1", NOW)
    tx.learners.set_dm_channel(team, "U1", f"D {team}")
    tx.progress.complete(team, "U1", "m6", "step", NOW if team == "T1" else LATER)
    tx.progress.bookmark(team, "U1", "m6", "lesson", f"card {team}", NOW)
    tx.attempts.start(team, "a1", "U1", "m6", "q1", f"version {team}", 7, NOW)
    tx.attempts.answer(team, "a1", "x", 1 if team == "T1" else 2, True, NOW)
    tx.labs.open(team, "s1", "U1", "m6", "lab", "D1", "1.0", f"version {team}", "scripted", NOW)
    tx.labs.add_turn(team, "s1", "t1", "learner", f"text {team}", "1.1", NOW)
    tx.labs.record_usage(team, "s1", "U1", "lab", "model", 1 if team == "T1" else 2, 0, 0, NOW)
    tx.clips.add(_clip(team))
    tx.clip_queue.join(_clip(team), f"run {team}", NOW)
    tx.clips.save(team, "clip", "words", {"of": team}, NOW)
    tx.clips.save_picture(team, "clip", "timeline", team.encode(), f"alt {team}", NOW)
    tx.references.add(team, "clip", f"U1 {team}", {"of": team}, NOW)
    tx.consent.append(ConsentRecord("c1", team, "U1", "clip", {}, f"notice {team}", True, NOW))
    tx.inbox.add(team, f"E {team}", "message", {}, NOW)
    tx.audit.append(team, "U1", f"did {team}", "subject", {}, NOW)
    tx.posts.claim(team, "key", f"C {team}", None, NOW)
    tx.reviews.set_plan(ReviewPlan(team, "U1", True, 9, False, f"zone {team}", NOW))
    tx.reviews.put(team, "U1", "m6", ReviewCard("x", 1.0 if team == "T1" else 2.0, 5.0, NOW, NOW))
    tx.reviews.open_round(team, "r1", "U1", "m6", "2026-03-02", f"version {team}", 7, ["x"], NOW)
    tx.reviews.answer(team, "r1", "x", 1 if team == "T1" else 2, True, NOW)
    tx.certificates.issue(_certificate(team))
    manager_rows.fill(tx, team)


def _clip(team: str) -> Clip:
    return Clip(
        "clip", team, "F1", "U1", "D1", None, f"name {team}", "audio/mp4", 1, "queued", "", 0.0, None, None,
        None, None, None, NOW, NOW,
    )  # fmt: skip


def _certificate(team: str) -> Certificate:
    return Certificate(team, "CERT", "U1", "m6", f"title {team}", "a1", f"name {team}", 12, 15, NOW)


@pytest.fixture
def two_workspaces(database: Database) -> Database:
    with database.begin() as tx:
        _fill(tx, "T1")
        _fill(tx, "T2")
    return database


def _read_all(tx: Transaction, team: str) -> dict[str, object]:
    """What every method says about one workspace."""
    return {
        "workspace": tx.workspaces.get(team),
        "workspace_file": tx.workspaces.file_id(team, "hash"),
        "learner": tx.learners.get(team, "U1"),
        "progress": tx.progress.read(team, "U1", "m6"),
        "attempt": tx.attempts.get(team, "a1"),
        "unfinished": tx.attempts.unfinished(team, "U1", "m6", "q1"),
        "finished": tx.attempts.finished(team, "U1", "m6", "q1"),
        "session": tx.labs.get(team, "s1"),
        "by thread": tx.labs.by_thread(team, "D1", "1.0"),
        "latest": tx.labs.latest(team, "U1", "m6", "lab"),
        "turn": tx.labs.turn(team, "t1"),
        "turns": tx.labs.turns(team, "s1"),
        "tokens": tx.labs.tokens_since(team, "U1", NOW),
        "all tokens": tx.labs.tokens_since(team, None, NOW),
        "clip": tx.clips.get(team, "clip"),
        "by file": tx.clips.by_file(team, "F1"),
        "of user": tx.clips.of_user(team, "U1"),
        "document": tx.clips.load(team, "clip", "words"),
        "picture": tx.clips.picture(team, "clip", "timeline"),
        "reference": tx.references.current(team, "clip"),
        "references": tx.references.all(team, "clip"),
        "version": tx.references.get(team, "clip", 1),
        "consent": tx.consent.latest(team, "clip"),
        "consents": tx.consent.of_user(team, "U1"),
        "audit": tx.audit.of_subject(team, "subject"),
        "review plan": tx.reviews.plan(team, "U1"),
        "review cards": tx.reviews.cards(team, "U1", "m6"),
        "review round": tx.reviews.round(team, "r1"),
        "round of day": tx.reviews.round_of_day(team, "U1", "m6", "2026-03-02"),
        "certificate": tx.certificates.get(team, "CERT"),
        "certificate of user": tx.certificates.of_user(team, "U1", "m6"),
        **manager_rows.read(tx, team),
    }


def _rows(database: Database, team: str) -> dict[str, list[tuple[object, ...]]]:
    with database.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).where(table.c.team_id == team)).all()
            ]
            for table in metadata.sorted_tables
            if table.name not in _SHARED
        }


def test_every_table_belongs_to_a_workspace_or_is_known_to_be_shared() -> None:
    assert {table.name for table in metadata.sorted_tables if "team_id" not in table.c} == _SHARED
    for table in metadata.sorted_tables:
        for constraint in table.constraints | table.indexes:
            if isinstance(constraint, sa.UniqueConstraint) or (
                isinstance(constraint, sa.Index) and constraint.unique
            ):
                assert "team_id" in constraint.columns, f"{constraint.name} joins workspaces"


def test_both_have_rows_in_every_table(two_workspaces: Database) -> None:
    """Or the tests below would prove nothing for that table."""
    for team in ("T1", "T2"):
        for table, rows in _rows(two_workspaces, team).items():
            assert len(rows) == 1, table


def test_each_reads_its_own(two_workspaces: Database) -> None:
    with two_workspaces.begin() as tx:
        ours, theirs = _read_all(tx, "T1"), _read_all(tx, "T2")
        nobodys = _read_all(tx, "T3")
    for method, found in ours.items():
        assert "T2" not in repr(found), method
        assert "T1" not in repr(theirs[method]), method
        if found:
            assert found != theirs[method], method
        if method != "progress":
            assert not nobodys[method], method


CHANGES: dict[str, Callable[[Transaction], object]] = {
    "roles.revoke": lambda tx: tx.roles.revoke("T1", "U1", "manager"),
    "people.set_active": lambda tx: tx.people.set_active("T1", "U1", is_active=False),
    "cohorts.archive": lambda tx: tx.cohorts.archive("T1", "c1", LATER),
    "cohorts.set_digest": lambda tx: tx.cohorts.set_digest("T1", "c1", posts_digest=False),
    "enrolments.set_state": lambda tx: tx.enrolments.set_state("T1", "c1", "U1", "left", LATER),
    "enrolments.leave_all": lambda tx: tx.enrolments.leave_all("T1", "U1", LATER),
    "rosters.was_read": lambda tx: tx.rosters.was_read("T1", "r1", LATER),
    "reminders.delete": lambda tx: tx.reminders.delete("T1", "U1"),
    "appeals.answer": lambda tx: tx.appeals.answer("T1", "k1", "upheld", "yes", LATER),
    "appeals.delete": lambda tx: tx.appeals.delete("T1", "U1"),
    "workspaces.see": lambda tx: tx.workspaces.see("T1", "E9", "changed", LATER),
    "workspaces.remember_file": lambda tx: tx.workspaces.remember_file("T1", "hash", "F9", LATER),
    "learners.set_dm_channel": lambda tx: tx.learners.set_dm_channel("T1", "U1", "D9"),
    "learners.delete": lambda tx: tx.learners.delete("T1", "U1"),
    "progress.bookmark": lambda tx: tx.progress.bookmark("T1", "U1", "m6", "lesson", "card 9", LATER),
    "progress.delete": lambda tx: tx.progress.delete("T1", "U1"),
    "attempts.answer": lambda tx: tx.attempts.answer("T1", "a1", "y", 0, False, LATER),
    "attempts.show_in": lambda tx: tx.attempts.show_in("T1", "a1", "D9", "9.9"),
    "attempts.finish": lambda tx: tx.attempts.finish("T1", "a1", 1, LATER),
    "attempts.delete": lambda tx: tx.attempts.delete("T1", "U1"),
    "labs.set_tutor": lambda tx: tx.labs.set_tutor("T1", "s1", "anthropic"),
    "labs.set_exchanges": lambda tx: tx.labs.set_exchanges("T1", "s1", 9),
    "labs.complete": lambda tx: tx.labs.complete("T1", "s1", LATER),
    "labs.add_turn": lambda tx: tx.labs.add_turn("T1", "s1", "t2", "persona", "more", None, LATER),
    "labs.update_turn": lambda tx: tx.labs.update_turn("T1", "t1", text="changed", state="deleted"),
    "labs.delete_of": lambda tx: tx.labs.delete_of("T1", "U1", daily_share_since=LATER),
    "clips.update": lambda tx: tx.clips.update("T1", "clip", LATER, state="done"),
    "clips.change_posted": lambda tx: tx.clips.change_posted("T1", "clip", LATER, lambda _: {"a": 1}),
    "clips.move": lambda tx: tx.clips.move("T1", "clip", ["queued"], "running", LATER),
    "references.add": lambda tx: tx.references.add("T1", "clip", "U1", {"of": "changed"}, LATER),
    "references.take_back": lambda tx: tx.references.take_back("T1", "clip", 1, LATER),
    "clips.save": lambda tx: tx.clips.save("T1", "clip", "words", {"of": "changed"}, LATER),
    "clips.save_picture": lambda tx: tx.clips.save_picture("T1", "clip", "timeline", b"x", "x", LATER),
    "clips.forget": lambda tx: tx.clips.forget("T1", "clip", LATER),
    "consent.append": lambda tx: tx.consent.append(
        ConsentRecord("c2", "T1", "U1", "clip", {}, "v9", False, LATER)
    ),
    "inbox.handled": lambda tx: tx.inbox.handled("E T1", LATER),
    "audit.append": lambda tx: tx.audit.append("T1", "U1", "more", "subject", {}, LATER),
    "reviews.set_plan": lambda tx: tx.reviews.set_plan(ReviewPlan("T1", "U1", False, 8, True, "zone", LATER)),
    "reviews.put": lambda tx: tx.reviews.put("T1", "U1", "m6", ReviewCard("x", 9.0, 5.0, LATER, LATER)),
    "reviews.open_round": lambda tx: tx.reviews.open_round(
        "T1", "r2", "U1", "m6", "2026-03-03", "version", 7, ["x"], LATER
    ),
    "reviews.answer": lambda tx: tx.reviews.answer("T1", "r1", "y", 0, False, LATER),
    "reviews.delete": lambda tx: tx.reviews.delete("T1", "U1"),
    "certificates.set_file": lambda tx: tx.certificates.set_file("T1", "CERT", "F9", is_sent=True),
    "certificates.delete": lambda tx: tx.certificates.delete("T1", "U1"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_in_one_leaves_the_other_as_it_was(two_workspaces: Database, name: str) -> None:
    ours, theirs = _rows(two_workspaces, "T1"), _rows(two_workspaces, "T2")
    with two_workspaces.begin() as tx:
        CHANGES[name](tx)
    assert _rows(two_workspaces, "T1") != ours
    assert _rows(two_workspaces, "T2") == theirs
