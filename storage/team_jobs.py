"""The jobs of a whole workspace."""

import sqlalchemy as sa

from storage.database import Database

_UNFINISHED = ("ENQUEUED", "DELAYED", "PENDING")


def cancel_jobs_of(database: Database, team_id: str, *, but: str | None = None) -> int:
    """Cancel every job of the workspace that has not ended, except one.

    Returns:
        How many there were.

    Raises:
        NestedTransactionError: This thread has a transaction open; cancel after it.
    """
    with database.connect() as connection:
        names = ("workflow_uuid", "status", "authenticated_user", "queue_partition_key")
        schema = None if connection.dialect.name == "sqlite" else "dbos"
        jobs = sa.table("workflow_status", *(sa.column(name, sa.Text) for name in names), schema=schema)
        is_ours = sa.or_(
            jobs.c.authenticated_user.startswith(f"{team_id}:", autoescape=True),
            jobs.c.queue_partition_key.startswith(f"{team_id}:", autoescape=True),
            jobs.c.workflow_uuid.contains(f":{team_id}:", autoescape=True),
        )
        statement = sa.select(jobs.c.workflow_uuid).where(jobs.c.status.in_(_UNFINISHED), is_ours)
        job_ids = [job_id for job_id in connection.scalars(statement) if job_id != but]
    if job_ids:
        database.jobs_client.cancel_workflows(job_ids)
    return len(job_ids)
