"""Sending a finished clip: the message first, then its picture and its files."""

from bot.clip_files import clip_files, content_version
from bot.deps import Deps
from bot.errors import UploadRefusedError
from bot.people import Person
from bot.screens import ClipResult
from bot.use_cases.clip_labels import LABELLED, ask_to_show_again
from bot.use_cases.clip_result import TIMELINE_FILE, picture_of, result_of
from bot.use_cases.label_clip import own_clip
from bot.use_cases.send_files import delete_earlier, note_unsent, send_once, set_earlier_aside
from bot.views.clip_result import build_result_message
from storage.clips import Clip


def deliver_clip(deps: Deps, clip: Clip) -> bool:
    """Make message, picture and files equal to what is stored; safe to repeat.

    What Slack refuses withholds nothing else: the message says it in words and names what is missing.

    Returns:
        Whether it came to its end; False when the clip was decided on otherwise meanwhile.
    """
    with deps.database.read() as tx:
        result = result_of(tx, clip)
    if result is None:
        return False
    set_earlier_aside(deps, clip, content_version(result))
    result = _shown(deps, clip, result)
    unsent = [] if _send_picture(deps, clip, result) else [TIMELINE_FILE]
    delete_earlier(deps, clip)
    for kind, text in clip_files(result).items():
        if not _is_wanted(deps, clip):
            return False
        try:
            send_once(deps, clip, kind, text.encode(), share=True)
        except UploadRefusedError:
            unsent.append(kind)
    if unsent or result.unsent:
        note_unsent(deps, clip, unsent)
        _shown(deps, clip, result)
    return True


def send_files_again(deps: Deps, person: Person, clip_id: str) -> None:
    """Ask for another try of what Slack did not take."""
    with deps.database.begin() as tx:
        ask_to_show_again(deps, tx, own_clip(tx, person, clip_id))


def show_result(deps: Deps, clip: Clip) -> None:
    """Make the message alone equal to what is stored."""
    with deps.database.read() as tx:
        result = result_of(tx, clip)
    if result and clip.placeholder_ts:
        message = build_result_message(result, can_share="origin" in clip.posted)
        deps.messenger_for(clip.team_id).update(clip.channel_id, clip.placeholder_ts, message)


def _shown(deps: Deps, clip: Clip, result: ClipResult) -> ClipResult:
    show_result(deps, clip)
    with deps.database.read() as tx:
        return result_of(tx, clip) or result


def _send_picture(deps: Deps, clip: Clip, result: ClipResult) -> bool:
    """Send the timeline and show it; False where Slack does not take it."""
    if result.timeline_file_id:
        return True
    png = picture_of(deps, clip, result)
    if png is None:
        return True
    try:
        send_once(deps, clip, TIMELINE_FILE, png, alt_text=result.timeline_alt_text)
    except UploadRefusedError:
        return False
    show_result(deps, clip)
    return True


def _is_wanted(deps: Deps, clip: Clip) -> bool:
    with deps.database.read() as tx:
        current = tx.clips.get(clip.team_id, clip.clip_id)
    return current is not None and current.state in LABELLED
