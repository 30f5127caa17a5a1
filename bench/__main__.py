"""`make bench`: every measurement that this machine can take, one after another.

python -m bench [--only ack clip scoring labs lab_load managers diarization]
"""

import argparse
import importlib.util
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

from bench import ack

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
EXAMPLE = EXAMPLES / "meeting.flac"
#: Real recordings with references (NAME.flac, NAME.rttm, NAME.uem) are not part of the repository.
CLIPS = ROOT.parent / "shared" / "clips"
_LONGEST_S = 900


def run_ack() -> None:
    print("\n".join(ack.report()))


def run_clip() -> None:
    """Label the example in a process of its own, as the worker would: real-time factor and peak memory."""
    duration_s = _duration_s(EXAMPLE)
    for words in ("none", "auto"):
        with tempfile.TemporaryDirectory() as folder:
            command = ["diarize_worker", "transcribe", str(EXAMPLE), "--out", folder, "--words", words]
            began = time.monotonic()
            probe = "import runpy,sys,resource,atexit;atexit.register(lambda: print('peak', max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), file=sys.stderr));sys.argv=sys.argv[1:];runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
            ended = subprocess.run(
                [sys.executable, "-c", probe, *command],
                cwd=ROOT, capture_output=True, text=True, timeout=_LONGEST_S, check=False,
            )  # fmt: skip
            took_s = time.monotonic() - began
        if ended.returncode:
            print(f"words {words}: failed: {ended.stderr.strip().splitlines()[-1:]}")
            continue
        peak = re.search(r"peak (\d+)", ended.stderr)
        peak_mib = int(peak.group(1)) / 1024 if peak else float("nan")
        what = "labels alone" if words == "none" else "labels and words"
        print(
            f"{what}: {took_s:.1f} s for {duration_s:.0f} s of sound, real-time factor {took_s / duration_s:.2f}, "
            f"peak {peak_mib:.0f} MiB (start of the process included)"
        )


def _duration_s(path: Path) -> float:
    if path.suffix == ".wav":
        with wave.open(str(path)) as sound:
            return sound.getnframes() / sound.getframerate()
    import av  # noqa: PLC0415 - an odd half second that the other benches need not pay

    with av.open(str(path)) as container:
        return float(container.duration or 0) / 1_000_000


def run_module(name: str, *arguments: str) -> None:
    if importlib.util.find_spec(f"bench.{name}") is None:
        print(f"skipped: bench/{name}.py is not there")
        return
    subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *arguments], cwd=ROOT, timeout=_LONGEST_S, check=False
    )


def run_diarization() -> None:
    """Score the engine on real recordings; where there are none, on our made ones, which say less."""
    if CLIPS.is_dir():
        run_module("diarization", "--clips", str(CLIPS))
        return
    print(
        f"No recordings with references in {CLIPS}: these are the made ones of examples/, which are easier.",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        for reference in EXAMPLES.glob("*.rttm"):
            sound = reference.with_suffix(".flac")
            shutil.copy(reference, folder)
            shutil.copy(sound, folder)
            region = f"{sound.stem} 1 0.000 {_duration_s(sound):.3f}\n"
            (Path(folder) / f"{sound.stem}.uem").write_text(region)
        run_module("diarization", "--clips", folder)


BENCHES = {
    "ack": ("How soon a press is acked", run_ack),
    "clip": (f"The example recording ({EXAMPLE.name})", run_clip),
    "scoring": ("Scoring an hour of meeting", lambda: run_module("scoring")),
    "labs": ("What the lab personas get right", lambda: run_module("labs")),
    "lab_load": ("Two hundred lab turns at once", lambda: run_module("lab_load")),
    "managers": ("The managers' overview of 10,000 learners", lambda: run_module("managers")),
    "diarization": ("The diarization engine on recordings with references", run_diarization),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=BENCHES, default=list(BENCHES), metavar="NAME")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}",
        flush=True,
    )
    for name in options.only:
        title, run = BENCHES[name]
        print(f"\n## {title}", flush=True)
        try:
            run()
        except subprocess.TimeoutExpired:
            print(f"stopped after {_LONGEST_S} s")
        sys.stdout.flush()
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nlargest process of all: {peak_mib:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
