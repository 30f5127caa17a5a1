"""Recordings that people shared: their state, and what was made of them. Never the sound itself."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from storage.errors import ClipDeletedError, NoSuchRecordError
from storage.schema import clip, clip_document, clip_picture
from storage.schema_queue import clip_work
from storage.schema_reference import clip_reference
from storage.statements import change, insert_if_new, upsert

DELETED = "deleted"
_WAITING_OR_RUNNING = ("queued", "running")
#: What may still change once a clip was deleted: where our own messages were, so that they can be removed.
_ABOUT_OUR_MESSAGES = frozenset({"placeholder_ts"})
#: The file of a clip that was let go, so that its owner can be asked anew about the same file.
_LET_GO = "let-go:"

#: What was posted about a clip: ids of files, by kind, and of messages, as one JSON object. Never what they are called.
Posted = dict[str, Any]
#: What of it outlives the clip, so that it can be taken back, and a file that comes again is known.
_TO_TAKE_BACK = frozenset({"asked_by", "origin", "files", "earlier_files", "messages", "shared", "kept"})


@dataclass(frozen=True)
class Clip:
    """One recording of one person."""

    clip_id: str
    team_id: str
    file_id: str
    user_id: str
    channel_id: str
    thread_ts: str | None
    name: str
    mimetype: str
    size_bytes: int
    #: "asking" (for consent), "declined", "queued", "running", "replying", "done", "failed", "cancelled" or "deleted".
    state: str
    #: Which stage is at work, for the progress line.
    stage: str
    #: How much of the work is done, 0 to 1.
    share: float
    placeholder_ts: str | None
    consent_id: str | None
    min_speakers: int | None
    max_speakers: int | None
    error: str | None
    created_at: datetime
    updated_at: datetime
    #: Ids of the files and messages sent already; changed by `Clips.change_posted` alone.
    posted: Posted = field(default_factory=dict)


class ClipChanges(TypedDict, total=False):
    """The fields of a clip that may change."""

    state: str
    stage: str
    share: float
    placeholder_ts: str | None
    consent_id: str | None
    min_speakers: int | None
    max_speakers: int | None
    error: str | None
    channel_id: str
    thread_ts: str | None


class Clips:
    """Reads and writes `clip`, `clip_document` and `clip_picture`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, new: Clip) -> bool:
        """Store a clip. False when this workspace has one of the same file (or id) already."""
        return insert_if_new(self._connection, clip, vars(new))

    def get(self, team_id: str, clip_id: str) -> Clip | None:
        """The clip, or None."""
        found = self._read(*_is(clip, team_id, clip_id))
        return found[0] if found else None

    def by_file(self, team_id: str, file_id: str) -> Clip | None:
        """The clip made of that Slack file, or None."""
        found = self._read(clip.c.team_id == team_id, clip.c.file_id == file_id)
        return found[0] if found else None

    def of_user(self, team_id: str, user_id: str) -> list[Clip]:
        """All clips of one person, oldest first, deleted ones included."""
        return self._read(clip.c.team_id == team_id, clip.c.user_id == user_id)

    def update(self, team_id: str, clip_id: str, now: datetime, **fields: Unpack[ClipChanges]) -> None:
        """Change some fields.

        A deleted clip stays deleted: a worker that had not heard of it yet changes nothing, except
        where our own messages are.
        """
        after_deletion = {name: value for name, value in fields.items() if name in _ABOUT_OUR_MESSAGES}
        if after_deletion:
            self._connection.execute(
                sa.update(clip).where(*_is(clip, team_id, clip_id)).values(**after_deletion, updated_at=now)
            )
        others = {name: value for name, value in fields.items() if name not in _ABOUT_OUR_MESSAGES}
        if others:
            self._connection.execute(
                sa.update(clip)
                .where(*_is(clip, team_id, clip_id), clip.c.state != DELETED)
                .values(**others, updated_at=now)
            )

    def change_posted(
        self, team_id: str, clip_id: str, now: datetime, edit: Callable[[Posted], Posted]
    ) -> Posted:
        """Change what was posted, from what is stored at this very moment; returns what is stored now.

        Several jobs and listeners note what they post at the same time, so none may write back what it read
        in an earlier transaction. A deleted clip still takes notes, but only of what has to be taken back.
        """
        here = _is(clip, team_id, clip_id)
        statement = sa.select(clip.c.posted, clip.c.state).where(*here).with_for_update()
        row = self._connection.execute(statement).first()
        if row is None:
            return {}
        found, changed = row.posted, edit(dict(row.posted))
        if row.state == DELETED:
            changed = {name: value for name, value in changed.items() if name in _TO_TAKE_BACK}
        if changed != found:
            self._connection.execute(sa.update(clip).where(*here).values(posted=changed, updated_at=now))
        return changed

    def let_file_go(self, team_id: str, clip_id: str, now: datetime) -> bool:
        """Free a file that nothing is kept of, so that a new clip can be made of it. False when it is in use."""
        statement = sa.update(clip).where(
            *_is(clip, team_id, clip_id), clip.c.state.in_(("declined", "cancelled", DELETED))
        )
        return bool(change(self._connection, statement.values(file_id=f"{_LET_GO}{clip_id}", updated_at=now)))

    def move(
        self, team_id: str, clip_id: str, from_states: Collection[str], to_state: str, now: datetime
    ) -> bool:
        """Change the state if it is one of `from_states`; of two callers, one gets True."""
        statement = sa.update(clip).where(*_is(clip, team_id, clip_id), clip.c.state.in_(list(from_states)))
        return bool(change(self._connection, statement.values(state=to_state, updated_at=now)))

    def save(self, team_id: str, clip_id: str, kind: str, document: dict[str, Any], now: datetime) -> None:
        """Store a document ("labels", "words", ...) of a clip; a later one of the kind replaces it.

        Raises:
            ClipDeletedError: The uploader deleted the clip meanwhile.
            NoSuchRecordError: No such clip in this workspace.
        """
        self._refuse_if_deleted(team_id, clip_id)
        values = {"team_id": team_id, "clip_id": clip_id, "kind": kind, "document": document, "saved_at": now}
        upsert(self._connection, clip_document, values, ("document", "saved_at"))

    def load(self, team_id: str, clip_id: str, kind: str) -> dict[str, Any] | None:
        """The document of that kind, or None."""
        return self._connection.scalar(
            sa.select(clip_document.c.document).where(
                *_is(clip_document, team_id, clip_id), clip_document.c.kind == kind
            )
        )

    def save_picture(
        self, team_id: str, clip_id: str, kind: str, png: bytes, alt_text: str, now: datetime
    ) -> None:
        """Store a picture with the words that say the same; a later one of the kind replaces it.

        Raises:
            ClipDeletedError: The uploader deleted the clip meanwhile.
            NoSuchRecordError: No such clip in this workspace.
        """
        self._refuse_if_deleted(team_id, clip_id)
        key = {"team_id": team_id, "clip_id": clip_id, "kind": kind}
        values = {**key, "png": png, "alt_text": alt_text, "saved_at": now}
        upsert(self._connection, clip_picture, values, ("png", "alt_text", "saved_at"))

    def picture(self, team_id: str, clip_id: str, kind: str) -> tuple[bytes, str] | None:
        """The PNG and its alt text, or None."""
        row = self._connection.execute(
            sa.select(clip_picture.c.png, clip_picture.c.alt_text).where(
                *_is(clip_picture, team_id, clip_id), clip_picture.c.kind == kind
            )
        ).first()
        return (bytes(row.png), row.alt_text) if row else None

    def num_ahead(self, team_id: str, clip_id: str) -> int:
        """How many clips of all workspaces wait or run that were shared before this one."""
        this = self.get(team_id, clip_id)
        if this is None:
            return 0
        place = sa.tuple_(clip.c.created_at, clip.c.team_id, clip.c.clip_id)
        ours = sa.tuple_(sa.literal(this.created_at, clip.c.created_at.type), this.team_id, this.clip_id)
        statement = sa.select(sa.func.count()).select_from(clip)
        return (
            self._connection.scalar(statement.where(clip.c.state.in_(_WAITING_OR_RUNNING), place < ours)) or 0
        )

    def forget(self, team_id: str, clip_id: str, now: datetime) -> None:
        """Remove everything said, drawn or named; what stays is that there was a clip, and where we posted.

        Its row goes when `delete_forgotten_before` comes by.
        """
        for table in (clip_document, clip_picture, clip_reference, clip_work):
            self._connection.execute(sa.delete(table).where(*_is(table, team_id, clip_id)))
        self._connection.execute(
            sa.update(clip)
            .where(*_is(clip, team_id, clip_id))
            .values(
                name="",
                mimetype="",
                error=None,
                stage="",
                min_speakers=None,
                max_speakers=None,
                state=DELETED,
                updated_at=now,
            )
        )
        self.change_posted(team_id, clip_id, now, lambda posted: posted)

    def delete_forgotten_before(self, when: datetime) -> int:
        """Delete the rows of clips that were forgotten before `when`, in all workspaces; returns how many went."""
        return change(
            self._connection, sa.delete(clip).where(clip.c.state == DELETED, clip.c.updated_at < when)
        )

    def older_than(self, when: datetime) -> list[Clip]:
        """Clips of all workspaces shared before `when` and not deleted yet, oldest first: for retention."""
        return self._read(clip.c.created_at < when, clip.c.state != DELETED)

    def _refuse_if_deleted(self, team_id: str, clip_id: str) -> None:
        # The lock holds back a `forget` of another process until what is being saved can be deleted by it.
        state = self._connection.scalar(
            sa.select(clip.c.state).where(*_is(clip, team_id, clip_id)).with_for_update()
        )
        if state is None:
            raise NoSuchRecordError(f"There is no clip {clip_id} in this workspace.")
        if state == DELETED:
            raise ClipDeletedError(
                f"Clip {clip_id} was deleted by its uploader: nothing more is stored for it."
            )

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Clip]:
        rows = self._connection.execute(
            sa.select(clip).where(*conditions).order_by(clip.c.created_at, clip.c.clip_id)
        )
        return [Clip(**row._asdict()) for row in rows]


def _is(table: sa.Table, team_id: str, clip_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.team_id == team_id, table.c.clip_id == clip_id)
