"""Letting go of what has been kept long enough; runs nightly."""

from datetime import timedelta

from bot.deps import Deps
from bot.use_cases.lab_voice import DAY
from bot.use_cases.remove_posts import ask_to_remove_posts
from bot.use_cases.tell_of_case import ask_to_tidy
from storage.clips import Clip

#: Three years: how long there is proof of what was allowed, taken back, objected to and done.
LOG_KEPT = timedelta(days=3 * 365 + 1)


def expired_clips(deps: Deps) -> list[Clip]:
    """Return the clips whose results have been kept as long as was said, in all workspaces."""
    with deps.database.read() as tx:
        return tx.clips.older_than(deps.now() - timedelta(days=deps.clip_retention_days))


def expire_clip(deps: Deps, clip: Clip) -> None:
    """Forget a clip's results and take our files about it out of Slack; the upload itself is its owner's."""
    with deps.database.begin() as tx:
        tx.clips.forget(clip.team_id, clip.clip_id, deps.now())
        tx.audit.append(clip.team_id, "retention", "clip_expired", f"clip:{clip.clip_id}", {}, deps.now())
        ask_to_remove_posts(tx, clip, deps.now())


def keep_retention(deps: Deps) -> int:
    """Forget clips, lab conversations, cases and log entries in their time; returns how many of the first two went."""
    clips = expired_clips(deps)
    for clip in clips:
        expire_clip(deps, clip)
    with deps.database.begin() as tx:
        kept_since = deps.now() - timedelta(days=deps.lab_retention_days)
        num_labs = tx.labs.delete_older_than(kept_since)
        for team_id, case_id in tx.appeals.delete_older_than(kept_since):
            ask_to_tidy(tx, team_id, [case_id], "expired")
        tx.labs.forget_users(daily_share_since=deps.now() - DAY, kept_since=kept_since)
        tx.consent.delete_older_than(deps.now() - LOG_KEPT)
        tx.audit.delete_older_than(deps.now() - LOG_KEPT)
        tx.clips.delete_forgotten_before(deps.now() - LOG_KEPT)
    deps.database.wipe_deleted()
    return len(clips) + num_labs
