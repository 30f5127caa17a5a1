import json
from pathlib import Path

import numpy as np
import pytest

from annotation.model import Segment, Word
from diarize_worker.errors import ClipCancelledError, SilentClipError
from diarize_worker.stages.decode import decode
from diarize_worker.stages.speech import find_speech
from diarize_worker.stages.transcribe import transcribe
from diarize_worker.words import choice, sphinx, whisper_weights
from diarize_worker.words.chunks import split_speech
from diarize_worker.words.protocol import WordsRequest, WordsUnavailableError
from diarize_worker.words.whisper import WhisperWords, believed, within
from tests.tiny_whisper import make_tiny_whisper
from tests.whisper_parts import MINUTE, REGIONS, FakePipeline, FakeWhisper, segment, whisper_with

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    import faster_whisper

    monkeypatch.setattr(faster_whisper, "BatchedInferencePipeline", FakePipeline)


@pytest.mark.usefixtures("pipeline")
def test_language_and_hot_words_reach_whisper():
    model = FakeWhisper()
    engine, loads = whisper_with(model)
    transcript = engine.transcribe(MINUTE, REGIONS, WordsRequest("en", ("Ada", "Kubernetes")))
    assert loads == [("cpu", "int8")]
    assert {(call["language"], call["hotwords"]) for call in model.calls} == {("en", "Ada, Kubernetes")}
    assert transcript.language == "en"
    assert [word.text for word in transcript.words] == ["hello", "there"] * 15
    assert not transcript.is_draft


@pytest.mark.usefixtures("pipeline")
def test_a_language_that_was_guessed_is_said_to_be():
    engine, _ = whisper_with(FakeWhisper())
    transcript = engine.transcribe(MINUTE, REGIONS, WordsRequest())
    assert transcript.language == "de"
    assert any("guess (de)" in note for note in transcript.notes)


@pytest.mark.usefixtures("pipeline")
def test_a_loop_is_heard_again():
    model = FakeWhisper(looping=True)
    engine, _ = whisper_with(model)
    transcript = engine.transcribe(MINUTE, [Segment(10, 14)], WordsRequest("en"))
    assert [(word.start_s, word.text) for word in transcript.words] == [(10.5, "once"), (10.8, "more")]


def test_text_invented_in_silence_is_dropped():
    assert believed(segment(0, 2, "Thanks for watching", no_speech_prob=0.9, avg_logprob=-1.4)) == []
    assert len(believed(segment(0, 2, "quiet but sure", no_speech_prob=0.9, avg_logprob=-0.3))) == 3
    words = [Word(0.5, 1, "real"), Word(5, 6, "invented"), Word(9.9, 10.4, "edge")]
    assert [word.text for word in within(words, [Segment(0, 2), Segment(10.5, 12)])] == ["real", "edge"]


def test_missing_weights_are_found_out_at_once_and_the_command_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choice, "locate", lambda model: whisper_weights.WhisperWeights(model, None))
    monkeypatch.setattr(whisper_weights, "hub_answers", lambda model: False)
    monkeypatch.setattr(choice, "is_installed", lambda: False)
    for wanted in ("auto", "whisper"):
        with pytest.raises(WordsUnavailableError, match="models pull --whisper"):
            choice.choose_words_engine(wanted)
    monkeypatch.setattr(choice, "is_installed", lambda: True)
    assert choice.choose_words_engine("auto").name == "pocketsphinx"
    assert choice.choose_words_engine("none") is None


def test_an_unknown_model_is_named():
    with pytest.raises(WordsUnavailableError, match="'enormous'"):
        whisper_weights.locate("enormous")


def test_a_folder_with_weights_is_taken_as_it_is(tmp_path: Path):
    (tmp_path / "model.bin").write_bytes(b"weights")
    assert whisper_weights.locate(str(tmp_path)).path == tmp_path


def test_a_broken_model_folder_is_one_clear_error(tmp_path: Path):
    (tmp_path / "model.bin").write_bytes(b"not weights")
    engine = WhisperWords(tmp_path, "broken", on_gpu=False)
    with pytest.raises(WordsUnavailableError, match="could not be loaded"):
        engine.transcribe(MINUTE, REGIONS, WordsRequest("en"))


