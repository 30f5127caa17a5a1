"""Write the seeded pairs of this folder, and the figures NIST md-eval-22 prints for them and for the cases by hand.

Run by hand, with md-eval.pl from the Debian package sctk:
python -m tests.unit.annotation.scoring.pairs.make_pairs /usr/lib/sctk/bin/md-eval.pl
"""

import json
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from annotation.formats import rttm, uem
from annotation.model import Annotation, Segment, Turn
from annotation.scoring import FOUR_SETTINGS
from tests.unit.annotation.scoring.pairs.cases import CASES

HERE = Path(__file__).parent
LINES = {
    "scored_speaker_s": "SCORED SPEAKER TIME",
    "missed_s": "MISSED SPEAKER TIME",
    "false_alarm_s": "FALARM SPEAKER TIME",
    "confusion_s": "SPEAKER ERROR TIME",
    "der_percent": "OVERALL SPEAKER DIARIZATION ERROR",
}


@dataclass(frozen=True)
class Recipe:
    """How one pair is made."""

    name: str
    seed: int
    num_turns: int
    num_speakers: int
    length_s: float
    step_s: float = 0.01
    swaps: float = 0.2
    uem: tuple[tuple[float, float], ...] = ()


RECIPES = (
    Recipe("plain", 1, 25, 3, 120.0, uem=((0.0, 125.0),)),
    Recipe("no_uem", 2, 25, 3, 120.0),
    Recipe("dense_overlap", 3, 60, 5, 60.0, uem=((0.0, 70.0),)),
    Recipe("collapsed_speakers", 4, 40, 6, 90.0, swaps=0.6, uem=((0.0, 100.0),)),
    Recipe("parts_evaluated", 5, 40, 4, 120.0, uem=((10.011, 40.013), (55.017, 71.019), (80.001, 119.007))),
    Recipe("milliseconds", 6, 50, 4, 100.0, step_s=0.001, uem=((0.0, 110.0),)),
    Recipe("abutting_turns", 7, 60, 3, 60.0, step_s=0.5, uem=((0.0, 66.0),)),
    Recipe("long", 8, 150, 8, 600.0, uem=((0.0, 610.0),)),
    Recipe("quarter_seconds", 9, 60, 4, 60.0, step_s=0.25, uem=((5.0, 20.25), (30.0, 41.0), (41.0, 50.75))),
    Recipe("tenths", 10, 80, 5, 60.0, step_s=0.1, swaps=0.5, uem=((3.3, 17.1), (20.0, 33.4), (40.2, 58.8))),
)


def pair(recipe: Recipe) -> tuple[Annotation, Annotation]:
    """Return reference and hypothesis; turns of one speaker may overlap in both."""
    rng = random.Random(recipe.seed)

    def on_step(time_s: float) -> float:
        return round(round(time_s / recipe.step_s) * recipe.step_s, 3)

    reference: list[Turn] = []
    hypothesis: list[Turn] = []
    for _ in range(recipe.num_turns):
        start_s = rng.uniform(0.0, recipe.length_s)
        turn = Turn(
            on_step(start_s),
            on_step(start_s + rng.uniform(0.2, 6.0)),
            f"S{rng.randrange(recipe.num_speakers)}",
        )
        reference.append(turn)
        if rng.random() > 0.1:
            label = turn.speaker if rng.random() > recipe.swaps else f"S{rng.randrange(2)}"
            begin_s = max(0.0, turn.start_s + rng.gauss(0, 0.2))
            hypothesis.append(Turn(on_step(begin_s), on_step(turn.end_s + rng.gauss(0, 0.2)), label))
    return Annotation.of(recipe.name, reference), Annotation.of(recipe.name, hypothesis)


def write(folder: Path, name: str, texts: tuple[str, str, str | None]) -> None:
    """Write the files of one pair."""
    for ending, text in zip(("ref.rttm", "hyp.rttm", "uem"), texts, strict=True):
        if text:
            (folder / f"{name}.{ending}").write_text(text)


def md_eval(script: str, folder: Path, name: str) -> dict[str, dict[str, float]]:
    """Return what md-eval prints for the pair of that name."""
    files = ["-r", folder / f"{name}.ref.rttm", "-s", folder / f"{name}.hyp.rttm"]
    if (folder / f"{name}.uem").exists():
        files += ["-u", folder / f"{name}.uem"]
    figures = {}
    for setting in FOUR_SETTINGS:
        flags = ["-c", str(setting.collar_each_side_s), *([] if setting.is_overlap_scored else ["-1"])]
        run = subprocess.run(["perl", script, *flags, *files], capture_output=True, text=True, check=True)
        figures[setting.key] = {
            key: float(re.search(rf"{line} = *([\d.]+)", run.stdout)[1]) for key, line in LINES.items()
        }
    return figures


def main() -> None:
    """Write the seeded pairs, and the figures of all of them."""
    figures = {}
    for recipe in RECIPES:
        reference, hypothesis = pair(recipe)
        stretches = [Segment(start_s, end_s) for start_s, end_s in recipe.uem]
        region = uem.serialize(recipe.name, stretches)
        write(HERE, recipe.name, (rttm.serialize(reference), rttm.serialize(hypothesis), region))
        figures[recipe.name] = md_eval(sys.argv[1], HERE, recipe.name)
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            write(Path(folder), case.name, case.texts())
            figures[case.name] = md_eval(sys.argv[1], Path(folder), case.name)
    (HERE / "md_eval.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
