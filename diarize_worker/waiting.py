"""Waiting for something that cannot be interrupted, while listening for a cancel."""

import threading
from collections.abc import Callable
from typing import TypeVar

_LOOK_S = 0.2
_T = TypeVar("_T")


def wait_for(work: Callable[[], _T], tick: Callable[[], None]) -> _T:
    """Return what `work` returns, done in a thread; whatever it raises comes out here.

    Args:
        work: Goes on to its end even when nobody waits any more.
        tick: Called a few times a second meanwhile; what it raises ends the waiting.
    """
    results: list[_T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised again by whoever waits
            faults.append(fault)

    thread = threading.Thread(target=run, name="wait-for", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK_S)
        if thread.is_alive():
            tick()
    if faults:
        raise faults.pop()
    return results[0]
