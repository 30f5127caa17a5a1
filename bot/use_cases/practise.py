"""A practice clip of ours: it plays in the learner's direct messages, and its exact labels are known."""

from typing import Any

from annotation.formats import rttm, whospoke_json
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.clip_labels import PRACTICE
from bot.use_cases.say_once import say_once
from bot.use_cases.send_files import send_once
from bot.views.own import build_practice_message
from storage.clips import Clip

CLIP_FILE, LABELS_FILE = "short.flac", "short.rttm"
#: A little silence after the last turn; what is written there counts as false alarm.
_TAIL_S = 0.5


def start_practice(deps: Deps, person: Person) -> None:
    """Ask for the clip to be sent to the learner.

    Raises:
        NotThereAnyMoreError: This installation has no practice clip.
    """
    if deps.read_example(CLIP_FILE) is None or deps.read_example(LABELS_FILE) is None:
        raise NotThereAnyMoreError(
            "This installation has no practice clip. Upload a recording of your own and press *Label 30 s first*."
        )
    clip_id = deps.new_id()
    with deps.database.begin() as tx:
        tx.learners.see(person.team_id, person.user_id, deps.now())
        owner = f"{person.team_id}:{person.user_id}"
        tx.jobs.enqueue(
            "send_practice",
            "replies",
            f"practice:{person.team_id}:{clip_id}",
            person.team_id,
            person.user_id,
            clip_id,
            user_key=owner,
            partition_key=f"{person.team_id}:{clip_id}",
        )


def send_practice(deps: Deps, team_id: str, user_id: str, clip_id: str) -> None:
    """Post the invitation with the clip in its thread; safe to repeat."""
    sound, labels = deps.read_example(CLIP_FILE), deps.read_example(LABELS_FILE)
    if sound is None or labels is None:
        return
    truth = rttm.parse(labels.decode(), CLIP_FILE)
    duration_s = round(truth.end_s + _TAIL_S, 3)
    channel_id = dm_channel(deps, Person(team_id, user_id))
    now = deps.now()
    clip = Clip(
        clip_id=clip_id, team_id=team_id, file_id=f"practice:{clip_id}", user_id=user_id, channel_id=channel_id,
        thread_ts=None, name=CLIP_FILE, mimetype="audio/flac", size_bytes=len(sound), state=PRACTICE, stage="",
        share=0.0, placeholder_ts=None, consent_id=None, min_speakers=None, max_speakers=None, error=None,
        created_at=now, updated_at=now,
    )  # fmt: skip
    with deps.database.begin() as tx:
        if tx.clips.add(clip):
            document: dict[str, Any] = {
                "origin": "practice",
                "annotation": whospoke_json.annotation_to_dict(truth),
                "words": [],
                "checked": None,
                "duration_s": duration_s,
            }
            tx.references.add(team_id, clip_id, user_id, document, now)
    message = build_practice_message(clip_id, duration_s, len(truth.speakers))
    ts = say_once(deps, team_id, f"clip:{clip_id}:practice", channel_id, message)
    with deps.database.begin() as tx:
        tx.clips.update(team_id, clip_id, deps.now(), thread_ts=ts, placeholder_ts=ts)
        current = tx.clips.get(team_id, clip_id)
    if current and current.state == PRACTICE:
        send_once(deps, current, CLIP_FILE, sound, share=True)
