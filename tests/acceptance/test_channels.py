"""In a channel the bot acts when asked, asks only the uploader, and shares only at their word."""

import pytest

from tests.world import ADA, BEN, GENERAL, ROOT, bot_messages

pytestmark = pytest.mark.slow
MEETING = ROOT / "examples" / "short.flac"


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
