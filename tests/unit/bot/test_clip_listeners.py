"""Presses about clips, from the payload to what is shown."""

import pytest

from bot import ids
from bot.listeners.actions import clips, people
from tests.bot_parts import Bench, copy_of, migrated
from tests.clip_parts import DM, OWNER, TEAM, clip_now, put_clip


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return migrated(tmp_path_factory.mktemp("template"))


@pytest.fixture
def bench(template, tmp_path):
    database = copy_of(template, tmp_path)
    yield Bench(database, None)
    database.close()


def press(bench, handler, action_id, value="c1", *, user=OWNER, channel=DM, ts="7.0", state=None):
    acked = []
    body = {
        "user": {"id": user},
        "team": {"id": TEAM},
        "container": {"channel_id": channel, "message_ts": ts},
        "trigger_id": "t1",
        "state": {"values": state or {}},
        "actions": [{"action_id": action_id, "value": value}],
    }
    handler(lambda **_: acked.append(True), body, deps=bench.deps)
    assert acked == [True]
    return bench.messenger.posts.get((channel, ts))


def submit(bench, handler, view, state):
    acked = []
    shown = {"id": "V1", "private_metadata": view["private_metadata"], "state": {"values": state}}
    body = {"user": {"id": OWNER}, "team": {"id": TEAM}, "view": shown}
    handler(lambda **_: acked.append(True), body, deps=bench.deps)
    assert acked == [True]


class TestPrivacyList:
    def test_deleting_one_clip_keeps_the_list_of_the_others(self, bench):
        for number in (1, 2):
            put_clip(bench, f"c{number}", name=f"talk{number}.m4a")
        shown = press(bench, people.handle_delete_clip, f"{ids.PRIVACY_DELETE_CLIP}.0")
        assert clip_now(bench, "c1").state == "deleted"
        assert "What whospoke holds about you: 1 clip with" in shown.text
        assert "talk2.m4a" in str(shown.blocks)
        assert "talk1.m4a" not in str(shown.blocks)

    def test_deleting_everything_leaves_no_name_in_the_list(self, bench):
        put_clip(bench, name="talk1.m4a")
        shown = press(bench, people.handle_delete_all, ids.PRIVACY_DELETE_ALL)
        assert "0 clips" in shown.text
        assert "talk1.m4a" not in str(shown.blocks)
        assert any(message.text.startswith("Deleted: 1 clip") for message in bench.messenger.posts.values())

    def test_export_says_where_it_goes(self, bench):
        press(bench, people.handle_export_data, ids.PRIVACY_EXPORT_CLIPS)
        assert "on its way to our direct messages" in bench.messenger.whispers[0]


class TestAgreeing:
    def test_what_was_ticked_chosen_and_typed_counts(self, bench):
        put_clip(bench, state="asking", is_labelled=False)
        state = {
            ids.CLIP_PURPOSES_BLOCK: {
                ids.CLIP_PURPOSES: {"selected_options": [{"value": "label"}, {"value": "others"}]}
            },
            ids.CLIP_BOUNDS_BLOCK: {
                ids.CLIP_AT_LEAST: {"selected_option": {"value": "2"}},
                ids.CLIP_AT_MOST: {"selected_option": {"value": "5"}},
            },
            ids.CLIP_HOT_WORDS: {ids.CLIP_HOT_WORDS: {"value": "Ada Quill, DER"}},
            ids.CLIP_LANGUAGE: {ids.CLIP_LANGUAGE: {"selected_option": {"value": "en"}}},
        }
        shown = press(bench, clips.handle_agree, ids.CLIP_AGREE, state=state)
        assert "You agreed on 23 November 2026" in shown.text
        assert (clip_now(bench).min_speakers, clip_now(bench).max_speakers) == (2, 5)
        with bench.database.begin() as tx:
            assert tx.clips.load(TEAM, "c1", "words_request") == {
                "language": "en", "hot_words": ["Ada Quill", "DER"],
            }  # fmt: skip


class TestWordsAgain:
    def test_the_form_shows_what_was_said_before_and_keeps_what_is_said_now(self, bench):
        put_clip(bench)
        with bench.database.begin() as tx:
            tx.clips.save(TEAM, "c1", "words_request", {"language": "de", "hot_words": ["DER"]}, bench.now)
        press(bench, clips.handle_try_words, ids.CLIP_TRY_WORDS)
        (view,) = bench.messenger.views
        fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        assert fields[ids.CLIP_HOT_WORDS]["initial_value"] == "DER"
        assert fields[ids.CLIP_LANGUAGE]["initial_option"]["value"] == "de"
        assert clip_now(bench).state == "done", "nothing runs before it is asked for"
        submit(
            bench,
            clips.handle_words_again,
            view,
            {ids.CLIP_HOT_WORDS: {ids.CLIP_HOT_WORDS: {"value": "JER"}}},
        )
        assert clip_now(bench).state == "queued"
        with bench.database.begin() as tx:
            assert tx.clips.load(TEAM, "c1", "words_request") == {"language": None, "hot_words": ["JER"]}


class TestObjecting:
    def test_the_shared_message_says_what_happened(self, bench):
        put_clip(bench)
        with bench.database.begin() as tx:
            tx.posts.claim(TEAM, "clip:c1:shared", "C1", "8.0", bench.now)
            tx.posts.sent(TEAM, "clip:c1:shared", "9.0")
        shown = press(bench, clips.handle_object, ids.CLIP_OBJECT, user="U2", channel="C1", ts="9.0")
        assert "Somebody who was recorded objected" in shown.text
        assert clip_now(bench).state == "deleted"
