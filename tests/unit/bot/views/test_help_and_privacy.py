"""Help, remarks and what is held: short, complete without blocks, and never more than was asked."""

from datetime import UTC, datetime

import pytest

from bot.screens import Held, Receipt
from bot.views import help as views
from bot.views.privacy import build_privacy_message, build_receipt_message
from storage.clips import Clip

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def clip(name="standup.m4a", number=1):
    blank = dict.fromkeys(("placeholder_ts", "consent_id", "min_speakers", "max_speakers", "error"))
    ids = {"clip_id": f"c{number}", "team_id": "T1", "file_id": f"F{number}", "user_id": "U1"}
    place = {"channel_id": "D1", "thread_ts": "1.0", "name": name, "mimetype": "audio/mp4", "size_bytes": 9}
    standing = {"state": "done", "stage": "", "share": 1.0, "created_at": NOW, "updated_at": NOW}
    return Clip(**ids, **place, **standing, **blank)


class TestHelp:
    def test_text_alone_names_the_ways_in(self, check):
        text = check(views.build_help_message()).text
        for way in ("/whospoke start", "/whospoke progress", "/whospoke privacy", "Label the speakers"):
            assert way in text

    @pytest.mark.parametrize("offers_together", [True, False])
    def test_started(self, check, offers_together):
        message = check(views.build_started_message(offers_together=offers_together))
        assert ("Take it together" in str(message.blocks)) == offers_together

    def test_together_names_the_one_who_asks_and_nobody_else(self, check, hostile):
        message = check(views.build_together_message("U1", hostile), may_mention=("U1",))
        assert "<@" not in message.text

    def test_lab_elsewhere(self, check, hostile):
        check(views.build_lab_elsewhere_message(hostile, None))
        check(views.build_lab_elsewhere_message(hostile, "https://slack.example/p1"))

    def test_a_name_in_a_remark_stays_a_name(self, check, hostile):
        check(views.build_remark_message(f"{hostile} was not scored."))

    def test_reference_has_nothing_but_its_number(self, check):
        message = check(views.build_reference_message("0badcafe"))
        assert message.text.endswith("0badcafe")


class TestPrivacy:
    @pytest.mark.parametrize("number", [0, 1, 11, 60])
    def test_any_number_of_clips(self, check, number):
        clips = tuple(clip(number=n) for n in range(number))
        message = check(build_privacy_message(Held(clips, 3, 7, 30, 90)))
        assert f"{number} clip" in message.text
        assert "30 days" in message.text
        assert "90 days" in message.text
        assert "never stored" in message.text
        if number > 10:
            assert f"and {number - 10} more" in str(message.blocks)

    def test_names_of_clips_are_only_shown(self, check, hostile):
        check(build_privacy_message(Held((clip(hostile),), 1, 0, 30, 90)))

    def test_receipt(self, check, snapshot):
        assert check(build_receipt_message(Receipt(2, 14, 10))).text == snapshot
