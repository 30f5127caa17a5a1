"""What a finished clip's message and files say: the machine's labels, then names, then corrections."""

import json

import pytest

from annotation import editing
from annotation.formats import srt, whospoke_json
from annotation.model import Annotation, Turn
from bot.use_cases import fix_labels, score_clip
from bot.use_cases.deliver_clip import send_files_again
from bot.use_cases.label_clip import delete
from bot.use_cases.name_speakers import name_form, name_speakers
from bot.use_cases.send_files import send_once
from bot.use_cases.share_clip import share_clip
from bot.use_cases.show_clip import show_again, show_clip
from tests.clip_parts import DM, LABELS, TEAM, clip_now, job_names, put_clip, put_labels, queue_clip

KINDS = {".txt", ".vtt", ".srt", ".rttm", ".json"}
ALL = {f"talk{kind}" for kind in KINDS}


@pytest.fixture
def delivered(bench):
    """A clip whose result has just been sent."""
    put_clip(bench, state="replying", posted={"origin": {"channel_id": "C1", "ts": "8.0"}})
    show_clip(bench.deps, TEAM, "c1")
    return bench


def message(bench):
    return bench.messenger.posts[DM, "2.0"]


def pictures(bench):
    return [block for block in message(bench).blocks if block["type"] == "image"]


def merge(bench, person):
    fix_labels.edit_draft(
        bench.deps, person, "c1", 0, lambda draft: editing.merge_speakers(draft, "SPEAKER_01", "SPEAKER_00")
    )
    fix_labels.save_draft(bench.deps, person, "c1")
    show_again(bench.deps, TEAM, "c1")


class TestDelivery:
    def test_message_files_and_picture_go_out_once(self, delivered):
        assert clip_now(delivered).state == "done"
        assert set(delivered.messenger.sent()) == ALL
        assert len(pictures(delivered)) == 1
        before = dict(delivered.messenger.uploads)
        show_again(delivered.deps, TEAM, "c1")
        assert delivered.messenger.uploads == before

    def test_json_has_engines_confidence_and_what_is_uncertain(self, delivered):
        document = json.loads(delivered.messenger.sent()["talk.json"])
        assert [turn.get("margin") for turn in document["turns"]] == [0.4, 0.3, 0.2]
        assert [turn.get("is_uncertain", False) for turn in document["turns"]] == [False, False, True]
        assert (document["engine"], document["words_engine"]) == ("embedded", "faster-whisper small")
        assert document["names"] == {}
        assert document["corrected_version"] is None
        assert whospoke_json.annotation_from_dict(document) == Annotation(LABELS.uri, LABELS.turns)

    def test_overlap_and_doubt_are_marked_and_explained(self, delivered):
        text = delivered.messenger.sent()["talk.txt"]
        assert "SPEAKER_00: Hello" in text
        assert "SPEAKER_00: [there]" in text
        assert "SPEAKER_00: (?) Mm." in text
        assert "Words in [brackets] were said while somebody else spoke." in message(delivered).text
        assert "(?) marks an uncertain label" in message(delivered).text

    def test_text_comes_before_any_file(self, bench):
        put_clip(bench, state="replying")
        bench.messenger.dies_after.add("send_bytes")
        with pytest.raises(ConnectionResetError):
            show_clip(bench.deps, TEAM, "c1")
        assert "Who spoke when in talk.m4a" in message(bench).text

    def test_a_process_that_dies_over_a_file_sends_each_once(self, bench):
        put_clip(bench, state="replying")
        for call in ("send_bytes", "finish_upload", "finish_upload"):
            bench.messenger.dies_after.add(call)
            with pytest.raises(ConnectionResetError):
                show_clip(bench.deps, TEAM, "c1")
        show_clip(bench.deps, TEAM, "c1")
        assert sorted(bench.messenger.file_names[one] for one in bench.messenger.shared_files) == sorted(ALL)

    def test_without_words_there_are_files_of_speakers_and_times(self, bench):
        put_clip(bench, state="replying")
        with bench.database.begin() as tx:
            put_labels(tx, "c1", LABELS, words=[], words_engine=None)
        show_clip(bench.deps, TEAM, "c1")
        assert set(bench.messenger.sent()) == ALL
        assert "[0:00-0:04] SPEAKER_00\n" in bench.messenger.sent()["talk.txt"]

    def test_files_stop_when_the_clip_is_deleted_meanwhile(self, bench):
        put_clip(bench, state="replying")
        real = bench.messenger.send_bytes

        def send_bytes(upload_url, content):
            real(upload_url, content)
            with bench.database.begin() as tx:
                tx.clips.forget(TEAM, "c1", bench.now)

        bench.messenger.send_bytes = send_bytes
        show_clip(bench.deps, TEAM, "c1")
        assert bench.messenger.uploads == {}
        assert bench.messenger.posts == {}

    def test_note_that_the_clip_was_deleted_outlives_what_was_being_sent(self, bench, ada):
        put_clip(bench)
        show_again(bench.deps, TEAM, "c1")
        pressed = clip_now(bench).placeholder_ts
        real = bench.messenger.update

        def update(channel_id, ts, said):
            delete(bench.deps, ada, "c1", keep_ts=pressed)
            bench.messenger.update = real
            real(channel_id, ts, said)

        bench.messenger.update = update
        show_again(bench.deps, TEAM, "c1")
        assert clip_now(bench).state == "deleted"
        assert "deleted at your request" in message(bench).text
        assert list(bench.messenger.posts) == [(DM, pressed)]
        assert bench.messenger.sent() == {}


