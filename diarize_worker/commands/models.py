"""`models pull`: bring the weights, checked, into the cache."""

import argparse
import sys
from pathlib import Path

from diarize_worker.commands.progress_bar import progress_on
from diarize_worker.errors import WorkerError
from diarize_worker.settings import Settings
from diarize_worker.weights import pull
from diarize_worker.words.choice import default_model
from diarize_worker.words.gpu import has_cuda
from diarize_worker.words.whisper_weights import fetch, locate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("action", choices=("pull",))
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DIR",
        help="take the wheels or checkpoints from a folder, not from pip",
    )
    parser.add_argument(
        "--whisper", action="store_true", help="also fetch the words model from the model hub"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring the weights; 0 when they are all there."""
    bar = progress_on(sys.stderr)
    try:
        pull(settings.cache_dir, source=arguments.source, report=bar)
        bar.clear()
        print(f"The embedded engine's weights are ready in {settings.cache_dir}.")
        if arguments.whisper:
            model = settings.whisper or default_model(on_gpu=has_cuda())
            path = locate(model).path or fetch(model, bar)
            bar.clear()
            print(f"The words model {model} is ready in {path}.")
    except WorkerError as error:
        bar.clear()
        print(error, file=sys.stderr)
        return 1
    return 0
