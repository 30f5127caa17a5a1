"""A running world for the stories: one for those that share it, one of its own for those that break it."""

import pytest

from tests.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("world")) as running:
        running.start("bot", "worker")
        yield running
