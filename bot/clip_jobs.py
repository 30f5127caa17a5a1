"""Jobs about clips: each workflow is its steps in order and nothing else."""

from bot.deps import Deps
from bot.retry_policy import step
from bot.use_cases.clip_standing import refresh_standings
from bot.use_cases.export_data import export_data
from bot.use_cases.object_to_clip import tell_objection
from storage.job_runner import ScheduleSpec
from storage.jobs import current_job_id, workflow

_MAX_BEGINNINGS = 20
_EVERY_MINUTE = "* * * * *"


def register_clip_jobs(deps: Deps) -> list[ScheduleSpec]:
    """Declare the workflows, bound to their collaborators; returns what begins by the clock."""

    @step("tell_objection.tell", max_attempts=8)
    def tell(team_id: str, clip_id: str) -> None:
        tell_objection(deps, team_id, clip_id)

    @workflow("tell_objection", max_attempts=_MAX_BEGINNINGS)
    def tell_objection_workflow(team_id: str, clip_id: str) -> None:
        tell(team_id, clip_id)

    @step("export_clips.export", max_attempts=8)
    def export(team_id: str, user_id: str, job_id: str) -> None:
        export_data(deps, team_id, user_id, job_id)

    @workflow("export_clips", max_attempts=_MAX_BEGINNINGS)
    def export_clips_workflow(team_id: str, user_id: str) -> None:
        export(team_id, user_id, str(current_job_id()))

    @step("clip_standings.refresh", max_attempts=2)
    def refresh() -> int:
        return refresh_standings(deps)

    @workflow("clip_standings")
    def clip_standings_workflow(_when: str, _context: None) -> None:
        refresh()

    return [ScheduleSpec("clip_standings", clip_standings_workflow, _EVERY_MINUTE, "nightly")]
