"""Every file that is dropped gets an answer, whatever became of the others in its message."""

import logging

import pytest

from bot.messenger import SlackFile
from bot.people import Person
from bot.use_cases.handle_event import handle_event, keep_event
from bot.use_cases.take_labels import MAX_LABEL_BYTES
from tests.clip_parts import DM, OWNER, TEAM, THREAD, put_clip

ADA = Person(TEAM, OWNER)


def drop(bench, *files, thread_ts=None):
    """Handle a message with these files; returns what was said about it."""
    event = {
        "type": "message", "channel": DM, "channel_type": "im", "user": OWNER, "ts": "9.0",
        "files": [{"id": one.file_id, "name": one.name} for one in files],
    } | ({"thread_ts": thread_ts} if thread_ts else {})  # fmt: skip
    bench.messenger.known_files |= {one.file_id: one for one in files}
    with bench.database.begin() as tx:
        keep_event(tx, ADA, "Ev1", "message", event, bench.now)
    handle_event(bench.deps, "Ev1", OWNER)
    return [message.text for message in bench.messenger.posts.values()]


def a_file(file_id, name, mimetype="", size_bytes=9):
    return SlackFile(file_id, OWNER, name, mimetype, size_bytes, is_external=False)


class TestFaultOfOurs:
    def test_is_said_of_its_file_and_keeps_no_other_waiting(self, bench, caplog):
        caplog.set_level(logging.DEBUG)
        broken = a_file("F2", "secret talk.flac", size_bytes="nine")
        said = drop(bench, a_file("F1", "one.flac"), broken, a_file("F3", "three.flac"))
        assert len(said) == 3
        assert "the speakers in one.flac" in said[0]
        assert "secret talk.flac could not be taken: a fault of ours" in said[1]
        assert "the speakers in three.flac" in said[2]
        assert "TypeError at receive_clip.py" in caplog.text
        assert "secret" not in caplog.text
        number = said[1].rpartition("number ")[2].strip(".")
        assert f"number {number}" in caplog.text

    def test_what_may_pass_is_left_to_be_tried_again(self, bench):
        bench.messenger.raises["post"] = ConnectionResetError()
        with pytest.raises(ConnectionResetError):
            drop(bench, a_file("F1", "one.flac"))


class TestNameThatTellsNothing:
    @pytest.mark.parametrize("name", ["memo", "Interview 12.03", "call.final", ".hidden"])
    @pytest.mark.parametrize("mimetype", ["", "application/octet-stream"])
    def test_is_asked_about(self, bench, name, mimetype):
        assert f"the speakers in {name}" in drop(bench, a_file("F1", name, mimetype))[0]

    @pytest.mark.parametrize(
        ("name", "mimetype"), [("a.pdf", ""), ("a.rttm", ""), ("memo", "text/plain"), ("memo", "image/png")]
    )
    def test_is_not_where_name_or_type_say_what_it_is(self, bench, name, mimetype):
        assert "does not look like a recording" in drop(bench, a_file("F1", name, mimetype))[0]

    def test_in_a_clips_thread_is_read_as_labels_unless_it_is_too_large(self, bench):
        put_clip(bench, state="failed", is_labelled=False)
        assert "looks like labels" in drop(bench, a_file("F1", "memo"), thread_ts=THREAD)[0]

    def test_in_a_clips_thread_is_asked_about_where_labels_are_never_so_large(self, bench):
        put_clip(bench, state="failed", is_labelled=False)
        large = a_file("F1", "memo", size_bytes=MAX_LABEL_BYTES + 1)
        assert "the speakers in memo" in drop(bench, large, thread_ts=THREAD)[0]
