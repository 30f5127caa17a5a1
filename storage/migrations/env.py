"""Run by Alembic; `Database.migrate` hands it the connection."""

from typing import Literal

import sqlalchemy as sa
from alembic import context

from storage.columns import UtcDateTime
from storage.schema import metadata


def _render_item(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    # A migration must not change when our own types do.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, transactional_ddl=True, render_item=_render_item
)
with context.begin_transaction():
    context.run_migrations()
