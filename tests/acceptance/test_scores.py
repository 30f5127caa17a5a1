"""From labels to a score: names, corrections, references dropped in the thread, doubt, and a go of one's own."""

import json
from pathlib import Path

import pytest

from local_slack.payloads import faults_in_message, faults_in_view
from tests.world import ADA, BEN, action_ids, bot_messages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
EXAMPLES = Path(__file__).parents[2] / "examples"
MEETING = (EXAMPLES / "short.flac").read_bytes()
TRUTH = (EXAMPLES / "short.rttm").read_bytes()
HOSTILE = "<!channel> *Ada* & <@U0BEN>"


def labelled(world, user, name, *, agree="clip.agree"):
    """Upload, agree, and wait for the finished result; returns channel, thread and result."""
    channel = world.dm(user)
    thread_ts = world.people.upload(user, channel, {name: MEETING})["ts"]
    notice = world.wait_message(channel, "May we label", thread_ts=thread_ts)
    world.press(user, notice, "clip.purposes", channel=channel, selected=["label", "others"])
    world.press(user, notice, agree, channel=channel)
    return channel, thread_ts, finished(world, channel, thread_ts)


def finished(world, channel, thread_ts):
    def found(state):
        files = [f for m in bot_messages(state, channel, thread_ts) for f in m.get("files") or []]
        if not any(state["files"][f]["name"].endswith(".json") for f in files):
            return None
        messages = bot_messages(state, channel, thread_ts)
        return next((m for m in messages if "fix.open" in action_ids(m) and "Who spoke" in m["text"]), None)

    return world.wait(found, 90)


def modal(world, user, title, accept=lambda view: True):
    """Wait for the modal on top to have this title; returns it once it is as it should be."""

    def found(state):
        stack = state["modals"].get(user) or []
        return stack[-1] if stack and stack[-1]["title"]["text"] == title and accept(stack[-1]) else None

    view = world.wait(found)
    assert faults_in_view({**view, "submit": view["submit"]} if view.get("submit") else view) == []
    return view


def elements(view, prefix):
    """Return the elements of a view whose action_id begins so, with their blocks."""
    return [
        (block, element)
        for block in view["blocks"]
        for element in [*(block.get("elements") or []), block.get("element") or {}]
        if element.get("action_id", "").startswith(prefix)
    ]


def changed(world, channel, message, said):
    return world.wait(
        lambda state: next(
            (m for m in state["messages"][channel] if m["ts"] == message["ts"] and said in m["text"]), None
        )
    )


@pytest.fixture(scope="module")
def clip(world):
    return labelled(world, ADA, "standup.flac")


class TestNames:
    def test_are_shown_with_this_clip_and_work_as_nothing_but_words(self, world, clip):
        channel, _, result = clip
        world.press(ADA, result, "names.open", channel=channel)
        view = modal(world, ADA, "Name speakers")
        fields = elements(view, "names.name")
        values = {fields[0][0]["block_id"]: {fields[0][1]["action_id"]: HOSTILE}}
        world.people.submit(ADA, view["id"], values)
        shown = changed(world, channel, result, "(SPEAKER_0")
        assert faults_in_message(shown) == []
        assert "<!channel>" not in json.dumps(shown)
        assert "&lt;!channel&gt;" in json.dumps(shown["blocks"])