def test_real_weights_are_loaded_batched_and_timed(tmp_path: Path, clip):
    folder = make_tiny_whisper(tmp_path / "tiny")
    waveform, speech = clip
    shares: list[float] = []
    engine = choice.choose_words_engine("whisper", str(folder), may_fetch=False)
    transcript = transcribe(
        waveform, speech, engine, WordsRequest(hot_words=("Ada",)), lambda stage, share: shares.append(share)
    )
    assert transcript.engine == "faster-whisper tiny"
    assert len(transcript.language) == 2
    assert transcript.words
    assert all(0 <= word.start_s <= word.end_s <= len(waveform) / 16_000 + 0.5 for word in transcript.words)
    assert all(0 <= word.confidence <= 1 for word in transcript.words)
    assert all(word.text == word.text.strip() != "" for word in transcript.words)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_weights_in_the_cache_of_the_hub_are_found_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from huggingface_hub import constants

    repository = tmp_path / "models--Systran--faster-whisper-small"
    make_tiny_whisper(repository / "snapshots" / ("a" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("a" * 40)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    assert whisper_weights.locate("small").path == repository / "snapshots" / ("a" * 40)
    assert whisper_weights.locate("medium").path is None


def test_long_speech_is_cut_where_it_is_quiet():
    waveform = np.ones(60 * 16_000, dtype=np.float32)
    waveform[int(9.0 * 16_000) : int(9.2 * 16_000)] = 0
    first, *_ = split_speech(waveform, [Segment(0, 25)], max_s=10)
    assert first.end_s == pytest.approx(9.1, abs=0.1)
    chunks = split_speech(waveform, [Segment(0, 25)], max_s=10)
    assert all(chunk.duration_s <= 10 for chunk in chunks)
    assert chunks[-1].end_s == 25


def test_no_sound_is_no_speech():
    with pytest.raises(SilentClipError):
        find_speech(np.zeros(16_000, np.float32))


def test_noise_is_no_speech_either_but_that_is_one_opinion():
    assert find_speech(np.random.default_rng(0).normal(0, 0.01, 32_000).astype(np.float32)) == ()


def test_speech_across_a_block_edge_is_one_region(monkeypatch: pytest.MonkeyPatch):
    waveform = decode(EXAMPLES / "meeting.flac").waveform
    whole = find_speech(waveform)
    monkeypatch.setattr("diarize_worker.stages.speech.BLOCK_S", 20)
    blocks = find_speech(waveform)
    assert sum(r.duration_s for r in blocks) == pytest.approx(sum(r.duration_s for r in whole), rel=0.05)


@pytest.fixture(scope="module")
def clip():
    waveform = decode(EXAMPLES / "short.flac").waveform
    return waveform, find_speech(waveform)


@pytest.mark.skipif(not sphinx.is_installed(), reason="the offline extra is not installed")
class TestSphinx:
    @pytest.mark.slow
    def test_reads_the_bundled_example_and_says_it_is_a_draft(self, clip):
        transcript = transcribe(*clip, sphinx.SphinxWords())
        said = " ".join(word.text for word in transcript.words)
        assert "listen to the recording of the last call" in said
        assert "send the notes to everybody today" in said
        assert not any(mark in said for mark in "<([")
        assert transcript.is_draft
        assert "rough offline draft" in transcript.notes[0]
        assert [word.start_s for word in transcript.words] == sorted(
            word.start_s for word in transcript.words
        )
        assert transcript.words[-1].end_s < 13.5
        json.dumps([word.text for word in transcript.words])

    def test_can_be_cancelled_inside_a_chunk(self, clip):
        ticks = []

        def cancel(stage: str, share: float) -> None:
            ticks.append(share)
            if len(ticks) == 2:
                raise ClipCancelledError

        with pytest.raises(ClipCancelledError):
            transcribe(*clip, sphinx.SphinxWords(), progress=cancel)
        assert ticks == [0.0, 0.0]  # the second tick came while the first chunk was being heard

    def test_knows_only_english(self, clip):
        with pytest.raises(WordsUnavailableError, match="only English"):
            transcribe(*clip, sphinx.SphinxWords(), WordsRequest("fr"))

    def test_its_death_is_one_clear_error(self, clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        (tmp_path / "child.py").write_text("raise SystemExit(3)")
        monkeypatch.setattr(sphinx, "CHILD", tmp_path / "child.py")
        with pytest.raises(WordsUnavailableError, match="stopped in the middle"):
            transcribe(*clip, sphinx.SphinxWords())
