"""Privacy: what is held, exported, deleted one by one or all at once, and taken back from Slack."""

import json

import pytest

from bot.messenger import Message
from bot.people import Person
from bot.use_cases.export_data import ask_to_export_data, data_document, export_data
from bot.use_cases.forget_me import forget_me, what_is_held
from bot.use_cases.label_clip import delete
from bot.use_cases.name_speakers import name_speakers
from bot.use_cases.object_to_clip import object_to_clip
from bot.use_cases.plan_review import set_review_hour
from bot.use_cases.remove_posts import remove_posts_of
from bot.use_cases.say_once import say_once
from bot.use_cases.share_clip import share_clip
from bot.use_cases.show_clip import show_clip
from bot.use_cases.take_quiz import answer_question, start_quiz
from tests.clip_parts import DM, TEAM, clip_now, job_names, put_clip

BEN = Person(TEAM, "U2")


class TestForgetMe:
    def test_takes_all_of_ones_own_and_nothing_of_others(self, bench, ada):
        put_clip(bench, "c1")
        put_clip(bench, "c2", state="queued")
        put_clip(bench, "c3", user_id="U2")
        receipt = forget_me(bench.deps, ada)
        assert receipt.num_clips == 2
        assert [clip_now(bench, one).state for one in ("c1", "c2", "c3")] == ["deleted", "deleted", "done"]
        assert job_names(bench).count("remove_posts") == 2
        assert [clip.clip_id for clip in what_is_held(bench.deps, ada).clips] == []
        assert [clip.clip_id for clip in what_is_held(bench.deps, BEN).clips] == ["c3"]

    def test_the_log_of_consents_stays_with_the_withdrawals(self, bench, ada):
        put_clip(bench)
        forget_me(bench.deps, ada)
        with bench.database.begin() as tx:
            assert [one.given for one in tx.consent.of_user(TEAM, ada.user_id)] == [True, False]


class TestExport:
    def test_has_consents_clips_names_and_corrections(self, bench, ada):
        put_clip(bench, "c1")
        put_clip(bench, "c2", name="gone.m4a")
        name_speakers(bench.deps, ada, "c1", {"SPEAKER_00": "Ada"})
        with bench.database.begin() as tx:
            tx.references.add(TEAM, "c1", ada.user_id, {"origin": "corrected", "annotation": {}}, bench.now)
        delete(bench.deps, ada, "c2")
        document = data_document(bench.deps, ada)
        assert [(one["clip"], one["given"], one["channel"]) for one in document["consents"]] == [
            ("c1", True, DM), ("c2", True, DM), ("c2", False, DM),
        ]  # fmt: skip
        (clip,) = document["clips"]
        assert clip["names"]["names"] == {"SPEAKER_00": "Ada"}
        assert clip["result"]["engine"] == "embedded"
        assert [one["version"] for one in clip["corrections"]] == [1]

    def test_has_what_was_answered_in_words_and_every_other_record(self, bench, ada):
        quiz = bench.module.lessons[0].quiz
        with bench.database.begin() as tx:
            tx.progress.complete(TEAM, ada.user_id, bench.module.id, "lesson-1", bench.now)
        screen = start_quiz(bench.deps, ada, quiz.id)
        answer_question(bench.deps, ada, screen.attempt_id, quiz.questions[0].id, 1)
        set_review_hour(bench.deps, ada, "17")
        records = {one["table"]: one for one in data_document(bench.deps, ada)["records"]}
        (answer,) = records["answer"]["rows"]
        assert answer["question"] == quiz.questions[0].stem
        assert answer["chosen"] == quiz.questions[0].options[1].text
        assert records["review_plan"]["rows"][0]["hour"] == 17
        assert records["completed_step"]["what"] == "which stops of the course you have done"
        assert records["lab_session"]["kept"] == "90 days"

    def test_says_of_others_what_they_did_and_not_who_they_are(self, bench, ada):
        put_clip(bench, posted={"origin": {"channel_id": "C1", "ts": "8.0"}})
        share_clip(bench.deps, ada, "c1")
        object_to_clip(bench.deps, BEN, "c1", "C1", keep_ts=None)
        document = data_document(bench.deps, ada)
        assert "clip_objected" in json.dumps(document)
        assert f'"{BEN.user_id}"' not in json.dumps(document)
        assert f'"{BEN.user_id}"' in json.dumps(data_document(bench.deps, BEN)), (
            "what one did oneself is one's own"
        )

    def test_is_sent_once_to_ones_own_messages(self, bench, ada):
        put_clip(bench)
        ask_to_export_data(bench.deps, ada)
        assert job_names(bench) == ["export_clips"]
        bench.messenger.dies_after.add("finish_upload")
        with pytest.raises(ConnectionResetError):
            export_data(bench.deps, TEAM, ada.user_id, "job")
        export_data(bench.deps, TEAM, ada.user_id, "job")
        assert list(bench.messenger.shared_files.values()) == [f"D{ada.user_id}"]
        (text,) = bench.messenger.sent().values()
        assert json.loads(text)["clips"][0]["name"] == "talk.m4a"

    def test_of_somebody_else_is_empty(self, bench):
        put_clip(bench)
        assert data_document(bench.deps, BEN)["clips"] == []


class TestRemovePosts:
    def test_everything_that_was_sent_goes_wherever_it_is(self, bench, ada):
        put_clip(bench, state="replying", posted={"origin": {"channel_id": "C1", "ts": "8.0"}})
        show_clip(bench.deps, TEAM, "c1")
        share_clip(bench.deps, ada, "c1")
        say_once(bench.deps, TEAM, "clip:c1:doubt:n", DM, Message("How sure?"))
        delete(bench.deps, ada, "c1")
        remove_posts_of(bench.deps, TEAM, "c1", None)
        assert bench.messenger.posts == {}
        assert bench.messenger.uploads == {}

    def test_also_where_a_process_died_before_it_was_noted(self, bench, ada):
        put_clip(bench)
        bench.messenger.dies_after.add("post")
        with pytest.raises(ConnectionResetError):
            say_once(bench.deps, TEAM, "clip:c1:doubt:n", DM, Message("How sure?"))
        delete(bench.deps, ada, "c1")
        remove_posts_of(bench.deps, TEAM, "c1", None)
        assert bench.messenger.posts == {}

    def test_the_message_that_was_pressed_stays_and_so_do_those_of_other_clips(self, bench, ada):
        put_clip(bench, "c1", state="replying")
        put_clip(bench, "c12", state="replying", placeholder_ts="3.0")
        for clip_id in ("c1", "c12"):
            show_clip(bench.deps, TEAM, clip_id)
        delete(bench.deps, ada, "c1")
        remove_posts_of(bench.deps, TEAM, "c1", "2.0")
        assert {ts for _, ts in bench.messenger.posts} == {"2.0", "3.0"}
