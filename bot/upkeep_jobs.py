"""The jobs that keep the house: what is old goes, and what could not be done is owned up to."""

from collections.abc import Sequence
from typing import Any

from bot.deps import Deps
from bot.retry_policy import step
from bot.use_cases.show_progress import show_progress
from bot.use_cases.tell_of_lost import tell_of_lost
from bot.use_cases.tidy_up import forget_jobs, tidy_up
from storage.job_runner import ScheduleSpec
from storage.jobs import workflow


def register_upkeep_jobs(deps: Deps) -> list[ScheduleSpec]:
    """Declare the workflows, bound to their collaborators; returns what begins by the clock."""

    # One attempt: the next update comes in seconds, and would say more.
    @step("show_progress.show", max_attempts=1)
    def show(team_id: str, clip_id: str) -> None:
        show_progress(deps, team_id, clip_id)

    @workflow("show_progress")
    def show_progress_workflow(team_id: str, clip_id: str) -> None:
        show(team_id, clip_id)

    @step("tell_of_lost.tell", max_attempts=6)
    def tell(
        lost_workflow: str, job_id: str, user_key: str, arguments: Sequence[Any], *is_permanent: bool
    ) -> None:
        tell_of_lost(deps, lost_workflow, job_id, user_key, arguments, *is_permanent)

    @workflow("tell_of_lost")
    def tell_of_lost_workflow(
        lost_workflow: str, job_id: str, user_key: str, arguments: Sequence[Any], *is_permanent: bool
    ) -> None:
        tell(lost_workflow, job_id, user_key, arguments, *is_permanent)

    @step("forget_jobs.forget", max_attempts=6)
    def forget(user_key: str) -> None:
        forget_jobs(deps, user_key)

    @workflow("forget_jobs")
    def forget_jobs_workflow(user_key: str) -> None:
        forget(user_key)

    @step("tidy_up.tidy", max_attempts=3)
    def tidy() -> int:
        return tidy_up(deps)

    @workflow("tidy_up")
    def tidy_up_workflow(_when: str, _context: None) -> None:
        tidy()

    return [ScheduleSpec("tidy_up", tidy_up_workflow, "47 3 * * *", "nightly")]
