"""Names, corrections and jargon reach what people take away: the posted files, the picture, the shared result."""

import json
from http.client import HTTPException

import pytest

from annotation.formats import srt
from tests.clip_world import ClipWorld, modal
from tests.world import ADA, BEN, GENERAL, ROOT, bot_messages, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SHORT = (ROOT / "examples" / "short.flac").read_bytes()
SUFFIXES = ["json", "rttm", "srt", "txt", "vtt"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with ClipWorld(tmp_path_factory.mktemp("names")) as world:
        world.start("bot", "worker")
        yield world


@pytest.fixture(scope="module")
def where(running):
    where = running.give(ADA, "talk.flac", SHORT)
    running.wait_done(where)
    return where


def posted(world, where, suffix, said):
    """Wait until the one file of that kind in the thread says this, and return its text."""

    def found():
        state = world.people.state()
        ids = [f for m in bot_messages(state, *where) for f in m.get("files") or []]
        there = [one for one in ids if state["files"][one]["state"] == "ready"]
        kind = [one for one in there if state["files"][one]["name"].endswith(suffix)]
        try:
            texts = [
                world.people._request("GET", f"/_control/file/{one}?user={ADA}").decode() for one in kind
            ]
        except HTTPException:  # taken back at this very moment: a newer one takes its place
            return None
        return texts[0] if len(texts) == 1 and said in texts[0] else None

    return wait_until(found, 60)


def picture_of(world, where):
    message = world.wait_said(where, "Who spoke when")
    return next(block for block in message["blocks"] if block["type"] == "image")


class TestWhatPeopleTakeAway:
    def test_names_are_in_the_files_and_in_the_picture(self, running, where):
        result = running.wait_done(where)
        before = picture_of(running, where)["slack_file"]["id"]
        running.press(ADA, result, "names.open", channel=where[0])
        view = modal(running, ADA, "names.save")
        fields = [block for block in view["blocks"] if block["type"] == "input"]
        typed = {
            field["block_id"]: {field["element"]["action_id"]: name}
            for field, name in zip(fields, ("Ada Quill", "Ben Stone"), strict=True)
        }
        running.people.submit(ADA, view["id"], typed)
        document = json.loads(posted(running, where, ".json", "Ada Quill"))
        assert sorted(document["names"].values()) == ["Ada Quill", "Ben Stone"]
        assert document["engine"] == "embedded"
        assert all("margin" in turn for turn in document["turns"])
        subtitles = posted(running, where, ".srt", "Ada Quill:")
        assert {turn.speaker for turn in srt.parse(subtitles).turns} == {"Ada Quill", "Ben Stone"}
        assert "Ada_Quill" in posted(running, where, ".rttm", "Ada_Quill")
        wait_until(lambda: "Ada Quill" in picture_of(running, where)["alt_text"])
        assert picture_of(running, where)["slack_file"]["id"] != before
        wait_until(lambda: running.shared_suffixes(where) == SUFFIXES)

    def test_corrections_are_too_and_go_again_when_they_are_taken_back(self, running, where):
        result = running.wait_done(where)
        running.press(ADA, result, "fix.open", channel=where[0])
        view = modal(running, ADA, "fix.save")
        rows = [block for block in view["blocks"] if block["type"] == "actions"]
        lists = {
            e["action_id"]: (row["block_id"], e["options"])
            for row in rows
            for e in row["elements"]
            if "options" in e
        }
        (block, options), into = lists["fix.merge_from"], lists["fix.merge_into"][0]
        values = {block: {"fix.merge_from": options[1]["value"]}}
        values.setdefault(into, {})["fix.merge_into"] = options[0]["value"]
        running.people.press(ADA, "fix.merge", view_id=view["id"], values=values)
        running.wait(lambda state: "not saved yet" in json.dumps(state["modals"].get(ADA)))
        running.people.submit(ADA, view["id"])
        document = json.loads(posted(running, where, ".json", '"corrected_version": 1'))
        assert len({turn["speaker"] for turn in document["turns"]}) == 1
        assert len({word["speaker"] for word in document["words"]}) == 1
        name = next(iter(document["names"].values()))
        assert {turn.speaker for turn in srt.parse(posted(running, where, ".srt", name)).turns} == {name}
        shown = running.wait_said(where, "engine, with your corrections.")
        assert "1 speaker," in shown["text"]
        assert picture_of(running, where)["alt_text"].startswith("Timeline of")
        card = running.wait_said(where, "DER is")
        assert "version 1" in card["text"], "the machine's own labels are what is scored"
        running.press(ADA, card, "score.undo", channel=where[0])
        again = json.loads(posted(running, where, ".json", '"corrected_version": null'))
        assert len({turn["speaker"] for turn in again["turns"]}) == 2
        wait_until(lambda: running.shared_suffixes(where) == SUFFIXES)


class TestWhatIsKnownBeforehand:
    def test_language_jargon_and_bounds_are_asked_at_the_notice(self, running):
        where = running.give(BEN, "told.flac", SHORT, agree=False)
        notice = running.wait_said(where, "May we label")
        running.press(BEN, notice, "clip.purposes", channel=where[0], selected=["label", "others"])
        running.press(BEN, notice, "clip.at_least", channel=where[0], selected="2")
        running.press(BEN, notice, "clip.at_most", channel=where[0], selected="3")
        typed = {
            "clip.hot_words": {"clip.hot_words": "Quill, harbour"},
            "clip.language": {"clip.language": "en"},
        }
        running.press(BEN, notice, "clip.agree", channel=where[0], values=typed)
        running.wait_done(where)
        (row,) = running.rows("SELECT clip_id, min_speakers, max_speakers FROM clip WHERE name = 'told.flac'")
        assert (row.min_speakers, row.max_speakers) == (2, 3)
        (stored,) = running.rows(
            "SELECT document FROM clip_document WHERE clip_id = :c AND kind = 'words_request'", c=row.clip_id
        )
        assert json.loads(stored.document) == {"language": "en", "hot_words": ["Quill", "harbour"]}


class TestAgain:
    def test_who_asks_again_is_told_where_the_result_is(self, running, where):
        (row,) = running.rows("SELECT thread_ts FROM clip WHERE name = 'talk.flac'")
        running.people.do(
            "shortcut", user=ADA, callback_id="clip.label", channel=where[0], message_ts=row.thread_ts
        )
        told = running.wait_message(where[0], "talk.flac is labelled already")
        assert "Go there" in json.dumps(told["blocks"])

    def test_after_a_no_one_is_asked_anew(self, running):
        where = running.give(BEN, "later.flac", SHORT, agree=False)
        notice = running.wait_said(where, "May we label")
        running.press(BEN, notice, "clip.decline", channel=where[0])
        running.wait_said(where, "Nothing was fetched")
        before = len(running.messages(where[0]))
        running.people.do(
            "shortcut", user=BEN, callback_id="clip.label", channel=where[0], message_ts=where[1]
        )
        running.wait(lambda state: len(bot_messages(state, where[0])) > before)
        assert "May we label the speakers in later.flac" in running.messages(where[0])[-1]["text"]


class TestObjection:
    def test_anybody_to_whom_it_was_shown_can_have_it_deleted(self, running):
        upload = running.people.upload(ADA, GENERAL, {"retro.flac": SHORT})
        running.people.do(
            "shortcut", user=ADA, callback_id="clip.label", channel=GENERAL, message_ts=upload["ts"]
        )
        channel = running.dm(ADA)
        notice = running.wait_message(channel, "May we label the speakers in retro.flac")
        running.agree(ADA, channel, notice, "label", "others", "pictures")
        running.wait_done((channel, notice["ts"]))
        result = running.wait_said((channel, notice["ts"]), "Who spoke when in retro.flac")
        running.press(ADA, result, "clip.share", channel=channel)
        shared = running.wait_message(GENERAL, "Who spoke when in retro.flac", thread_ts=upload["ts"])
        running.press(BEN, shared, "clip.object", channel=GENERAL)
        running.wait_message(GENERAL, "Somebody who was recorded objected", thread_ts=upload["ts"])
        told = running.wait_message(channel, "objected to its labelling")
        assert BEN not in json.dumps(told)

        def ours_are_gone(state):
            names = {f["name"] for f in state["files"].values() if f["state"] != "deleted"}
            return "retro.flac" in names and not names & {"retro.json", "retro.txt", "retro.srt"}

        running.wait(ours_are_gone)
        assert running.rows("SELECT state FROM clip WHERE file_id = :f", f=upload["file_ids"][0])[
            0
        ].state == ("deleted")
