"""What is kept beside the labels: enough to draw and to doubt, nothing to recognise anybody by."""

import json

import numpy as np
import pytest
from scipy.cluster.hierarchy import dendrogram

from annotation.model import Annotation, Turn
from diarize_worker.engines.embedded import EmbeddedEngine
from diarize_worker.engines.evidence import describe
from diarize_worker.engines.protocol import Labels, SpeakerHint
from diarize_worker.stages.cluster import ClusterConfig, Clustering
from tests.engine_parts import hum, toy_encoder, toy_segmentation

TALK = hum((0.5, 4, 0), (3.5, 8, 1), (8.5, 12, 0), (12.2, 16, 2), duration_s=17)
LONG = np.tile(TALK, 6)


def label(sound: np.ndarray, hint: SpeakerHint | None = None, **config: float) -> Labels:
    engine = EmbeddedEngine(toy_segmentation, toy_encoder, cluster=ClusterConfig(**config))
    return engine.diarize(sound, "clip", hint or SpeakerHint())


@pytest.fixture(scope="module")
def labels() -> Labels:
    return label(TALK, SpeakerHint.exactly(3))


@pytest.mark.parametrize("sound", [TALK[:1600], TALK[16_000:40_000], TALK, LONG], ids=len)
def test_the_tree_can_be_drawn(sound: np.ndarray) -> None:
    """Merges are in the order scipy's dendrogram takes, rise, and end with everybody."""
    tree = label(sound).evidence["tree"]
    assert len(tree["merges"]) == max(0, len(tree["sizes"]) - 1) <= 39
    if tree["merges"]:
        heights = [merge[2] for merge in tree["merges"]]
        assert heights == sorted(heights)
        assert tree["merges"][-1][3] == len(tree["sizes"])
        drawn = dendrogram(np.array(tree["merges"], float), no_plot=True)
        assert len(drawn["leaves"]) == len(tree["sizes"])


def test_no_list_is_a_voice_vector(labels: Labels) -> None:
    """Nothing in the evidence has the size of a vector, and it stays small for long recordings."""
    assert labels.evidence is not None
    assert set(labels.evidence) == {
        *("tree", "count", "turns", "activity", "overlap_share", "speech_s", "window_s", "step_s")
    }
    assert len(json.dumps(label(LONG).evidence)) < 200_000


def test_every_turn_has_its_confidence(labels: Labels) -> None:
    turns = labels.evidence["turns"]
    assert [(t[0], t[1], t[2]) for t in turns] == [
        (t.start_s, t.end_s, t.speaker) for t in labels.annotation.turns
    ]
    assert all(0 < confidence <= 2 for *_, confidence in turns)


def test_activity_covers_the_recording(labels: Labels) -> None:
    activity = labels.evidence["activity"]
    for percent in activity["percent"].values():
        assert 0 <= min(percent) <= max(percent) <= 100
        assert len(percent) * activity["step_s"] >= labels.duration_s - 0.1
        assert len(percent) <= 4000


def test_overlap_is_counted(labels: Labels) -> None:
    assert labels.evidence["overlap_share"] == pytest.approx(0.5 / 14.8, abs=0.01)


def test_much_overlap_is_said() -> None:
    notes = label(hum((0, 8, 0), (2, 8, 1), duration_s=10), SpeakerHint.exactly(2)).notes
    assert any("people talking at once" in note for note in notes)


def test_a_hint_that_changed_the_count_is_said() -> None:
    labels = label(TALK, SpeakerHint.exactly(1))
    found = labels.evidence["count"]["found"]
    expected = "We kept to the number of speakers you gave."
    assert (found != 1) == any(expected in note for note in labels.notes)


def clustering(num_found: int) -> Clustering:
    nobody = np.full((1, 3), -1)
    return Clustering(nobody, nobody.astype(np.float32), num_found, num_found=num_found)


def of(num_speakers: int) -> Annotation:
    return Annotation.of("clip", [Turn(n, n + 1, f"SPEAKER_{n:02d}") for n in range(num_speakers)])


@pytest.mark.parametrize("num_found", range(2, 60, 3))
@pytest.mark.parametrize(
    "hint", [SpeakerHint(), SpeakerHint(1, 5), SpeakerHint.exactly(2), SpeakerHint(1, 40)]
)
def test_nobody_is_folded_in_silence(num_found: int, hint: SpeakerHint) -> None:
    for num_kept in range(1, min(num_found, hint.maximum) + 1):
        said = " ".join(describe(clustering(num_found), of(num_kept), hint, 1.0))
        assert (str(num_found) in said) == (num_kept < num_found) or num_kept < hint.minimum


def test_more_than_we_label_are_counted_in_the_note() -> None:
    (said,) = describe(clustering(34), of(20), SpeakerHint(), 1.0)
    assert "found 34 speakers and kept 20" in said


def test_a_close_call_is_said() -> None:
    heights = [merge[2] for merge in label(TALK).evidence["tree"]["merges"]]
    num = label(TALK).evidence["tree"]["sizes"]
    labels = label(TALK, threshold=heights[-1] * 1.05, at_num_vectors=sum(num))
    assert any("close call: it could be anything from 1 to" in note for note in labels.notes)


def test_no_speech_is_said() -> None:
    assert label(np.zeros(80_000, np.float32)).notes == ("We found no speech in this recording.",)
