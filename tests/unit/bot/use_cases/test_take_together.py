"""The card that invites a channel comes once for each offer."""

import pytest

from bot.errors import NotPostedError
from bot.use_cases.take_together import invite_channel

URL = "https://hooks.slack.com/1"


def invite(bench, ada, offer_ts="7.0"):
    return invite_channel(bench.deps, ada, "C1", offer_ts, URL)


class TestInviteChannel:
    def test_a_second_press_of_one_offer_posts_no_second_card(self, bench, ada):
        assert invite(bench, ada)
        assert not invite(bench, ada)
        assert len(bench.messenger.posts) == 1

    def test_another_offer_is_another_card(self, bench, ada):
        assert invite(bench, ada)
        assert invite(bench, ada, "8.0")
        assert len(bench.messenger.posts) == 2

    def test_a_card_that_could_not_be_posted_may_be_tried_again(self, bench, ada):
        bench.messenger.raises = {"post": NotPostedError()}
        with pytest.raises(NotPostedError):
            invite(bench, ada)
        bench.messenger.raises.clear()
        assert invite(bench, ada)
