"""Telling whether a process of this machine is gone for certain."""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
#: Fields of /proc/PID/stat after the name: the state, and when it started (clock ticks since boot).
_STATE, _STARTED = 0, 19


@dataclass(frozen=True)
class Process:
    """One process, told apart from a later one with the same number."""

    host: str
    pid: int
    started: str


def this_process() -> Process:
    """The process that runs this."""
    pid = os.getpid()
    return Process(host=_host(), pid=pid, started=_started(pid) or "")


def is_gone(process: Process) -> bool:
    """Whether that process ended. False for a process of another machine: its lease has to run out."""
    return process.host == _host() and bool(process.started) and _started(process.pid) != process.started


def _host() -> str:
    # Containers may share a name and a kernel; the process numbers mean something in one namespace only.
    name = socket.gethostname()
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = (_PROC / "self/ns/pid").readlink()
    except OSError:
        return name
    return f"{name} {boot} {namespace}"


def _started(pid: int) -> str | None:
    """When the process started, in a form of the system's own; None when there is none."""
    if not (_PROC / "self/stat").exists():
        told = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return told.stdout.strip() or None
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    # A killed process that its parent has not asked about yet is a zombie: it runs nothing.
    return None if fields[_STATE] in {"Z", "X"} else fields[_STARTED]
