"""How right the labels are on people's own clips, where they agreed that their corrections are used for that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from annotation.formats import whospoke_json
from annotation.model import Segment
from annotation.scoring import Score, score
from bot.use_cases.clip_labels import labels_of
from bot.use_cases.effective_labels import newest_corrections
from storage.clips import Clip
from storage.database import Database
from storage.transaction import Transaction

PURPOSE = "evaluation"
#: Figures of fewer clips than this would say more about them than about the labels.
LEAST_CLIPS = 5


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One group of clips, pooled: seconds add up, percentages do not."""

    group: str
    num_clips: int
    #: By the keys of `annotation.scoring.FOUR_SETTINGS`; None where there are too few clips.
    settings: dict[str, Score] | None


@dataclass(frozen=True, slots=True)
class _Scored:
    groups: tuple[str, ...]
    settings: dict[str, Score]


def evaluate_labels(database: Database, now: datetime) -> list[Evaluation]:
    """Return the figures of all clips, then by engine and by how the recording was made."""
    with database.read() as tx:
        clips = tx.clips.older_than(now)
    scored: list[_Scored] = []
    for clip in clips:
        with database.read() as tx:
            found = _scored(tx, clip)
        if found:
            scored.append(found)
    groups = sorted(
        {group for one in scored for group in one.groups}, key=lambda group: (group != "all", group)
    )
    return [_pooled(group, [one for one in scored if group in one.groups]) for group in groups]


def _scored(tx: Transaction, clip: Clip) -> _Scored | None:
    consent = tx.consent.latest(clip.team_id, clip.clip_id)
    if clip.state != "done" or consent is None or not (consent.given and consent.purposes.get(PURPOSE)):
        return None
    corrections, labelled = newest_corrections(tx, clip), labels_of(tx, clip)
    if corrections is None or labelled is None:
        return None
    result = tx.clips.load(clip.team_id, clip.clip_id, "result") or {}
    truth = whospoke_json.annotation_from_dict(corrections.document["annotation"])
    card = score(truth, labelled.annotation, [Segment(0.0, labelled.duration_s)])
    made = f"recorded: {result.get('recorded') or 'not said'}"
    return _Scored(("all", f"engine: {result.get('engine') or 'unknown'}", made), dict(card.settings))


def _pooled(group: str, scored: Iterable[_Scored]) -> Evaluation:
    every = [one.settings for one in scored]
    if len(every) < LEAST_CLIPS:
        return Evaluation(group, len(every), None)
    return Evaluation(group, len(every), {key: Score.total(one[key] for one in every) for key in every[0]})
