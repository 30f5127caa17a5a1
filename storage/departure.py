"""A workspace that took the app out: what was said there goes, and nothing begins there by the clock any more."""

from datetime import datetime

import sqlalchemy as sa

from storage.schema import clip, inbox, lab_session, lab_usage, learner, workspace_file
from storage.schema_managers import appeal, cohort, directory_entry, roster
from storage.schema_review import review_plan


class Departure:
    """Clears one workspace. What people learned stays, and so do the consent log and the audit."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def owners_of_clips(self, team_id: str) -> list[tuple[str, str]]:
        """Ids of all clips that are not deleted yet, each with its uploader."""
        statement = (
            sa.select(clip.c.clip_id, clip.c.user_id)
            .where(clip.c.team_id == team_id, clip.c.state != "deleted")
            .order_by(clip.c.clip_id)
        )
        return [(row[0], row[1]) for row in self._connection.execute(statement)]

    def forget_what_was_said(self, team_id: str, now: datetime) -> None:
        """Delete lab conversations, cases, lists and names, and blank what waits to be handled.

        What calls of a model cost stays, with nobody's name on it.
        """
        for table in (lab_session, appeal, roster, directory_entry):
            self._connection.execute(sa.delete(table).where(table.c.team_id == team_id))
        self._connection.execute(
            sa.update(lab_usage).where(lab_usage.c.team_id == team_id).values(user_id=None, session_id=None)
        )
        self._connection.execute(
            sa.update(inbox)
            .where(inbox.c.team_id == team_id, inbox.c.handled_at.is_(None))
            .values(handled_at=now, payload=None)
        )

    def stop_the_clock(self, team_id: str, now: datetime) -> None:
        """Switch daily review off and put cohorts away, so that nothing is sent by the clock."""
        self._connection.execute(
            sa.update(review_plan).where(review_plan.c.team_id == team_id).values(is_on=False, changed_at=now)
        )
        self._connection.execute(
            sa.update(cohort)
            .where(cohort.c.team_id == team_id, cohort.c.archived_at.is_(None))
            .values(archived_at=now)
        )

    def forget_installation(self, team_id: str) -> None:
        """Forget what only this installation knew: uploaded figures and the channels of direct messages."""
        self._connection.execute(sa.delete(workspace_file).where(workspace_file.c.team_id == team_id))
        self._connection.execute(
            sa.update(learner).where(learner.c.team_id == team_id).values(dm_channel_id=None)
        )
