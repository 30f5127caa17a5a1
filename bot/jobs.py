"""The bot's jobs: each workflow is its steps in order and nothing else."""

from bot.clip_jobs import register_clip_jobs
from bot.course_jobs import register_course_jobs
from bot.deps import Deps
from bot.lab_jobs import register_lab_jobs
from bot.manager_jobs import register_manager_jobs
from bot.retry_policy import step
from bot.score_jobs import register_score_jobs
from bot.upkeep_jobs import register_upkeep_jobs
from bot.use_cases.handle_event import handle_event
from bot.use_cases.keep_retention import keep_retention
from bot.use_cases.remove_posts import remove_posts_of, remove_thread
from bot.use_cases.show_clip import show_clip
from storage.job_runner import ScheduleSpec
from storage.jobs import workflow

#: A bot that is stopped again and again, as by a run of deployments, must not lose what people said.
_MAX_BEGINNINGS = 20


def register_jobs(deps: Deps) -> list[ScheduleSpec]:
    """Declare the bot's workflows, bound to their collaborators; returns what begins by the clock."""
    register_lab_jobs(deps)

    @step("handle_event.handle", max_attempts=6)
    def handle(event_id: str, user_id: str) -> None:
        handle_event(deps, event_id, user_id)

    @workflow("handle_event", max_attempts=_MAX_BEGINNINGS)
    def handle_event_workflow(event_id: str, user_id: str) -> None:
        handle(event_id, user_id)

    @step("show_clip.show", max_attempts=6)
    def show_clip_step(team_id: str, clip_id: str) -> None:
        show_clip(deps, team_id, clip_id)

    @workflow("show_clip", max_attempts=_MAX_BEGINNINGS)
    def show_clip_workflow(team_id: str, clip_id: str) -> None:
        show_clip_step(team_id, clip_id)

    @step("retention.keep", max_attempts=3)
    def keep() -> int:
        return keep_retention(deps)

    @workflow("retention")
    def retention_workflow(_when: str, _context: None) -> None:
        keep()

    _register_removals(deps)
    register_score_jobs(deps)
    return [
        ScheduleSpec("retention", retention_workflow, "17 3 * * *", "nightly"),
        *register_clip_jobs(deps),
        *register_course_jobs(deps),
        *register_manager_jobs(deps),
        *register_upkeep_jobs(deps),
    ]


def _register_removals(deps: Deps) -> None:
    @step("remove_posts.remove", max_attempts=6)
    def remove_posts_step(team_id: str, clip_id: str, keep_ts: str | None) -> None:
        remove_posts_of(deps, team_id, clip_id, keep_ts)

    @workflow("remove_posts", max_attempts=_MAX_BEGINNINGS)
    def remove_posts_workflow(team_id: str, clip_id: str, keep_ts: str | None) -> None:
        remove_posts_step(team_id, clip_id, keep_ts)

    @step("remove_thread.remove", max_attempts=6)
    def remove_thread_step(team_id: str, channel_id: str, thread_ts: str) -> None:
        remove_thread(deps, team_id, channel_id, thread_ts)

    @workflow("remove_thread", max_attempts=_MAX_BEGINNINGS)
    def remove_thread_workflow(team_id: str, channel_id: str, thread_ts: str) -> None:
        remove_thread_step(team_id, channel_id, thread_ts)
