"""A recording arrives: it is looked at from outside, and its uploader is asked. Nothing is fetched here."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath

from annotation.formats import LABEL_SUFFIXES
from bot.deps import Deps
from bot.errors import FileRefusedError
from bot.messenger import Message, SlackFile
from bot.people import Person
from bot.use_cases.object_to_clip import was_objected_to
from bot.use_cases.remove_posts import notice_key
from bot.use_cases.say_once import say_once
from bot.views.clip_notice import build_asked_before_message, build_notice_message
from bot.views.text import escape
from storage.clip_order import kind_of
from storage.clips import Clip
from storage.transaction import Transaction

MAX_BYTES = 2**30
#: Which request a clip began with, so that a repeated one is told from another.
_ASKED_BY = "asked_by"
#: What Slack says of a file whose type it does not know.
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream"})
#: Python's own list, whatever else this machine knows.
_KNOWN_TYPES = mimetypes.MimeTypes()


@dataclass(frozen=True, slots=True)
class Where:
    """Where the uploader is asked and answered."""

    channel_id: str
    #: None when the notice itself begins the thread.
    thread_ts: str | None
    #: The channel message that the recording is in, when it was not sent to us; for sharing the result there.
    origin: dict[str, str] | None = None


def looks_like_recording(file: SlackFile) -> bool:
    """Return whether name or type say audio or video; the worker looks inside, after consent.

    >>> looks_like_recording(SlackFile("F1", "U1", "standup.M4A", "application/octet-stream", 9, False))
    True
    """
    return file.mimetype.startswith(("audio/", "video/")) or bool(kind_of(file.name))


def may_be_recording(file: SlackFile) -> bool:
    """Return whether it looks like a recording, or neither name nor type say what it is.

    People's names for recordings need not end in a format: "Interview 12.03", "memo".

    >>> may_be_recording(SlackFile("F1", "U1", "Interview 12.03", "application/octet-stream", 9, False))
    True
    >>> may_be_recording(SlackFile("F1", "U1", "minutes.pdf", "", 9, False))
    False
    """
    suffix = PurePath(file.name).suffix.lower()
    is_untold = file.mimetype in _UNTOLD and suffix not in LABEL_SUFFIXES
    return looks_like_recording(file) or (is_untold and not _KNOWN_TYPES.guess_type(f"file{suffix}")[0])


def ensure_acceptable(file: SlackFile, person: Person) -> None:
    """Raise `FileRefusedError` with the reason where the file may not be worked on at all."""
    if file.is_external:
        raise FileRefusedError(
            f"{file.name} lives outside this workspace, so we leave it alone. Upload the recording itself if it is yours to share."
        )
    if file.user_team and file.user_team != person.team_id:
        raise FileRefusedError(
            f"{file.name} comes from another company's workspace, so we leave it alone. Its owner can have it labelled there."
        )
    if file.user_id and file.user_id != person.user_id:
        raise FileRefusedError(
            "Only the person who uploaded a recording can ask for its labels. Ask them to do it."
        )
    if file.size_bytes > MAX_BYTES:
        raise FileRefusedError(f"{file.name} is larger than 1 GiB. Cut it, or send it more compressed.")
    if file.size_bytes == 0:
        raise FileRefusedError(f"{file.name} is empty. Check the recording on your side and upload it again.")


def offer_consent(deps: Deps, person: Person, file: SlackFile, where: Where, key: str) -> None:
    """Put the notice before the uploader, in their direct messages with the bot.

    About a file that was decided on before they are told how it stands; where nothing is kept of it, they are
    asked anew.

    Args:
        deps: Collaborators.
        person: Who asks for labels.
        file: Of what.
        where: Where they are answered.
        key: Names this very request; the same again changes nothing.

    Raises:
        FileRefusedError: It may not be worked on; the message says why.
    """
    if not may_be_recording(file):
        raise FileRefusedError(
            f"{file.name} does not look like a recording. Send audio or video, such as .m4a, .mp3, .wav or .mp4."
        )
    ensure_acceptable(file, person)
    now = deps.now()
    clip = Clip(
        clip_id=deps.new_id(),
        team_id=person.team_id,
        file_id=file.file_id,
        user_id=person.user_id,
        channel_id=where.channel_id,
        thread_ts=where.thread_ts,
        name=file.name,
        mimetype=file.mimetype,
        size_bytes=file.size_bytes,
        state="asking",
        stage="",
        share=0.0,
        placeholder_ts=None,
        consent_id=None,
        min_speakers=None,
        max_speakers=None,
        error=None,
        created_at=now,
        updated_at=now,
        posted={_ASKED_BY: key, **({"origin": where.origin} if where.origin else {})},
    )
    with deps.database.begin() as tx:
        tx.learners.see(person.team_id, person.user_id, now)
        earlier = tx.clips.by_file(person.team_id, file.file_id)
        is_in_use = False
        if earlier and earlier.posted.get(_ASKED_BY) != key:
            _ensure_nobody_objected(tx, earlier, file)
            is_in_use = not tx.clips.let_file_go(person.team_id, earlier.clip_id, now)
        tx.clips.add(clip)
        known = tx.clips.by_file(person.team_id, file.file_id)
    assert known
    if is_in_use:
        _say_how_it_stands(deps, known, where, key)
    else:
        _ask(deps, known)


def _ask(deps: Deps, known: Clip) -> None:
    notice = build_notice_message(known.clip_id, known.name, deps.clip_retention_days)
    ts = say_once(
        deps, known.team_id, notice_key(known.clip_id), known.channel_id, notice, thread_ts=known.thread_ts
    )
    if known.thread_ts is None:  # asked for in a channel: the notice itself becomes the thread
        with deps.database.begin() as tx:
            tx.clips.update(known.team_id, known.clip_id, deps.now(), thread_ts=ts)


def _say_how_it_stands(deps: Deps, known: Clip, where: Where, key: str) -> None:
    with deps.database.begin() as tx:
        notice = tx.posts.find(known.team_id, notice_key(known.clip_id))
    ts = known.placeholder_ts or (notice.ts if notice else None)
    link = deps.messenger_for(known.team_id).permalink(known.channel_id, ts) if ts else None
    message = build_asked_before_message(known.name, known.state, link)
    say_once(deps, known.team_id, f"{key}:again", where.channel_id, message, thread_ts=where.thread_ts)


def _ensure_nobody_objected(tx: Transaction, earlier: Clip, file: SlackFile) -> None:
    if was_objected_to(tx, earlier):
        raise FileRefusedError(
            f"Somebody who can be heard in {file.name} objected to its labelling, so it is left alone. "
            "If everybody agrees by now, upload it anew."
        )


def refusal_message(reason: str) -> Message:
    """Return what the uploader reads when a file is refused."""
    return Message(
        text=reason, blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": escape(reason)}}]
    )
