"""A result that waits until the learner has had a go of their own, and scores that wait for a result."""

from datetime import datetime
from typing import Any, Literal

from bot.score_screens import Hold
from bot.use_cases.clip_labels import PRACTICE, labels_of, owner_keys
from storage.clips import Clip
from storage.transaction import Transaction

#: How much of a clip of their own people label.
WINDOW_S = 30.0
HOLD, OWN = "hold", "own_labels"
#: References dropped before there were labels.
WAITING = "waiting_references"
HELD_IN = frozenset({"queued", "running", "replying"})
#: What is scored: our labels, or turns that the learner wrote.
Scored = Literal["ours", "own"]


def is_held(tx: Transaction, clip: Clip) -> bool:
    """Return whether the result waits for the learner."""
    if clip.state not in HELD_IN:
        return False
    return bool((tx.clips.load(clip.team_id, clip.clip_id, HOLD) or {}).get("is_held"))


def hold_screen(tx: Transaction, clip: Clip) -> Hold:
    """Return what stands in the place of a result that is held."""
    return Hold(clip.clip_id, clip.name, window_s(tx, clip), clip.state == "replying", clip.stage, clip.share)


def window_s(tx: Transaction, clip: Clip) -> float:
    """Return how much is to be labelled: a whole practice clip, or the first half minute."""
    if clip.state == PRACTICE:
        reference = tx.references.current(clip.team_id, clip.clip_id)
        return float(reference.document["duration_s"]) if reference else WINDOW_S
    labelled = labels_of(tx, clip)
    return min(WINDOW_S, labelled.duration_s) if labelled else WINDOW_S


def ask_for_score(tx: Transaction, clip: Clip, scored: Scored, nonce: str) -> None:
    """Enqueue a score; the same nonce is scored and shown once."""
    job_id = f"score:{clip.team_id}:{clip.clip_id}:{scored}:{nonce}"
    tx.jobs.enqueue(
        "score_clip", "replies", job_id, clip.team_id, clip.clip_id, scored, nonce, **owner_keys(clip)
    )


def ask_for_waiting_scores(tx: Transaction, clip: Clip) -> None:
    """Ask for the scores of what was handed in before there were labels."""
    own = tx.clips.load(clip.team_id, clip.clip_id, OWN)
    if own:
        ask_for_score(tx, clip, "own", f"{own['nonce']}:late")
    current = tx.references.current(clip.team_id, clip.clip_id)
    if current:
        ask_for_score(tx, clip, "ours", f"v{current.version}:late")
    ask_to_take_waiting(tx, clip)


def waiting_files(tx: Transaction, team_id: str, clip_id: str) -> list[dict[str, Any]]:
    """Return the references that wait for labels, in the order in which they came."""
    return list((tx.clips.load(team_id, clip_id, WAITING) or {}).get("files", []))


def keep_waiting(tx: Transaction, clip: Clip, document: dict[str, Any], now: datetime) -> None:
    """Put a reference aside until there are labels to judge it by."""
    waiting = waiting_files(tx, clip.team_id, clip.clip_id)
    if all(one["key"] != document["key"] for one in waiting):
        tx.clips.save(clip.team_id, clip.clip_id, WAITING, {"files": [*waiting, document]}, now)


def stop_waiting(tx: Transaction, clip: Clip, key: str, now: datetime) -> None:
    """Forget a reference that was judged."""
    left = [one for one in waiting_files(tx, clip.team_id, clip.clip_id) if one["key"] != key]
    tx.clips.save(clip.team_id, clip.clip_id, WAITING, {"files": left}, now)


def ask_to_take_waiting(tx: Transaction, clip: Clip) -> None:
    """Enqueue the judging of what waits, if anything does; once for each run of the clip."""
    waiting = waiting_files(tx, clip.team_id, clip.clip_id)
    if waiting:
        run = f"{clip.posted.get('run', '1')}:{waiting[-1]['key']}"
        job_id = f"waiting:{clip.team_id}:{clip.clip_id}:{run}"
        tx.jobs.enqueue(
            "take_waiting_labels", "replies", job_id, clip.team_id, clip.clip_id, **owner_keys(clip)
        )
