"""In a channel the bot acts when asked, asks only the uploader, and shares only at their word."""

import pytest

from tests.world import ADA, BEN, CLEO, EVE, GENERAL, ROOT, bot_messages

pytestmark = pytest.mark.slow
MEETING = ROOT / "examples" / "short.flac"
#: The bot is in neither of them, or together with somebody of another company.
PRIVATE, PARTNERS = "C0PRIVATE", "C0PARTNER"


class TestRecordingInAChannel:
    def test_shortcut_asks_the_uploader_and_the_result_is_shared_at_their_word(self, world):
        upload = world.people.upload(ADA, GENERAL, {"retro.flac": MEETING.read_bytes()}, text="our retro")
        assert bot_messages(world.people.state(), GENERAL, upload["ts"]) == []
        world.people.do(
            "shortcut", user=ADA, callback_id="clip.label", channel=GENERAL, message_ts=upload["ts"]
        )
        channel = world.dm(ADA)
        notice = world.wait_message(channel, "May we label the speakers in retro.flac")
        world.agree(ADA, channel, notice, "label", "others")
        result = world.wait_message(channel, "Who spoke when in retro.flac", timeout_s=60)
        result = world.wait(
            lambda state: next(
                (
                    m
                    for m in bot_messages(state, channel)
                    if m["ts"] == result["ts"] and "clip.share" in str(m["blocks"])
                ),
                None,
            ),
            60,
        )
        assert bot_messages(world.people.state(), GENERAL, upload["ts"]) == []
        world.wait(lambda state: any(f["name"] == "retro.json" for f in state["files"].values()), 30)
        closed = {"method": "chat.postMessage", "error": "is_archived", "times": 1}
        world.people.do("fault", fail=closed)
        world.press(ADA, result, "clip.share", channel=channel)
        world.wait(lambda _: any("may not post there" in said for said in world.whispers(ADA)))
        world.press(ADA, result, "clip.share", channel=channel)
        shared = world.wait_message(GENERAL, "Who spoke when in retro.flac", thread_ts=upload["ts"])
        assert "clip.delete" not in str(shared["blocks"])

        world.press(ADA, result, "clip.delete", channel=channel)
        world.wait(lambda state: not bot_messages(state, GENERAL, upload["ts"]))
        world.wait_message(channel, "deleted at your request")
        names = {f["name"] for f in world.people.state()["files"].values() if f["state"] != "deleted"}
        assert "retro.flac" in names
        assert not names & {"retro.rttm", "retro.txt", "retro.json"}

    def test_somebody_else_cannot_ask_for_it(self, world):
        upload = world.people.upload(ADA, GENERAL, {"mine.flac": MEETING.read_bytes()})
        world.people.do(
            "shortcut", user=BEN, callback_id="clip.label", channel=GENERAL, message_ts=upload["ts"]
        )
        world.wait_message(world.dm(BEN), "Only the person who uploaded")

    def test_mention_with_a_clip_asks_in_direct_messages(self, world):
        world.people.upload(
            BEN, GENERAL, {"sync.flac": MEETING.read_bytes()}, text="<@U0BOT> who spoke when?"
        )
        world.wait_message(world.dm(BEN), "May we label the speakers in sync.flac")

    def test_message_without_a_recording_is_said_so(self, world):
        ts = world.people.message(BEN, GENERAL, "no recording here")
        world.people.do("shortcut", user=BEN, callback_id="clip.label", channel=GENERAL, message_ts=ts)
        world.wait_message(world.dm(BEN), "There is no recording in that message")


class TestChannelWithoutUs:
    """Commands work everywhere, and so do the answers to them."""

    def test_the_card_comes_once_and_others_begin_from_it(self, world):
        answer = world.people.command(CLEO, PRIVATE, "/whospoke", "start")
        world.press(CLEO, answer, "together.offer", channel=PRIVATE)
        card = world.wait_message(PRIVATE, "asks who comes along")
        world.wait(lambda _: any("invitation is in the channel" in said for said in world.whispers(CLEO)))
        again = world.people.control(
            "press", user=CLEO, channel=PRIVATE, message_ts=answer["ts"], action_id="together.offer"
        )
        assert again["error"] == "no_such_element"

        world.press(BEN, card, "together.begin", channel=PRIVATE)
        world.wait_message(world.dm(BEN), "Lesson 1")
        world.wait(lambda _: any("Your lesson is in our direct messages" in w for w in world.whispers(BEN)))
        assert len(bot_messages(world.people.state(), PRIVATE)) == 1

    def test_what_cannot_be_done_is_said_there(self, world):
        held = world.people.command(BEN, PRIVATE, "/whospoke", "privacy")
        world.press(BEN, held, "privacy.export", channel=PRIVATE)
        world.wait(lambda _: any("no lab conversation" in said for said in world.whispers(BEN)))


class TestAnotherCompany:
    """Eve is of another company, in a channel that two companies share."""

    def test_her_mention_with_a_clip_is_refused_with_the_reason_and_nothing_is_asked(self, world):
        world.people.upload(EVE, PARTNERS, {"theirs.flac": MEETING.read_bytes()}, text="<@U0BOT> who spoke?")
        world.wait(lambda _: any("members of the workspace" in said for said in world.whispers(EVE)))
        state = world.people.state()
        assert not any("theirs.flac" in m["text"] for rows in state["messages"].values() for m in rows)

    def test_her_file_is_refused_whoever_asks(self, world):
        upload = world.people.upload(EVE, PARTNERS, {"hers.flac": MEETING.read_bytes()})
        world.people.do(
            "shortcut", user=ADA, callback_id="clip.label", channel=PARTNERS, message_ts=upload["ts"]
        )
        refusal = world.wait_message(world.dm(ADA), "hers.flac")
        assert "another company's workspace" in refusal["text"]

    def test_she_cannot_press_our_buttons(self, world):
        answer = world.people.command(ADA, PARTNERS, "/whospoke", "start")
        world.press(ADA, answer, "together.offer", channel=PARTNERS)
        card = world.wait_message(PARTNERS, "asks who comes along")
        before = len(world.whispers(EVE))
        world.press(EVE, card, "together.begin", channel=PARTNERS)
        world.wait(lambda _: len(world.whispers(EVE)) > before)
        assert "members of the workspace" in world.whispers(EVE)[-1]
        assert "D0EXT" not in world.people.state()["channels"]

    def test_our_own_people_are_served_there(self, world):
        world.people.upload(CLEO, PARTNERS, {"ours.flac": MEETING.read_bytes()}, text="<@U0BOT> who spoke?")
        world.wait_message(world.dm(CLEO), "May we label the speakers in ours.flac")
