"""From windows to turns, with numbers that can be checked by hand."""

import numpy as np
import pytest

from diarize_worker.stages.cluster import Clustering
from diarize_worker.stages.rebuild import RebuildConfig, Rebuilder, frame_edge_s, runs, to_annotation
from diarize_worker.stages.segment import FRAME_S, Segmentation


def window(*active: tuple[int, int, int], score: float = 0.9) -> np.ndarray:
    """Scores of one window: `score` for local speaker n in frames first to last (exclusive)."""
    scores = np.zeros((293, 3))
    for local, first, last in active:
        scores[first:last, local] = score
    return scores


def rebuild(*windows: np.ndarray, speaker_of: list[list[int]], **config: float):
    scores = np.stack(windows).astype(np.float16)
    segmentation = Segmentation(scores, scores > 0.5, 5.0)
    speakers = np.array(speaker_of)
    clustering = Clustering(speakers, np.zeros(speakers.shape, np.float32), int(speakers.max()) + 1)
    return Rebuilder(RebuildConfig(**config))(segmentation, clustering)


def spans(activity, speaker: int) -> list[list[int]]:
    return [list(map(int, edge)) for edge in zip(*runs(activity.is_speaking[:, speaker]), strict=True)]


def test_one_window_is_its_own_activity() -> None:
    activity = rebuild(window((0, 50, 150)), speaker_of=[[0, -1, -1]])
    assert spans(activity, 0) == [[50, 150]]


def test_two_at_once_are_both_kept_and_the_louder_is_exclusive() -> None:
    both = np.maximum(window((0, 0, 200)), window((1, 100, 250), score=0.95))
    activity = rebuild(both, speaker_of=[[0, 1, -1]])
    assert spans(activity, 0) == [[0, 200]]
    assert spans(activity, 1) == [[100, 250]]
    assert runs(activity.is_speaking_alone[:, 0])[1].tolist() == [100]
    assert runs(activity.is_speaking_alone[:, 1])[0].tolist() == [100]


def test_speakers_are_numbered_as_they_appear() -> None:
    activity = rebuild(window((0, 150, 250), (1, 20, 120)), speaker_of=[[0, 1, -1]])
    assert activity.cluster_of.tolist() == [1, 0]
    annotation = to_annotation(activity.is_speaking, "clip", 5.0)
    assert [turn.speaker for turn in annotation.turns] == ["SPEAKER_00", "SPEAKER_01"]


def test_local_speakers_of_one_cluster_are_joined() -> None:
    activity = rebuild(window((0, 0, 100), (1, 100, 200)), speaker_of=[[0, 0, -1]])
    assert spans(activity, 0) == [[0, 200]]


def test_a_speaker_without_a_frame_is_nobody() -> None:
    activity = rebuild(window((0, 0, 100)), speaker_of=[[0, 2, -1]])
    assert activity.num_speakers == 1


def test_who_was_left_out_says_nothing() -> None:
    activity = rebuild(window((0, 0, 100), (1, 150, 250)), speaker_of=[[0, -1, -1]])
    assert spans(activity, 0) == [[0, 100]]


@pytest.mark.parametrize(("gap_frames", "num_turns"), [(11, 1), (12, 2)])
def test_gaps_below_a_fifth_of_a_second_are_filled(gap_frames: int, num_turns: int) -> None:
    activity = rebuild(window((0, 0, 100), (0, 100 + gap_frames, 200)), speaker_of=[[0, -1, -1]])
    assert len(spans(activity, 0)) == num_turns


@pytest.mark.parametrize(("run_frames", "num_turns"), [(5, 0), (6, 1)])
def test_runs_below_a_tenth_of_a_second_are_dropped(run_frames: int, num_turns: int) -> None:
    activity = rebuild(window((0, 100, 100 + run_frames)), speaker_of=[[0, -1, -1]])
    assert activity.num_speakers == num_turns


def test_windows_that_overlap_are_averaged() -> None:
    """Where two windows cover a frame and one of them hears nothing, half a speaker counts as one."""
    scores = np.stack([window((0, 150, 293)), window()]).astype(np.float16)
    segmentation = Segmentation(scores, scores > 0.5, 2.5)
    clustering = Clustering(np.array([[0, -1, -1]] * 2), np.zeros((2, 3), np.float32), 1)
    activity = Rebuilder()(segmentation, clustering)
    assert activity.scores[149:151, 0].tolist() == pytest.approx([0, 0.45], abs=1e-3)
    assert spans(activity, 0) == [[150, 293]]


def test_turns_end_with_the_recording() -> None:
    annotation = to_annotation(np.ones((293, 1), bool), "clip", 3.2)
    assert [(turn.start_s, turn.end_s) for turn in annotation.turns] == [(0.0, 3.2)]


def test_a_turn_beyond_the_recording_is_none() -> None:
    is_speaking = np.zeros((293, 1), bool)
    is_speaking[250:] = True
    assert to_annotation(is_speaking, "clip", 3.0).turns == ()


def test_frames_lie_around_their_centres() -> None:
    assert frame_edge_s(0) == 0
    assert frame_edge_s(11) - frame_edge_s(10) == pytest.approx(FRAME_S)
