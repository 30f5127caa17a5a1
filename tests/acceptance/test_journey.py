"""Ada's first day: lesson, quiz, lab, clip; then everything stops, starts again, and she is where she was."""

from pathlib import Path

import pytest

from tests.world import ADA, BEN, GENERAL, action_ids, bot_messages, buttons

pytestmark = pytest.mark.slow
MEETING = Path(__file__).parents[2] / "examples" / "short.flac"


class TestCourse:
    def test_from_command_to_completed_lab(self, world):
        channel, card = world.start_course()
        assert "card 1 of" in card["text"]
        invitation = world.read_lesson(ADA, channel, card)
        summary = world.take_quiz(ADA, channel, invitation)
        assert "of 4 correct" in summary["text"]

        world.press(ADA, summary, "lab.open", channel=channel)
        lab = world.wait_message(channel, "Your mission")
        assert "scripted" in lab["text"]
        for number, line in enumerate(
            [
                "Diarization alone will tell us the names of the judges, right?",
                "Then we enrol the judges: how much speech, and on which microphone?",
                "And an interpreter whom nobody enrolled: the system should say unknown, should it not?",
            ],
            1,
        ):
            world.people.message(ADA, channel, line, thread_ts=lab["ts"])
            world.wait_message(channel, f"Exchange {number} of 3", thread_ts=lab["ts"])
        done = world.wait_message(channel, "this lab is complete", thread_ts=lab["ts"])
        world.press(ADA, done, "lab.debrief", channel=channel)
        debrief = world.wait_message(channel, "Debrief", thread_ts=lab["ts"])
        assert "Diarization alone will tell us the names" in debrief["text"]

        world.people.command(ADA, GENERAL, "/whospoke", "start")
        world.wait_message(channel, "Lesson 2")

    def test_answered_question_stands_when_an_old_button_is_pressed(self, world):
        channel, card = world.start_course(BEN)
        invitation = world.read_lesson(BEN, channel, card)
        question = world.press_until(BEN, invitation, "quiz.start", "question 1 of", channel=channel)
        old = next(each for each in buttons(question) if ".answer." in each["action_id"])
        answered = world.press_until(BEN, question, old["action_id"], "You chose", channel=channel)
        chosen = answered["text"].split("You chose")[1]
        assert old["action_id"] not in action_ids(answered)
        refused = world.people.control(
            "press", user=BEN, channel=channel, message_ts=question["ts"], action_id=old["action_id"]
        )
        assert refused["error"] == "no_such_element"
        again = world.people.command(BEN, GENERAL, "/whospoke", "start")
        assert "direct messages" in again["text"]
        resumed = world.wait_message(channel, "question 2 of")
        assert chosen not in resumed["text"]

    def test_take_it_together_begins_in_the_pressers_own_messages(self, world):
        answer = world.people.command(ADA, GENERAL, "/whospoke", "start")
        assert "together.offer" in action_ids(answer)
        world.people.press(ADA, "together.offer", channel=GENERAL, message_ts=answer["ts"])
        card = world.wait_message(GENERAL, "asks who comes along")
        world.people.press("U0DEV", "together.begin", channel=GENERAL, message_ts=card["ts"])
        channel = world.dm("U0DEV")
        world.wait_message(channel, "Lesson 1")

    @pytest.mark.parametrize("word", ["", "help", "dance"])
    def test_anything_else_answers_with_help(self, world, word):
        answer = world.people.command(ADA, GENERAL, "/whospoke", word)
        assert "/whospoke start" in answer["text"]

    def test_home_tab_says_where_one_is(self, world):
        world.people.open(ADA, "home")
        home = world.wait(lambda state: state["homes"].get(ADA))
        assert "stops done" in str(home["blocks"])

    def test_progress_in_words(self, world):
        answer = world.people.command(ADA, GENERAL, "/whospoke", "progress")
        assert "stops done" in answer["text"]


