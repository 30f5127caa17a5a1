"""Measure speed and memory of decode-to-turns from one minute to two hours; writes its section of bench/RESULTS.md.

Run: python bench/memory.py [--long] [--write]

The clips are the bundled example, again and again with pauses of random length, at random levels. Each is labelled
without words by the command line, in a process of its own whose whole tree is looked at twenty times a second.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from diarize_worker.stages.decode import decode

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "RESULTS.md"
EXAMPLE = ROOT / "examples" / "meeting.flac"
RATE = 16_000
MINUTES, LONG_MINUTES = (1, 10, 30), 120
LOOK_EVERY_S = 0.05
MIB = 2**20


@dataclass
class Measured:
    minutes: int
    took_s: float
    peak_bytes: int
    peak_own_bytes: int
    num_speakers: int

    @property
    def factor(self) -> float:
        return self.took_s / (60 * self.minutes)


def write_clip(path: Path, minutes: int) -> None:
    """Write the example repeated, piece by piece: two hours never are in memory here either."""
    rng = np.random.default_rng(minutes)
    sound = np.array(decode(EXAMPLE).waveform)
    left = minutes * 60 * RATE
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        while left > 0:
            pause = np.zeros(int(rng.uniform(0.3, 8.0) * RATE), np.float32)
            piece = np.concatenate([sound * rng.uniform(0.4, 1.0), pause])[:left]
            file.writeframes((np.clip(piece, -1, 1) * 32767).astype("<i2").tobytes())
            left -= len(piece)


def measure(minutes: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.wav"
        write_clip(clip, minutes)
        command = [
            sys.executable, "-m", "diarize_worker", "transcribe", str(clip), "--out", folder, "--words", "none",
            "--formats", "rttm",
        ]  # fmt: skip
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = peak_own = 0
        while process.poll() is None:
            total, own = resident(process.pid)
            peak, peak_own = max(peak, total), max(peak_own, own)
            time.sleep(LOOK_EVERY_S)
        took_s = time.monotonic() - began
        if process.returncode:
            raise SystemExit(f"Labelling {minutes} minutes failed with status {process.returncode}.")
        lines = (Path(folder) / "clip.rttm").read_text().splitlines()
    return Measured(minutes, took_s, peak, peak_own, len({line.split()[7] for line in lines}))


def resident(pid: int) -> tuple[int, int]:
    """Return the resident bytes of a process and its children: all, and without what is mapped from files."""
    total = own = 0
    try:
        found = dict(re.findall(r"(\w+):\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()))
        total, own = 1024 * int(found.get("VmRSS", 0)), 1024 * int(found.get("RssAnon", 0))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it ended meanwhile
        return total, own
    for child in children:
        more, more_own = resident(int(child))
        total, own = total + more, own + more_own
    return total, own


def report(found: list[Measured], command: str) -> str:
    first = found[0]
    rows = [
        f"| {one.minutes} | {one.took_s:.1f} | {one.factor:.3f} | {one.peak_bytes / MIB:.0f} MiB | "
        f"{one.peak_own_bytes / MIB:.0f} MiB | {one.peak_bytes / first.peak_bytes:.2f} | {one.num_speakers} |"
        for one in found
    ]
    return "\n".join(
        [
            "## Memory and speed by length",
            "",
            f"`{command}`; decode to turns without words, start of the process included, the decoder's process counted in.",
            "",
            "| minutes | seconds | real-time factor | peak resident | of it not mapped from files | times the first | speakers found |",
            "|---|---|---|---|---|---|---|",
            *rows,
        ]
    )


def write(section: str) -> None:
    begin, end = "<!-- memory -->", "<!-- /memory -->"
    text = RESULTS.read_text()
    block = f"{begin}\n{section}\n{end}"
    if begin in text:
        text = text[: text.index(begin)] + block + text[text.index(end) + len(end) :]
    else:
        text = text.rstrip() + f"\n\n{block}\n"
    RESULTS.write_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", help="two hours as well; takes about ten minutes")
    parser.add_argument("--write", action="store_true", help="put the result into bench/RESULTS.md")
    arguments = parser.parse_args()
    found = []
    for minutes in (*MINUTES, *([LONG_MINUTES] if arguments.long else [])):
        found.append(measure(minutes))
        print(report(found, "python bench/memory.py").splitlines()[-1], flush=True)
    command = "python bench/memory.py" + (" --long" if arguments.long else "")
    section = report(found, f"{command} --write")
    print(section)
    if arguments.write:
        write(section)


if __name__ == "__main__":
    main()