class TestRefusedFiles:
    def test_a_picture_that_slack_does_not_take_is_said_in_words(self, bench):
        put_clip(bench, state="replying")
        bench.messenger.refused_files.add("timeline.png")
        show_clip(bench.deps, TEAM, "c1")
        assert clip_now(bench).state == "done"
        assert pictures(bench) == []
        assert "Timeline of 0:10 with 2 speakers." in message(bench).text
        assert "Slack did not take timeline.png." in message(bench).text
        assert set(bench.messenger.sent()) == ALL

    def test_missing_files_are_named_and_can_be_sent_again(self, bench, ada):
        put_clip(bench, state="replying")
        bench.messenger.refused_files |= {"talk.vtt", "talk.json"}
        show_clip(bench.deps, TEAM, "c1")
        assert "Slack did not take talk.vtt, talk.json." in message(bench).text
        assert "clip.send_files" in str(message(bench).blocks)
        bench.messenger.refused_files.clear()
        send_files_again(bench.deps, ada, "c1")
        assert job_names(bench) == ["show_clip_again"]
        show_again(bench.deps, TEAM, "c1")
        assert set(bench.messenger.sent()) == ALL
        assert "Slack did not take" not in message(bench).text


class TestNames:
    def test_reach_message_picture_and_files(self, delivered, ada):
        name_speakers(delivered.deps, ada, "c1", {"SPEAKER_00": "Ada", "SPEAKER_01": "Ben"})
        show_again(delivered.deps, TEAM, "c1")
        sent = delivered.messenger.sent()
        assert set(sent) == ALL, "the earlier ones have gone"
        assert [turn.speaker for turn in srt.parse(sent["talk.srt"]).turns] == ["Ada", "Ada", "Ben", "Ada"]
        assert "<v Ben>Well" in sent["talk.vtt"]
        assert "Ben: Well" in sent["talk.txt"]
        assert " Ada " in sent["talk.rttm"]
        document = json.loads(sent["talk.json"])
        assert document["names"] == {"SPEAKER_00": "Ada", "SPEAKER_01": "Ben"}
        assert document["turns"][0]["speaker"] == "SPEAKER_00", "labels stay beside the names"
        assert "Ada (SPEAKER_00)" in message(delivered).text
        assert "Ben: under 3 s of talk." in message(delivered).text
        (picture,) = pictures(delivered)
        assert picture["alt_text"].startswith("Timeline of 0:10 with 2 speakers. Ada:")
        assert delivered.messenger.uploads[picture["slack_file"]["id"]].startswith(b"\x89PNG")

    def test_a_picture_without_consent_is_not_drawn_for_them_either(self, bench, ada):
        put_clip(bench, state="replying")
        with bench.database.begin() as tx:
            tx.clips.forget(TEAM, "c1", bench.now)
        put_clip(bench, "c2", state="replying", is_labelled=False, placeholder_ts="2.0")
        with bench.database.begin() as tx:
            put_labels(tx, "c2", LABELS)
        show_clip(bench.deps, TEAM, "c2")
        name_speakers(bench.deps, ada, "c2", {"SPEAKER_00": "Ada"})
        show_again(bench.deps, TEAM, "c2")
        assert pictures(bench) == []
        assert "timeline.png" not in bench.messenger.file_names.values()


