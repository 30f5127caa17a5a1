"""Labs as learners meet them: all four, edits and second thoughts, odd messages, a model with an outage, budgets."""

import json
import time
import urllib.request

import pytest

from bench.lab_turns import GOOD
from tests.anthropic_server import AnthropicServer, Fails, Says
from tests.world import ADA, BEN, CLEO, GENERAL, World, action_ids, bot_messages, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
TRAP = "Diarization will tell us the names of the attorneys."


def _open_lab(world, user):
    """Read the lesson, take its quiz, open its lab; returns the channel and the lab's message."""
    channel = world.dm(user)
    before = len(world.messages(channel))
    world.people.command(user, GENERAL, "/whospoke", "start")
    card = world.wait(lambda state: bot_messages(state, channel)[before:])[-1]
    summary = world.take_quiz(user, channel, world.read_lesson(user, channel, card))
    known = {m["ts"] for m in world.messages(channel)}
    world.press(user, summary, "lab.open", channel=channel)

    def opened(state):
        new = [m for m in bot_messages(state, channel) if m["ts"] not in known]
        return next((m for m in new if "Your mission" in m["text"]), None)

    return channel, world.wait(opened)


def _say(world, user, channel, lab, text):
    return world.people.message(user, channel, text, thread_ts=lab["ts"])


def _replies(world, channel, lab):
    return [m for m in world.messages(channel, thread_ts=lab["ts"]) if m["ts"] != lab["ts"]]


def _wait_reply(world, channel, lab, said, timeout_s=20.0):
    return world.wait(
        lambda state: next(
            (
                m
                for m in reversed(bot_messages(state, channel, lab["ts"]))
                if m["ts"] != lab["ts"] and said in m["text"] and not m.get("streaming")
            ),
            None,
        ),
        timeout_s,
    )


def _no_status(world, channel, lab):
    return world.wait(lambda state: not state["statuses"].get(channel, {}).get(lab["ts"]) or None)


class TestScriptedLabs:
    def test_all_four_end_to_end(self, world):
        for number in range(1, 5):
            channel, lab = _open_lab(world, ADA)
            assert f"Lab {number}" in lab["text"]
            assert "No language model reads" in lab["text"]
            assert "lab.use_guide" not in action_ids(lab)
            for exchange, line in enumerate(GOOD[f"lab-{number}"][:3], 1):
                _say(world, ADA, channel, lab, line)
                reply = _wait_reply(world, channel, lab, f"Exchange {exchange} of 3")
            assert "this lab is complete" in reply["text"]
            world.press(ADA, reply, "lab.debrief", channel=channel)
            debrief = _wait_reply(world, channel, lab, "Debrief:")
            assert "Explored:" in debrief["text"]
            assert GOOD[f"lab-{number}"][0][:30] in debrief["text"] or "You said:" in debrief["text"]
            assert len(_replies(world, channel, lab)) == 4
            _no_status(world, channel, lab)

    def test_one_may_go_on_after_completion(self, world):
        channel = world.dm(ADA)
        lab = next(m for m in reversed(world.messages(channel)) if "Your mission" in m["text"])
        before = len(_replies(world, channel, lab))
        _say(world, ADA, channel, lab, "And which deadline does deletion from the backups have?")
        reply = world.wait(
            lambda state: (
                [m for m in bot_messages(state, channel, lab["ts"]) if m["ts"] != lab["ts"]][before:] or None
            )
        )[0]
        world.wait(lambda state: not any(m.get("streaming") for m in bot_messages(state, channel)))
        assert "Exchange" not in reply["text"]


