"""Files about a clip in Slack: each sent once, and taken back when a newer one takes its place."""

from collections.abc import Callable

from bot.clip_files import file_name, is_of_result
from bot.deps import Deps
from bot.messenger import SlackFile
from storage.clips import Clip, Posted


def send_once(
    deps: Deps, clip: Clip, kind: str, content: bytes, *, share: bool = False, alt_text: str | None = None
) -> str:
    """Upload a file unless it is in Slack already; its id is stored by its kind before its bytes are sent.

    An id without a note that the upload ended means that a process died in between. A shared file then
    shows whether it arrived; one that did not is taken back before it is sent anew.

    Raises:
        UploadRefusedError: Slack does not take it, and will not.
    """
    messenger, name = deps.messenger_for(clip.team_id), file_name(clip.name, kind)
    with deps.database.begin() as tx:
        current = tx.clips.get(clip.team_id, clip.clip_id) or clip
    known = current.posted.get("files", {}).get(kind)
    if known:
        is_there = kind in current.posted.get("sent", []) or (
            share and _is_shared(messenger.file(known), clip)
        )
        if is_there:
            return str(known)
        messenger.delete_file(known)
    file_id, upload_url = messenger.start_upload(name, len(content), alt_text)
    _note(deps, clip, lambda posted: {**posted, "files": {**posted.get("files", {}), kind: file_id}})
    messenger.send_bytes(upload_url, content)
    if share:
        messenger.finish_upload(file_id, name, channel_id=clip.channel_id, thread_ts=clip.thread_ts)
    else:
        messenger.finish_upload(file_id, name)
    _note(deps, clip, lambda posted: {**posted, "sent": [*posted.get("sent", []), kind]})
    return file_id


def set_earlier_aside(deps: Deps, clip: Clip, version: str) -> None:
    """Where the content is another one than what was sent, let its files be sent anew; the earlier ones go later."""

    def change(posted: Posted) -> Posted:
        if posted.get("version") == version:
            return posted
        files = posted.get("files", {})
        earlier = [file_id for kind, file_id in files.items() if is_of_result(kind)]
        return {
            **posted,
            "version": version,
            "files": {kind: file_id for kind, file_id in files.items() if not is_of_result(kind)},
            "sent": [kind for kind in posted.get("sent", []) if not is_of_result(kind)],
            "earlier_files": [*posted.get("earlier_files", []), *earlier],
            "unsent": [],
        }

    with deps.database.begin() as tx:
        tx.clips.change_posted(clip.team_id, clip.clip_id, deps.now(), change)


def delete_earlier(deps: Deps, clip: Clip) -> None:
    """Take back the files that newer ones have taken the place of."""
    with deps.database.begin() as tx:
        current = tx.clips.get(clip.team_id, clip.clip_id)
    gone = list(current.posted.get("earlier_files", [])) if current else []
    for file_id in gone:
        deps.messenger_for(clip.team_id).delete_file(file_id)
    if gone:
        _note(
            deps,
            clip,
            lambda posted: {
                **posted,
                "earlier_files": [one for one in posted.get("earlier_files", []) if one not in gone],
            },
        )


def note_unsent(deps: Deps, clip: Clip, kinds: list[str]) -> None:
    """Note which files Slack did not take, so that the message says so."""
    _note(deps, clip, lambda posted: {**posted, "unsent": kinds})


def _note(deps: Deps, clip: Clip, change: Callable[[Posted], Posted]) -> None:
    with deps.database.begin() as tx:
        tx.clips.change_posted(clip.team_id, clip.clip_id, deps.now(), change)


def _is_shared(file: SlackFile | None, clip: Clip) -> bool:
    return file is not None and clip.channel_id in file.channel_ids
