"""Words that the GPU cannot write are written all the same: in smaller batches, in other numbers, on the CPU."""

import threading
from pathlib import Path

import pytest

from diarize_worker.errors import ClipCancelledError
from diarize_worker.words import gpu
from diarize_worker.words.protocol import WordsRequest, WordsUnavailableError
from diarize_worker.words.whisper import WhisperWords
from tests.whisper_parts import MINUTE, REGIONS, FakePipeline, FakeWhisper, whisper_with

FLOAT16, HALF, FLOAT32, CPU = (
    ("cuda", "float16"),
    ("cuda", "int8_float16"),
    ("cuda", "int8_float32"),
    ("cpu", "int8"),
)
NO_CUBLAS = RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")
NO_FLOAT16 = ValueError("Requested float16 compute type, but the target device or backend do not support it.")
NO_MEMORY = RuntimeError("CUDA failed with error out of memory")


@pytest.fixture(autouse=True)
def pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    import faster_whisper

    monkeypatch.setattr(faster_whisper, "BatchedInferencePipeline", FakePipeline)


def written(engine: WhisperWords, language: str | None = "en"):
    transcript = engine.transcribe(MINUTE, REGIONS, WordsRequest(language))
    assert [word.start_s for word in transcript.words[::2]] == [region.start_s for region in REGIONS]
    return transcript


def test_out_of_memory_halves_the_batch_then_the_weights_then_takes_the_cpu():
    full, half = FakeWhisper(memory_for=0), FakeWhisper(memory_for=0)
    engine, loads = whisper_with(full, half, FakeWhisper(), on_gpu=True)
    notes = written(engine).notes
    assert [call["batch_size"] for call in full.calls] == [15, 8, 4, 2, 1]
    assert loads == [FLOAT16, HALF, CPU]
    assert "The GPU could not hold the words model" in notes[0]


def test_smaller_batches_lose_and_repeat_no_chunk():
    engine, _ = whisper_with(FakeWhisper(memory_for=2), on_gpu=True)
    assert written(engine).notes == ()


@pytest.mark.parametrize(
    ("fault", "loads", "told"),
    [
        (NO_CUBLAS, [FLOAT16, CPU], "lacks the library libcublas.so.12 (pip install"),
        (
            RuntimeError("cuBLAS failed with status CUBLAS_STATUS_NOT_SUPPORTED"),
            [FLOAT16, CPU],
            "NOT_SUPPORTED",
        ),
        (
            RuntimeError("CUDA failed with error an illegal memory access"),
            [FLOAT16, CPU],
            "illegal memory access",
        ),
        (ValueError("no such thing"), [FLOAT16, CPU], "no such thing"),
    ],
    ids=["no cuBLAS", "cuBLAS", "CUDA", "value"],
)
@pytest.mark.parametrize("language", ["en", None], ids=["told", "detected"])
def test_whatever_the_gpu_cannot_do_the_cpu_does(fault, loads, told, language):
    engine, loaded = whisper_with(FakeWhisper(fault=fault), FakeWhisper(), on_gpu=True)
    notes = written(engine, language).notes
    assert loaded == loads
    assert told in notes[0]
    assert notes[0].endswith("so the CPU wrote the words down, which is slower.")


def test_gpu_without_float16_counts_in_other_numbers():
    engine, loads = whisper_with(NO_FLOAT16, NO_FLOAT16, FakeWhisper(), on_gpu=True)
    assert written(engine).notes == ()
    assert loads == [FLOAT16, HALF, FLOAT32]


def test_weights_that_do_not_fit_are_loaded_smaller():
    engine, loads = whisper_with(NO_MEMORY, FakeWhisper(), on_gpu=True)
    assert written(engine).notes == ()
    assert loads == [FLOAT16, HALF]


def test_memory_that_runs_out_while_the_language_is_found_loses_no_words():
    full = FakeWhisper(fault=NO_MEMORY)
    engine, loads = whisper_with(full, FakeWhisper(), on_gpu=True)
    assert written(engine, None).language == "de"
    assert loads == [FLOAT16, HALF]


def test_each_clip_says_so_and_tries_the_gpu_again():
    works = FakeWhisper()
    engine, loads = whisper_with(NO_CUBLAS, FakeWhisper(), NO_CUBLAS, FakeWhisper(), works, on_gpu=True)
    assert "libcublas" in written(engine).notes[0]
    assert "libcublas" in written(engine).notes[0]
    assert written(engine).notes == ()
    assert written(engine).notes == ()
    assert loads == [FLOAT16, CPU, FLOAT16, CPU, FLOAT16]
    assert len(works.calls) == 2, "and keeps it"


def test_a_fault_that_the_cpu_has_too_comes_up():
    fault = RuntimeError("illegal instruction")
    engine, _ = whisper_with(FakeWhisper(fault=fault), FakeWhisper(fault=fault), on_gpu=True)
    with pytest.raises(RuntimeError, match="illegal instruction"):
        written(engine)


def test_memory_of_the_cpu_that_runs_out_halves_the_batch():
    cpu = FakeWhisper(memory_for=1)
    engine, _ = whisper_with(cpu)
    written(engine)
    assert [call["batch_size"] for call in cpu.calls][:2] == [2, 1]


def test_weights_that_cannot_be_loaded_anywhere_name_the_command():
    engine, loads = whisper_with(NO_CUBLAS, RuntimeError("broken"), on_gpu=True)
    with pytest.raises(WordsUnavailableError, match="models pull --whisper"):
        written(engine)
    assert loads == [FLOAT16, CPU]


def test_on_the_cpu_a_cancel_waits_for_two_chunks_at_most():
    cpu = FakeWhisper()
    engine, _ = whisper_with(cpu)
    written(engine)
    assert max(call["batch_size"] for call in cpu.calls) <= 2


def test_a_cancel_is_heard_while_the_model_is_loaded():
    may_end, is_loaded = threading.Event(), threading.Event()

    def load(path: Path, device: str, compute_type: str) -> FakeWhisper:
        may_end.wait(20)
        is_loaded.set()
        return FakeWhisper()

    told = []

    def cancel(stage: str, share: float) -> None:
        told.append(share)
        if len(told) > 1:
            raise ClipCancelledError

    with pytest.raises(ClipCancelledError):
        WhisperWords(Path("weights"), "small", on_gpu=False, load=load).transcribe(
            MINUTE, REGIONS, WordsRequest("en"), cancel
        )
    assert not is_loaded.is_set()
    may_end.set()


def test_without_a_driver_there_is_no_gpu_and_the_fault_says_what_is_missing():
    if gpu.has_cuda():
        pytest.skip("this machine has a GPU: tests/gpu looks at it")
    assert gpu.gpu_fault()