class TestOddMessages:
    @pytest.fixture(scope="class")
    def lab(self, world):
        return _open_lab(world, BEN)

    def test_greeting_does_not_count(self, world, lab):
        channel, opening = lab
        _say(world, BEN, channel, opening, "hello")
        _wait_reply(world, channel, opening, "0 of 3 exchanges so far")

    def test_emoji_alone(self, world, lab):
        channel, opening = lab
        _say(world, BEN, channel, opening, ":+1:")
        world.wait(lambda _: len(_replies(world, channel, opening)) == 2)
        _wait_reply(world, channel, opening, "0 of 3 exchanges so far")

    def test_ten_thousand_characters_are_read_in_part_and_it_is_said(self, world, lab):
        channel, opening = lab
        _say(
            world,
            BEN,
            channel,
            opening,
            ("We enrol each judge with consent from three hearings. " * 200)[:10_000],
        )
        reply = _wait_reply(world, channel, opening, "its first 4,000 characters were read")
        assert "Exchange 1 of 3" in reply["text"]

    def test_file_that_nobody_can_read(self, world, lab):
        channel, opening = lab
        world.people.upload(BEN, channel, {"plan.pdf": b"%PDF"}, thread_ts=opening["ts"])
        _wait_reply(world, channel, opening, "I cannot read files here")

    def test_recording_is_asked_about(self, world, lab):
        channel, opening = lab
        world.people.upload(BEN, channel, {"call.wav": b"RIFF" * 100}, thread_ts=opening["ts"])
        _wait_reply(world, channel, opening, "May we label")

    def test_words_beside_a_file_are_heard(self, world, lab):
        channel, opening = lab
        line = "Our plan says that below the threshold we print unknown."
        world.people.upload(BEN, channel, {"plan.txt": b"plan"}, text=line, thread_ts=opening["ts"])
        _wait_reply(world, channel, opening, "Exchange 2 of 3")

    def test_outside_of_the_thread_the_way_back_is_shown(self, world, lab):
        channel, _ = lab
        world.people.message(BEN, channel, "I would enrol the judges")
        world.wait_message(channel, "please answer in its thread")

    def test_in_another_thread_too(self, world, lab):
        channel, _ = lab
        first = world.messages(channel)[0]
        world.people.message(BEN, channel, "I would enrol the attorneys", thread_ts=first["ts"])
        world.wait_message(channel, "please answer in its thread", thread_ts=first["ts"])

    def test_debrief_before_the_end_by_word_and_by_button(self, world, lab):
        channel, opening = lab
        _say(world, BEN, channel, opening, "debrief please")
        _wait_reply(world, channel, opening, "Debrief:")
        before = len(_replies(world, channel, opening))
        world.press(BEN, opening, "lab.debrief", channel=channel)
        world.wait(lambda _: len(_replies(world, channel, opening)) == before + 1)

    def test_repeated_opener_is_said_once(self, world, lab):
        channel, opening = lab
        world.press(BEN, opening, "lab.opener.0", channel=channel)
        _wait_reply(world, channel, opening, "Exchange 3 of 3")
        world.press(BEN, opening, "lab.opener.0", channel=channel)
        world.wait(lambda _: any("said that one already" in text for text in world.whispers(BEN)))


