"""From windows back to the recording: who speaks at each moment, and the turns that makes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotation.model import Annotation, Turn
from diarize_worker.stages.cluster import Clustering
from diarize_worker.stages.segment import FIRST_FRAME_S, FRAME_S, NUM_FRAMES, NUM_LOCAL, Segmentation

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RebuildConfig:
    """How activity becomes turns."""

    #: More people than this are never taken to speak at once.
    most_at_once: int = 3
    shortest_gap_s: float = 0.2
    shortest_turn_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Activity:
    """Who speaks at each frame of the recording, speakers in order of first appearance."""

    #: (num_frames, num_speakers) mean score, 0 to 1
    scores: FloatArray
    #: (num_frames, num_speakers) after gaps are filled and short runs dropped
    is_speaking: BoolArray
    #: (num_frames, num_speakers) the same with one speaker at a time
    is_speaking_alone: BoolArray
    #: (num_speakers,) number of each speaker in the clustering
    cluster_of: npt.NDArray[np.int64]

    @property
    def num_speakers(self) -> int:
        """Speakers with at least one turn."""
        return int(self.scores.shape[1])


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Joins the windows of a recording."""

    config: RebuildConfig = RebuildConfig()

    def __call__(self, segmentation: Segmentation, clustering: Clustering) -> Activity:
        """Return who speaks when."""
        scores, num_active = _overlay(segmentation, clustering)
        is_speaking = _largest(scores, np.minimum(np.floor(num_active + 0.5), self.config.most_at_once))
        for speaker in range(is_speaking.shape[1]):
            is_speaking[:, speaker] = self._smooth(is_speaking[:, speaker])
        first = np.where(is_speaking.any(0), is_speaking.argmax(0), len(is_speaking))
        order = np.argsort(first, kind="stable")[: int(is_speaking.any(0).sum())]
        scores, is_speaking = scores[:, order], is_speaking[:, order]
        return Activity(scores, is_speaking, _alone(scores, is_speaking), order)

    def _smooth(self, is_speaking: BoolArray) -> BoolArray:
        """Fill short gaps, then drop short runs."""
        smooth = is_speaking.copy()
        starts, ends = runs(smooth)
        for end, next_start in zip(ends[:-1], starts[1:], strict=True):
            if (next_start - end) * FRAME_S < self.config.shortest_gap_s:
                smooth[end:next_start] = True
        for start, end in zip(*runs(smooth), strict=True):
            if (end - start) * FRAME_S < self.config.shortest_turn_s:
                smooth[start:end] = False
        return smooth


def to_annotation(is_speaking: BoolArray, uri: str, duration_s: float) -> Annotation:
    """Return the turns of (num_frames, num_speakers) activity, as SPEAKER_00 and so on."""
    turns = []
    for speaker in range(is_speaking.shape[1]):
        for start, end in zip(*runs(is_speaking[:, speaker]), strict=True):
            start_s, end_s = frame_edge_s(int(start)), min(frame_edge_s(int(end)), duration_s)
            turns.append(Turn(round(start_s, 3), round(end_s, 3), f"SPEAKER_{speaker:02d}"))
    return Annotation.of(uri, turns)


def frame_edge_s(frame: int) -> float:
    """Return when a frame begins, at the recording's start for the first."""
    return max(0.0, FIRST_FRAME_S + (frame - 0.5) * FRAME_S) if frame else 0.0


def runs(is_on: BoolArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return first frames, and frames after the last, of each run.

    >>> [edges.tolist() for edges in runs(np.array([True, True, False, True]))]
    [[0, 3], [2, 4]]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_on.view(np.int8), [0]])))
    return edges[::2], edges[1::2]


def _overlay(segmentation: Segmentation, clustering: Clustering) -> tuple[FloatArray, FloatArray]:
    """Average the windows over each frame.

    Returns:
        scores: (num_frames, num_speakers) mean score of each speaker
        num_active: (num_frames,) mean number of active local speakers
    """
    first_frames = segmentation.first_frames()
    num_frames = int(first_frames[-1]) + NUM_FRAMES
    scores = np.zeros((num_frames, clustering.num_speakers), np.float32)
    num_active = np.zeros(num_frames, np.float32)
    num_windows = np.zeros(num_frames, np.float32)
    for window, first in enumerate(first_frames):
        frames = slice(first, first + NUM_FRAMES)
        num_windows[frames] += 1
        num_active[frames] += segmentation.is_active[window].sum(1)
        speakers = clustering.speaker_of[window]
        for speaker in set(speakers[speakers >= 0].tolist()):
            same = np.flatnonzero(speakers == speaker)
            scores[frames, speaker] += segmentation.scores[window][:, same].max(1)
    covered = np.maximum(num_windows, np.float32(1))
    return (scores / covered[:, None]).astype(np.float32), (num_active / covered).astype(np.float32)


def _largest(scores: FloatArray, num_largest: FloatArray) -> BoolArray:
    """Return where a score is above 0 and among as many of its frame's largest as `num_largest` says."""
    is_largest = np.zeros(scores.shape, np.bool_)
    order = np.argsort(-scores, axis=1)
    for rank in range(min(NUM_LOCAL, scores.shape[1])):
        frames = np.flatnonzero(num_largest > rank)
        is_largest[frames, order[frames, rank]] = True
    return is_largest & (scores > 0)


def _alone(scores: FloatArray, is_speaking: BoolArray) -> BoolArray:
    """Leave, of those who speak at once, the one with the largest score."""
    alone = np.zeros(is_speaking.shape, np.bool_)
    if is_speaking.shape[1]:
        frames = np.flatnonzero(is_speaking.any(1))
        loudest = np.where(is_speaking, scores, -1.0).argmax(1)
        alone[frames, loudest[frames]] = True
    return alone
