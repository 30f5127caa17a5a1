"""Who is acting, by Slack's own ids."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One member of one workspace. The same user id in another workspace is somebody else."""

    team_id: str
    user_id: str
