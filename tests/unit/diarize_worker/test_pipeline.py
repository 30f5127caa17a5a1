from pathlib import Path

import pytest

from annotation.model import Annotation, Segment, Turn, Word
from diarize_worker import pipeline
from diarize_worker.engines.protocol import Labels, SpeakerHint, no_progress
from diarize_worker.errors import ClipCancelledError, EngineUnavailableError, SilentClipError, WorkerError
from diarize_worker.words.protocol import Transcript, WordsUnavailableError
from tests.media_corpus import tone, write_wave

SHORT = Path(__file__).parents[3] / "examples" / "short.flac"
TURNS = [Turn(0, 4, "SPEAKER_00"), Turn(4, 8, "SPEAKER_01")]


class TwoVoices:
    """Labels every clip with the same two turns."""

    name = "two voices"

    def __init__(self) -> None:
        self.hints: list[SpeakerHint] = []

    def diarize(self, waveform, uri, hint, progress=no_progress) -> Labels:
        self.hints.append(hint)
        progress("segment", 1.0)
        annotation = Annotation.of(uri, TURNS)
        return Labels(annotation, annotation, self.name, len(waveform) / 16_000, ("A close call.",))


class TwoWords:
    """Hears the same two words in every clip."""

    name = "two words"
    is_draft = False
    speech: tuple[Segment, ...] = ()

    def transcribe(self, waveform, speech, request, progress=no_progress) -> Transcript:
        progress("words", 1.0)
        self.speech = speech
        return Transcript((Word(1, 2, "hello"), Word(5, 6, "there")), request.language, self.name)


def unavailable_engine():
    raise EngineUnavailableError("No weights. Run `python -m diarize_worker models pull`.")


def unavailable_words():
    raise WordsUnavailableError("No words engine.")


def run(make_engine=lambda: (TwoVoices(), ()), make_words=TwoWords, **options) -> pipeline.ClipResult:
    return pipeline.run(SHORT, "short", make_engine, make_words, **options)


def test_labels_and_words_meet():
    result = run()
    assert result.failures == {}
    assert [(word.text, word.speaker) for word in result.transcript.words] == [
        ("hello", "SPEAKER_00"),
        ("there", "SPEAKER_01"),
    ]
    assert result.labels.annotation.uri == "short"
    assert result.notes == ("A close call.",)
    assert result.duration_s == pytest.approx(13.8, abs=0.1)


def test_labels_alone_when_words_fail():
    result = run(make_words=unavailable_words)
    assert result.transcript is None
    assert result.labels.annotation.speakers == ("SPEAKER_00", "SPEAKER_01")
    assert result.failures == {"words": "No words engine."}
    assert "No words engine." in result.notes


def test_words_alone_when_labels_fail():
    result = run(make_engine=unavailable_engine)
    assert result.labels is None
    assert [word.speaker for word in result.transcript.words] == [None, None]
    assert "models pull" in result.failures["label"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "ran out of memory"),
        (ValueError("odd shape"), "odd shape"),
        (SilentClipError(), "no speech"),
    ],
)
def test_whatever_breaks_one_half_the_other_is_delivered(error, reason):
    class Breaks(TwoVoices):
        def diarize(self, *args, **options):
            raise error

    result = run(make_engine=lambda: (Breaks(), ()))
    assert reason in result.failures["label"]
    assert result.transcript.words


def test_both_failing_is_an_error_with_both_reasons():
    with pytest.raises(WorkerError, match=r"models pull.*No words engine"):
        run(unavailable_engine, unavailable_words)


def test_no_words_wanted_is_no_failure():
    result = run(make_words=lambda: None)
    assert (result.transcript, result.failures) == (None, {})


def test_the_hint_and_fallback_notes_are_passed_on():
    engine = TwoVoices()
    result = run(make_engine=lambda: (engine, ("Neural is not installed.",)), hint=SpeakerHint.exactly(2))
    assert engine.hints == [SpeakerHint(2, 2)]
    assert result.labels.notes == ("Neural is not installed.", "A close call.")


@pytest.mark.parametrize("stage", ["decode", "speech", "segment", "words"])
def test_a_cancel_at_any_stage_ends_it(stage):
    def cancel(now: str, share: float) -> None:
        if now == stage:
            raise ClipCancelledError

    with pytest.raises(ClipCancelledError):
        run(progress=cancel)


class Nobody(TwoVoices):
    def diarize(self, waveform, uri, hint, progress=no_progress) -> Labels:
        nobody = Annotation.of(uri, ())
        return Labels(nobody, nobody, self.name, len(waveform) / 16_000)


class TestLittleSpeech:
    """The speech detector is one opinion, the diarization engine another."""

    @pytest.fixture
    def murmur(self, tmp_path: Path) -> Path:
        return write_wave(tmp_path / "murmur.wav", 0.01 * tone(300, 12))

    def test_what_the_engine_alone_hears_is_delivered_with_a_warning(self, murmur: Path):
        words = TwoWords()
        result = pipeline.run(murmur, "murmur", lambda: (TwoVoices(), ()), lambda: words)
        assert result.notes[:2] == (pipeline.LITTLE_SPEECH, "A close call.")
        assert words.speech == result.labels.annotation.speech()
        assert [word.speaker for word in result.transcript.words] == ["SPEAKER_00", "SPEAKER_01"]

    def test_what_neither_hears_is_silence(self, murmur: Path):
        with pytest.raises(SilentClipError):
            pipeline.run(murmur, "murmur", lambda: (Nobody(), ()), TwoWords)

    def test_without_an_engine_the_reason_is_said(self, murmur: Path):
        with pytest.raises(WorkerError, match="models pull"):
            pipeline.run(murmur, "murmur", unavailable_engine, TwoWords)


def test_silence_is_said_before_any_engine_is_built(tmp_path: Path):
    silence = write_wave(tmp_path / "silence.wav", 0 * tone(1))

    def must_not_be_built():
        pytest.fail("an engine was built for a silent clip")

    with pytest.raises(SilentClipError):
        pipeline.run(silence, "silence", must_not_be_built, must_not_be_built)


def test_damage_is_told_in_the_notes(tmp_path: Path):
    path = tmp_path / "cut.flac"
    data = SHORT.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    result = pipeline.run(path, "cut", lambda: (TwoVoices(), ()), lambda: None)
    assert any("we could read" in note for note in result.notes)
