"""What every diarization engine promises; each engine's tests take it over and give an `engine` fixture."""

import json
import math
from typing import ClassVar

import numpy as np
import pytest

from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, DiarizationEngine, Labels, SpeakerHint, Waveform
from diarize_worker.errors import ClipCancelledError
from tests.engine_parts import hum

TALK = hum((0.5, 4, 0), (4.5, 8, 1), (8.5, 12, 0), (12.2, 16, 2), duration_s=17)


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


class EngineSpecification:
    #: Sounds without a voice of which this engine, as it is tested, cannot tell so.
    unheard: ClassVar[set[str]] = set()
    #: Longer sounds are cut, for an engine that takes long.
    longest_s: ClassVar[float] = 60.0

    def sound(self, name: str) -> Waveform:
        return SOUNDS[name][: int(self.longest_s * SAMPLE_RATE_HZ)]

    @pytest.mark.parametrize("sound", SOUNDS)
    def test_any_sound_gives_lawful_labels(self, engine: DiarizationEngine, sound: str) -> None:
        """No sound crashes an engine, and labels keep their rules whatever was heard."""
        heard = self.sound(sound)
        check(engine.diarize(heard, sound, SpeakerHint()), sound, len(heard))

    @pytest.mark.parametrize("sound", ["nothing", "one sample", "zeros", "constant"])
    def test_no_sound_gives_no_labels(self, engine: DiarizationEngine, sound: str) -> None:
        """Where there is nothing to hear, no speaker is invented."""
        if sound in self.unheard:
            pytest.skip("a network that was never trained hears a voice in anything")
        assert engine.diarize(self.sound(sound), sound, SpeakerHint()).annotation.turns == ()

    @pytest.mark.parametrize(
        "hint", [SpeakerHint.exactly(1), SpeakerHint(1, 2), SpeakerHint(2, 3), SpeakerHint(5, 9)]
    )
    def test_never_more_speakers_than_hinted(self, engine: DiarizationEngine, hint: SpeakerHint) -> None:
        """The maximum of a hint is never passed."""
        labels = engine.diarize(self.sound("talk"), "talk", hint)
        check(labels, "talk", len(self.sound("talk")))
        assert len(labels.annotation.speakers) <= hint.maximum

    def test_same_sound_gives_same_labels(self, engine: DiarizationEngine) -> None:
        """A second run changes nothing: no engine draws lots."""
        first, second = (engine.diarize(self.sound("talk"), "talk", SpeakerHint()) for _ in range(2))
        assert first == second

    def test_progress_tells_each_stage_in_order(self, engine: DiarizationEngine) -> None:
        """Shares stay between 0 and 1 and never fall within a stage; every stage ends at 1."""
        told: dict[str, list[float]] = {}
        engine.diarize(
            TALK, "talk", SpeakerHint(), lambda stage, share: told.setdefault(stage, []).append(share)
        )
        assert told
        for shares in told.values():
            assert shares == sorted(shares)
            assert min(shares) >= 0
            assert math.isclose(shares[-1], 1)

    def test_a_raising_progress_stops_the_work(self, engine: DiarizationEngine) -> None:
        """Cancelling is told through progress, and comes out as it went in."""

        def cancel(stage: str, share: float) -> None:
            raise ClipCancelledError

        with pytest.raises(ClipCancelledError):
            engine.diarize(self.sound("talk"), "talk", SpeakerHint(), cancel)
