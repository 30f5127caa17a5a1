"""Making a clip's message say how things stand. Runs as a job, after every stage; safe to repeat."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from annotation.formats import rttm, srt, txt, vtt, whospoke_json
from annotation.model import Annotation, Word
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.messenger import Message, SlackFile
from bot.screens import ClipResult, ClipScreen
from bot.use_cases.clip_labels import names_of
from bot.use_cases.hold_clip import ask_for_waiting_scores, hold_screen, is_held
from bot.use_cases.remove_posts import notice_key, remove_posts
from bot.use_cases.say_once import say_once
from bot.views import clip as views
from bot.views.own import build_hold_message
from storage.clips import Clip

_TIMELINE = "timeline"


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
        can_share = "origin" in clip.posted
        _update(deps, clip, views.build_result_message(shown_result(deps, clip), can_share=can_share))
    with deps.database.read() as tx:
        current = tx.clips.get(team_id, clip_id)
    if current and current.state == "deleted":  # the learner decided otherwise while we were showing it
        remove_posts(deps, current)


def _held(deps: Deps, clip: Clip) -> Message | None:
    """Return what is shown where the learner wanted to label first and has not yet."""
    with deps.database.read() as tx:
        return build_hold_message(hold_screen(tx, clip)) if is_held(tx, clip) else None


def show_again(deps: Deps, team_id: str, clip_id: str) -> None:
    """Make the message of a finished clip equal to what is stored, as when its speakers were named."""
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
    if clip and clip.state == "done":
        can_share = "origin" in clip.posted
        _update(deps, clip, views.build_result_message(shown_result(deps, clip), can_share=can_share))


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
        message = views.build_agreed_message(clip.name, f"{consent.at:%d %B %Y, %H:%M}")
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
        document = tx.clips.load(clip.team_id, clip.clip_id, "result")
    is_earlier = work is not None and work.wants != "both"
    if document is None or not (is_earlier or (clip.state == "running" and document.get("annotation"))):
        return None
    screen = _screen(deps, clip)
    pending = (
        views.place_words(screen) if clip.stage == "queued" else views.stage_words(clip.stage, clip.share)
    )
    result = shown_result(deps, clip) if is_earlier else _result(deps, clip, document, None)
    return views.build_result_message(replace(result, pending=pending, is_earlier=is_earlier))


def _screen(deps: Deps, clip: Clip) -> ClipScreen:
    with deps.database.read() as tx:
        standing = tx.clip_queue.standing(clip.team_id, clip.clip_id, deps.now())
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
    )


def _waiting(deps: Deps, clip: Clip) -> Message:
    return views.build_progress_message(_screen(deps, clip))


def _update(deps: Deps, clip: Clip, message: Message) -> None:
    if clip.placeholder_ts:
        deps.messenger_for(clip.team_id).update(clip.channel_id, clip.placeholder_ts, message)


def _deliver(deps: Deps, clip: Clip) -> None:
    """Send picture and files, each once, then the result; the message comes last and says it all."""
    with deps.database.read() as tx:
        document = tx.clips.load(clip.team_id, clip.clip_id, "result")
        picture = tx.clips.picture(clip.team_id, clip.clip_id, _TIMELINE)
    if document is None:
        return
    clip = _set_earlier_files_aside(deps, clip)
    result = _result(deps, clip, document, picture[1] if picture else None)
    if picture:
        file_id = send_once(deps, clip, "timeline.png", picture[0], alt_text=picture[1])
        result = _result(deps, clip, document, picture[1], file_id)
    _update(deps, clip, views.build_result_message(result, can_share="origin" in clip.posted))
    for file_id in clip.posted.get("earlier_files", []):
        deps.messenger_for(clip.team_id).delete_file(file_id)
    for name, text in _files(clip.name, result).items():
        with deps.database.read() as tx:
            current = tx.clips.get(clip.team_id, clip.clip_id)
        if current is None or current.state != "replying":
            return
        send_once(deps, clip, name, text.encode(), share=True)
    with deps.database.begin() as tx:
        if tx.clips.move(clip.team_id, clip.clip_id, {"replying"}, "done", deps.now()):
            ask_for_waiting_scores(tx, clip)


def _set_earlier_files_aside(deps: Deps, clip: Clip) -> Clip:
    """Before a later run's result is sent: its files take the place of those sent before, which then go."""
    with deps.database.begin() as tx:
        current, work = (
            tx.clips.get(clip.team_id, clip.clip_id),
            tx.clip_queue.get(clip.team_id, clip.clip_id),
        )
        if current is None or work is None or current.posted.get("run", "1") == work.run:
            return current or clip
        files = current.posted.get("files", {})
        # Pictures of scores stay: they are about what was said of the earlier run.
        kept = {name: file_id for name, file_id in files.items() if name.startswith("score-")}
        earlier = [
            *current.posted.get("earlier_files", []),
            *(file_id for name, file_id in files.items() if name not in kept),
        ]
        posted = {
            **current.posted, "run": work.run, "files": kept, "sent": list(kept), "earlier_files": earlier,
        }  # fmt: skip
        tx.clips.update(clip.team_id, clip.clip_id, deps.now(), posted=posted)
    return replace(current, posted=posted)


