"""`score REF HYP`: how far labels agree with a reference, in four settings side by side."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from annotation.formats import FormatError, decode, read_labels, rttm, sniff, uem
from annotation.formats.rttm import Recording
from annotation.model import Segment, Word
from annotation.scoring import FilesScore, ScoringError, score_recordings, score_words
from annotation.scoring.files import Key, lone_recording
from annotation.scoring.report import report


@dataclass(frozen=True)
class _Labels:
    """What one file says."""

    recordings: dict[Key, Recording]
    words: tuple[Word, ...] = ()


class _RefusedError(Exception):
    """A file cannot be read; the message names it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    kinds = "RTTM, or Audacity labels, CSV, WebVTT with voices, SubRip, TextGrid or our JSON"
    parser.add_argument("reference", type=Path, help=f"labels taken as true: {kinds}")
    parser.add_argument("hypothesis", type=Path, help="labels to be scored, in any of these formats")
    parser.add_argument("--uem", type=Path, help="the time to evaluate; default: the extent of the reference")
    parser.add_argument("--json", action="store_true", help="print the four settings as JSON instead")


def run(arguments: argparse.Namespace) -> int:
    """Print the scores; 1 when a file cannot be read or scored."""
    try:
        reference, hypothesis = _labels(arguments.reference), _labels(arguments.hypothesis)
        scored = score_recordings(reference.recordings, hypothesis.recordings, _regions(arguments.uem))
        words = score_words(reference.words, hypothesis.words) if hypothesis.words else None
    except (_RefusedError, ScoringError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(as_json(scored), indent=1) if arguments.json else report(scored, words), end="")
    if arguments.json:
        print()
    return 0


def as_json(scored: FilesScore) -> dict[str, dict[str, float | None]]:
    """Return the four settings of all recordings together."""
    return {
        key: {
            "der_percent": None if total.der_percent is None else round(total.der_percent, 4),
            "missed_s": round(total.missed_s, 4),
            "false_alarm_s": round(total.false_alarm_s, 4),
            "confusion_s": round(total.confusion_s, 4),
            "scored_speaker_s": round(total.scored_speaker_s, 4),
        }
        for key, total in scored.settings.items()
    }


def _labels(path: Path) -> _Labels:
    text = _text(path)
    try:
        # An empty RTTM file is a hypothesis that found nobody.
        if path.suffix.lower() == ".rttm" or not text.strip() or sniff(path.name, text).name == "RTTM":
            return _Labels(rttm.recordings(text))
        found = read_labels(path.name, text, path.stem)
    except FormatError as error:
        raise _RefusedError(f"{path}: {error}") from None
    return _Labels(lone_recording(found.annotation), found.words)


def _regions(path: Path | None) -> dict[Key, tuple[Segment, ...]]:
    if path is None:
        return {}
    try:
        return uem.parse_all(_text(path))
    except FormatError as error:
        raise _RefusedError(f"{path}: {error}") from None


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise _RefusedError(f"Could not read {path}: {error.strerror}. Check the path.") from None