class TestSecondThoughts:
    def test_two_messages_at_once_an_edit_and_a_deletion(self, tmp_path):
        with (
            AnthropicServer(Says("And which microphone would you enrol them with?")) as model,
            World(tmp_path, ANTHROPIC_API_KEY=model.api_key, ANTHROPIC_BASE_URL=model.url) as world,
        ):
            world.start("bot")
            channel, lab = _open_lab(world, CLEO)
            self._edit_before_the_reply(world, model, channel, lab)
            self._two_at_once(world, model, channel, lab)
            self._take_back(world, model, channel, lab)

    def _edit_before_the_reply(self, world, model, channel, lab):
        """The first reply is slow; the second message is changed while it waits for its turn."""
        model.then(Says("Let us see. Which task is it?", first_after_s=2.0))
        _say(world, CLEO, channel, lab, "We want names for the judges and attorneys here.")
        wait_until(lambda: model.requests)
        ts = _say(world, CLEO, channel, lab, "We enrol everyone in a studio.")
        world.people.do(
            "edit", user=CLEO, channel=channel, ts=ts, text="We enrol each judge in the courtroom."
        )
        _wait_reply(world, channel, lab, "Exchange 2 of 3")
        heard = model.requests[-1]["messages"]
        assert heard[-1]["content"] == "We enrol each judge in the courtroom."
        assert "studio" not in str(heard)
        world.people.do("edit", user=CLEO, channel=channel, ts=ts, text="We enrol each judge at the bench.")
        num_asked = len(model.requests)
        time.sleep(1.0)  # that nothing happens cannot be waited for
        assert len(model.requests) == num_asked

    def _two_at_once(self, world, model, channel, lab):
        _say(world, CLEO, channel, lab, "A clerk reviews every name, is that enough?")
        _say(world, CLEO, channel, lab, "And what is the threshold for a match?")
        world.wait(lambda _: len(_replies(world, channel, lab)) == 4)
        wait_until(lambda: len(model.requests) == 4)
        last = model.requests[-1]["messages"]
        assert [m["role"] for m in last][-3:] == ["user", "assistant", "user"]
        assert last[-3]["content"].startswith("A clerk reviews")
        assert "at the bench" in str(last), "later replies read what was edited"
        world.wait(lambda state: not any(m.get("streaming") for m in bot_messages(state, channel)))

    def _take_back(self, world, model, channel, lab):
        ts = _say(world, CLEO, channel, lab, "My colleague sits in room five, please note it.")
        world.wait(lambda _: len(_replies(world, channel, lab)) == 5)
        world.wait(lambda state: not any(m.get("streaming") for m in bot_messages(state, channel)))
        world.people.do("delete", user=CLEO, channel=channel, ts=ts)
        world.wait(lambda _: len(_replies(world, channel, lab)) == 4)
        _say(world, CLEO, channel, lab, "Which score should count as a match, then?")
        wait_until(lambda: len(model.requests) == 6)
        assert "room five" not in str(model.requests[-1])


class TestModel:
    def test_full_lab_with_an_outage_in_the_middle(self, tmp_path):
        with (
            AnthropicServer() as model,
            World(
                tmp_path,
                ANTHROPIC_API_KEY=model.api_key,
                ANTHROPIC_BASE_URL=model.url,
                WHOSPOKE_MODEL_REST_S="0",
            ) as world,
        ):
            world.start("bot")
            channel, lab = _open_lab(world, ADA)
            self._tell_who_reads(world, channel, lab, model)
            self._answer_well(world, channel, lab, model)
            self._go_on_without_the_model(world, channel, lab, model)
            self._come_back(world, channel, lab, model)
            assert "Traceback" not in world.log("bot")

    def _tell_who_reads(self, world, channel, lab, model):
        assert "AI model of Anthropic" in lab["text"]
        changed = world.press_until(ADA, lab, "lab.use_guide", "No language model reads", channel=channel)
        assert "lab.use_guide" not in action_ids(changed)
        _say(world, ADA, channel, lab, "hello")
        _wait_reply(world, channel, lab, "0 of 3 exchanges")
        assert model.requests == []
        changed = world.press_until(ADA, changed, "lab.use_model", "AI model of Anthropic", channel=channel)
        assert "lab.use_guide" in action_ids(changed)

    def _answer_well(self, world, channel, lab, model):
        said = "Not quite: it says <!channel> who spoke when. [Look](javascript:x) <@U0ADA>! Which task names people?"
        model.then(Says(said, piece_chars=5, between_s=0.1))
        _say(world, ADA, channel, lab, TRAP)
        world.wait(lambda state: [m for m in state["messages"][channel] if m.get("streaming")])
        seen = []

        def finished(state):
            reply = bot_messages(state, channel, lab["ts"])[-1]
            seen.append(str(reply))
            return "Exchange 1 of 3" in reply["text"]

        world.wait(finished)
        assert not any(
            "<!channel>" in shown or "<@U0ADA>" in shown or "](javascript" in shown for shown in seen
        )
        system = model.requests[-1]["system"]
        assert system[0]["cache_control"] == {"type": "ephemeral"}

    def _go_on_without_the_model(self, world, channel, lab, model):
        model.then(*[Fails(529, "overloaded_error", "Overloaded")] * 2)
        _say(world, ADA, channel, lab, "We enrol each judge, with consent, from three hearings.")
        reply = _wait_reply(world, channel, lab, "Exchange 2 of 3")
        assert "very busy" in reply["text"]
        assert "scripted guide answers this time" in reply["text"]
        assert "Written by our scripted guide" in reply["text"]
        assert "enrol" in reply["text"]

    def _come_back(self, world, channel, lab, model):
        _say(world, ADA, channel, lab, "A witness nobody enrolled should be shown as unknown.")
        reply = _wait_reply(world, channel, lab, "Exchange 3 of 3: this lab is complete")
        assert "Which of the three tasks" in reply["text"]
        assert "Written by an AI model" in reply["text"]
        heard = [m["content"] for m in model.requests[-1]["messages"]]
        assert any("three hearings" in text for text in heard), "the thread is not lost in the outage"
        world.press(ADA, reply, "lab.debrief", channel=channel)
        debrief = _wait_reply(world, channel, lab, "Debrief:")
        assert "A trap you met" in debrief["text"]
        assert TRAP in str(debrief["blocks"])

    def test_budgets_and_the_switch(self, tmp_path):
        with AnthropicServer() as model:
            settings = {"ANTHROPIC_API_KEY": model.api_key, "ANTHROPIC_BASE_URL": model.url}
            with World(tmp_path, **settings, WHOSPOKE_LAB_TOKENS_PER_DAY="30") as world:
                world.start("bot")
                channel, lab = _open_lab(world, ADA)
                _say(world, ADA, channel, lab, "We want names for the judges, which task is that?")
                _wait_reply(world, channel, lab, "Exchange 1 of 3")
                assert len(model.requests) == 1
                _say(world, ADA, channel, lab, "We enrol each judge, with consent, from three hearings.")
                reply = _wait_reply(world, channel, lab, "Exchange 2 of 3")
                assert "a good deal in the last 24 hours" in reply["text"]
                assert "model is back within a day" in reply["text"]
                _say(world, ADA, channel, lab, "A clerk reviews every name before it enters the record.")
                reply = _wait_reply(world, channel, lab, "Exchange 3 of 3")
                assert "a good deal in the last 24 hours" not in reply["text"], "it is said once"
                assert len(model.requests) == 1
            (tmp_path / "off").mkdir()
            with World(tmp_path / "off", **settings, WHOSPOKE_LAB_MODEL="off") as world:
                world.start("bot")
                _, lab = _open_lab(world, ADA)
                assert "No language model reads" in lab["text"]
                assert "lab.use_guide" not in action_ids(lab)


