"""A clip at any point of its life, in the database of a bench."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from annotation.editing import key_of
from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn, Word
from bot.views.clip_notice import PURPOSES
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.transaction import Transaction
from tests.bot_parts import MONDAY, Bench

TEAM, OWNER, DM, THREAD = "T1", "U1", "D1", "1.0"
LABELS = Annotation.of(
    "talk", [Turn(0, 4, "SPEAKER_00"), Turn(3, 9, "SPEAKER_01"), Turn(9, 9.5, "SPEAKER_00")]
)
WORDS = (
    Word(0.5, 1.0, "Hello", speaker="SPEAKER_00"),
    Word(3.2, 3.8, "there", speaker="SPEAKER_00", is_overlapped=True),
    Word(5.0, 5.5, "Well", speaker="SPEAKER_01"),
    Word(9.1, 9.3, "Mm.", speaker="SPEAKER_00"),
)
MARGINS = dict(zip(map(key_of, LABELS.turns), (0.4, 0.3, 0.2), strict=True))


def a_clip(clip_id: str = "c1", **changes: Any) -> Clip:
    """Return a clip of Ada's that is done."""
    made = Clip(
        clip_id, TEAM, f"F{clip_id}", OWNER, DM, THREAD, "talk.m4a", "audio/mp4", 900, "done", "", 1.0, "2.0",
        None, None, None, None, MONDAY, MONDAY,
    )  # fmt: skip
    return replace(made, **changes)


def put_clip(bench: Bench, clip_id: str = "c1", *, is_labelled: bool = True, **changes: Any) -> Clip:
    """Store a clip, agreed to, with labels, words and picture unless it has none yet."""
    clip = a_clip(clip_id, **changes)
    with bench.database.begin() as tx:
        tx.clips.add(clip)
        agreed = dict.fromkeys(PURPOSES, True)
        tx.consent.append(ConsentRecord(f"k{clip_id}", TEAM, OWNER, clip_id, agreed, "v1", True, MONDAY, DM))
        if is_labelled:
            put_labels(tx, clip_id, LABELS)
            tx.clips.save_picture(TEAM, clip_id, "timeline", b"PNG", "Two speakers", MONDAY)
    return clip


def put_labels(tx: Transaction, clip_id: str, labels: Annotation, **changes: Any) -> None:
    """Store what the worker stores when it is done."""
    result = {
        "duration_s": 10.0,
        "annotation": whospoke_json.annotation_to_dict(labels),
        "words": whospoke_json.words_to_list(WORDS),
        "words_are_draft": False,
        "engine": "embedded",
        "words_engine": "faster-whisper small",
        "recorded": None,
        "notes": ["SPEAKER_01: under 3 s of talk."],
        "failures": [],
        "failed_parts": [],
    }
    turns = [[t.start_s, t.end_s, t.speaker, MARGINS.get(key_of(t))] for t in labels.turns]
    tx.clips.save(TEAM, clip_id, "result", result | changes, MONDAY)
    tx.clips.save(TEAM, clip_id, "labels", {"certainty": {"turns": turns}}, MONDAY)


def clip_now(bench: Bench, clip_id: str = "c1") -> Clip:
    """Return the clip as it is stored."""
    with bench.database.begin() as tx:
        found = tx.clips.get(TEAM, clip_id)
    assert found
    return found


def queue_clip(bench: Bench, clip: Clip, run: str = "1", wants: str = "both", at: datetime = MONDAY) -> None:
    """Let a clip wait."""
    with bench.database.begin() as tx:
        tx.clip_queue.join(clip, run, at, wants)


def job_names(bench: Bench) -> list[str]:
    """Return the names of the jobs that were asked for, in order."""
    return [
        job.name for job in bench.database.jobs_client.list_workflows(load_input=False, load_output=False)
    ]
