"""Making a clip's message say how things stand. Runs as a job, after every stage; safe to repeat."""

from dataclasses import replace

from bot.deps import Deps
from bot.messenger import Message
from bot.screens import ClipScreen
from bot.use_cases.clip_result import result_of
from bot.use_cases.clip_standing import standing_screen
from bot.use_cases.deliver_clip import deliver_clip
from bot.use_cases.hold_clip import ask_for_waiting_scores, hold_screen, is_held
from bot.use_cases.remove_posts import notice_key, remove_posts
from bot.use_cases.say_once import say_once
from bot.use_cases.share_clip import refresh_shared
from bot.views import clip as views
from bot.views.clip_notice import build_agreed_message
from bot.views.clip_result import build_result_message
from bot.views.own import build_hold_message
from storage.clips import Clip


def show_clip(deps: Deps, team_id: str, clip_id: str) -> None:
    """Open the clip's message if need be, and make it equal to what is stored."""
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
    if clip is None or clip.state in {"deleted", "cancelled", "asking", "declined"}:
        return
    if clip.placeholder_ts is None:
        clip = _open(deps, clip)
    held = _held(deps, clip)
    if held:
        _update(deps, clip, held)
    elif clip.state == "replying":
        _deliver(deps, clip)
    elif clip.state != "done":
        _update(deps, clip, _result_so_far(deps, clip) or _standing(deps, clip))
    elif clip.error:  # a later run came to nothing; a job taken over from a dead process has nothing to add
        deliver_clip(deps, clip)
    _undo_if_deleted(deps, clip)


def show_again(deps: Deps, team_id: str, clip_id: str) -> None:
    """Make all that was sent of a finished clip equal to what is stored, as when its speakers were named."""
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
    if clip and clip.state == "done":
        deliver_clip(deps, clip)
        refresh_shared(deps, clip)
        _undo_if_deleted(deps, clip)


def _undo_if_deleted(deps: Deps, clip: Clip) -> None:
    """Take back what was sent while the learner decided otherwise, and say again what became of the clip."""
    with deps.database.read() as tx:
        current = tx.clips.get(clip.team_id, clip.clip_id)
    if current is None or current.state != "deleted":
        return
    kept = current.posted.get("kept")
    remove_posts(deps, current, keep_ts=kept if kept == current.placeholder_ts else None)
    if kept == current.placeholder_ts:
        _update(deps, current, views.build_deleted_message())


def _deliver(deps: Deps, clip: Clip) -> None:
    if not deliver_clip(deps, clip):
        return
    with deps.database.begin() as tx:
        if tx.clips.move(clip.team_id, clip.clip_id, {"replying"}, "done", deps.now()):
            ask_for_waiting_scores(tx, clip)
    refresh_shared(deps, clip)


def _held(deps: Deps, clip: Clip) -> Message | None:
    """Return what is shown where the learner wanted to label first and has not yet."""
    with deps.database.read() as tx:
        return build_hold_message(hold_screen(tx, clip)) if is_held(tx, clip) else None


def _open(deps: Deps, clip: Clip) -> Clip:
    _close_notice(deps, clip)
    key = f"clip:{clip.clip_id}:placeholder"
    ts = say_once(deps, clip.team_id, key, clip.channel_id, _waiting(deps, clip), thread_ts=clip.thread_ts)
    with deps.database.begin() as tx:
        tx.clips.update(clip.team_id, clip.clip_id, deps.now(), placeholder_ts=ts)
        opened = tx.clips.get(clip.team_id, clip.clip_id)
    assert opened
    return opened


def _close_notice(deps: Deps, clip: Clip) -> None:
    """Put the agreement where its buttons were, also when the process that took it died before it could."""
    with deps.database.read() as tx:
        notice = tx.posts.find(clip.team_id, notice_key(clip.clip_id))
        consent = tx.consent.latest(clip.team_id, clip.clip_id)
    if notice and notice.ts and consent and consent.given:
        message = build_agreed_message(clip.name, f"{consent.at:%d %B %Y, %H:%M}")
        deps.messenger_for(clip.team_id).update(clip.channel_id, notice.ts, message)


def _standing(deps: Deps, clip: Clip) -> Message:
    if clip.state == "failed":
        reason = clip.error or "The work stopped before it was done. Nothing of the recording is kept."
        return views.build_failed_message(clip.clip_id, clip.name, reason, can_retry=True)
    return _waiting(deps, clip)


def _result_so_far(deps: Deps, clip: Clip) -> Message | None:
    """Return what is there while work goes on: labels whose words follow, or the result of an earlier run."""
    with deps.database.read() as tx:
        work = tx.clip_queue.get(clip.team_id, clip.clip_id)
        result = result_of(tx, clip)
    is_earlier = work is not None and work.wants != "both"
    if result is None or not (is_earlier or (clip.state == "running" and result.annotation)):
        return None
    if not is_earlier:  # a picture of these labels is still to come
        result = replace(result, timeline_alt_text=None)
    pending = views.standing_words(_screen(deps, clip))
    return build_result_message(replace(result, pending=pending, is_earlier=is_earlier))


def _screen(deps: Deps, clip: Clip) -> ClipScreen:
    with deps.database.read() as tx:
        return standing_screen(tx, clip, deps.now())


def _waiting(deps: Deps, clip: Clip) -> Message:
    return views.build_progress_message(_screen(deps, clip))


def _update(deps: Deps, clip: Clip, message: Message) -> None:
    if clip.placeholder_ts:
        deps.messenger_for(clip.team_id).update(clip.channel_id, clip.placeholder_ts, message)


def message_of_work(deps: Deps, clip: Clip) -> Message:
    """Return what the message of a clip at work says."""
    return _held(deps, clip) or _result_so_far(deps, clip) or _standing(deps, clip)
