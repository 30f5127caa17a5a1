"""Telling whether a process ended."""

import dataclasses
import os
import subprocess
import sys

from storage.processes import Process, is_gone, this_process


def _process_of(child: "subprocess.Popen[bytes]") -> Process:
    """The child, as it would describe itself."""
    assert child.stdout is not None
    host, pid, started = child.stdout.readline().decode().strip().split("|")
    return Process(host, int(pid), started)


def _start() -> "subprocess.Popen[bytes]":
    code = (
        "import sys; from storage.processes import this_process as t; p = t();"
        "print(p.host, p.pid, p.started, sep='|', flush=True); sys.stdin.read()"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


class TestIsGone:
    def test_is_false_for_the_process_that_asks(self) -> None:
        me = this_process()
        assert me.pid == os.getpid()
        assert not is_gone(me)

    def test_is_true_once_a_process_was_killed(self) -> None:
        """Even before its parent has asked how it ended."""
        with _start() as child:
            process = _process_of(child)
            assert not is_gone(process)
            child.kill()
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            assert is_gone(process)
        assert is_gone(process)

    def test_is_true_when_the_number_was_given_to_another(self) -> None:
        assert is_gone(dataclasses.replace(this_process(), started="12345"))

    def test_is_false_for_another_machine(self) -> None:
        """Only its lease can tell."""
        assert not is_gone(Process("elsewhere", 999_999, "12345"))
