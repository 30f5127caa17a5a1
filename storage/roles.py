"""Who may look after learners, and who decides appeals. Slack's own admins are not asked."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from storage.schema_managers import role as role_table
from storage.statements import change, insert_if_new

Role = Literal["manager", "reviewer"]


class Roles:
    """Reads and writes `role`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, team_id: str, user_id: str) -> frozenset[str]:
        """The roles of that person in that workspace; empty for everybody else."""
        statement = sa.select(role_table.c.role).where(
            role_table.c.team_id == team_id, role_table.c.user_id == user_id
        )
        return frozenset(self._connection.scalars(statement))

    def holders(self, team_id: str, role: Role) -> list[str]:
        """Who has the role, longest first."""
        return list(self._connection.scalars(_holders(team_id, role)))

    def held_firmly(self, team_id: str, role: Role) -> list[str]:
        """Who has the role, longest first; nobody else changes that until this transaction ends."""
        return list(self._connection.scalars(_holders(team_id, role).with_for_update()))

    def grant(self, team_id: str, user_id: str, role: Role, granted_by: str, now: datetime) -> bool:
        """Give a role. False when the person has it already."""
        values = {
            "team_id": team_id, "user_id": user_id, "role": role, "granted_by": granted_by, "granted_at": now,
        }  # fmt: skip
        return insert_if_new(self._connection, role_table, values)

    def revoke(self, team_id: str, user_id: str, role: Role) -> bool:
        """Take a role away. False when the person did not have it."""
        return bool(
            change(
                self._connection,
                sa.delete(role_table).where(
                    role_table.c.team_id == team_id,
                    role_table.c.user_id == user_id,
                    role_table.c.role == role,
                ),
            )
        )


def _holders(team_id: str, role: Role) -> sa.Select[tuple[str]]:
    return (
        sa.select(role_table.c.user_id)
        .where(role_table.c.team_id == team_id, role_table.c.role == role)
        .order_by(role_table.c.granted_at, role_table.c.user_id)
    )