class TestCorrections:
    def test_are_what_people_take_away(self, delivered, ada):
        merge(delivered, ada)
        document = json.loads(delivered.messenger.sent()["talk.json"])
        assert {turn["speaker"] for turn in document["turns"]} == {"SPEAKER_00"}
        assert {word["speaker"] for word in document["words"]} == {"SPEAKER_00"}
        assert not any(word.get("is_overlapped") for word in document["words"])
        assert document["corrected_version"] == 1
        assert "1 speaker," in message(delivered).text
        assert "engine, with your corrections." in message(delivered).text
        assert pictures(delivered)[0]["alt_text"].startswith("Timeline of 0:10 with 1 speaker.")
        with delivered.database.begin() as tx:
            kept = tx.clips.load(TEAM, "c1", "result")
            assert tx.references.current(TEAM, "c1").document["words"] == [], "nobody has corrected the words"
        assert whospoke_json.annotation_from_dict(kept["annotation"]) == LABELS, "which is what is scored"

    def test_taken_back_they_are_gone_from_the_files_too(self, delivered, ada):
        merge(delivered, ada)
        score_clip.undo(delivered.deps, ada, "c1", 1)
        assert job_names(delivered).count("show_clip_again") == 2
        show_again(delivered.deps, TEAM, "c1")
        document = json.loads(delivered.messenger.sent()["talk.json"])
        assert document["corrected_version"] is None
        assert "2 speakers" in message(delivered).text

    def test_a_speaker_split_off_can_be_named(self, delivered, ada):
        fix_labels.edit_draft(
            delivered.deps, ada, "c1", 0, lambda d: editing.reassign(d, d.turns[2], editing.new_speaker(d))
        )
        fix_labels.save_draft(delivered.deps, ada, "c1")
        assert [label for label, _, _ in name_form(delivered.deps, ada, "c1").rows] == [
            "SPEAKER_01", "SPEAKER_00", "SPEAKER_02",
        ]  # fmt: skip
        name_speakers(delivered.deps, ada, "c1", {"SPEAKER_02": "Cleo"})
        show_again(delivered.deps, TEAM, "c1")
        assert "Cleo: Mm." in delivered.messenger.sent()["talk.txt"]
        assert "(?) Mm." not in delivered.messenger.sent()["talk.txt"], "a person set that turn"

    def test_do_not_hide_a_later_run(self, delivered, ada):
        merge(delivered, ada)
        with delivered.database.begin() as tx:
            put_labels(tx, "c1", Annotation.of("talk", [*LABELS.turns[:2], Turn(9, 9.5, "SPEAKER_02")]))
        show_again(delivered.deps, TEAM, "c1")
        assert "3 speakers" in message(delivered).text
        assert "You corrected an earlier run" in message(delivered).text
        fix_labels.save_draft(delivered.deps, ada, "c1")
        show_again(delivered.deps, TEAM, "c1")
        assert "1 speaker," in message(delivered).text


