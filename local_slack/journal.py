"""Documents on disk. Each is written in a transaction of its own, so a killed server loses none it answered for."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from local_slack.errors import Json

_SCHEMA = "CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"


class Journal:
    """Keeps JSON documents by kind and key, in SQLite or, without a path, nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Opened by the thread that builds the workspace, used by the one that serves it.
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(_SCHEMA)

    def put(self, kind: str, key: str, document: Json) -> None:
        """Writes a document, replacing what was there."""
        if self._connection is not None:
            body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            self._connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (kind, key, body))

    def delete(self, kind: str, key: str) -> None:
        """Removes a document, if it is there."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))

    def all(self, kind: str) -> Iterator[tuple[str, Json]]:
        """Yields the key and document of everything of a kind, in the order of the keys."""
        if self._connection is not None:
            rows = self._connection.execute(
                "SELECT key, body FROM documents WHERE kind = ? ORDER BY key", (kind,)
            )
            for key, body in rows.fetchall():
                yield key, json.loads(body)

    def close(self) -> None:
        """Closes the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
