"""What an event asks of us. Runs as a job, so it may run again after a crash."""

import hashlib
import logging
from datetime import datetime
from typing import Any, Literal

from bot.deps import Deps
from bot.errors import FileRefusedError
from bot.messenger import SlackFile
from bot.people import Person
from bot.tell import tell
from bot.use_cases.answer_message import answer_message
from bot.use_cases.follow_people import follow_account, member_joined, member_left
from bot.use_cases.hear_in_lab import hear_in_lab
from bot.use_cases.label_clip import UNFINISHED, forget_clip, stop_later_run
from bot.use_cases.leave_workspace import leave_workspace
from bot.use_cases.receive_clip import (
    Where,
    looks_like_recording,
    may_be_recording,
    offer_consent,
    refusal_message,
)
from bot.use_cases.remove_posts import ask_to_remove_posts
from bot.use_cases.say_once import say_once
from bot.use_cases.score_clip import post_about
from bot.use_cases.take_labels import MAX_LABEL_BYTES, clip_of_thread, take_labels
from bot.use_cases.tell_of_lost import NO_USE, number_of
from bot.views.clip import build_deleted_upload_message
from bot.views.help import build_outsider_message, build_remark_message
from storage.clips import Clip
from storage.inbox import InboxEvent
from storage.jobs import fault_of, is_ours
from storage.transaction import Transaction

logger = logging.getLogger(__name__)

Kept = Literal["heard", "kept", "known"]


def keep_event(
    tx: Transaction, person: Person, event_id: str, kind: str, payload: dict[str, Any], now: datetime
) -> Kept:
    """Store an event and the job that handles it.

    What is said in a lab is taken at once, in this same transaction: it was "heard". An event that is "known" was
    here before, and nothing changed.
    """
    if not tx.inbox.add(person.team_id, event_id, kind, payload, now, person.user_id):
        return "known"
    if kind == "message" and hear_in_lab(tx, person, event_id, payload, now):
        tx.inbox.handled(event_id, now)
        return "heard"
    owner = f"{person.team_id}:{person.user_id}"
    tx.jobs.enqueue(
        "handle_event",
        "replies",
        f"event:{event_id}",
        event_id,
        person.user_id,
        user_key=owner,
        partition_key=owner,
    )
    return "kept"


def keep_shortcut(tx: Transaction, person: Person, body: dict[str, Any], now: datetime) -> None:
    """Store a press of *Label the speakers* and the job that asks about the message's recordings."""
    message = body["message"]
    payload = {"files": message.get("files") or [], "channel": body["channel"]["id"], "ts": message["ts"]}
    keep_event(tx, person, f"shortcut:{body['trigger_id']}", "shortcut", payload, now)


def handle_event(deps: Deps, event_id: str, user_id: str) -> None:
    """Do what the event asks, once; its payload is forgotten afterwards."""
    with deps.database.read() as tx:
        kept = tx.inbox.get(event_id)
    if kept is None or kept.payload is None:
        return
    person = Person(kept.team_id, user_id)
    match kept.kind:
        case "message" | "app_mention" if _is_from_outside(kept, kept.payload):
            _refuse_outsider(deps, person, kept.payload)
        case "message":
            _handle_message(deps, person, kept, kept.payload)
        case "app_mention" | "shortcut":
            _handle_files_in_channel(deps, person, kept, kept.payload)
        case "file_deleted":
            _handle_file_deleted(deps, person, kept, str(kept.payload.get("file_id")))
        case "member_joined_channel":
            member_joined(deps, person.team_id, str(kept.payload.get("channel")), user_id)
        case "member_left_channel":
            member_left(deps, person.team_id, str(kept.payload.get("channel")), user_id)
        case "user_change":
            follow_account(deps, person.team_id, user_id)
        case "app_uninstalled" | "tokens_revoked":
            leave_workspace(deps, person.team_id)
        case _:
            pass
    with deps.database.begin() as tx:
        tx.inbox.handled(event_id, deps.now())


