"""Jobs about scores and practice: each workflow is its steps in order and nothing else."""

from bot.deps import Deps
from bot.retry_policy import step
from bot.use_cases.doubt_clip import show_how_sure
from bot.use_cases.hold_clip import Scored
from bot.use_cases.practise import send_practice
from bot.use_cases.score_clip import show_score
from bot.use_cases.show_clip import show_again
from bot.use_cases.take_labels import take_waiting_labels
from storage.jobs import workflow

_MAX_BEGINNINGS = 20


def register_score_jobs(deps: Deps) -> None:
    """Declare the workflows, bound to their collaborators."""

    @step("score_clip.show", max_attempts=6)
    def score(team_id: str, clip_id: str, scored: Scored, nonce: str) -> None:
        show_score(deps, team_id, clip_id, scored, nonce)

    @workflow("score_clip", max_attempts=_MAX_BEGINNINGS)
    def score_clip_workflow(team_id: str, clip_id: str, scored: Scored, nonce: str) -> None:
        score(team_id, clip_id, scored, nonce)

    @step("show_doubt.show", max_attempts=6)
    def doubt(team_id: str, clip_id: str, nonce: str) -> None:
        show_how_sure(deps, team_id, clip_id, nonce)

    @workflow("show_doubt", max_attempts=_MAX_BEGINNINGS)
    def show_doubt_workflow(team_id: str, clip_id: str, nonce: str) -> None:
        doubt(team_id, clip_id, nonce)

    @step("show_clip_again.show", max_attempts=6)
    def again(team_id: str, clip_id: str) -> None:
        show_again(deps, team_id, clip_id)

    @workflow("show_clip_again", max_attempts=_MAX_BEGINNINGS)
    def show_clip_again_workflow(team_id: str, clip_id: str) -> None:
        again(team_id, clip_id)

    @step("take_waiting_labels.take", max_attempts=6)
    def take_waiting(team_id: str, clip_id: str) -> None:
        take_waiting_labels(deps, team_id, clip_id)

    @workflow("take_waiting_labels", max_attempts=_MAX_BEGINNINGS)
    def take_waiting_labels_workflow(team_id: str, clip_id: str) -> None:
        take_waiting(team_id, clip_id)

    @step("send_practice.send", max_attempts=6)
    def practice(team_id: str, user_id: str, clip_id: str) -> None:
        send_practice(deps, team_id, user_id, clip_id)

    @workflow("send_practice", max_attempts=_MAX_BEGINNINGS)
    def send_practice_workflow(team_id: str, user_id: str, clip_id: str) -> None:
        practice(team_id, user_id, clip_id)
