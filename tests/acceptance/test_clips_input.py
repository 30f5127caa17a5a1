"""Recordings that are no good, through bot and worker: each gets a clear reply, and the worker goes on."""

import pytest

from tests.clip_world import ClipWorld
from tests.media_corpus import recipes
from tests.world import ADA, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SAID = {
    "silence.wav": "no speech",
    "music.wav": "no speech",
    "text.mp3": "not a recording we can read",
    "picture.wav": "not a recording we can read",
    "no_sound.mp4": "no sound track",
    "no_index.m4a": "breaks off",
    "header_only.wav": "breaks off",
    "hole.flac": "we could read",
    "wrong_extension.mp3": "Who spoke when",
    "channels_8.wav": "Who spoke when",
    "vbr.mp3": "Who spoke when",
    "rate_96000.wav": "Who spoke when",
}
MEETING = ROOT / "tests" / "data" / "recordings" / "quiet_four_people.flac"


def test_each_gets_a_clear_reply_and_nothing_is_left(tmp_path):
    by_name = {recipe.name: recipe for recipe in recipes()}
    with ClipWorld(tmp_path) as world:
        world.start("bot", "worker")
        where = {name: world.give(ADA, name, by_name[name].make()) for name in SAID}
        for name, said in SAID.items():
            world.wait_state(where[name], "failed", "done", timeout_s=120)
            assert said in world.wait_said(where[name], "could not be labelled", "Who spoke when")["text"], (
                name
            )
        quiet = world.give(ADA, MEETING.name, MEETING.read_bytes())
        world.wait_state(quiet, "done", "failed", timeout_s=120)
        result = world.wait_said(quiet, "Who spoke when")
        assert "listen to each turn before you trust it" in result["text"]
        assert list(world.sound.iterdir()) == []
        assert "Traceback" not in world.log("worker")
