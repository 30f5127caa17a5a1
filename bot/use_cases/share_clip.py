"""Sharing a result where the recording was posted; only its uploader can."""

from bot.deps import Deps
from bot.errors import ClipStateError, NotThereAnyMoreError
from bot.people import Person
from bot.use_cases.clip_labels import LABELLED
from bot.use_cases.clip_result import result_of, shown_result
from bot.use_cases.label_clip import own_clip
from bot.use_cases.say_once import say_once
from bot.views.clip_shared import build_shared_message
from storage.clips import Clip, Posted


def shared_key(clip_id: str) -> str:
    """Return the key under which a clip's result is shared."""
    return f"clip:{clip_id}:shared"


def share_clip(deps: Deps, person: Person, clip_id: str) -> None:
    """Post the result in the thread of the channel message that the clip came from, once."""
    with deps.database.read() as tx:
        clip = own_clip(tx, person, clip_id)
    origin = clip.posted.get("origin") or {}
    if clip.state not in LABELLED or not origin:
        raise ClipStateError
    message = build_shared_message(shown_result(deps, clip), person.user_id)
    channel_id, thread_ts = str(origin["channel_id"]), str(origin["ts"])
    ts = say_once(deps, person.team_id, shared_key(clip_id), channel_id, message, thread_ts=thread_ts)
    place = {"channel_id": channel_id, "ts": ts}

    def note(posted: Posted) -> Posted:
        return {**posted, "shared": [*(one for one in posted.get("shared", []) if one != place), place]}

    with deps.database.begin() as tx:
        tx.clips.change_posted(person.team_id, clip_id, deps.now(), note)
        current = tx.clips.get(person.team_id, clip_id)
    if current is None or current.state == "deleted":  # decided otherwise while it was being shared
        deps.messenger_for(person.team_id).delete(channel_id, ts)
        raise NotThereAnyMoreError


def refresh_shared(deps: Deps, clip: Clip) -> None:
    """Make what was shared equal to what is stored: names and corrections reach it as well."""
    with deps.database.read() as tx:
        current = tx.clips.get(clip.team_id, clip.clip_id)
        result = result_of(tx, current) if current and current.state in LABELLED else None
    if current is None or result is None:
        return
    message = build_shared_message(result, current.user_id)
    for place in current.posted.get("shared", []):
        deps.messenger_for(clip.team_id).update(str(place["channel_id"]), str(place["ts"]), message)