def _is_from_outside(kept: InboxEvent, event: dict[str, Any]) -> bool:
    """Return whether somebody of another company wrote it; Slack names a second workspace only then."""
    teams = {str(event[name]) for name in ("user_team", "source_team") if event.get(name)}
    return bool(teams - {kept.team_id})


def _refuse_outsider(deps: Deps, person: Person, event: dict[str, Any]) -> None:
    tell(
        deps,
        person,
        build_outsider_message(),
        channel_id=str(event["channel"]),
        thread_ts=event.get("thread_ts"),
    )


def _handle_message(deps: Deps, person: Person, kept: InboxEvent, event: dict[str, Any]) -> None:
    if event.get("channel_type") != "im":
        return
    subtype = event.get("subtype")
    if subtype in {"message_changed", "message_deleted"}:
        return  # of interest in labs alone, and heard there
    with deps.database.begin() as tx:  # the lab's opening may have been on its way to our database
        if hear_in_lab(tx, person, kept.event_id, event, deps.now()):
            return
    if event.get("files"):
        where = Where(event["channel"], event.get("thread_ts") or event["ts"])
        files = event["files"]
        if _is_in_lab(deps, person, where):
            files = _recordings_of(deps, person, kept, files, where)
        _ask_about_each(deps, person, kept, files, where)
    elif subtype in {None, "thread_broadcast"}:
        _answer_words(deps, person, kept, event)


def _answer_words(deps: Deps, person: Person, kept: InboxEvent, event: dict[str, Any]) -> None:
    channel_id, thread_ts = str(event["channel"]), event.get("thread_ts")
    with deps.database.begin() as tx:
        tx.learners.see(person.team_id, person.user_id, deps.now())
        tx.learners.set_dm_channel(person.team_id, person.user_id, channel_id)
    if thread_ts and _is_in_lab(deps, person, Where(channel_id, thread_ts)):
        message = build_remark_message("There were no words in that message. Please say it in a sentence.")
    else:
        message = answer_message(deps, person, str(event.get("text") or ""))
    say_once(deps, person.team_id, f"event:{kept.event_id}", channel_id, message, thread_ts=thread_ts)


def _is_in_lab(deps: Deps, person: Person, where: Where) -> bool:
    with deps.database.read() as tx:
        session = tx.labs.by_thread(person.team_id, where.channel_id, str(where.thread_ts))
    return session is not None and session.user_id == person.user_id


def _recordings_of(
    deps: Deps, person: Person, kept: InboxEvent, files: list[dict[str, Any]], where: Where
) -> list[dict[str, Any]]:
    """Return the recordings among files that came in a lab; of others it is said that nobody reads them."""
    recordings = [found for found in files if _may_be_recording(found)]
    if len(recordings) < len(files):
        message = build_remark_message(
            "I cannot read files here. Please say in words what matters in it. (A recording can be labelled: "
            "upload it, and you are asked first.)"
        )
        say_once(
            deps,
            person.team_id,
            f"event:{kept.event_id}",
            where.channel_id,
            message,
            thread_ts=where.thread_ts,
        )
    return recordings


def _handle_files_in_channel(deps: Deps, person: Person, kept: InboxEvent, payload: dict[str, Any]) -> None:
    channel_id = deps.messenger_for(person.team_id).open_dm(person.user_id)
    files = payload.get("files") or []
    if files:
        origin = {"channel_id": payload["channel"], "ts": payload.get("thread_ts") or payload["ts"]}
        _ask_about_each(deps, person, kept, files, Where(channel_id, None, origin))
    elif kept.kind == "app_mention":
        message = answer_message(deps, person, str(payload.get("text") or ""))
        say_once(deps, person.team_id, f"event:{kept.event_id}", channel_id, message)
    else:
        message = build_remark_message(
            "There is no recording in that message. Use *Label the speakers* on one that has it."
        )
        say_once(deps, person.team_id, f"event:{kept.event_id}", channel_id, message)


