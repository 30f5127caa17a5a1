import threading
from pathlib import Path

import pytest

from diarize_worker.errors import ClipCancelledError
from diarize_worker.words.protocol import WordsUnavailableError
from diarize_worker.words.supply import WordsSupply


class Engine:
    def __init__(self, is_draft=False):
        self.is_draft, self.name = is_draft, "engine"


class Hub:
    """Weights that come when the test says so."""

    def __init__(self):
        self.may_come, self.begun = threading.Event(), threading.Event()
        self.is_here, self.num_fetched, self.error = False, 0, None

    def fetch(self, model, progress):
        self.num_fetched += 1
        progress("fetch words", 0.25)
        self.begun.set()
        assert self.may_come.wait(10)
        if self.error:
            raise self.error
        self.is_here = True
        return Path()

    def choose(self, choice, model, progress, *, may_fetch):
        assert not may_fetch
        return Engine(is_draft=not self.is_here)


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def supply(hub):
    return WordsSupply("small", lambda model: hub.is_here, hub.fetch, hub.choose)


def test_weights_come_while_others_work_and_are_waited_for(hub, supply):
    supply.begin()
    assert hub.begun.wait(10)
    seen = []

    def progress(stage, share):
        seen.append((stage, share))
        hub.may_come.set()

    assert not supply(progress).is_draft
    assert seen[0] == ("fetch words", 0.25)


def test_engine_is_kept_and_nothing_is_fetched_twice(hub, supply):
    hub.may_come.set()
    supply.begin()
    first = supply()
    supply.begin()
    assert supply() is first
    assert hub.num_fetched == 1


def test_draft_engine_is_not_kept_so_that_the_next_clip_may_have_a_better_one(hub, supply):
    hub.error = WordsUnavailableError("no hub")
    hub.may_come.set()
    supply.begin()
    assert supply().is_draft
    hub.error = None
    supply.begin()
    assert not supply().is_draft


def test_learner_may_cancel_while_weights_come(hub, supply):
    def cancel(stage, share):
        raise ClipCancelledError

    supply.begin()
    assert hub.begun.wait(10)
    with pytest.raises(ClipCancelledError):
        supply(cancel)
    hub.may_come.set()


def test_without_a_beginning_what_is_here_is_used(hub, supply):
    assert supply().is_draft
    assert hub.num_fetched == 0


def test_cancel_is_heard_while_nothing_comes_at_all(hub):
    def stall(model, progress):
        hub.begun.set()
        assert hub.may_come.wait(10)
        return Path()

    def cancel(stage, share):
        assert (stage, share) == ("fetch words", 0.0)
        raise ClipCancelledError

    supply = WordsSupply("small", lambda model: hub.is_here, stall, hub.choose)
    supply.begin()
    assert hub.begun.wait(10)
    with pytest.raises(ClipCancelledError):
        supply(cancel)
    hub.may_come.set()
