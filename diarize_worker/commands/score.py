"""`score REF HYP`: how far labels agree with a reference, in four settings side by side."""

import argparse
import json
import sys
from pathlib import Path

from annotation.formats.errors import FormatError
from annotation.scoring import FOUR_SETTINGS, FilesScore, Score, ScoringError, score_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("reference", type=Path, help="RTTM taken as true")
    parser.add_argument("hypothesis", type=Path, help="RTTM to be scored")
    parser.add_argument("--uem", type=Path, help="the time to evaluate; default: the extent of the reference")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the scores; 1 when a file cannot be read or scored."""
    texts: list[str | None] = []
    for path in (arguments.reference, arguments.hypothesis, arguments.uem):
        try:
            texts.append(path.read_text(encoding="utf-8") if path else None)
        except (OSError, UnicodeDecodeError) as error:
            reason = "it is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
            print(f"Could not read {path}: {reason}. Check the path.", file=sys.stderr)
            return 1
    try:
        scored = score_files(texts[0] or "", texts[1] or "", texts[2])
    except (FormatError, ScoringError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(as_json(scored), indent=1) if arguments.json else as_table(scored))
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


def as_table(scored: FilesScore) -> str:
    """Return a table for a terminal."""
    head = f"{'':<42}{'DER':>9}{'missed':>10}{'false al.':>10}{'confused':>10}{'scored':>10}{'left out':>10}"
    lines = [head, *(_row(setting.title, scored.settings[setting.key]) for setting in FOUR_SETTINGS)]
    if scored.jer.percent is not None:
        lines.append(f"{'Jaccard error rate':<42}{scored.jer.percent:>8.2f}%")
    for card in scored.recordings:
        title = f"{card.uri}: {card.num_hypothesis_speakers} of {card.num_reference_speakers} speakers"
        lines.append(_row(title, card.strict))
    if not all(card.is_uem_given for card in scored.recordings):
        lines.append("Evaluated over the extent of the reference, as no UEM was given.")
    lines += [f"Not scored, as the reference does not have it: {name}" for name in scored.without_reference]
    return "\n".join(lines)


def _row(title: str, total: Score) -> str:
    seconds = "".join(
        f"{value:>9.2f}s"
        for value in (total.missed_s, total.false_alarm_s, total.confusion_s, total.scored_speaker_s)
    )
    return f"{title:<42.42}{_percent(total.der_percent):>9}{seconds}{_percent(total.left_out_percent):>10}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}%"