class TestFixing:
    def test_corrections_become_versions_that_are_scored_and_undone(self, world, clip):
        channel, thread_ts, result = clip
        world.press(ADA, result, "fix.open", channel=channel)
        view = modal(world, ADA, "Fix labels")
        _, select = elements(view, "fix.reassign")[0]
        block = elements(view, "fix.reassign")[0][0]
        world.people.press(
            ADA, select["action_id"], view_id=view["id"], block_id=block["block_id"], selected="new"
        )
        view = modal(world, ADA, "Fix labels", lambda v: "not saved yet" in json.dumps(v["blocks"]))
        world.people.press(ADA, "fix.rename", view_id=view["id"])
        form = modal(world, ADA, "Rename a speaker")
        who = elements(form, "fix.speaker")[0][1]["options"][0]["value"]
        typed = {"fix.speaker": {"fix.speaker": who}, "fix.name": {"fix.name": "<!here> *Maya*"}}
        assert not world.people.submit(ADA, form["id"], typed).get("errors")
        view = modal(world, ADA, "Fix labels", lambda v: "&lt;!here&gt; Maya" in json.dumps(v["blocks"]))
        world.people.submit(ADA, view["id"])
        card = world.wait_message(channel, "version 1", thread_ts=thread_ts)
        assert "Maya" in card["text"]
        assert "<!here>" not in json.dumps(card["blocks"])
        assert faults_in_message(card) == []
        assert "DER is" in card["text"]
        assert "collar 0.25 s each side, overlap left out" in card["text"]
        kinds = [b["type"] for b in card["blocks"]]
        assert {"table", "image", "actions"} <= set(kinds)
        assert "Stacked bars" in next(b for b in card["blocks"] if b["type"] == "image")["alt_text"]
        assert "Listen to these again" in card["text"]

        world.press(ADA, card, "score.undo", channel=channel)
        gone = changed(world, channel, card, "Version 1 was taken back")
        assert "no score" in gone["text"]

    def test_a_turn_is_moved_split_and_joined_with_errors_at_the_field(self, world, clip):
        channel, _, result = clip
        world.press(ADA, result, "fix.open", channel=channel)
        view = modal(world, ADA, "Fix labels")
        num_turns = len(elements(view, "fix.turn"))
        world.people.press(ADA, "fix.turn.0", view_id=view["id"])
        form = modal(world, ADA, "One turn")
        start = form["state"]["values"]["fix.start"]["fix.start"]["value"]

        def answer(**fields):
            values = {f"fix.{name}": {f"fix.{name}": value} for name, value in fields.items()}
            return world.people.submit(ADA, form["id"], values)

        bad = answer(start="soon", end="9:99")
        assert set(bad["errors"]) == {"fix.start", "fix.end"}
        assert "not a number" in bad["errors"]["fix.start"]
        assert "not after" in answer(start="0:03", end="0:02")["errors"]["fix.end"]
        assert "ends at" in answer(start=start, end="5:00")["errors"]["fix.end"]
        assert "between" in answer(start="0:01", end="0:03", split="0:30")["errors"]["fix.split"]
        assert not answer(start="0:01", end="0:03", split="0:02").get("errors")
        view = modal(world, ADA, "Fix labels", lambda v: len(elements(v, "fix.turn")) == num_turns + 1)
        world.people.press(ADA, "fix.turn.0", view_id=view["id"])
        form = modal(world, ADA, "One turn")
        world.people.submit(ADA, form["id"], {"fix.more": {"fix.more": ["join"]}})
        view = modal(world, ADA, "Fix labels", lambda v: len(elements(v, "fix.turn")) == num_turns)
        world.people.press(ADA, "fix.add", view_id=view["id"])
        form = modal(world, ADA, "Add a turn")
        typed = {"start": "0:01", "end": "9:00", "speaker": "new"}
        values = {f"fix.{name}": {f"fix.{name}": value} for name, value in typed.items()}
        assert "ends at" in world.people.submit(ADA, form["id"], values)["errors"]["fix.end"]
        values["fix.end"]["fix.end"] = "0:02"
        assert not world.people.submit(ADA, form["id"], values).get("errors")
        view = modal(world, ADA, "Fix labels", lambda v: len(elements(v, "fix.turn")) == num_turns + 1)
        speakers = [o["value"] for o in elements(view, "fix.merge_from")[0][1]["options"]]
        world.people.press(ADA, "fix.merge", view_id=view["id"])
        modal(world, ADA, "Fix labels", lambda v: "Choose both" in json.dumps(v["blocks"]))
        world.people.press(ADA, "fix.merge_from", view_id=view["id"], selected=speakers[1])
        world.people.press(ADA, "fix.merge_into", view_id=view["id"], selected=speakers[0])
        world.people.press(ADA, "fix.merge", view_id=view["id"])
        fewer = len(speakers) - 1
        view = modal(
            world,
            ADA,
            "Fix labels",
            lambda v: len(elements(v, "fix.merge_from")[0][1]["options"]) == fewer,
        )
        world.people.press(ADA, "fix.drop", view_id=view["id"])
        modal(world, ADA, "Fix labels", lambda v: "unchanged so far" in json.dumps(v["blocks"]))
        world.people.close(ADA, view["id"])

    def test_somebody_else_cannot_correct(self, world, clip):
        channel, _, result = clip
        refused = world.people.control(
            "press", user=BEN, channel=channel, message_ts=result["ts"], action_id="fix.open"
        )
        assert refused["ok"] is False