class TestClip:
    def test_from_upload_to_labelled_result(self, world):
        channel = world.dm(ADA)
        upload = world.people.upload(ADA, channel, {"standup.flac": MEETING.read_bytes()})
        notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
        world.agree(ADA, channel, notice, "label", "others", "pictures")
        world.wait_message(channel, "You agreed on", thread_ts=upload["ts"])
        result = world.wait_message(channel, "Who spoke when", thread_ts=upload["ts"], timeout_s=60)
        assert "SPEAKER_00" in result["text"]

        def delivered(state):
            thread = [
                m
                for m in state["messages"][channel]
                if m.get("thread_ts") == upload["ts"] and m.get("bot_id")
            ]
            names = {state["files"][f]["name"] for m in thread for f in m.get("files") or []}
            return names if len(names) >= 5 else None

        names = world.wait(delivered, 60)
        assert "standup.rttm" in names
        assert {name.rsplit(".", 1)[1] for name in names} == {"rttm", "txt", "vtt", "srt", "json"}
        final = world.wait(
            lambda state: next(
                (
                    m
                    for m in bot_messages(state, channel, upload["ts"])
                    if any(b["type"] == "image" for b in m.get("blocks") or [])
                ),
                None,
            )
        )
        picture = next(block for block in final["blocks"] if block["type"] == "image")
        assert "SPEAKER_00" in picture["alt_text"]

    def test_without_ticks_nothing_happens_and_it_is_said_why(self, world):
        channel = world.dm(BEN)
        upload = world.people.upload(BEN, channel, {"talk.flac": MEETING.read_bytes()})
        notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
        world.agree(BEN, channel, notice, "label")
        world.wait(lambda _: any("tick the first two boxes" in text for text in world.whispers(BEN)))
        world.press(BEN, notice, "clip.decline", channel=channel)
        world.wait_message(channel, "Nothing was fetched", thread_ts=upload["ts"])

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("notes.pdf", b"%PDF-1.4 not sound", "does not look like a recording"),
            ("empty.wav", b"", "is empty"),
        ],
    )
    def test_files_that_are_refused_before_anybody_is_asked(self, world, name, content, said):
        channel = world.dm(BEN)
        upload = world.people.upload(BEN, channel, {name: content})
        world.wait_message(channel, said, thread_ts=upload["ts"])

    def test_file_that_is_no_recording_inside_fails_with_what_to_do(self, world):
        channel = world.dm(BEN)
        upload = world.people.upload(BEN, channel, {"fake.wav": b"this is not a recording at all" * 50})
        notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
        world.agree(BEN, channel, notice, "label", "others")
        failed = world.wait_message(channel, "could not be labelled", thread_ts=upload["ts"], timeout_s=40)
        assert "not a recording we can read" in failed["text"]

    def test_somebody_elses_clip_cannot_be_decided_on(self, world):
        channel = world.dm(ADA)
        upload = world.people.upload(ADA, channel, {"mine.flac": MEETING.read_bytes()})
        notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
        clip_id = next(
            e["value"]
            for b in notice["blocks"]
            if b["type"] == "actions"
            for e in b["elements"]
            if e["action_id"] == "clip.decline"
        )
        assert clip_id
        refused = world.people.control(
            "press", user=BEN, channel=channel, message_ts=notice["ts"], action_id="clip.decline"
        )
        assert refused["ok"] is False


class TestStoppingEverything:
    def test_she_is_where_she_was(self, world):
        channel, card = world.start_course("U0CLEO")
        second = world.press_until("U0CLEO", card, "lesson.turn.next", "card 2 of", channel=channel)
        before = len(world.people.state()["messages"][channel])
        for name in ("bot", "worker", "workspace"):
            assert world.stop(name) == 0
        world.start("workspace")
        world.people.wait_ready(20)
        world.start("bot", "worker")
        assert len(world.people.state()["messages"][channel]) == before
        world.people.command("U0CLEO", GENERAL, "/whospoke", "start")
        again = world.wait(lambda state: state["messages"][channel][before:])[0]
        assert again["text"] == second["text"]
        for name in ("bot", "worker", "workspace"):
            assert "Traceback" not in world.log(name)
