"""`transcribe FILE --out DIR`: a recording in, its labels, words and timeline out."""

import argparse
import resource
import sys
import time
from functools import partial
from pathlib import Path

from annotation import timeline
from annotation.model import Annotation
from diarize_worker import outputs, pipeline
from diarize_worker.commands.progress_bar import ProgressBar
from diarize_worker.dumps import forbid_core_dumps
from diarize_worker.engines.choose import engine_maker
from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.errors import WorkerError
from diarize_worker.settings import Settings
from diarize_worker.words.choice import choose_words_engine
from diarize_worker.words.protocol import WordsRequest

FORMATS = (*outputs.WRITERS, "png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("file", type=Path, help="audio or video")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the results; made when missing"
    )
    parser.add_argument("--speakers", type=_count, metavar="N", help="exactly this many speakers")
    parser.add_argument("--min-speakers", type=_count, default=None, metavar="N")
    parser.add_argument("--max-speakers", type=_count, default=None, metavar="N")
    parser.add_argument(
        "--engine", choices=("auto", "embedded", "neural"), help="default: WHOSPOKE_ENGINE, or auto"
    )
    parser.add_argument("--words", choices=("auto", "none", "whisper", "pocketsphinx"), default="auto")
    parser.add_argument("--language", metavar="CODE", help="such as en; default: found by itself")
    parser.add_argument(
        "--hot-words", type=_list, default=(), metavar="A,B", help="names and jargon to listen for"
    )
    parser.add_argument(
        "--formats",
        type=_formats,
        default=FORMATS,
        metavar="A,B",
        help=f"of {','.join(FORMATS)}; rttm is always written",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="also print speed and memory")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Label one recording; 0 when there are labels, 1 when there are not."""
    forbid_core_dumps()
    if not arguments.file.is_file():
        print(f"There is no file {arguments.file}. Check the path.", file=sys.stderr)
        return 2
    bar = ProgressBar()
    begun = time.monotonic()
    name = arguments.file.stem.encode(errors="replace").decode()  # bytes that are no letters become "?"
    try:
        result = pipeline.run(
            arguments.file,
            name,
            engine_maker(settings, arguments.engine),
            partial(choose_words_engine, arguments.words, settings.whisper, bar),
            hint=hint_of(arguments),
            request=WordsRequest(arguments.language, arguments.hot_words),
            progress=bar,
        )
    except WorkerError as error:
        bar.clear()
        print(f"{arguments.file.name}: {error}", file=sys.stderr)
        return 1
    bar.clear()
    elapsed_s = time.monotonic() - begun
    written = _write(result, arguments.out, name, ("rttm", *arguments.formats))
    if result.labels:
        print(timeline.describe(result.labels.annotation, result.duration_s))
    print(f"Wrote {', '.join(path.name for path in written)} to {arguments.out}")
    for note in result.notes:
        print(f"Note: {note}", file=sys.stderr)
    if arguments.verbose:
        _print_cost(result, elapsed_s)
    return 0 if result.labels else 1


def hint_of(arguments: argparse.Namespace) -> SpeakerHint:
    """Return the bounds on the number of speakers.

    Raises:
        SystemExit: They contradict each other.
    """
    if arguments.speakers is not None:
        if arguments.min_speakers is not None or arguments.max_speakers is not None:
            raise SystemExit("Give either --speakers or --min-speakers and --max-speakers.")
        return SpeakerHint.exactly(arguments.speakers)
    minimum = arguments.min_speakers or SpeakerHint().minimum
    maximum = arguments.max_speakers or max(SpeakerHint().maximum, minimum)
    if minimum > maximum:
        raise SystemExit(f"--min-speakers {minimum} is more than --max-speakers {maximum}.")
    return SpeakerHint(minimum, maximum)


def _write(result: pipeline.ClipResult, folder: Path, name: str, formats: tuple[str, ...]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    annotation = result.labels.annotation if result.labels else Annotation(name, ())
    words = result.transcript.words if result.transcript else ()
    # Without labels an RTTM would claim that nobody spoke.
    endings = [
        ending for ending in formats if ending in outputs.WRITERS and (result.labels or ending == "txt")
    ]
    written = []
    for ending, text in outputs.render(annotation, words, endings).items():
        path = folder / outputs.file_name(name, ending)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    if "png" in formats and result.labels:
        path = folder / outputs.file_name(name, "png")
        path.write_bytes(timeline.draw(annotation, result.duration_s).png)
        written.append(path)
    return written


def _print_cost(result: pipeline.ClipResult, elapsed_s: float) -> None:
    # the kernel counts in kilobytes on Linux, in bytes on macOS
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform == "linux" else 1024**2
    )
    engines = [result.labels.engine if result.labels else "no labels"]
    engines.append(result.transcript.engine if result.transcript else "no words")
    print(
        f"{result.duration_s:.1f} s of sound in {elapsed_s:.1f} s (real-time factor {elapsed_s / result.duration_s:.3f}), "
        f"peak memory {peak_mb:.0f} MB; {', '.join(engines)}",
        file=sys.stderr,
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _formats(text: str) -> tuple[str, ...]:
    chosen = tuple(part.removeprefix(".") for part in _list(text))
    unknown = [ending for ending in chosen if ending not in FORMATS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is not one of {', '.join(FORMATS)}")
    return chosen
