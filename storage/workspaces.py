"""The workspaces that installed the app, and the course figures uploaded to each."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.schema import workspace, workspace_file
from storage.statements import upsert


@dataclass(frozen=True)
class Workspace:
    """A Slack workspace in which the app was seen."""

    team_id: str
    enterprise_id: str | None
    name: str
    first_seen_at: datetime
    seen_at: datetime


class Workspaces:
    """Reads and writes `workspace` and `workspace_file`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def see(self, team_id: str, enterprise_id: str | None, name: str, now: datetime) -> None:
        """Note that the app is in use there, under this name."""
        values = {
            "team_id": team_id, "enterprise_id": enterprise_id, "name": name, "first_seen_at": now, "seen_at": now,
        }  # fmt: skip
        upsert(self._connection, workspace, values, ("enterprise_id", "name", "seen_at"))

    def get(self, team_id: str) -> Workspace | None:
        """The workspace, or None when it was never seen."""
        row = self._connection.execute(sa.select(workspace).where(workspace.c.team_id == team_id)).first()
        return Workspace(**row._asdict()) if row else None

    def file_id(self, team_id: str, content_hash: str) -> str | None:
        """Slack's id of a figure with this content uploaded there before."""
        table = workspace_file
        return self._connection.scalar(
            sa.select(table.c.file_id).where(table.c.team_id == team_id, table.c.content_hash == content_hash)
        )

    def remember_file(self, team_id: str, content_hash: str, file_id: str, now: datetime) -> None:
        """Remember an upload; a later one of the same content replaces it."""
        values = {"team_id": team_id, "content_hash": content_hash, "file_id": file_id, "remembered_at": now}
        upsert(self._connection, workspace_file, values, ("file_id", "remembered_at"))
