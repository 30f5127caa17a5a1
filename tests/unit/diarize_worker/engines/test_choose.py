"""Which engine is taken, and that a fallback always says why and what to do."""

import importlib.util
import weakref
from pathlib import Path

import numpy as np
import pytest

from diarize_worker.engines.choose import choose_engine, first_that_starts
from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.kept import TRY_AGAIN_S, KeptEngine
from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.errors import ClipCancelledError, EngineUnavailableError
from storage.errors import StorageError
from tests.engine_parts import hum, pulled_weights, toy_encoder, toy_segmentation

SOUND = hum((0, 3, 0), duration_s=4)


class Unable:
    """Starts, and then runs out of memory."""

    name = "neural"

    def diarize(self, *_arguments: object) -> None:
        raise EngineUnavailableError("Out of memory. Send a shorter one.")


def embedded() -> EmbeddedEngine:
    return EmbeddedEngine(toy_segmentation, toy_encoder)


def missing() -> EmbeddedEngine:
    raise EngineUnavailableError("Not installed. Install it.")


@pytest.mark.parametrize("name", ["auto", "embedded"])
def test_without_weights_the_command_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineUnavailableError, match="python -m diarize_worker models pull"):
        choose_engine(name, tmp_path)


def test_auto_without_a_token_is_embedded_and_says_nothing() -> None:
    engine, notes = choose_engine("auto", pulled_weights())
    assert (engine.name, notes) == ("embedded", ())


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="the neural engine is installed")
def test_neural_without_its_package_falls_back_with_the_fix() -> None:
    engine, notes = choose_engine("neural", pulled_weights())
    assert engine.name == "embedded"
    assert "pip install 'whospoke[neural]'" in notes[0]
    assert notes[0].endswith("The embedded engine was used instead.")


def test_an_engine_that_cannot_start_gives_way() -> None:
    engine, notes = first_that_starts(missing, embedded)
    assert engine.name == "embedded"
    assert notes == ("Not installed. Install it. The embedded engine was used instead.",)


def test_an_engine_that_fails_on_a_recording_hands_it_over() -> None:
    engine, notes = first_that_starts(Unable, embedded)
    labels = engine.diarize(SOUND, "clip", SpeakerHint())
    assert notes == ()
    assert labels.engine == "embedded"
    assert labels.notes[0] == "Out of memory. Send a shorter one. The embedded engine was used instead."
    assert labels.annotation.turns


def broken() -> EmbeddedEngine:
    raise KeyError("/home/ada/meeting.m4a")


def test_whatever_keeps_an_engine_from_starting_recordings_are_labelled(caplog) -> None:
    engine, notes = first_that_starts(broken, embedded)
    assert engine.name == "embedded"
    assert notes[0].startswith("The neural engine did not start (KeyError)")
    assert "KeyError at test_choose.py:" in caplog.text
    assert "meeting.m4a" not in caplog.text + notes[0]


@pytest.mark.parametrize(
    "error", [RuntimeError("CUDA error: device-side assert"), IndexError(), AssertionError()]
)
def test_whatever_goes_wrong_on_a_recording_it_is_labelled(error) -> None:
    class Broken(Unable):
        def diarize(self, *_arguments: object) -> None:
            raise error

    labels = first_that_starts(Broken, embedded)[0].diarize(SOUND, "clip", SpeakerHint())
    assert labels.engine == "embedded"
    assert labels.notes[0].startswith(f"The neural engine failed on this recording ({type(error).__name__})")


@pytest.mark.parametrize("error", [ClipCancelledError(), StorageError("gone")])
def test_cancelling_hands_nothing_over(error) -> None:
    def stop(stage: str, share: float) -> None:
        raise error

    engine, _ = first_that_starts(embedded, missing)
    with pytest.raises(type(error)):
        engine.diarize(SOUND, "clip", SpeakerHint(), stop)


def test_when_the_other_takes_over_what_the_first_held_is_gone() -> None:
    held = []

    class Holding(Unable):
        def diarize(self, *_arguments: object) -> None:
            tensors = np.zeros(9)
            held.append(weakref.ref(tensors))
            raise RuntimeError

    def other() -> EmbeddedEngine:
        assert held[0]() is None
        return embedded()

    assert first_that_starts(Holding, other)[0].diarize(SOUND, "clip", SpeakerHint()).notes


class TestKeptEngine:
    """A worker builds its engine once; a fallback is given another chance after some minutes."""

    def kept(self, *notes: tuple[str, ...]):
        waiting, self.now_s = list(notes), 0.0

        def make():
            found = waiting.pop(0)
            if isinstance(found, Exception):
                raise found
            return embedded(), found

        return KeptEngine(make, lambda: self.now_s)

    def test_what_works_is_kept(self) -> None:
        kept = self.kept(())
        first = kept()
        self.now_s = 1e6
        assert kept() is first

    def test_a_fallback_is_kept_for_some_minutes_only(self) -> None:
        kept = self.kept(("No network.",), ("No network.",), ())
        assert kept() is kept()
        self.now_s = TRY_AGAIN_S
        assert kept()[1] == ("No network.",)
        self.now_s = 2 * TRY_AGAIN_S
        assert kept()[1] == ()

    def test_an_error_is_not_kept(self) -> None:
        kept = self.kept(EngineUnavailableError("No weights."), ())
        with pytest.raises(EngineUnavailableError):
            kept()
        assert kept()[1] == ()


def test_when_neither_works_the_last_reason_is_told() -> None:
    with pytest.raises(EngineUnavailableError, match="Not installed"):
        first_that_starts(Unable, missing)[0].diarize(np.zeros(1, np.float32), "clip", SpeakerHint())