class TestReferencesDroppedIn:
    def test_rttm_is_scored_and_scored_again_on_request(self, world, clip):
        channel, thread_ts, result = clip
        world.people.upload(ADA, channel, {"truth.rttm": TRUTH}, thread_ts=thread_ts)
        card = world.wait_message(channel, "the RTTM file truth.rttm", thread_ts=thread_ts)
        assert "DER is" in card["text"]
        before = len(bot_messages(world.people.state(), channel, thread_ts))
        world.press(ADA, result, "score.show", channel=channel)
        world.wait(lambda state: len(bot_messages(state, channel, thread_ts)) > before)

    def test_vtt_with_voices_brings_word_scores(self, world, clip):
        channel, thread_ts, _ = clip
        vtt = b"WEBVTT\n\n00:00.600 --> 00:03.400\n<v Maya>Did anybody listen to the recording\n\n00:03.800 --> 00:08.000\n<v Kal>I did\n"
        world.people.upload(ADA, channel, {"truth.vtt": vtt}, thread_ts=thread_ts)
        card = world.wait_message(channel, "WebVTT file truth.vtt", thread_ts=thread_ts)
        assert "Word error rate" in card["text"]

    def test_broken_file_is_told_line_and_reason(self, world, clip):
        channel, thread_ts, _ = clip
        world.people.upload(
            ADA, channel, {"bad.rttm": b"SPEAKER x 1 zero 2 <NA> <NA> A <NA> <NA>\n"}, thread_ts=thread_ts
        )
        refusal = world.wait_message(channel, "bad.rttm could not be read", thread_ts=thread_ts)
        assert "line 1" in refusal["text"]

    def test_file_dropped_before_there_are_labels_is_judged_when_they_come(self, world):
        channel = world.dm(ADA)
        thread_ts = world.people.upload(ADA, channel, {"early.flac": MEETING})["ts"]
        notice = world.wait_message(channel, "May we label", thread_ts=thread_ts)
        world.stop("worker")
        world.press(ADA, notice, "clip.purposes", channel=channel, selected=["label", "others"])
        world.press(ADA, notice, "clip.agree", channel=channel)
        world.people.upload(ADA, channel, {"truth.rttm": TRUTH}, thread_ts=thread_ts)
        world.wait_message(channel, "truth.rttm is kept", thread_ts=thread_ts)
        world.start("worker")
        world.wait_message(channel, "the RTTM file truth.rttm", thread_ts=thread_ts, timeout_s=90)

    def test_file_that_does_not_fit_is_questioned(self, world, clip):
        channel, thread_ts, _ = clip
        long = b"SPEAKER x 1 100.0 300.0 <NA> <NA> A <NA> <NA>\n"
        world.people.upload(ADA, channel, {"other.rttm": long}, thread_ts=thread_ts)
        question = world.wait_message(channel, "Is other.rttm really for this clip?", thread_ts=thread_ts)
        assert faults_in_message(question) == []
        world.press(ADA, question, "reference.reject", channel=channel)
        changed(world, channel, question, "other.rttm was not scored")
        world.people.upload(ADA, channel, {"again.rttm": long}, thread_ts=thread_ts)
        question = world.wait_message(channel, "Is again.rttm really", thread_ts=thread_ts)
        world.press(ADA, question, "reference.accept", channel=channel)
        world.wait_message(channel, "against the RTTM file again.rttm", thread_ts=thread_ts)


class TestDoubt:
    def test_without_a_reference_there_is_no_rate_and_turns_are_confirmed(self, world):
        channel, thread_ts, result = labelled(world, BEN, "retro.flac")
        world.press(BEN, result, "score.show", channel=channel)
        card = world.wait_message(channel, "How sure is this?", thread_ts=thread_ts)
        assert faults_in_message(card) == []
        assert "there is no error rate" in card["text"]
        assert "margin" in card["text"]
        yes = next(a for a in action_ids(card) if a.startswith("doubt.yes"))
        world.press(BEN, card, yes, channel=channel)
        card = changed(world, channel, card, "as you confirmed")
        no = next(a for a in action_ids(card) if a.startswith("doubt.no"))
        block = next(
            b for b in card["blocks"] if any(e.get("action_id") == no for e in b.get("elements", []))
        )
        value = next(e for e in block["elements"] if e["action_id"] == no)["options"][0]["value"]
        world.press(BEN, card, no, channel=channel, selected=value)
        card = changed(world, channel, card, "you say, where we had heard")
        unsure = next(a for a in action_ids(card) if a.startswith("doubt.unsure"))
        world.press(BEN, card, unsure, channel=channel)
        card = changed(world, channel, card, "You could not tell")
        world.press(BEN, card, "score.show.checked", channel=channel)
        score = world.wait_message(channel, "turns you checked", thread_ts=thread_ts)
        assert "1 of the 2 turns you checked was right" in score["text"]
        assert "says nothing about the rest" in score["text"]


