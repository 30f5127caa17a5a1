"""Jobs of the labs: each workflow is its steps in order and nothing else."""

from bot.deps import Deps
from bot.retry_policy import step
from bot.use_cases.answer_lab_turn import (
    open_reply,
    show_debrief,
    show_judged,
    show_reply,
    unsay_reply,
    write_reply,
)
from bot.use_cases.export_labs import export_labs
from bot.use_cases.open_lab import open_lab
from bot.use_cases.show_writing import Manner
from storage.jobs import current_job_id, workflow

#: A bot that is stopped again and again, as by a run of deployments, must not lose what people said.
_MAX_BEGINNINGS = 20


def register_lab_jobs(deps: Deps) -> None:
    """Declare the labs' workflows, bound to their collaborators."""
    _register_replies(deps)

    @step("open_lab.open", max_attempts=6)
    def open_lab_step(team_id: str, user_id: str, lab_id: str, session_id: str) -> None:
        open_lab(deps, team_id, user_id, lab_id, session_id)

    @workflow("open_lab", max_attempts=_MAX_BEGINNINGS)
    def open_lab_workflow(team_id: str, user_id: str, lab_id: str, session_id: str) -> None:
        open_lab_step(team_id, user_id, lab_id, session_id)

    @step("unsay_lab_reply.unsay", max_attempts=6)
    def unsay(team_id: str, session_id: str, turn_id: str) -> None:
        unsay_reply(deps, team_id, session_id, turn_id)

    @workflow("unsay_lab_reply", max_attempts=_MAX_BEGINNINGS)
    def unsay_lab_reply_workflow(team_id: str, session_id: str, turn_id: str) -> None:
        unsay(team_id, session_id, turn_id)

    @step("judge_lab_turn.judge", max_attempts=6)
    def judge(team_id: str, session_id: str, turn_id: str) -> None:
        show_judged(deps, team_id, session_id, turn_id)

    @workflow("judge_lab_turn", max_attempts=_MAX_BEGINNINGS)
    def judge_lab_turn_workflow(team_id: str, session_id: str, turn_id: str) -> None:
        judge(team_id, session_id, turn_id)

    @step("export_labs.send", max_attempts=6)
    def export(team_id: str, user_id: str, job_id: str) -> None:
        export_labs(deps, team_id, user_id, job_id)

    @workflow("export_labs", max_attempts=_MAX_BEGINNINGS)
    def export_labs_workflow(team_id: str, user_id: str) -> None:
        export(team_id, user_id, str(current_job_id()))

    @step("debrief_lab.show", max_attempts=6)
    def debrief(team_id: str, session_id: str, user_id: str, job_id: str) -> None:
        show_debrief(deps, team_id, session_id, user_id, job_id)

    @workflow("debrief_lab", max_attempts=_MAX_BEGINNINGS)
    def debrief_lab_workflow(team_id: str, session_id: str, user_id: str) -> None:
        debrief(team_id, session_id, user_id, str(current_job_id()))


def _register_replies(deps: Deps) -> None:
    @step("answer_lab_turn.open", max_attempts=6)
    def open_(team_id: str, session_id: str, turn_id: str) -> Manner | None:
        return open_reply(deps, team_id, session_id, turn_id)

    @step("answer_lab_turn.write", max_attempts=6)
    def write(team_id: str, session_id: str, turn_id: str, manner: Manner) -> None:
        write_reply(deps, team_id, session_id, turn_id, manner)

    @step("answer_lab_turn.show", max_attempts=6)
    def show(team_id: str, session_id: str, turn_id: str, manner: Manner) -> None:
        show_reply(deps, team_id, session_id, turn_id, manner)

    @workflow("answer_lab_turn", max_attempts=_MAX_BEGINNINGS)
    def answer_lab_turn_workflow(team_id: str, session_id: str, turn_id: str) -> None:
        if manner := open_(team_id, session_id, turn_id):
            write(team_id, session_id, turn_id, manner)
            show(team_id, session_id, turn_id, manner)
