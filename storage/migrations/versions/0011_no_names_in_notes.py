"""Files noted by kind, without the clip's name; whose an event is; kinds of recordings that are known ones."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CLIP = sa.table(
    "clip",
    *(sa.column(name, sa.Text) for name in ("team_id", "clip_id", "name", "mimetype", "state")),
    *(sa.column(name, sa.Integer) for name in ("min_speakers", "max_speakers")),
    sa.column("posted", sa.JSON),
)
_INBOX = sa.table(
    "inbox", sa.column("event_id", sa.Text), sa.column("user_id", sa.Text), sa.column("payload", sa.JSON)
)
_PACE = sa.table("clip_pace", sa.column("kind", sa.Text))
_OF_RESULT = re.compile(r"(?:\.rough-draft)?\.(?:txt|vtt|srt|rttm|json)")
_TO_TAKE_BACK = {"asked_by", "origin", "files", "earlier_files", "messages", "shared", "kept"}
_KNOWN_ENDINGS = (
    ".3gp", ".aac", ".aif", ".aiff", ".amr", ".avi", ".caf", ".flac", ".m4a", ".m4b", ".m4v", ".mka", ".mkv", ".mov",
    ".mp3", ".mp4", ".mpeg", ".mpg", ".oga", ".ogg", ".opus", ".ts", ".wav", ".weba", ".webm", ".wma", ".wmv", "",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("inbox", sa.Column("user_id", sa.Text(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_CLIP)).all():
        changed = _with_kinds(row.posted, partial(_kind, stem=_stem(row.name) if row.name else None))
        if row.state == "deleted":
            changed = {name: value for name, value in changed.items() if name in _TO_TAKE_BACK}
        _store(connection, row, changed)
    connection.execute(
        sa.update(_CLIP)
        .where(_CLIP.c.state == "deleted")
        .values(mimetype="", min_speakers=None, max_speakers=None)
    )
    for row in connection.execute(sa.select(_INBOX.c.event_id, _INBOX.c.payload)).all():
        user_id = (row.payload or {}).get("user")
        if isinstance(user_id, str):
            event = _INBOX.c.event_id == row.event_id
            connection.execute(sa.update(_INBOX).where(event).values(user_id=user_id))
    connection.execute(sa.update(_PACE).where(_PACE.c.kind.not_in(_KNOWN_ENDINGS)).values(kind=""))


def downgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_CLIP)).all():
        if row.name:
            _store(connection, row, _with_kinds(row.posted, partial(_name, stem=_stem(row.name))))
    op.drop_column("inbox", "user_id")


def _with_kinds(posted: dict[str, Any], rename: Callable[[str], str]) -> dict[str, Any]:
    """Return what was posted, with other words for its files."""
    found = dict(posted)
    if "files" in found:
        found["files"] = {rename(name): file_id for name, file_id in found["files"].items()}
    for key in ("sent", "unsent"):
        if key in found:
            found[key] = [rename(name) for name in found[key]]
    return found


def _kind(name: str, stem: str | None) -> str:
    """Return a file's kind. Of a clip that was forgotten the stem is not known any more, only the endings are."""
    if stem is not None:
        rest = name.removeprefix(stem)
        return rest if _OF_RESULT.fullmatch(rest) else name
    ending = re.search(f"{_OF_RESULT.pattern}$", name)
    return ending[0] if ending else name


def _name(kind: str, stem: str) -> str:
    return stem + kind if kind.startswith(".") else kind


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] or "clip"


def _store(connection: sa.Connection, row: sa.Row[Any], posted: dict[str, Any]) -> None:
    if posted != row.posted:
        here = (_CLIP.c.team_id == row.team_id, _CLIP.c.clip_id == row.clip_id)
        connection.execute(sa.update(_CLIP).where(*here).values(posted=posted))
