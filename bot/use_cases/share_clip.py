"""Sharing a result where the recording was posted; only its uploader can."""

from bot.deps import Deps
from bot.errors import ClipStateError
from bot.people import Person
from bot.use_cases.label_clip import own_clip
from bot.use_cases.say_once import say_once
from bot.use_cases.show_clip import shown_result
from bot.views.clip import build_shared_message


def share_clip(deps: Deps, person: Person, clip_id: str) -> None:
    """Post the result in the thread of the channel message that the clip came from, once."""
    with deps.database.read() as tx:
        clip = own_clip(tx, person, clip_id)
    origin = clip.posted.get("origin") or {}
    if clip.state not in {"replying", "done"} or not origin:
        raise ClipStateError
    message = build_shared_message(shown_result(deps, clip), person.user_id)
    channel_id, thread_ts = str(origin["channel_id"]), str(origin["ts"])
    ts = say_once(deps, person.team_id, f"clip:{clip_id}:shared", channel_id, message, thread_ts=thread_ts)
    with deps.database.begin() as tx:
        current = own_clip(tx, person, clip_id)
        shared = [{"channel_id": channel_id, "ts": ts}]
        tx.clips.update(person.team_id, clip_id, deps.now(), posted={**current.posted, "shared": shared})
