"""`python -m diarize_worker serve | transcribe FILE | score REF HYP | models pull | doctor`."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from diarize_worker.commands import doctor, models, score, transcribe
from diarize_worker.settings import Settings


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m diarize_worker", description="Say who spoke when in a recording."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    transcribe.add_arguments(
        commands.add_parser("transcribe", help="label a recording and write down its words")
    )
    score.add_arguments(commands.add_parser("score", help="score labels against a reference"))
    models.add_arguments(commands.add_parser("models", help="bring the weights"))
    commands.add_parser("doctor", help="say what works here and how to enable the rest")
    commands.add_parser("serve", help="work through the queue of clips")
    return parser


def run_command(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the chosen command and return its exit status."""
    match arguments.command:
        case "transcribe":
            return transcribe.run(arguments, settings)
        case "score":
            return score.run(arguments)
        case "models":
            return models.run(arguments, settings)
        case "doctor":
            return doctor.run(settings)
        case _:
            # imported late: the other commands need no database
            return int(importlib.import_module("diarize_worker.serve").main() or 0)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = build_parser().parse_args(argv)
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
        print(f"The worker does not start: {faults}", file=sys.stderr)
        return 2
    try:
        return run_command(arguments, settings)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, such as head, has gone
        return 141


if __name__ == "__main__":
    sys.exit(main())
