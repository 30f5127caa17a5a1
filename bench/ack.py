"""Measure how soon a press is acked: the whole way from the workspace to the bot's commit and back.

Run: python -m bench.ack [--rate 50] [--seconds 20]

Four people press buttons of their lesson cards and quizzes, at fixed times whether or not earlier presses were
answered; each press counts from the time it was due, so that waiting in line is not left out.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.world import World  # the same processes that the stories start

TARGET_P99_S = 0.5
PEOPLE = ("U0ADA", "U0BEN", "U0CLEO", "U0DEV")
_WARM_UP_PRESSES = 20


def prepare(world: World) -> list[Callable[[int], bool]]:
    """Open a card in the middle of a lesson for each person; returns a presser of each."""
    pressers = []
    for user in PEOPLE:
        channel, card = world.start_course(user)
        for _ in range(4):
            seen = card["text"]
            world.press(user, card, "lesson.turn.next", channel=channel)
            card = world.wait(partial(_newer, channel=channel, ts=card["ts"], seen=seen))
        pressers.append(partial(press, world, user, channel, card["ts"]))
    return pressers


def _newer(state: dict, channel: str, ts: str, seen: str) -> dict | None:
    now = next(m for m in state["messages"][channel] if m["ts"] == ts)
    return now if now["text"] != seen else None


def press(world: World, user: str, channel: str, ts: str, number: int) -> bool:
    """Turn the card forth or back; the answer comes when the bot has acked."""
    action = ("lesson.turn.next", "lesson.turn.back")[number % 2]
    answer = world.people.control("press", user=user, channel=channel, message_ts=ts, action_id=action)
    return bool(answer["ok"])


def measure(rate: float, seconds: float) -> tuple[np.ndarray, int]:
    """Return the latencies in seconds, and how many presses were not acked in time."""
    with tempfile.TemporaryDirectory() as folder, World(Path(folder)) as world:
        world.start("bot")
        pressers = prepare(world)
        for number in range(_WARM_UP_PRESSES):
            pressers[number % len(pressers)](number // len(pressers))
        with ThreadPoolExecutor(64) as pool:
            began = time.monotonic() + 0.2
            calls: list[Future[tuple[float, bool]]] = []
            for number in range(int(rate * seconds)):
                due = began + number / rate
                time.sleep(max(0.0, due - time.monotonic()))
                presser = pressers[number % len(pressers)]
                calls.append(pool.submit(_timed, presser, number // len(pressers), due))
            done = [call.result() for call in calls]
    return np.array([took for took, _ in done]), sum(not is_acked for _, is_acked in done)


def _timed(presser: Callable[[int], bool], number: int, due: float) -> tuple[float, bool]:
    is_acked = presser(number)
    return time.monotonic() - due, is_acked


def report(rate: float = 50.0, seconds: float = 20.0) -> list[str]:
    """Measure, and return the lines to print."""
    latencies, num_lost = measure(rate, seconds)
    p50, p95, p99 = (float(np.percentile(latencies, q)) for q in (50, 95, 99))
    verdict = "met" if p99 < TARGET_P99_S and not num_lost else "MISSED"
    return [
        f"{len(latencies)} presses at {rate:g} a second, {num_lost} not acked in 3 s",
        f"p50 {p50 * 1000:.0f} ms   p95 {p95 * 1000:.0f} ms   p99 {p99 * 1000:.0f} ms   longest {latencies.max() * 1000:.0f} ms",
        f"target: p99 under {TARGET_P99_S * 1000:.0f} ms: {verdict}",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    lines = report(options.rate, options.seconds)
    print("\n".join(lines))
    return int("MISSED" in lines[-1])


if __name__ == "__main__":
    sys.exit(main())
