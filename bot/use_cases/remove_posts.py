"""Taking back what we posted: about a clip, or in a lab's thread. Runs as a job, so that a crash leaves nothing."""

from datetime import datetime

from bot.deps import Deps
from bot.use_cases.say_once import CLOCK_SLACK
from bot.use_cases.tell_of_case import forget_words_of
from storage.clips import Clip
from storage.labs import LabSession
from storage.posts import Post
from storage.transaction import Transaction


def notice_key(clip_id: str) -> str:
    """Return the key under which a clip's consent notice is posted."""
    return f"clip:{clip_id}:notice"


def ask_to_remove_posts(tx: Transaction, clip: Clip, now: datetime, keep_ts: str | None = None) -> None:
    """Enqueue the removal in the transaction that forgets the clip; the message `keep_ts` stays.

    That it stays is noted, for whoever was sending at that moment and takes back what came too late. The clip's
    words in cases go with it.
    """
    forget_words_of(tx, clip.team_id, clip.clip_id)
    if keep_ts:
        tx.clips.change_posted(clip.team_id, clip.clip_id, now, lambda posted: {**posted, "kept": keep_ts})
    tx.jobs.enqueue(
        "remove_posts",
        "replies",
        f"remove:{clip.team_id}:{clip.clip_id}",
        clip.team_id,
        clip.clip_id,
        keep_ts,
        partition_key=f"{clip.team_id}:{clip.clip_id}",
    )


def ask_to_remove_thread(tx: Transaction, session: LabSession) -> None:
    """Enqueue the removal of all we said in a lab, in the transaction that forgets the session."""
    tx.jobs.enqueue(
        "remove_thread",
        "replies",
        f"remove:{session.team_id}:{session.session_id}",
        session.team_id,
        session.channel_id,
        session.thread_ts,
        partition_key=f"{session.team_id}:{session.user_id}",
    )


def remove_posts_of(deps: Deps, team_id: str, clip_id: str, keep_ts: str | None) -> None:
    """Take back what was posted about that clip."""
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
    if clip:
        remove_posts(deps, clip, keep_ts=keep_ts)


def remove_posts(deps: Deps, clip: Clip, *, keep_ts: str | None = None) -> None:
    """Delete our files and messages about the clip in Slack; what is gone already is fine.

    The message `keep_ts`, under which the button was pressed, stays to say what happened.
    """
    messenger = deps.messenger_for(clip.team_id)
    with deps.database.read() as tx:
        posts = tx.posts.about(clip.team_id, f"clip:{clip.clip_id}")
    for file_id in [*clip.posted.get("files", {}).values(), *clip.posted.get("earlier_files", [])]:
        messenger.delete_file(file_id)
    here = [*clip.posted.get("messages", []), clip.placeholder_ts]
    places = {(clip.channel_id, ts) for ts in here}
    places |= {(str(one["channel_id"]), str(one["ts"])) for one in clip.posted.get("shared", [])}
    places |= {(post.channel_id, post.ts or _stray(deps, clip, post)) for post in posts}
    for channel_id, ts in sorted((channel_id, ts) for channel_id, ts in places if ts and ts != keep_ts):
        messenger.delete(channel_id, ts)


def _stray(deps: Deps, clip: Clip, post: Post) -> str | None:
    """Return where a message is whose sending a process died over, if it was sent; looked for in our own thread."""
    if post.channel_id != clip.channel_id:
        return None
    messenger = deps.messenger_for(clip.team_id)
    after_ts = f"{(post.claimed_at - CLOCK_SLACK).timestamp():.6f}"
    return messenger.find(post.channel_id, post.thread_ts, post.key, after_ts=after_ts)


def remove_thread(deps: Deps, team_id: str, channel_id: str, thread_ts: str) -> None:
    """Delete every message of ours in a thread, its first one last."""
    messenger = deps.messenger_for(team_id)
    for ts in messenger.our_messages(channel_id, thread_ts):
        if ts != thread_ts:
            messenger.delete(channel_id, ts)
    messenger.delete(channel_id, thread_ts)
