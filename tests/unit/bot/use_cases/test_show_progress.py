"""How far clips have come is told while there is room for it in the minute."""

import pytest

from bot.use_cases.show_progress import show_progress
from tests.clip_parts import TEAM, put_clip, queue_clip


@pytest.fixture
def at_work(bench):
    put_clip(bench, state="running", stage="embed", is_labelled=False)
    return bench


@pytest.fixture
def waiting(at_work):
    queue_clip(at_work, put_clip(at_work, "c2", state="queued", stage="queued", is_labelled=False))
    return at_work


@pytest.fixture
def show(bench):
    """Ask for an update so many times, of one process; returns how many of them were sent."""
    deps = bench.deps

    def show(clip_id, *, times=1):
        before = len(bench.messenger.history)
        for _ in range(times):
            show_progress(deps, TEAM, clip_id)
        return len(bench.messenger.history) - before

    return show


def test_of_one_at_work_leaves_room_for_results(at_work, show):
    assert show("c1", times=40) == 10


def test_a_clip_that_waits_is_told_its_place_however_lively_the_work_is(waiting, show):
    show("c1", times=40)
    assert show("c2") == 1


def test_nor_do_places_take_the_room_of_results(waiting, show):
    assert show("c2", times=40) == 8


@pytest.mark.parametrize("changes", [{"state": "done"}, {"state": "replying"}, {"placeholder_ts": None}])
def test_is_not_told_of_one_that_is_done_or_has_no_message(bench, show, changes):
    put_clip(bench, **({"state": "running"} | changes))
    assert show("c1") == 0
