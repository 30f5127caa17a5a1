"""How much work something is, counted and not timed: a busy machine makes no difference."""

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def num_steps(do: Callable[[], object]) -> int:
    """Return how many instructions of Python's it takes; what C does inside one of them counts as one."""
    count = 0

    def trace(frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        count += event == "opcode"
        return trace

    before, collects = sys.gettrace(), gc.isenabled()
    gc.disable()  # a collection runs Python, too, at moments of its own
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
        if collects:
            gc.enable()
    return count
