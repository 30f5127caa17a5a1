"""Recordings and references under the worst names people give to files: each is labelled, each is scored."""

import pytest

from tests.clip_world import ClipWorld
from tests.file_names import WORST
from tests.world import ADA, ROOT, bot_messages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SOUND, TRUTH = ((ROOT / "examples" / name).read_bytes() for name in ("short.flac", "short.rttm"))


def reference_name(name):
    return f"{name.removesuffix('.flac')[:100]}.rttm"


def test_each_is_labelled_and_its_reference_scored(tmp_path):
    with ClipWorld(tmp_path) as world:
        world.start("bot", "worker")
        where = {name: world.give(ADA, name, SOUND, "label", "others") for name in WORST}
        for place in where.values():
            world.wait_state(place, "done", "failed", timeout_s=300)
            world.wait_said(place, "Who spoke when")
        for name, (channel, thread_ts) in where.items():
            world.people.upload(ADA, channel, {reference_name(name): TRUTH}, thread_ts=thread_ts)
        for name, place in where.items():
            assert world.wait_said(place, "DER is"), name
        said = [
            message["text"]
            for place in where.values()
            for message in bot_messages(world.people.state(), *place)
        ]
        assert not [text for text in said if "could not be" in text or "is not" in text]
        assert "Traceback" not in world.log("bot") + world.log("worker")
