"""Course versions that were served, so that an attempt can be graded against what was shown."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.schema import content
from storage.statements import insert_if_new


class Contents:
    """Reads and writes `content`, which all workspaces share."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def remember(self, version: str, module_id: str, compiled: dict[str, Any], now: datetime) -> None:
        """Keep a compiled module under the hash of its content; again is no change."""
        values = {"version": version, "module_id": module_id, "compiled": compiled, "remembered_at": now}
        insert_if_new(self._connection, content, values)

    def knows(self, version: str) -> bool:
        """Whether that version is kept."""
        statement = sa.select(content.c.version).where(content.c.version == version)
        return self._connection.scalar(statement) is not None

    def get(self, version: str) -> dict[str, Any] | None:
        """The compiled module of that version, or None when it was never served."""
        return self._connection.scalar(sa.select(content.c.compiled).where(content.c.version == version))