class TestPrivacy:
    def test_conversations_are_exported_and_deleted(self, world):
        channel = world.dm(ADA)
        world.people.open(ADA, "home")
        world.people.press(ADA, "home.privacy", view_id=_home(world, ADA))
        held = world.wait_message(channel, "What whospoke holds about you")
        world.press(ADA, held, "privacy.export", channel=channel)

        def files(state):
            rows = [state["files"][f] for m in bot_messages(state, channel) for f in m.get("files") or []]
            found = {row["name"]: row for row in rows if row["name"].startswith("lab-conversations")}
            return found if len(found) == 2 else None

        found = world.wait(files)
        document = json.loads(_bytes(world, found["lab-conversations.json"]["id"]))
        assert {lab["lab"] for lab in document["labs"]} == {"lab-1", "lab-2", "lab-3", "lab-4"}
        first = next(lab for lab in document["labs"] if lab["lab"] == "lab-1")
        assert GOOD["lab-1"][0] in [turn["text"] for turn in first["turns"]]
        assert sum(turn["counts"] for turn in first["turns"]) == first["exchanges"] == 3
        assert first["debrief"]["topics"]
        assert GOOD["lab-1"][0] in _bytes(world, found["lab-conversations.txt"]["id"]).decode()

        world.press(ADA, held, "privacy.delete_all", channel=channel)
        world.wait_message(channel, "lab message")
        world.press(ADA, held, "privacy.export", channel=channel)
        world.wait(lambda _: any("no lab conversation of yours" in text for text in world.whispers(ADA)))


def _home(world, user):
    return world.wait(lambda state: state["homes"].get(user))["id"]


def _bytes(world, file_id):
    with urllib.request.urlopen(f"{world.url}/_control/file/{file_id}?user={ADA}") as answer:
        return answer.read()
