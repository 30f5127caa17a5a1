"""A minute's courtesies are counted for each workspace apart."""

import threading

from bot.courtesies import Allowance, Crowd, Errands


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_so_many_in_any_minute():
    clock = Clock()
    allowance = Allowance(2, clock)
    assert [allowance.take("T1") for _ in range(3)] == [True, True, False]
    clock.now += 59.9
    assert not allowance.take("T1")
    clock.now += 0.2
    assert [allowance.take("T1") for _ in range(3)] == [True, True, False]


def test_one_workspace_takes_nothing_from_another():
    allowance = Allowance(1, Clock())
    assert allowance.take("T1")
    assert allowance.take("T2")
    assert not allowance.take("T1")


def test_errands_are_let_pass_and_one_that_fails_ends_nothing():
    crowd, gate, done = Crowd(), threading.Event(), []
    errands = Errands(1, crowd)

    def fail():
        gate.wait(10)
        raise ConnectionError

    errands.run(fail)
    errands.run(lambda: done.append("second"))
    crowd.let_pass(0.01)
    assert done == []
    gate.set()
    crowd.let_pass(10)
    assert done == ["second"]
