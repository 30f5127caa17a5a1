"""What every diarization engine promises, run over each engine there is."""

import json
import math

import numpy as np
import pytest

from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, DiarizationEngine, Labels, SpeakerHint
from diarize_worker.errors import ClipCancelledError
from tests.engine_parts import hum, pulled_weights, toy_encoder, toy_segmentation

pytestmark = pytest.mark.thorough

TALK = hum((0.5, 4, 0), (4.5, 8, 1), (8.5, 12, 0), (12.2, 16, 2), duration_s=17)


@pytest.fixture(params=["toy networks", "pulled weights"], scope="module")
def engine(request: pytest.FixtureRequest) -> DiarizationEngine:
    if request.param == "toy networks":
        return EmbeddedEngine(toy_segmentation, toy_encoder)
    return EmbeddedEngine.load(pulled_weights())


def check(labels: Labels, uri: str, num_samples: int) -> None:
    """Whatever the sound was, labels keep these rules."""
    turns = labels.annotation.turns
    assert labels.annotation.uri == labels.exclusive.uri == uri
    assert labels.duration_s == pytest.approx(num_samples / SAMPLE_RATE_HZ)
    assert all(0 <= turn.start_s < turn.end_s <= labels.duration_s + 1e-3 for turn in turns)
    assert list(labels.annotation.speakers) == [
        f"SPEAKER_{n:02d}" for n in range(len(labels.annotation.speakers))
    ]
    assert not labels.exclusive.overlaps()
    for turn in labels.exclusive.turns:
        own = [other for other in turns if other.speaker == turn.speaker]
        assert any(other.start_s <= turn.start_s and turn.end_s <= other.end_s for other in own)
    spoken = [sum(s.duration_s for s in each.speech()) for each in (labels.annotation, labels.exclusive)]
    assert spoken[0] == pytest.approx(spoken[1], abs=0.01)
    assert all(isinstance(note, str) and note.endswith(".") for note in labels.notes)
    json.dumps(labels.evidence, allow_nan=False)


SOUNDS = {
    "nothing": np.zeros(0, np.float32),
    "one sample": np.zeros(1, np.float32),
    "0.1 s of talk": TALK[10_000:11_600],
    "1 s of talk": TALK[16_000:32_000],
    "5 s and a sample": TALK[: 5 * SAMPLE_RATE_HZ + 1],
    "zeros": np.zeros(6 * SAMPLE_RATE_HZ, np.float32),
    "constant": np.full(6 * SAMPLE_RATE_HZ, 0.5, np.float32),
    "noise": np.random.default_rng(0).normal(0, 0.1, 6 * SAMPLE_RATE_HZ).astype(np.float32),
    "last bit only": (np.random.default_rng(0).integers(-1, 2, 96_000) / 32768).astype(np.float32),
    "very quiet talk": TALK * np.float32(1e-4),
    "clipped talk": np.clip(50 * TALK, -1, 1),
    "talk off centre": TALK + np.float32(0.3),
    "holes of NaN": np.where(np.arange(len(TALK)) % 999 == 0, np.nan, TALK).astype(np.float32),
    "infinite": np.full(2 * SAMPLE_RATE_HZ, np.inf, np.float32),
    "talk": TALK,
}


@pytest.mark.parametrize("sound", SOUNDS)
def test_any_sound_gives_lawful_labels(engine: DiarizationEngine, sound: str) -> None:
    """No sound crashes an engine, and labels keep their rules whatever was heard."""
    check(engine.diarize(SOUNDS[sound], sound, SpeakerHint()), sound, len(SOUNDS[sound]))


@pytest.mark.parametrize("sound", ["nothing", "one sample", "zeros", "constant"])
def test_no_sound_gives_no_labels(engine: DiarizationEngine, sound: str) -> None:
    """Where there is nothing to hear, no speaker is invented."""
    assert engine.diarize(SOUNDS[sound], sound, SpeakerHint()).annotation.turns == ()


@pytest.mark.parametrize(
    "hint", [SpeakerHint.exactly(1), SpeakerHint(1, 2), SpeakerHint(2, 3), SpeakerHint(5, 9)]
)
def test_never_more_speakers_than_hinted(engine: DiarizationEngine, hint: SpeakerHint) -> None:
    """The maximum of a hint is never passed."""
    labels = engine.diarize(TALK, "talk", hint)
    check(labels, "talk", len(TALK))
    assert len(labels.annotation.speakers) <= hint.maximum


def test_same_sound_gives_same_labels(engine: DiarizationEngine) -> None:
    """A second run changes nothing: no engine draws lots."""
    first, second = (engine.diarize(TALK, "talk", SpeakerHint()) for _ in range(2))
    assert first == second


def test_progress_tells_each_stage_in_order(engine: DiarizationEngine) -> None:
    """Shares stay between 0 and 1 and never fall within a stage; every stage ends at 1."""
    told: dict[str, list[float]] = {}
    engine.diarize(TALK, "talk", SpeakerHint(), lambda stage, share: told.setdefault(stage, []).append(share))
    assert told
    for shares in told.values():
        assert shares == sorted(shares)
        assert min(shares) >= 0
        assert math.isclose(shares[-1], 1)


def test_a_raising_progress_stops_the_work(engine: DiarizationEngine) -> None:
    """Cancelling is told through progress, and comes out as it went in."""

    def cancel(stage: str, share: float) -> None:
        raise ClipCancelledError

    with pytest.raises(ClipCancelledError):
        engine.diarize(TALK, "talk", SpeakerHint(), cancel)


class TestToyVoices:
    """With voices that cannot be mistaken, the whole way from sound to turns is exact."""

    @pytest.fixture
    def toys(self) -> EmbeddedEngine:
        return EmbeddedEngine(toy_segmentation, toy_encoder)

    def test_three_voices_are_told_apart(self, toys: EmbeddedEngine) -> None:
        turns = toys.diarize(TALK, "talk", SpeakerHint.exactly(3)).annotation.turns
        assert [turn.speaker[-1] for turn in turns] == ["0", "1", "0", "2"]
        edges = [edge for turn in turns for edge in (turn.start_s, turn.end_s)]
        assert edges == pytest.approx([0.5, 4, 4.5, 8, 8.5, 12, 12.2, 16], abs=0.06)

    def test_two_at_once_get_two_labels(self, toys: EmbeddedEngine) -> None:
        sound = hum((0, 6, 0), (4, 10, 1), duration_s=10)
        labels = toys.diarize(sound, "both", SpeakerHint.exactly(2))
        check(labels, "both", len(sound))
        (both,) = labels.annotation.overlaps()
        assert (both.start_s, both.end_s) == pytest.approx((4, 6), abs=0.06)

    @pytest.mark.parametrize("num", [1, 2, 3])
    def test_an_exact_hint_is_obeyed(self, toys: EmbeddedEngine, num: int) -> None:
        assert len(toys.diarize(TALK, "talk", SpeakerHint.exactly(num)).annotation.speakers) == num

    def test_too_large_a_hint_is_said_to_be_so(self, toys: EmbeddedEngine) -> None:
        labels = toys.diarize(TALK[: 3 * SAMPLE_RATE_HZ], "short", SpeakerHint.exactly(8))
        assert "at least 8 speakers" in labels.notes[0]

    def test_quiet_sound_is_raised_and_said_to_be(self, toys: EmbeddedEngine) -> None:
        labels = toys.diarize(TALK * np.float32(0.01), "quiet", SpeakerHint.exactly(3))
        assert len(labels.annotation.speakers) == 3
        assert any("very quiet" in note for note in labels.notes)
