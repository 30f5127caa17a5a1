"""Measure the diarization engine on recordings with references; writes its section of bench/RESULTS.md.

Run: python bench/diarization.py [--clips ../shared/clips] [--long] [--write]

A clip is NAME.flac, NAME.rttm and NAME.uem (the scored region). What is scored is what the product delivers, by its own
pipeline; a clip that it refuses counts as labelled with nobody. `--long` adds 10 and 30 minutes made of the
read* clips, each repeated at random levels, to see whether the count holds; it takes a few minutes.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotation.formats import rttm, uem
from annotation.model import Annotation, Segment, Turn
from annotation.scoring import Score, score
from diarize_worker import pipeline
from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.engines.sessions import open_network
from diarize_worker.errors import ClipError
from diarize_worker.settings import Settings
from diarize_worker.stages.cluster import ClusterConfig, Clusterer
from diarize_worker.stages.decode import decode
from diarize_worker.stages.embed import Embedder, Embeddings
from diarize_worker.stages.level import level
from diarize_worker.stages.rebuild import Rebuilder, to_annotation
from diarize_worker.stages.segment import Segmentation, Segmenter
from diarize_worker.weights.cache import ENCODER_GRAPH, SEGMENTATION_GRAPH, read_graph

RESULTS = Path(__file__).with_name("RESULTS.md")
THRESHOLDS = np.arange(1.8, 2.81, 0.05).round(2)
RATE = 16_000


@dataclass
class Clip:
    name: str
    reference: Annotation
    region: tuple[Segment, ...]
    segmentation: Segmentation
    embeddings: Embeddings
    duration_s: float

    @property
    def group(self) -> str:
        return {"rea": "read", "sam": "phone"}.get(self.name[:3], "meeting")

    def label(self, config: ClusterConfig, hint: SpeakerHint) -> Annotation:
        found = Clusterer(config)(
            self.embeddings, self.segmentation.num_windows, self.segmentation.step_s, hint
        )
        activity = Rebuilder()(self.segmentation, found)
        return to_annotation(activity.is_speaking, self.name, self.duration_s)

    def score(self, hypothesis: Annotation) -> Score:
        return score(self.reference, hypothesis, self.region).strict

    def with_exactly(self, config: ClusterConfig) -> Annotation:
        return self.label(config, SpeakerHint.exactly(len(self.reference.speakers)))


def unwatched(_share: float) -> None:
    return


def delivered(path: Path, engine: EmbeddedEngine, hint: SpeakerHint | None = None) -> Annotation:
    """What the product makes of a recording, without words: nobody where it refuses it."""
    try:
        result = pipeline.run(path, path.stem, lambda: (engine, ()), lambda: None, hint=hint)
    except ClipError as error:
        print(f"{path.name} is refused: {error}", file=sys.stderr)
        return Annotation.of(path.stem, ())
    assert result.labels is not None, result.failures
    return result.labels.annotation


def load(folder: Path) -> list[Clip]:
    cache_dir = Settings().cache_dir
    segmenter = Segmenter(open_network(read_graph(cache_dir, SEGMENTATION_GRAPH), 2))
    embedder = Embedder(open_network(read_graph(cache_dir, ENCODER_GRAPH), 2))
    clips = []
    for path in sorted(folder.glob("*.flac")):
        recording = level(decode(path).waveform)
        segmentation = segmenter(recording, unwatched)
        embeddings = embedder(recording, segmentation, unwatched)
        reference = rttm.parse(path.with_suffix(".rttm").read_text())
        region = uem.parse(path.with_suffix(".uem").read_text())
        clips.append(Clip(path.stem, reference, region, segmentation, embeddings, recording.duration_s))
    return clips


def row(name: str, total: Score, *more: object) -> str:
    parts = (total.der_percent, total.missed_percent, total.false_alarm_percent, total.confusion_percent)
    return "| " + " | ".join([name, *(f"{part:.1f}" for part in parts), *map(str, more)]) + " |"


def cross_validated(clips: list[Clip], *, by_group: bool) -> Score:
    """Score each clip, or group, at the threshold that is best on all the others."""
    table = {
        (clip.name, t): clip.score(clip.label(ClusterConfig(threshold=float(t)), SpeakerHint()))
        for clip in clips
        for t in THRESHOLDS
    }
    totals = []
    for clip in clips:
        others = [c for c in clips if (c.group != clip.group if by_group else c is not clip)]
        errors = [Score.total(table[other.name, t] for other in others).error_s for t in THRESHOLDS]
        # of equally good thresholds the middle one, so as not to sit at the edge of a plateau
        best = THRESHOLDS[np.flatnonzero(np.isclose(errors, min(errors)))]
        totals.append(table[clip.name, best[len(best) // 2]])
    return Score.total(totals)


def accuracy(folder: Path) -> list[str]:
    clips, now = load(folder), ClusterConfig()
    engine = EmbeddedEngine.load(Settings().cache_dir)
    hypotheses = {clip.name: delivered(folder / f"{clip.name}.flac", engine) for clip in clips}
    counts = {
        clip.name: (len(clip.reference.speakers), len(hypotheses[clip.name].speakers)) for clip in clips
    }
    scores = {clip.name: clip.score(hypotheses[clip.name]) for clip in clips}
    one = Score.total(
        clip.score(Annotation.of(clip.name, [Turn(0, clip.duration_s, "ONE")])) for clip in clips
    )
    talk = Score.total(
        clip.score(
            Annotation.of(
                clip.name, [Turn(s.start_s, s.end_s, "ONE") for s in hypotheses[clip.name].speech()]
            )
        )
        for clip in clips
    )
    told = Score.total(clip.score(clip.with_exactly(now)) for clip in clips)
    errors = [abs(true - found) for true, found in counts.values()]
    lines = [
        (
            "What the product delivers, speech detector and all. Percent of reference speaker time; no collar, "
            "overlap scored; no setting differs between clips."
        ),
        "",
        "| clip | DER | missed | false alarm | confusion | speakers true, found |",
        "|---|---|---|---|---|---|",
        *(row(name, found, "{}, {}".format(*counts[name])) for name, found in scores.items()),
        row(
            "**all**",
            Score.total(scores.values()),
            f"{errors.count(0)} of {len(errors)} right, {np.mean(errors):.2f} off",
        ),
        *(
            row(group, Score.total(scores[c.name] for c in clips if c.group == group), "")
            for group in dict.fromkeys(clip.group for clip in clips)
        ),
        row("told the true number", told, ""),
        row("one speaker, same speech", talk, "baseline"),
        row("one speaker, all the time", one, "baseline"),
        "",
        "The one number tuned on these clips is the threshold. Chosen without the clip it is scored on:",
        "",
        "| | DER | missed | false alarm | confusion |",
        "|---|---|---|---|---|",
        row("one clip left out", cross_validated(clips, by_group=False)),
        row("one group left out", cross_validated(clips, by_group=True)),
    ]
    ders = [found.der_percent for found in scores.values()]
    spread = np.random.default_rng(0)
    names = list(scores)
    pooled = [
        Score.total(scores[names[i]] for i in spread.integers(0, len(names), len(names))).der_percent
        for _ in range(2000)
    ]
    low, high = np.percentile(pooled, [2.5, 97.5])
    return [
        *lines,
        "",
        (
            f"Pooled DER when clips are drawn anew 2,000 times: 95 % between {low:.1f} and {high:.1f}; "
            f"single clips {min(ders):.1f} to {max(ders):.1f}."
        ),
    ]


def cost(paths: list[Path]) -> list[str]:
    """Time and memory in a process of its own: decode to turns."""
    command = [sys.executable, __file__, "--measure", *map(str, paths)]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [
        "",
        (
            f"Decode to turns of these {len(paths)} clips ({measured['audio_s']:.0f} s) in one process, 2 threads: "
            f"real-time factor {measured['rtf']:.3f} by the clock, {measured['cpu_rtf']:.3f} of processor time; "
            f"ready in {measured['ready_s']:.2f} s; at most {measured['peak_mib']:.0f} MiB resident."
        ),
    ]


def measure(paths: list[Path]) -> None:
    start = time.perf_counter()
    engine = EmbeddedEngine.load(Settings().cache_dir)
    ready_s = time.perf_counter() - start
    start, cpu, audio_s = time.perf_counter(), time.process_time(), 0.0
    for path in paths:
        audio_s += pipeline.run(path, path.stem, lambda: (engine, ()), lambda: None).duration_s
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, busy = time.perf_counter() - start, time.process_time() - cpu
    figures = {"rtf": seconds / audio_s, "cpu_rtf": busy / audio_s, "ready_s": ready_s}
    print(json.dumps(figures | {"peak_mib": peak_mib, "audio_s": audio_s}))


def long(folder: Path) -> list[str]:
    """The read* clips repeated to 10, 30 and 120 minutes: how many speakers are found, and how well."""
    engine = EmbeddedEngine.load(Settings().cache_dir)
    lines = [
        "",
        "| made of | minutes | speakers true, found | DER | real-time factor |",
        "|---|---|---|---|---|",
    ]
    parts = {path.stem: path for path in sorted(folder.glob("read*.flac"))}
    together = list(parts)
    cases = [*(([name], 10) for name in parts), (together, 10), (together, 30), (together, 120)]
    for names, minutes in [*cases, (["read3"], 120)]:
        reference, pieces, now = [], [], 0.0
        random = np.random.default_rng(minutes)
        while now < 60 * minutes:
            path = parts[names[len(pieces) % len(names)]]
            samples = np.array(decode(path).waveform) * np.float32(random.uniform(0.5, 1))
            turns = rttm.parse(path.with_suffix(".rttm").read_text()).turns
            reference += [Turn(turn.start_s + now, turn.end_s + now, turn.speaker) for turn in turns]
            pieces.append(samples)
            now += len(samples) / RATE
        waveform = np.concatenate(pieces)
        start = time.perf_counter()
        found = engine.diarize(waveform, "long", SpeakerHint()).annotation
        seconds = time.perf_counter() - start
        truth = Annotation.of("long", reference)
        total = score(truth, found, [Segment(0, now)]).strict
        lines.append(
            f"| {', '.join(names)} | {now / 60:.0f} | {len(truth.speakers)}, {len(found.speakers)} "
            f"| {total.der_percent:.1f} | {seconds / now:.3f} |"
        )
    return lines


def write(lines: list[str]) -> None:
    """Put the section in its place in RESULTS.md, leaving the others as they are."""
    section = "\n".join(["<!-- diarization -->", *lines, "<!-- /diarization -->"])
    whole = RESULTS.read_text() if RESULTS.exists() else "# Results\n"
    pattern = r"<!-- diarization -->.*?<!-- /diarization -->"
    found = re.search(pattern, whole, re.DOTALL)
    whole = whole.replace(found[0], section) if found else f"{whole.rstrip()}\n\n{section}\n"
    RESULTS.write_text(whole)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=Path, default=Path("../shared/clips"))
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--measure", type=Path, nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure)
        return
    paths = sorted(arguments.clips.glob("*.flac"))
    if not paths:
        sys.exit(
            f"No clips in {arguments.clips}: give a folder of NAME.flac, NAME.rttm and NAME.uem with --clips."
        )
    flags = " --long" if arguments.long else ""
    lines = ["## Diarization: the embedded engine", "", f"`python bench/diarization.py{flags} --write`", ""]
    lines += accuracy(arguments.clips) + cost(paths)
    if arguments.long:
        lines += long(arguments.clips)
    print("\n".join(lines))
    if arguments.write:
        write(lines)


if __name__ == "__main__":
    main()
