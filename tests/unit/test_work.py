"""Work is counted, so that what a unit test asserts does not hang on how busy the machine is."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.work import num_steps

ROOT = Path(__file__).parents[2]


def pairs(number):
    return [(one, other) for one in range(number) for other in range(number)]


def test_the_same_work_has_the_same_number_and_more_of_it_a_larger_one():
    before = sys.gettrace()
    assert num_steps(partial(pairs, 30)) == num_steps(partial(pairs, 30))
    assert 3.5 < num_steps(partial(pairs, 60)) / num_steps(partial(pairs, 30)) < 4.5
    assert sys.gettrace() is before


@pytest.mark.parametrize(
    "planted", ["import time\n\ntime.{}()\n", "from time import {}\n"], ids=["by its module", "by its name"]
)
@pytest.mark.parametrize("clock", ["time", "monotonic", "perf_counter", "perf_counter_ns"])
def test_unit_tests_may_not_look_at_the_clock(planted, clock):
    said = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "--stdin-filename", "tests/unit/planted.py"],
        cwd=ROOT, input=planted.format(clock), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"TID251 `time.{clock}` is banned" in said.stdout
