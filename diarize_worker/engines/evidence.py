"""What there is to distrust about labels: in sentences for the learner, in figures for the pictures.

No figure here can recognise anybody: there are heights and sizes, shares and margins, never a voice vector.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from annotation.model import Annotation, Turn, union
from diarize_worker.engines.protocol import SpeakerHint, about_count
from diarize_worker.stages.cluster import Clustering
from diarize_worker.stages.rebuild import Activity
from diarize_worker.stages.segment import FIRST_FRAME_S, FRAME_S, NUM_FRAMES, WINDOW_S, Segmentation

#: Leaves of the merge tree that is kept for the dendrogram.
_MOST_LEAVES = 40
#: Points of the activity curves that are kept.
_MOST_POINTS = 4000
_NOTABLE_OVERLAP = 0.15


def describe(
    clustering: Clustering, annotation: Annotation, hint: SpeakerHint, gain: float
) -> tuple[str, ...]:
    """Return plain sentences on what to distrust."""
    notes = [_about_count(clustering, annotation, hint), _about_overlap(annotation)]
    if gain > 1.0 and annotation.turns:
        notes.append(
            "This recording is very quiet. We raised its level before listening; expect more mistakes."
        )
    return tuple(note for note in notes if note)


def _about_count(clustering: Clustering, annotation: Annotation, hint: SpeakerHint) -> str:
    if said := about_count(len(annotation.speakers), clustering.num_found, hint):
        return said
    fewest, most = clustering.count_range
    if fewest < most:
        return (
            f"The number of speakers was a close call: it could be anything from {fewest} to {most}. "
            "If you know it, give it and run again."
        )
    return ""


def _about_overlap(annotation: Annotation) -> str:
    share = overlap_share(annotation)
    if share < _NOTABLE_OVERLAP:
        return ""
    return f"{share:.0%} of the speech is people talking at once. Labels are least reliable there."


def overlap_share(annotation: Annotation) -> float:
    """Return the share (0 to 1) of speech in which two or more people talk."""
    speech_s = sum(segment.duration_s for segment in annotation.speech())
    return sum(segment.duration_s for segment in annotation.overlaps()) / speech_s if speech_s else 0.0


def evidence_of(
    segmentation: Segmentation, clustering: Clustering, activity: Activity, annotation: Annotation
) -> dict[str, Any]:
    """Return JSON-safe figures behind the labels.

    - tree: how many vectors each leaf stands for; merges as [left, right, height, leaves below], which is what
      scipy's dendrogram takes; the threshold. Only the top of the tree.
    - count: what was found, and what 10 % more or less threshold would have found.
    - turns: [start_s, end_s, speaker, confidence], a confidence being how much closer (as a difference of
      cosines) the voice is to its speaker than to the next; null where nothing is known.
    - activity: each speaker's score in percent, every `step_s` from `start_s`.
    - overlap_share: of all speech.
    """
    margins = _frame_margins(segmentation, clustering, activity)
    order = annotation.speakers
    return {
        "tree": _tree(clustering),
        "count": {
            "found": clustering.num_found,
            "used": len(order),
            "fewest_nearby": clustering.count_range[0],
            "most_nearby": clustering.count_range[1],
        },
        "turns": [
            [turn.start_s, turn.end_s, turn.speaker, _confidence(margins[:, order.index(turn.speaker)], turn)]
            for turn in annotation.turns
        ],
        "activity": _activity(activity),
        "overlap_share": round(overlap_share(annotation), 4),
        "speech_s": round(sum(segment.duration_s for segment in union(annotation.turns)), 3),
        "window_s": WINDOW_S,
        "step_s": segmentation.step_s,
    }


def _tree(clustering: Clustering) -> dict[str, Any]:
    tree = clustering.tree
    if tree is None:
        return {"sizes": [], "merges": [], "threshold": 0.0}
    num_leaves = min(_MOST_LEAVES, tree.num_leaves)
    hidden = len(tree.heights) - (num_leaves - 1)
    # clusters that are merged later than the hidden part ends, and made before: these are the leaves we show
    shown = tree.pairs[hidden:]
    made = tree.num_leaves + hidden
    leaves = sorted(int(cluster) for cluster in shown.ravel() if cluster < made)
    number = {cluster: index for index, cluster in enumerate(leaves)}
    number.update({made + index: num_leaves + index for index in range(num_leaves - 1)})
    num_below = [1] * num_leaves
    merges = []
    for (left, right), height in zip(shown, tree.heights[hidden:], strict=True):
        pair = number[int(left)], number[int(right)]
        num_below.append(num_below[pair[0]] + num_below[pair[1]])
        merges.append([*pair, round(float(height), 4), num_below[-1]])
    sizes = [round(float(tree.sizes[leaf]), 1) for leaf in leaves] or [round(float(tree.sizes[0]), 1)]
    return {"sizes": sizes, "merges": merges, "threshold": round(clustering.threshold, 4)}


def _frame_margins(
    segmentation: Segmentation, clustering: Clustering, activity: Activity
) -> npt.NDArray[np.float32]:
    """Return, per frame and speaker, the mean margin of the windows that say so: (num_frames, num_speakers)."""
    sums = np.zeros(activity.scores.shape, np.float32)
    counts = np.zeros(activity.scores.shape, np.float32)
    first_frames = segmentation.first_frames()
    speaker_by_cluster = {int(cluster): speaker for speaker, cluster in enumerate(activity.cluster_of)}
    for window, local in zip(*np.nonzero(clustering.speaker_of >= 0), strict=True):
        speaker = speaker_by_cluster.get(int(clustering.speaker_of[window, local]))
        if speaker is None:
            continue
        frames = slice(first_frames[window], first_frames[window] + NUM_FRAMES)
        is_active = segmentation.is_active[window, :, local]
        sums[frames, speaker] += clustering.margin[window, local] * is_active
        counts[frames, speaker] += is_active
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.float32(np.nan))


def _confidence(margins: npt.NDArray[np.float32], turn: Turn) -> float | None:
    first, last = (max(0, round((time_s - FIRST_FRAME_S) / FRAME_S)) for time_s in (turn.start_s, turn.end_s))
    known = margins[first : last + 1]
    known = known[~np.isnan(known)]
    return round(float(known.mean()), 3) if len(known) else None


def _activity(activity: Activity) -> dict[str, Any]:
    """Return the activity curves, each point the mean of as many frames as keep the number of points down."""
    num_frames = len(activity.scores)
    every = max(1, -(-num_frames // _MOST_POINTS))
    starts = np.arange(0, num_frames, every)
    sums = np.add.reduceat(activity.scores, starts, axis=0) if activity.num_speakers else activity.scores
    percent = np.rint(100 * sums / np.minimum(every, num_frames - starts)[:, None]) if len(sums) else sums
    return {
        "start_s": FIRST_FRAME_S,
        "step_s": round(every * FRAME_S, 6),
        "percent": {
            f"SPEAKER_{speaker:02d}": percent[:, speaker].astype(int).tolist()
            for speaker in range(activity.num_speakers)
        },
    }
