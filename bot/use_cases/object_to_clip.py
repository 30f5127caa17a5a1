"""An objection by anybody who was recorded: what was derived goes at once, and the uploader is told."""

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError, StaleButtonError
from bot.people import Person
from bot.use_cases.label_clip import forget_clip
from bot.use_cases.remove_posts import ask_to_remove_posts
from bot.use_cases.say_once import say_once
from bot.use_cases.share_clip import shared_key
from bot.views.clip_shared import build_objection_message
from storage.clips import Clip
from storage.transaction import Transaction

_OBJECTED = "clip_objected"


def object_to_clip(deps: Deps, person: Person, clip_id: str, channel_id: str, *, keep_ts: str | None) -> None:
    """Delete everything of a clip at the word of somebody to whom its result was shown.

    Nobody has to prove that they were recorded: an objection that should not have been made costs a result
    that can be made again, one that was ignored cannot be mended.

    Args:
        deps: Collaborators.
        person: Who objects.
        clip_id: To what.
        channel_id: Where they saw it.
        keep_ts: The message that stays, to say what happened.

    Raises:
        NotThereAnyMoreError: It was taken back before.
        StaleButtonError: It was not shared in that channel.
    """
    with deps.database.begin() as tx:
        clip = tx.clips.get(person.team_id, clip_id)
        if clip is None or clip.state == "deleted":
            raise NotThereAnyMoreError("This result was taken back already.")
        shared = tx.posts.find(person.team_id, shared_key(clip_id))
        if shared is None or shared.channel_id != channel_id:
            raise StaleButtonError
        now = deps.now()
        forget_clip(deps, tx, Person(clip.team_id, clip.user_id), clip)
        tx.audit.append(clip.team_id, person.user_id, _OBJECTED, f"clip:{clip_id}", {}, now)
        ask_to_remove_posts(tx, clip, now, keep_ts)
        tx.jobs.enqueue(
            "tell_objection",
            "replies",
            f"objection:{clip.team_id}:{clip_id}",
            clip.team_id,
            clip_id,
            partition_key=f"{clip.team_id}:{clip_id}",
        )
        tx.clip_queue.admit(now)


def was_objected_to(tx: Transaction, clip: Clip) -> bool:
    """Return whether somebody who was recorded objected to this clip."""
    entries = tx.audit.of_subject(clip.team_id, f"clip:{clip.clip_id}")
    return any(entry.action == _OBJECTED for entry in entries)


def tell_objection(deps: Deps, team_id: str, clip_id: str) -> None:
    """Tell the uploader that somebody objected, not who; safe to repeat."""
    with deps.database.begin() as tx:
        clip = tx.clips.get(team_id, clip_id)
    if clip is None:
        return
    origin = clip.posted.get("origin") or {}
    link = None
    if origin:
        link = deps.messenger_for(team_id).permalink(str(origin["channel_id"]), str(origin["ts"]))
    # Where the notice began the thread, that thread has gone with it.
    thread_ts = None if origin else clip.thread_ts
    say_once(
        deps,
        team_id,
        f"objection:{clip_id}",
        clip.channel_id,
        build_objection_message(link),
        thread_ts=thread_ts,
    )
