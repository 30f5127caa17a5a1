"""Which engine is taken, and that a fallback always says why and what to do."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from diarize_worker.engines.choose import choose_engine, first_that_starts
from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.errors import EngineUnavailableError
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


def test_when_neither_works_the_last_reason_is_told() -> None:
    with pytest.raises(EngineUnavailableError, match="Not installed"):
        first_that_starts(Unable, missing)[0].diarize(np.zeros(1, np.float32), "clip", SpeakerHint())