class TestLabellingFirst:
    def test_result_is_held_until_the_learner_has_written_turns(self, world):
        channel = world.dm(BEN)
        thread_ts = world.people.upload(BEN, channel, {"mine.flac": MEETING})["ts"]
        notice = world.wait_message(channel, "May we label", thread_ts=thread_ts)
        world.press(BEN, notice, "clip.purposes", channel=channel, selected=["label", "others"])
        world.press(BEN, notice, "own.first", channel=channel)
        held = world.wait_message(channel, "Our labels are ready", thread_ts=thread_ts, timeout_s=90)
        assert "SPEAKER_00" not in held["text"]
        world.press(BEN, held, "own.write", channel=channel)
        view = modal(world, BEN, "Label it yourself")
        bad = world.people.submit(BEN, view["id"], {"own.turns": {"own.turns": "0:01-0:03 A\nlater B\n"}})
        assert "line 2" in bad["errors"]["own.turns"]
        world.people.submit(
            BEN, view["id"], {"own.turns": {"own.turns": "0:01-0:03 A\n0:04-0:08 B\n0:08-0:10 A\n"}}
        )
        result = finished(world, channel, thread_ts)
        assert "SPEAKER_00" in result["text"]
        card = world.wait_message(channel, "agreement, not DER", thread_ts=thread_ts)
        assert faults_in_message(card) == []
        assert "You and our labels say the same for" in card["text"]

    def test_show_me_now(self, world):
        channel = world.dm(BEN)
        thread_ts = world.people.upload(BEN, channel, {"quick.flac": MEETING})["ts"]
        notice = world.wait_message(channel, "May we label", thread_ts=thread_ts)
        world.press(BEN, notice, "clip.purposes", channel=channel, selected=["label", "others"])
        world.press(BEN, notice, "own.first", channel=channel)
        held = world.wait_message(channel, "Your turn first", thread_ts=thread_ts)
        world.press(BEN, held, "own.show_now", channel=channel)
        finished(world, channel, thread_ts)


class TestPractice:
    def test_clip_of_ours_plays_in_place_and_is_scored_against_its_labels(self, world):
        channel = world.dm(BEN)
        answer = world.people.command(BEN, channel, "/whospoke", "practice")
        assert "on its way" in answer["text"]
        invitation = world.wait_message(channel, "Practice: who speaks when?")
        world.wait(
            lambda state: [
                f
                for m in bot_messages(state, channel, invitation["ts"])
                for f in m.get("files") or []
                if state["files"][f]["name"] == "short.flac"
            ]
        )
        world.press(BEN, invitation, "own.write", channel=channel)
        view = modal(world, BEN, "Label it yourself")
        world.people.submit(
            BEN,
            view["id"],
            {
                "own.turns": {
                    "own.turns": "0:00.6-0:03.486 x\n0:03.786-0:08.162 y\n0:07.562-0:10.36 x\n0:10.76-0:13.237 y"
                }
            },
        )
        card = world.wait_message(channel, "How your turns fare", thread_ts=invitation["ts"])
        assert "DER is 0.0 %" in card["text"]
        labels = b"0.6\t3.4\tA\n3.8\t8.1\tA\n7.6\t10.3\tA\n10.8\t13.2\tA\n"
        world.people.upload(BEN, channel, {"labels.txt": labels}, thread_ts=invitation["ts"])
        card = world.wait_message(channel, "1 speaker instead of 2", thread_ts=invitation["ts"])
        assert "wrong speaker" in card["text"]


class TestDeleting:
    def test_takes_every_card_and_picture_with_it(self, world, clip):
        channel, thread_ts, result = clip
        world.press(ADA, result, "doubt.show", channel=channel)
        world.wait_message(channel, "How sure is this?", thread_ts=thread_ts)
        pictures = [
            block["slack_file"]["id"]
            for message in bot_messages(world.people.state(), channel, thread_ts)
            for block in message.get("blocks") or []
            if block["type"] == "image"
        ]
        assert pictures
        world.press(ADA, result, "clip.delete", channel=channel)
        world.wait(lambda state: len(bot_messages(state, channel, thread_ts)) == 1)
        state = world.people.state()
        (left,) = bot_messages(state, channel, thread_ts)
        assert all(state["files"][f]["state"] == "deleted" for f in pictures if f in state["files"])
        assert "deleted at your request" in left["text"]