def shown_result(deps: Deps, clip: Clip) -> ClipResult:
    """Return the finished clip as its message shows it; raises when its results are gone."""
    with deps.database.read() as tx:
        document = tx.clips.load(clip.team_id, clip.clip_id, "result")
        picture = tx.clips.picture(clip.team_id, clip.clip_id, _TIMELINE)
    if document is None:
        raise NotThereAnyMoreError
    file_id = clip.posted.get("files", {}).get("timeline.png")
    return _result(deps, clip, document, picture[1] if picture else None, file_id)


def _result(
    deps: Deps, clip: Clip, document: dict[str, Any], alt_text: str | None, file_id: str | None = None
) -> ClipResult:
    labels = document.get("annotation")
    annotation = whospoke_json.annotation_from_dict(labels) if labels else None
    with deps.database.read() as tx:
        names = names_of(tx, clip, annotation) if annotation else {}
    return ClipResult(
        clip_id=clip.clip_id,
        name=clip.name,
        duration_s=float(document["duration_s"]),
        annotation=annotation,
        names=names,
        words=whospoke_json.words_from_list(document.get("words") or []),
        words_are_draft=bool(document.get("words_are_draft")),
        notes=tuple(document.get("notes") or ()),
        failures=tuple(document.get("failures") or ()),
        engine=document.get("engine"),
        words_engine=document.get("words_engine"),
        recorded=document.get("recorded"),
        failed_parts=tuple(document.get("failed_parts") or ()),
        remark=clip.error,
        timeline_file_id=file_id,
        timeline_alt_text=alt_text,
    )


def _files(name: str, result: ClipResult) -> dict[str, str]:
    """Return the files of a result by name; those that need words are left out where there are none."""
    stem = name.rsplit(".", 1)[0] or "clip"
    annotation = result.annotation
    draft = ".rough-draft" if result.words_are_draft else ""
    found: dict[str, str] = {}
    if annotation is not None:
        found[f"{stem}.rttm"] = rttm.serialize(annotation)
    spoken: dict[str, Callable[[Annotation, tuple[Word, ...]], str]] = {
        "txt": txt.serialize,
        "vtt": vtt.serialize,
        "srt": srt.serialize,
    }
    for suffix, serialize in spoken.items():
        if annotation is not None and result.words:
            found[f"{stem}{draft}.{suffix}"] = serialize(annotation, result.words)
    if annotation is not None:
        both = {
            **whospoke_json.annotation_to_dict(annotation),
            "words": whospoke_json.words_to_list(result.words),
        }
        found[f"{stem}.json"] = json.dumps(both, ensure_ascii=False, indent=1)
    elif result.words:
        found[f"{stem}{draft}.txt"] = " ".join(word.text for word in result.words)
    return found


def send_once(
    deps: Deps, clip: Clip, name: str, content: bytes, *, share: bool = False, alt_text: str | None = None
) -> str:
    """Upload a file unless it is in Slack already; its id is stored before its bytes are sent.

    An id without a note that the upload ended means that a process died in between. A shared file then
    shows whether it arrived; one that did not is taken back before it is sent anew.
    """
    messenger = deps.messenger_for(clip.team_id)
    with deps.database.read() as tx:
        current = tx.clips.get(clip.team_id, clip.clip_id)
    posted = dict(current.posted if current else clip.posted)
    files: dict[str, str] = dict(posted.get("files", {}))
    sent: list[str] = list(posted.get("sent", []))
    if name in files:
        if name in sent or (share and _is_shared(messenger.file(files[name]), clip)):
            return files[name]
        messenger.delete_file(files[name])
    file_id, upload_url = messenger.start_upload(name, len(content), alt_text)
    files[name] = file_id
    with deps.database.begin() as tx:
        tx.clips.update(clip.team_id, clip.clip_id, deps.now(), posted={**posted, "files": files})
    messenger.send_bytes(upload_url, content)
    if share:
        messenger.finish_upload(file_id, name, channel_id=clip.channel_id, thread_ts=clip.thread_ts)
    else:
        messenger.finish_upload(file_id, name)
    with deps.database.begin() as tx:
        now_posted = {**posted, "files": files, "sent": [*sent, name]}
        tx.clips.update(clip.team_id, clip.clip_id, deps.now(), posted=now_posted)
    return file_id


def _is_shared(file: SlackFile | None, clip: Clip) -> bool:
    return file is not None and clip.channel_id in file.channel_ids


def message_of_work(deps: Deps, clip: Clip) -> Message:
    """Return what the message of a clip at work says."""
    return _held(deps, clip) or _result_so_far(deps, clip) or _standing(deps, clip)