class TestWhatIsSetAside:
    def test_pictures_of_scores_stay_and_files_of_a_clip_named_like_one_go(self, bench, ada):
        clip = put_clip(bench, state="replying", name="score-one.m4a")
        show_clip(bench.deps, TEAM, "c1")
        send_once(bench.deps, clip, "score-ours-v1.png", b"bars")
        name_speakers(bench.deps, ada, "c1", {"SPEAKER_00": "Ada"})
        show_again(bench.deps, TEAM, "c1")
        names = [bench.messenger.file_names[one] for one in bench.messenger.shared_files]
        assert sorted(names) == sorted(name.replace("talk", "score-one") for name in ALL)
        assert "score-ours-v1.png" in clip_now(bench).posted["files"]


class TestShared:
    def test_names_and_corrections_reach_what_was_shared(self, delivered, ada):
        share_clip(delivered.deps, ada, "c1")
        (place,) = [place for place in delivered.messenger.posts if place[0] == "C1"]
        name_speakers(delivered.deps, ada, "c1", {"SPEAKER_00": "Ada"})
        show_again(delivered.deps, TEAM, "c1")
        assert "Ada (SPEAKER_00)" in delivered.messenger.posts[place].text

    def test_a_later_result_reaches_it_and_a_closed_channel_holds_nothing_up(self, delivered, ada):
        share_clip(delivered.deps, ada, "c1")
        (place,) = [place for place in delivered.messenger.posts if place[0] == "C1"]
        with delivered.database.begin() as tx:
            put_labels(tx, "c1", Annotation.of("talk", [Turn(0, 9, "SPEAKER_00")]))
            tx.clips.update(TEAM, "c1", delivered.now, state="replying")
        real = delivered.messenger.update

        def update(channel_id, ts, message):
            if channel_id == "C1":
                raise ConnectionResetError
            return real(channel_id, ts, message)

        delivered.messenger.update = update
        with pytest.raises(ConnectionResetError):
            show_clip(delivered.deps, TEAM, "c1")
        assert clip_now(delivered).state == "done"
        delivered.messenger.update = real
        show_again(delivered.deps, TEAM, "c1")
        assert "1 speaker," in delivered.messenger.posts[place].text

    def test_sharing_while_files_are_sent_is_not_forgotten(self, bench, ada):
        put_clip(bench, state="replying", posted={"origin": {"channel_id": "C1", "ts": "8.0"}})
        real = bench.messenger.send_bytes
        shared = []

        def send_bytes(upload_url, content):
            real(upload_url, content)
            if not shared:
                shared.append(True)
                share_clip(bench.deps, ada, "c1")

        bench.messenger.send_bytes = send_bytes
        show_clip(bench.deps, TEAM, "c1")
        posted = clip_now(bench).posted
        assert [place["channel_id"] for place in posted["shared"]] == ["C1"]
        assert set(posted["files"]) == {*KINDS, "timeline.png"}


class TestWhileItIsAtWork:
    def test_labels_are_shown_before_the_words_are_there(self, bench):
        clip = put_clip(bench, state="queued", stage="queued", placeholder_ts=None)
        queue_clip(bench, clip)
        show_clip(bench.deps, TEAM, "c1")
        ts = clip_now(bench).placeholder_ts
        assert "talk.m4a: waiting" in bench.messenger.posts[DM, ts].text
        with bench.database.begin() as tx:
            tx.clips.update(TEAM, "c1", bench.now, state="running", stage="words", share=0.5)
        show_clip(bench.deps, TEAM, "c1")
        shown = bench.messenger.posts[DM, ts].text
        assert "2 speakers" in shown
        assert "The words follow: writing down the words (50%)" in shown

    def test_why_it_failed_is_said_with_what_to_do(self, bench):
        put_clip(bench, state="failed", error="We found no speech.", is_labelled=False)
        show_clip(bench.deps, TEAM, "c1")
        assert "could not be labelled. We found no speech." in message(bench).text

    @pytest.mark.parametrize("state", ["asking", "declined", "cancelled", "deleted"])
    def test_nothing_is_said_of_what_is_not_worked_on(self, bench, state):
        put_clip(bench, state=state, is_labelled=False)
        show_clip(bench.deps, TEAM, "c1")
        assert bench.messenger.posts == {}
        assert clip_now(bench).state == state
