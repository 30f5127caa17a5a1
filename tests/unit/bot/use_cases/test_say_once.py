"""A message is said once, and one that could not be said can be said later."""

import pytest

from bot.errors import NotPostedError
from bot.messenger import Message
from bot.use_cases.say_once import say_once

SHARED = Message("Who spoke when")


def say(bench):
    return say_once(bench.deps, "T1", "clip:1:shared", "C1", SHARED, thread_ts="1.0")


class TestSayOnce:
    def test_the_same_key_is_posted_once(self, bench):
        assert say(bench) == say(bench)
        assert len(bench.messenger.posts) == 1

    def test_after_a_death_on_the_way_it_is_looked_for_before_it_is_posted_again(self, bench):
        bench.messenger.dies_after.add("post")
        with pytest.raises(ConnectionResetError):
            say(bench)
        say(bench)
        assert len(bench.messenger.posts) == 1

    def test_where_we_could_not_post_the_next_call_does_not_look_and_posts(self, bench):
        bench.messenger.raises = {"post": NotPostedError(), "find": AssertionError("nothing was posted")}
        with pytest.raises(NotPostedError):
            say(bench)
        del bench.messenger.raises["post"]
        say(bench)
        assert len(bench.messenger.posts) == 1
