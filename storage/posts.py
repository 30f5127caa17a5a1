"""Messages that must be said once: claimed before they are posted, noted when they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.schema import post
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class Post:
    """One message of ours; `ts` is None between the claim and Slack's answer."""

    team_id: str
    key: str
    channel_id: str
    thread_ts: str | None
    ts: str | None
    claimed_at: datetime


class Posts:
    """Reads and writes `post`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def claim(
        self, team_id: str, key: str, channel_id: str, thread_ts: str | None, now: datetime
    ) -> tuple[Post, bool]:
        """The message with that key, and whether this call was the first to claim it."""
        values = {
            "team_id": team_id, "key": key, "channel_id": channel_id, "thread_ts": thread_ts, "claimed_at": now,
        }  # fmt: skip
        is_new = insert_if_new(self._connection, post, values)
        row = self._connection.execute(sa.select(post).where(*_is(team_id, key))).one()
        return Post(**row._asdict()), is_new

    def find(self, team_id: str, key: str) -> Post | None:
        """The message with that key, if anybody claimed it."""
        row = self._connection.execute(sa.select(post).where(*_is(team_id, key))).first()
        return Post(**row._asdict()) if row else None

    def about(self, team_id: str, key: str) -> list[Post]:
        """Every message whose key begins with this one and a colon, claimed or sent, in order of their claims."""
        begins = post.c.key.startswith(f"{key}:", autoescape=True)
        rows = self._connection.execute(
            sa.select(post).where(post.c.team_id == team_id, begins).order_by(post.c.claimed_at, post.c.key)
        )
        return [Post(**row._asdict()) for row in rows]

    def sent(self, team_id: str, key: str, ts: str) -> None:
        """Note where the message is."""
        self._connection.execute(sa.update(post).where(*_is(team_id, key)).values(ts=ts))

    def release(self, team_id: str, key: str) -> None:
        """Give back a claim of what was not posted; what was posted stays noted."""
        self._connection.execute(sa.delete(post).where(*_is(team_id, key), post.c.ts.is_(None)))

    def beginning(self, team_id: str, prefix: str) -> list[Post]:
        """Every message whose key begins like that."""
        statement = sa.select(post).where(
            post.c.team_id == team_id, post.c.key.startswith(prefix, autoescape=True)
        )
        return [Post(**row._asdict()) for row in self._connection.execute(statement)]

    def known_ts(self, team_id: str, channel_id: str) -> set[str]:
        """The ts of every noted message in that conversation."""
        statement = sa.select(post.c.ts).where(
            post.c.team_id == team_id, post.c.channel_id == channel_id, post.c.ts.is_not(None)
        )
        return {str(ts) for ts in self._connection.scalars(statement)}

    def delete_before(self, when: datetime, except_for: Collection[str]) -> int:
        """Delete what was claimed before `when`, in all workspaces, but for keys that begin as given.

        Returns:
            How many went.
        """
        kept = [post.c.key.startswith(prefix, autoescape=True) for prefix in except_for]
        return change(self._connection, sa.delete(post).where(post.c.claimed_at < when, ~sa.or_(*kept)))


def _is(team_id: str, key: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return post.c.team_id == team_id, post.c.key == key
