"""`doctor`: one screen on what works here, and how to enable the rest. Asks the network for a few seconds at most."""

import importlib.metadata
import os
import shutil
import tempfile

from diarize_worker.commands.finding import Finding
from diarize_worker.commands.neural_finding import neural_finding
from diarize_worker.settings import Settings
from diarize_worker.weights import missing_weights
from diarize_worker.words import sphinx
from diarize_worker.words.choice import default_model
from diarize_worker.words.gpu import CUBLAS, CUBLAS_COMMAND, gpu_fault, has_cuda
from diarize_worker.words.protocol import WordsUnavailableError
from diarize_worker.words.whisper_weights import PULL_COMMAND, hub_answers, locate

MIN_FREE_GB = 2.0


def examine(settings: Settings, *, may_ask_hub: bool = True) -> list[Finding]:
    """Look at engines, words engines and the machine."""
    on_gpu = has_cuda()
    return [
        _embedded(settings),
        neural_finding(settings, may_ask_hub=may_ask_hub),
        _whisper(settings, on_gpu=on_gpu, may_ask_hub=may_ask_hub),
        _pocketsphinx(),
        _gpu(on_gpu=on_gpu),
        _device(),
        _room(),
    ]


def run(settings: Settings) -> int:
    """Print the findings; 0 when recordings can be labelled here."""
    findings = examine(settings)
    for finding in findings:
        print(f"{'ok  ' if finding.is_ready else '--  '}{finding.part:<22}{finding.state}")
        if finding.remedy:
            print(f"{'':<26}-> {finding.remedy}")
    can_label = any(finding.is_ready for finding in findings[:2])
    has_words = any(finding.is_ready for finding in findings[2:4])
    print()
    if can_label:
        print("Recordings can be labelled here" + (" and written down." if has_words else ", without words."))
    else:
        print("No recording can be labelled here yet.")
    return 0 if can_label else 1


def _embedded(settings: Settings) -> Finding:
    missing = missing_weights(settings.cache_dir)
    if missing:
        return Finding(
            "embedded engine",
            False,
            f"no weights in {settings.cache_dir}",
            "python -m diarize_worker models pull",
        )
    return Finding("embedded engine", True, f"weights in {settings.cache_dir}")


def _whisper(settings: Settings, *, on_gpu: bool, may_ask_hub: bool) -> Finding:
    model = settings.whisper or default_model(on_gpu=on_gpu)
    part = "words: faster-whisper"
    try:
        path = locate(model).path
        if path is not None:
            return Finding(part, True, f"{model}, weights in {path}")
        if may_ask_hub and hub_answers(model):
            return Finding(part, False, f"{model} is not here yet; the model hub answers", PULL_COMMAND)
    except WordsUnavailableError as error:
        return Finding(part, False, f"unknown model {model!r}", str(error))
    remedy = f"where there is a network: {PULL_COMMAND}; or set WHOSPOKE_WHISPER to a folder"
    return Finding(part, False, f"no weights for {model}, and no model hub answers", remedy)


def _pocketsphinx() -> Finding:
    part = "words: pocketsphinx"
    if sphinx.is_installed():
        return Finding(
            part, True, f"{importlib.metadata.version('pocketsphinx')}, English only, a rough draft"
        )
    return Finding(part, False, "not installed", "pip install 'whospoke[offline]'")


def _gpu(*, on_gpu: bool) -> Finding:
    """A GPU that is seen may yet not work: libraries that do not fit are found by using them."""
    if not on_gpu:
        return Finding(
            "GPU for words", False, "no CUDA device, so the CPU writes them", "see docs/deploy.md for one"
        )
    fault = gpu_fault()
    if fault is None:
        return Finding("GPU for words", True, "a tiny load ran on it")
    remedy = CUBLAS_COMMAND if CUBLAS in fault else "see docs/deploy.md; until then the CPU writes them"
    return Finding("GPU for words", False, fault, remedy)


def _device() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("device", True, f"{cores} CPU cores; PyAV {importlib.metadata.version('av')}")


def _room() -> Finding:
    """Two hours decode to half a gigabyte, beside a gigabyte of recording, in unnamed files there."""
    folder = tempfile.gettempdir()
    free_gb = shutil.disk_usage(folder).free / 1024**3
    is_enough = free_gb >= MIN_FREE_GB
    remedy = "" if is_enough else f"free some space, or set TMPDIR to a folder with {MIN_FREE_GB:.0f} GB"
    return Finding("temporary files", is_enough, f"{free_gb:.1f} GB free in {folder}", remedy)
