"""How a clip stands that is not done, and keeping that true while nothing else happens to it."""

import hashlib
from datetime import datetime

from bot.deps import Deps
from bot.screens import ClipScreen
from bot.views.clip import standing_words
from storage.clip_order import QueuedClip
from storage.clips import Clip, Posted
from storage.transaction import Transaction

#: So many messages are brought up to date in a minute; Slack takes some fifty.
_MOST_AT_ONCE = 30


def standing_screen(tx: Transaction, clip: Clip, now: datetime) -> ClipScreen:
    """Return stage, place in the queue and what is to be expected."""
    standing = tx.clip_queue.standing(clip.team_id, clip.clip_id, now)
    if standing is None:
        return ClipScreen(clip.clip_id, clip.name, clip.stage, clip.share)
    return ClipScreen(
        clip.clip_id,
        clip.name,
        clip.stage,
        clip.share,
        standing.num_ahead,
        standing.num_workers,
        standing.done_in_s,
        standing.is_late,
    )


def refresh_standings(deps: Deps) -> int:
    """Ask for new messages where the old ones are not true any more; returns how many. Runs every minute.

    Work that goes on shows itself; what waits, is late, or lies with a worker that died does not.
    """
    with deps.database.read() as tx:
        unfinished = tx.clip_queue.unfinished()
    num_asked = 0
    for one in unfinished:
        if num_asked == _MOST_AT_ONCE:
            break
        num_asked += _refresh(deps, one)
    return num_asked


def _refresh(deps: Deps, one: QueuedClip) -> bool:
    now = deps.now()
    with deps.database.begin() as tx:
        clip = tx.clips.get(one.team_id, one.clip_id)
        if clip is None or clip.placeholder_ts is None or clip.state not in {"queued", "running"}:
            return False
        screen = standing_screen(tx, clip, now)
        if one.taken_at and screen.num_workers and not screen.is_late:
            return False
        said = hashlib.sha256(_without_share(screen).encode()).hexdigest()[:12]
        if clip.posted.get("standing") == said:
            return False

        def note(posted: Posted) -> Posted:
            return {**posted, "standing": said}

        tx.clips.change_posted(one.team_id, one.clip_id, now, note)
        tx.clip_queue.ask_to_show(clip, one.run, f"minute:{now:%Y%m%d%H%M}")
    return True


def _without_share(screen: ClipScreen) -> str:
    """Return what is said of a clip apart from its progress, which the worker reports itself."""
    words = standing_words(screen)
    return words if screen.stage == "queued" else f"{screen.num_workers > 0}:{screen.is_late}"
