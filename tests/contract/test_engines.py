"""The embedded engine keeps what every engine promises, with toy networks and with the real ones."""

import numpy as np
import pytest

from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, DiarizationEngine, SpeakerHint
from tests.engine_parts import hum, pulled_weights, toy_encoder, toy_segmentation
from tests.engine_specification import TALK, EngineSpecification, check

pytestmark = pytest.mark.thorough


@pytest.fixture(params=["toy networks", "pulled weights"], scope="module")
def engine(request: pytest.FixtureRequest) -> DiarizationEngine:
    if request.param == "toy networks":
        return EmbeddedEngine(toy_segmentation, toy_encoder)
    return EmbeddedEngine.load(pulled_weights())


class TestEmbedded(EngineSpecification):
    """The whole specification."""


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
