"""What each aggregate promises, on SQLite and on Postgres."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from storage.attempts import Answer, Attempt
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.database import Database
from storage.errors import ClipDeletedError, NoSuchRecordError, RefusedError
from storage.labs import LabSession, LabUse
from storage.learners import Learner
from storage.transaction import Transaction

NOW = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def make_clip(**changes: object) -> Clip:
    fields: dict[str, object] = {
        "clip_id": "clip-1",
        "team_id": "T1",
        "file_id": "F1",
        "user_id": "UADA",
        "channel_id": "D1",
        "thread_ts": None,
        "name": "stand-up.m4a",
        "mimetype": "audio/mp4",
        "size_bytes": 3_000_000_000,
        "state": "asking",
        "stage": "",
        "share": 0.0,
        "placeholder_ts": None,
        "consent_id": None,
        "min_speakers": None,
        "max_speakers": None,
        "error": None,
        "created_at": NOW,
        "updated_at": NOW,
        "posted": {},
    }
    return Clip(**{**fields, **changes})  # type: ignore[arg-type]


def make_record(**changes: object) -> ConsentRecord:
    fields: dict[str, object] = {
        "consent_id": "c1",
        "team_id": "T1",
        "user_id": "UADA",
        "clip_id": "clip-1",
        "purposes": {"label": True, "words": False},
        "notice_version": "v1",
        "given": True,
        "at": NOW,
    }
    return ConsentRecord(**{**fields, **changes})  # type: ignore[arg-type]


def start(tx: Transaction, attempt_id: str = "a1", **changes: str) -> Attempt:
    fields = {"team_id": "T1", "user_id": "UADA", "module_id": "m6", "quiz_id": "q1", **changes}
    return tx.attempts.start(
        fields["team_id"], attempt_id, fields["user_id"], fields["module_id"], fields["quiz_id"], "v1", 7, NOW
    )


def open_lab(
    tx: Transaction, session_id: str = "s1", thread_ts: str = "1.0", at: datetime = NOW
) -> LabSession:
    return tx.labs.open("T1", session_id, "UADA", "m6", "lab1", "D1", thread_ts, "v1", "scripted", at)


class TestBegin:
    def test_keeps_nothing_of_a_block_that_raised(self, database: Database) -> None:
        def act() -> None:
            with database.begin() as tx:
                tx.learners.see("T1", "UADA", NOW)
                tx.jobs.enqueue("label", "clips", "job")
                tx.clips.save("T1", "none", "words", {}, NOW)

        with pytest.raises(NoSuchRecordError):
            act()
        with database.begin() as tx:
            assert tx.learners.get("T1", "UADA") is None
        assert database.jobs_client.list_workflows() == []


class TestJobs:
    def test_come_with_the_rows_they_are_about(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip())
            tx.jobs.enqueue("label", "clips", "label:clip-1", "T1", "clip-1", user_key="T1/UADA", priority=5)
        (job,) = database.jobs_client.list_workflows()
        assert (job.workflow_id, job.name, job.queue_name) == ("label:clip-1", "label", "clips")
        assert job.input is not None
        assert list(job.input["args"]) == ["T1", "clip-1"]

    def test_the_same_id_again_changes_nothing_and_spoils_nothing(self, database: Database) -> None:
        """Not in the same transaction, not in a later one, not even for another workflow."""
        with database.begin() as tx:
            tx.jobs.enqueue("label", "clips", "job", "first")
            tx.jobs.enqueue("label", "clips", "job", "second")
            tx.learners.see("T1", "UADA", NOW)
        with database.begin() as tx:
            tx.jobs.enqueue("draw", "others", "job", "third", priority=1)
            tx.learners.see("T1", "UBEN", NOW)
        (job,) = database.jobs_client.list_workflows()
        assert job.name == "label"
        assert job.input is not None
        assert list(job.input["args"]) == ["first"]
        with database.begin() as tx:
            assert tx.learners.get("T1", "UADA")
            assert tx.learners.get("T1", "UBEN")


class TestWorkspaces:
    def test_are_seen_under_their_last_name(self, database: Database) -> None:
        with database.begin() as tx:
            tx.workspaces.see("T1", None, "Harbour", NOW)
            tx.workspaces.see("T1", "E1", "Harbour Analytics", LATER)
            seen = tx.workspaces.get("T1")
        assert seen is not None
        assert (seen.enterprise_id, seen.name, seen.first_seen_at) == ("E1", "Harbour Analytics", NOW)
        assert seen.seen_at == LATER

    def test_remember_the_last_upload_of_a_figure(self, database: Database) -> None:
        with database.begin() as tx:
            assert tx.workspaces.file_id("T1", "hash") is None
            tx.workspaces.remember_file("T1", "hash", "F1", NOW)
            tx.workspaces.remember_file("T1", "hash", "F2", LATER)
            assert tx.workspaces.file_id("T1", "hash") == "F2"


class TestLearners:
    def test_are_made_at_the_first_visit_only(self, database: Database) -> None:
        with database.begin() as tx:
            assert tx.learners.see("T1", "UADA", NOW) == Learner("T1", "UADA", None, NOW)
            tx.learners.set_dm_channel("T1", "UADA", "D1")
        with database.begin() as tx:
            assert tx.learners.see("T1", "UADA", LATER) == Learner("T1", "UADA", "D1", NOW)

    def test_are_forgotten(self, database: Database) -> None:
        with database.begin() as tx:
            tx.learners.see("T1", "UADA", NOW)
            tx.learners.delete("T1", "UADA")
            assert tx.learners.get("T1", "UADA") is None


class TestTimes:
    def test_come_back_as_utc(self, database: Database) -> None:
        """Whatever zone they were given in."""
        with database.begin() as tx:
            tx.learners.see("T1", "UADA", NOW.astimezone(timezone(timedelta(hours=5, minutes=30))))
        with database.begin() as tx:
            found = tx.learners.get("T1", "UADA")
        assert found is not None
        assert found.created_at == NOW
        assert found.created_at.tzinfo == UTC

    def test_without_zone_are_refused(self, database: Database) -> None:
        with pytest.raises(sa.exc.StatementError, match="aware"), database.begin() as tx:
            tx.learners.see("T1", "UADA", NOW.replace(tzinfo=None))


class TestContents:
    def test_keep_the_first_of_a_version(self, database: Database) -> None:
        compiled = {"title": "Who spoke when – Übung", "lessons": [{"id": "l1", "n": 1.5, "x": None}]}
        with database.begin() as tx:
            tx.contents.remember("v1", "m6", compiled, NOW)
            tx.contents.remember("v1", "m6", {"other": True}, LATER)
            assert tx.contents.get("v1") == compiled
            assert tx.contents.get("v2") is None


class TestProgress:
    def test_is_empty_for_somebody_new(self, database: Database) -> None:
        with database.begin() as tx:
            found = tx.progress.read("T1", "UADA", "m6")
        assert (found.completed, found.bookmarks, found.last_lesson_id) == ({}, {}, None)

    def test_keeps_when_a_step_was_first_completed(self, database: Database) -> None:
        with database.begin() as tx:
            assert tx.progress.complete("T1", "UADA", "m6", "step-1", NOW) is True
            assert tx.progress.complete("T1", "UADA", "m6", "step-1", LATER) is False
            assert tx.progress.read("T1", "UADA", "m6").completed == {"step-1": NOW}

    def test_remembers_the_last_card_of_each_lesson(self, database: Database) -> None:
        with database.begin() as tx:
            tx.progress.bookmark("T1", "UADA", "m6", "lesson-1", "card-1", NOW)
            tx.progress.bookmark("T1", "UADA", "m6", "lesson-2", "card-9", NOW)
            tx.progress.bookmark("T1", "UADA", "m6", "lesson-1", "card-2", LATER)
            found = tx.progress.read("T1", "UADA", "m6")
        assert found.bookmarks == {"lesson-1": "card-2", "lesson-2": "card-9"}
        assert found.last_lesson_id == "lesson-1"

    def test_is_forgotten(self, database: Database) -> None:
        with database.begin() as tx:
            tx.progress.complete("T1", "UADA", "m6", "step-1", NOW)
            tx.progress.bookmark("T1", "UADA", "m6", "lesson-1", "card-1", NOW)
            tx.progress.delete("T1", "UADA")
            found = tx.progress.read("T1", "UADA", "m6")
        assert (found.completed, found.bookmarks, found.last_lesson_id) == ({}, {}, None)


class TestAttempts:
    def test_start_open_and_numbered(self, database: Database) -> None:
        with database.begin() as tx:
            first = start(tx)
            assert first == Attempt("a1", "T1", "UADA", "m6", "q1", 1, "v1", 7, NOW)
            assert tx.attempts.unfinished("T1", "UADA", "m6", "q1") == first
            tx.attempts.finish("T1", "a1", 3, LATER)
            assert tx.attempts.unfinished("T1", "UADA", "m6", "q1") is None
            assert start(tx, "a2").number == 2

    def test_a_double_click_opens_one_paper(self, database: Database) -> None:
        with database.begin() as tx:
            first = start(tx, "a1")
        with database.begin() as tx:
            assert start(tx, "a2") == first
            assert start(tx, "a1") == first
            assert tx.attempts.get("T1", "a2") is None

    def test_keep_the_first_answer(self, database: Database) -> None:
        with database.begin() as tx:
            start(tx)
            assert tx.attempts.answer("T1", "a1", "x", 2, True, NOW) is True
            assert tx.attempts.answer("T1", "a1", "x", 0, False, LATER) is False
            found = tx.attempts.get("T1", "a1")
        assert found is not None
        assert found.answers == {"x": Answer(2, True, NOW)}

    def test_take_no_answer_when_finished_or_unknown(self, database: Database) -> None:
        with database.begin() as tx:
            start(tx)
            assert tx.attempts.finish("T1", "a1", 0, NOW) is True
            assert tx.attempts.finish("T1", "a1", 1, LATER) is False
            assert tx.attempts.answer("T1", "a1", "x", 2, True, LATER) is False
            assert tx.attempts.answer("T1", "none", "x", 2, True, LATER) is False
            found = tx.attempts.get("T1", "a1")
        assert found is not None
        assert (found.num_correct, found.finished_at, found.answers) == (0, NOW, {})

    def test_finished_ones_come_oldest_first(self, database: Database) -> None:
        with database.begin() as tx:
            for number in range(1, 4):
                start(tx, f"a{number}")
                tx.attempts.finish("T1", f"a{number}", number, LATER)
            start(tx, "a4")
            found = tx.attempts.finished("T1", "UADA", "m6", "q1")
        assert [(attempt.attempt_id, attempt.number) for attempt in found] == [
            ("a1", 1),
            ("a2", 2),
            ("a3", 3),
        ]

    def test_remember_where_they_are_shown(self, database: Database) -> None:
        with database.begin() as tx:
            start(tx)
            tx.attempts.show_in("T1", "a1", "D1", "5.5")
            found = tx.attempts.get("T1", "a1")
        assert found is not None
        assert (found.channel_id, found.message_ts) == ("D1", "5.5")

    def test_are_forgotten(self, database: Database) -> None:
        with database.begin() as tx:
            start(tx)
            tx.attempts.answer("T1", "a1", "x", 2, True, NOW)
            tx.attempts.delete("T1", "UADA")
            assert tx.attempts.get("T1", "a1") is None


class TestLabs:
    def test_open_once_for_a_thread(self, database: Database) -> None:
        with database.begin() as tx:
            first = open_lab(tx)
            assert (first.exchanges, first.completed_at, first.tutor) == (0, None, "scripted")
            assert open_lab(tx, "s2") == first
            assert tx.labs.by_thread("T1", "D1", "1.0") == first
            assert tx.labs.get("T1", "s2") is None

    def test_latest_is_the_one_begun_last(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx, "s1", "1.0", LATER)
            open_lab(tx, "s2", "2.0", NOW)
            found = tx.labs.latest("T1", "UADA", "m6", "lab1")
            assert found is not None
            assert found.session_id == "s1"
            assert tx.labs.latest("T1", "UBEN", "m6", "lab1") is None

    def test_number_their_turns_and_refuse_a_repeated_message(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx)
            assert tx.labs.add_turn("T1", "s1", "t1", "learner", "Hello?", "1.1", NOW) is True
            assert tx.labs.add_turn("T1", "s1", "t2", "learner", "Hello?", "1.1", NOW) is False
            assert tx.labs.add_turn("T1", "s1", "t3", "persona", "", None, NOW) is True
            assert tx.labs.add_turn("T1", "s1", "t4", "persona", "", None, NOW) is True
            assert tx.labs.add_turn("T1", "s1", "t4", "persona", "", None, NOW) is False
            turns = tx.labs.turns("T1", "s1")
        assert [(turn.turn_id, turn.seq, turn.state, turn.counts) for turn in turns] == [
            ("t1", 1, "stored", True),
            ("t3", 2, "stored", True),
            ("t4", 3, "stored", True),
        ]

    def test_a_turn_needs_its_session(self, database: Database) -> None:
        with pytest.raises(NoSuchRecordError, match="no lab session s9"), database.begin() as tx:
            tx.labs.add_turn("T1", "s9", "t1", "learner", "Hello?", "1.1", NOW)

    def test_change_only_what_is_given_of_a_turn(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx)
            tx.labs.add_turn("T1", "s1", "t1", "persona", "", None, NOW)
            tx.labs.update_turn("T1", "t1", slack_ts="1.2", state="replying")
            tx.labs.update_turn("T1", "t1", text="Good question.", state="done", counts=False)
            tx.labs.update_turn("T1", "t1")
            turn = tx.labs.turn("T1", "t1")
        assert turn is not None
        assert (turn.text, turn.slack_ts, turn.state, turn.counts) == ("Good question.", "1.2", "done", False)

    def test_complete_once(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx)
            tx.labs.set_tutor("T1", "s1", "anthropic")
            tx.labs.set_exchanges("T1", "s1", 4)
            assert tx.labs.complete("T1", "s1", NOW) is True
            assert tx.labs.complete("T1", "s1", LATER) is False
            found = tx.labs.get("T1", "s1")
        assert found is not None
        assert (found.tutor, found.exchanges, found.completed_at) == ("anthropic", 4, NOW)

    def test_add_up_tokens(self, database: Database) -> None:
        with database.begin() as tx:
            assert tx.labs.tokens_since("T1", None, NOW) == 0
            tx.labs.record_usage("T1", "s1", "UADA", "lab1", "model", 100, 20, 80, NOW)
            tx.labs.record_usage("T1", "s2", "UBEN", "lab1", "model", 10, 2, 0, LATER)
            assert tx.labs.tokens_since("T1", "UADA", NOW) == 128, "what a cache gave counts a tenth"
            assert tx.labs.tokens_since("T1", None, NOW) == 140
            assert tx.labs.tokens_since("T1", None, LATER) == 12

    def test_add_up_costs_where_they_are_known(self, database: Database) -> None:
        with database.begin() as tx:
            record = tx.labs.record_usage
            record("T1", "s1", "UADA", "lab1", "m", 100, 20, 0, NOW, cache_write_tokens=7, cost_micros=500)
            record("T1", "s1", "UADA", "lab1", "m", 100, 20, 0, LATER, cost_micros=300)
            record("T1", "s2", "UBEN", "lab2", "strange", 10, 2, 0, LATER)
            assert tx.labs.use_of("T1", "s1") == LabUse(2, 200, 7, 0, 40, cost_micros=800)
            assert tx.labs.use_of("T1", "s2").cost_micros is None
            assert tx.labs.use_of("T1", "none") == LabUse(0, 0, 0, 0, 0, cost_micros=0)
            assert tx.labs.costs_since("T1", NOW) == [("UADA", "lab1", 800)]
            assert tx.labs.costs_since("T1", LATER) == [("UADA", "lab1", 300)]

    def test_are_forgotten_but_for_what_they_cost(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx)
            tx.labs.add_turn("T1", "s1", "t1", "learner", "Something private", "1.1", NOW)
            tx.labs.record_usage("T1", "s1", "UADA", "lab1", "model", 100, 20, 0, NOW)
            tx.labs.delete_of("T1", "UADA", daily_share_since=LATER)
            assert tx.labs.get("T1", "s1") is None
            assert tx.labs.turn("T1", "t1") is None
            assert tx.labs.tokens_since("T1", "UADA", NOW) == 0
            assert tx.labs.tokens_since("T1", None, NOW) == 120

    def test_deleting_brings_no_second_daily_share(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx)
            tx.labs.record_usage("T1", "s1", "UADA", "lab1", "model", 100, 20, 0, NOW)
            tx.labs.delete_of("T1", "UADA", daily_share_since=NOW)
            assert tx.labs.tokens_since("T1", "UADA", NOW) == 120
            assert tx.labs.forget_users(daily_share_since=NOW, kept_since=NOW - timedelta(days=90)) == 0
            assert tx.labs.forget_users(daily_share_since=LATER, kept_since=NOW - timedelta(days=90)) == 1
            assert tx.labs.tokens_since("T1", "UADA", NOW) == 0
            assert tx.labs.tokens_since("T1", None, NOW) == 120

    def test_names_on_costs_go_with_the_conversations(self, database: Database) -> None:
        with database.begin() as tx:
            tx.labs.record_usage("T1", "s1", "UADA", "lab1", "model", 100, 20, 0, NOW)
            assert tx.labs.forget_users(daily_share_since=LATER, kept_since=NOW) == 0
            assert tx.labs.forget_users(daily_share_since=LATER, kept_since=LATER) == 1
            assert tx.labs.tokens_since("T1", "UADA", NOW) == 0

    def test_old_ones_go(self, database: Database) -> None:
        with database.begin() as tx:
            open_lab(tx, "s1", "1.0", NOW)
            open_lab(tx, "s2", "2.0", LATER)
            assert tx.labs.delete_older_than(LATER) == 1
            assert tx.labs.get("T1", "s1") is None
            assert tx.labs.get("T1", "s2") is not None


class TestClips:
    def test_come_back_as_they_were_added(self, database: Database) -> None:
        clip = make_clip(thread_ts="1.0", min_speakers=2, max_speakers=4, posted={"file": "F9"}, share=0.25)
        with database.begin() as tx:
            assert tx.clips.add(clip) is True
        with database.begin() as tx:
            assert tx.clips.get("T1", "clip-1") == clip
            assert tx.clips.by_file("T1", "F1") == clip
            assert tx.clips.of_user("T1", "UADA") == [clip]

    def test_of_the_same_file_are_added_once(self, database: Database) -> None:
        with database.begin() as tx:
            assert tx.clips.add(make_clip()) is True
            assert tx.clips.add(make_clip(clip_id="clip-2")) is False
            assert tx.clips.get("T1", "clip-2") is None

    def test_change_field_by_field(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip())
            tx.clips.update("T1", "clip-1", LATER, stage="words", share=0.5)
            tx.clips.update("T1", "clip-1", LATER, max_speakers=3, error="No speech")
            tx.clips.update("T1", "clip-1", LATER, error=None)
            found = tx.clips.get("T1", "clip-1")
        assert found == make_clip(stage="words", share=0.5, max_speakers=3, updated_at=LATER)

    def test_note_what_was_posted_from_what_is_stored_at_that_moment(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip(posted={"files": {"a.txt": "F1"}}))
        with database.begin() as tx:
            tx.clips.change_posted("T1", "clip-1", NOW, lambda posted: {**posted, "shared": ["5.5"]})
        with database.begin() as tx:
            changed = tx.clips.change_posted("T1", "clip-1", LATER, lambda posted: {**posted, "files": {}})
            assert changed == {"files": {}, "shared": ["5.5"]}
            assert tx.clips.get("T1", "clip-1") == make_clip(posted=changed, updated_at=LATER)
            assert tx.clips.change_posted("T1", "none", LATER, lambda posted: {"a": 1}) == {}

    def test_two_who_note_at_once_lose_nothing(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip())

        def note(number: int) -> None:
            with database.begin() as tx:
                tx.clips.change_posted("T1", "clip-1", NOW, lambda posted: {**posted, str(number): number})

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(note, range(24)))
        with database.begin() as tx:
            found = tx.clips.get("T1", "clip-1")
        assert found is not None
        assert len(found.posted) == 24

    @pytest.mark.parametrize(
        ("state", "is_free"),
        [("declined", True), ("cancelled", True), ("deleted", True), ("asking", False), ("done", False)],
    )
    def test_a_file_of_which_nothing_is_kept_can_be_asked_about_anew(
        self, database: Database, state: str, is_free: bool
    ) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip(state=state))
            assert tx.clips.let_file_go("T1", "clip-1", LATER) is is_free
            assert tx.clips.add(make_clip(clip_id="clip-2")) is is_free
            assert tx.clips.get("T1", "clip-1") is not None

    def test_move_once_from_a_state_that_fits(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip())
            assert tx.clips.move("T1", "clip-1", {"asking"}, "queued", LATER) is True
            assert tx.clips.move("T1", "clip-1", {"asking"}, "queued", LATER) is False
            assert tx.clips.move("T1", "clip-1", ["queued", "running"], "cancelled", LATER) is True
            assert tx.clips.move("T1", "none", ["queued"], "running", LATER) is False

    def test_keep_the_last_document_and_picture_of_a_kind(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip())
            tx.clips.save("T1", "clip-1", "words", {"words": []}, NOW)
            tx.clips.save("T1", "clip-1", "words", {"words": [{"text": "naïve ☕", "start_s": 0.1}]}, LATER)
            tx.clips.save("T1", "clip-1", "labels", {"turns": []}, LATER)
            tx.clips.save_picture("T1", "clip-1", "timeline", b"\x89PNG\x00old", "Two speakers", NOW)
            tx.clips.save_picture("T1", "clip-1", "timeline", b"\x89PNG\x00new", "Three speakers", LATER)
            assert tx.clips.load("T1", "clip-1", "words") == {"words": [{"text": "naïve ☕", "start_s": 0.1}]}
            assert tx.clips.load("T1", "clip-1", "labels") == {"turns": []}
            assert tx.clips.load("T1", "clip-1", "names") is None
            assert tx.clips.picture("T1", "clip-1", "timeline") == (b"\x89PNG\x00new", "Three speakers")
            assert tx.clips.picture("T1", "clip-1", "xray") is None

    def test_count_those_ahead_in_all_workspaces(self, database: Database) -> None:
        with database.begin() as tx:
            for number, (team, state) in enumerate(
                [("T1", "queued"), ("T2", "running"), ("T1", "done"), ("T1", "queued"), ("T2", "queued")]
            ):
                tx.clips.add(
                    make_clip(
                        clip_id=f"clip-{number}",
                        file_id=f"F{number}",
                        team_id=team,
                        state=state,
                        created_at=NOW + timedelta(seconds=number // 3),
                    )
                )
            assert tx.clips.num_ahead("T1", "clip-0") == 0
            assert tx.clips.num_ahead("T1", "clip-3") == 2
            assert tx.clips.num_ahead("T2", "clip-4") == 3
            assert tx.clips.num_ahead("T1", "none") == 0

    def test_forgotten_keep_nothing_that_was_said_or_named(self, database: Database) -> None:
        with database.begin() as tx:
            posted = {"messages": ["5.5"], "files": {".txt": "F7"}, "version": "a", "unsent": [".txt"]}
            tx.clips.add(make_clip(error="a fault", min_speakers=2, max_speakers=4, posted=posted))
            tx.clips.save("T1", "clip-1", "words", {"words": ["secret"]}, NOW)
            tx.clips.save_picture("T1", "clip-1", "timeline", b"png", "who spoke", NOW)
            tx.clips.forget("T1", "clip-1", LATER)
            assert tx.clips.load("T1", "clip-1", "words") is None
            assert tx.clips.picture("T1", "clip-1", "timeline") is None
            found = tx.clips.get("T1", "clip-1")
            noted = tx.clips.change_posted(
                "T1", "clip-1", LATER, lambda p: p | {"kept": "5.5", "sent": [".txt"]}
            )
        left = {"messages": ["5.5"], "files": {".txt": "F7"}}
        assert found == make_clip(name="", mimetype="", state="deleted", posted=left, updated_at=LATER)
        assert noted == left | {"kept": "5.5"}, "what has to be taken back, whenever it is noted"

    def test_forgotten_go_when_they_were_forgotten_long_ago(self, database: Database) -> None:
        with database.begin() as tx:
            for number in (1, 2):
                tx.clips.add(make_clip(clip_id=f"clip-{number}", file_id=f"F{number}"))
            tx.clips.forget("T1", "clip-1", NOW)
            assert tx.clips.delete_forgotten_before(NOW) == 0
            assert tx.clips.delete_forgotten_before(LATER) == 1
            assert [clip.clip_id for clip in tx.clips.of_user("T1", "UADA")] == ["clip-2"]

    def test_forgotten_stay_forgotten(self, database: Database) -> None:
        """A worker that has not heard of it brings nothing back."""
        with database.begin() as tx:
            tx.clips.add(make_clip(state="running"))
            tx.clips.forget("T1", "clip-1", NOW)
        with pytest.raises(ClipDeletedError, match="deleted by its uploader"), database.begin() as tx:
            tx.clips.save("T1", "clip-1", "words", {"words": ["secret"]}, LATER)
        with pytest.raises(ClipDeletedError, match="deleted by its uploader"), database.begin() as tx:
            tx.clips.save_picture("T1", "clip-1", "timeline", b"png", "who spoke", LATER)
        with database.begin() as tx:
            tx.clips.update("T1", "clip-1", LATER, state="done", error="secret")
            found = tx.clips.get("T1", "clip-1")
            assert tx.clips.load("T1", "clip-1", "words") is None
        assert found is not None
        assert (found.state, found.error, found.posted) == ("deleted", None, {})

    def test_need_to_exist_for_a_document(self, database: Database) -> None:
        with pytest.raises(NoSuchRecordError, match="no clip none"), database.begin() as tx:
            tx.clips.save("T1", "none", "words", {}, NOW)

    def test_old_ones_are_found_until_forgotten(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip())
            tx.clips.add(make_clip(clip_id="clip-2", file_id="F2", created_at=LATER))
            assert [clip.clip_id for clip in tx.clips.older_than(LATER)] == ["clip-1"]
            tx.clips.forget("T1", "clip-1", LATER)
            assert tx.clips.older_than(LATER) == []


class TestConsent:
    def test_old_answers_go_unless_their_clip_is_still_kept(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip(state="done"))
            tx.clips.add(make_clip(clip_id="clip-2", file_id="F2", state="deleted"))
            tx.consent.append(make_record(channel_id="D1"))
            for number, at in ((2, NOW), (3, LATER)):
                tx.consent.append(make_record(consent_id=f"c{number}", clip_id="clip-2", at=at))
            tx.consent.append(make_record(consent_id="c4", clip_id="of-long-ago"))
            assert tx.consent.delete_older_than(LATER) == 2
            assert [record.consent_id for record in tx.consent.of_user("T1", "UADA")] == ["c1", "c3"]
            assert tx.consent.latest("T1", "clip-1") == make_record(channel_id="D1")

    def test_old_deeds_go(self, database: Database) -> None:
        with database.begin() as tx:
            tx.audit.append("T1", "UADA", "clip_deleted", "clip:1", {}, NOW)
            tx.audit.vectors_deleted("T1", "1", "run-1", LATER)
            assert tx.audit.delete_older_than(LATER) == 1
            (kept,) = tx.audit.of_subject("T1", "clip:1")
        assert (kept.actor_id, kept.action, kept.detail) == (
            "worker", "voice_vectors_deleted", {"run": "run-1"},
        )  # fmt: skip

    def test_latest_is_the_one_added_last(self, database: Database) -> None:
        """Even when both carry the same time."""
        with database.begin() as tx:
            assert tx.consent.latest("T1", "clip-1") is None
            tx.consent.append(make_record())
            tx.consent.append(make_record(consent_id="c0", given=False))
            assert tx.consent.latest("T1", "clip-1") == make_record(consent_id="c0", given=False)
            assert [record.consent_id for record in tx.consent.of_user("T1", "UADA")] == ["c1", "c0"]

    def test_refuses_updates_in_the_database_itself(self, database: Database) -> None:
        with database.begin() as tx:
            tx.consent.append(make_record())
            tx.audit.append("T1", "UADA", "asked", "clip-1", {}, NOW)
        for statement in ("UPDATE consent SET notice_version = 'v2'", "UPDATE audit SET actor_id = 'UBEN'"):
            with pytest.raises(RefusedError, match="append-only"), database.connect() as connection:
                connection.execute(sa.text(statement))


class TestInbox:
    def test_takes_an_event_once(self, database: Database) -> None:
        with database.begin() as tx:
            assert tx.inbox.add("T1", "E1", "message.im", {"text": "hello"}, NOW) is True
            assert tx.inbox.add("T1", "E1", "message.im", {"text": "again"}, LATER) is False
            found = tx.inbox.get("E1")
            assert tx.inbox.get("E2") is None
        assert found is not None
        assert (found.payload, found.received_at, found.handled_at) == ({"text": "hello"}, NOW, None)

    def test_drops_the_payload_of_a_handled_event(self, database: Database) -> None:
        with database.begin() as tx:
            tx.inbox.add("T1", "E1", "message.im", {"text": "private"}, NOW)
            tx.inbox.handled("E1", LATER)
            found = tx.inbox.get("E1")
        assert found is not None
        assert (found.payload, found.handled_at) == (None, LATER)


class TestAudit:
    def test_keeps_order(self, database: Database) -> None:
        with database.begin() as tx:
            tx.audit.append("T1", "UADA", "shared", "clip-1", {"num_turns": 3}, NOW)
            tx.audit.append("T1", "UADA", "deleted", "clip-1", {}, NOW)
            entries = tx.audit.of_subject("T1", "clip-1")
        assert [(entry.action, entry.detail) for entry in entries] == [
            ("shared", {"num_turns": 3}),
            ("deleted", {}),
        ]