def _ask_about_each(
    deps: Deps,
    person: Person,
    kept: InboxEvent,
    files: list[dict[str, Any]],
    where: Where,
) -> None:
    for found in files:
        file_id, name = str(found.get("id")), str(found.get("name") or "that file")
        key = f"event:{kept.event_id}:{hashlib.sha256(file_id.encode()).hexdigest()[:12]}"
        with deps.database.read() as tx:
            clip = clip_of_thread(tx, person, where.channel_id, where.thread_ts)
        try:
            _take_file(deps, person, clip, _visible(deps, person, file_id, name), where, key)
        except FileRefusedError as error:
            _refuse(deps, person, clip, where, key, str(error))
        except Exception as error:
            if not is_ours(error):
                raise
            # one file that meets a fault of ours must not keep the others of its message waiting
            logger.error("A file was not taken: %s, number %s", fault_of(error), number_of(key))  # noqa: TRY400
            reason = NO_USE.format(what=f"{name} could not be taken", number=number_of(key))
            _refuse(deps, person, clip, where, key, reason)


def _take_file(
    deps: Deps, person: Person, clip: Clip | None, file: SlackFile, where: Where, key: str
) -> None:
    """Read a file in a labelled clip's thread as labels, unless it must be a recording; ask about any other."""
    is_recording = looks_like_recording(file) or (
        may_be_recording(file) and file.size_bytes > MAX_LABEL_BYTES
    )
    if clip and not is_recording:
        take_labels(deps, person, clip, file, key)
    else:
        offer_consent(deps, person, file, where, key)


def _refuse(deps: Deps, person: Person, clip: Clip | None, where: Where, key: str, reason: str) -> None:
    refusal = refusal_message(reason)
    if clip:  # it may quote the file, so it goes when the clip goes
        post_about(deps, clip, key, refusal)
    else:
        say_once(deps, person.team_id, key, where.channel_id, refusal, thread_ts=where.thread_ts)


def _may_be_recording(found: dict[str, Any]) -> bool:
    name, mimetype = str(found.get("name") or ""), str(found.get("mimetype") or "")
    return may_be_recording(SlackFile(str(found.get("id")), "", name, mimetype, 0, is_external=False))


def _visible(deps: Deps, person: Person, file_id: str, name: str) -> SlackFile:
    file = deps.messenger_for(person.team_id).file(file_id)
    if file is None:
        raise FileRefusedError(
            f"We cannot see {name}: it was deleted, or this app is not in its channel. "
            "Invite whospoke to the channel, or send the recording here."
        )
    return file


def _handle_file_deleted(deps: Deps, person: Person, kept: InboxEvent, file_id: str) -> None:
    """Stop the job of a clip whose upload is gone, and offer to delete what was derived.

    That it has to be said is noted in the commit that forgets the clip, for a process may die in between.
    """
    key = f"event:{kept.event_id}"
    with deps.database.begin() as tx:
        clip = tx.clips.by_file(person.team_id, file_id)
        is_told = tx.posts.find(person.team_id, key) is not None
        if clip is None or clip.state == "declined" or (clip.state == "deleted" and not is_told):
            return  # nothing was made of it, or nothing is left
        # A fetch that found the upload gone may have failed before this event came.
        has_result = stop_later_run(tx, clip, deps.now())
        was_unfinished = not has_result and clip.state in UNFINISHED | {"failed", "deleted"}
        # Where the notice began the thread, the thread goes with it.
        thread_ts = None if was_unfinished and "origin" in clip.posted else clip.thread_ts
        tx.posts.claim(clip.team_id, key, clip.channel_id, thread_ts, deps.now())
        if was_unfinished and clip.state != "deleted":
            forget_clip(deps, tx, Person(clip.team_id, clip.user_id), clip)
            ask_to_remove_posts(tx, clip, deps.now())
            tx.clip_queue.admit(deps.now())
    name = clip.name or "that recording"
    message = build_deleted_upload_message(clip.clip_id, name, was_unfinished=was_unfinished)
    say_once(deps, clip.team_id, key, clip.channel_id, message, thread_ts=thread_ts)
