"""The jobs of those who look after learners: lists, pictures, reminders, exports, cases."""

from bot.deps import Deps
from bot.people import Person
from bot.show import dm_channel, publish_home
from bot.use_cases.appeal_label import tell_of_case
from bot.use_cases.draw_cohort import draw_cohort
from bot.use_cases.enrol_people import read_roster
from bot.use_cases.export_cohort import export_cohort, send_text_file
from bot.use_cases.remind_learners import ask_for_reminders, send_reminder
from bot.use_cases.say_once import say_once
from bot.use_cases.tell_channels import congratulate, post_digests
from bot.views.manager_modals import build_report_message, faults_file
from storage.job_runner import ScheduleSpec
from storage.jobs import step, workflow

_EVERY_QUARTER_HOUR = "*/15 * * * *"  # some time zones are a quarter or half of an hour apart from UTC


def register_manager_jobs(deps: Deps) -> list[ScheduleSpec]:
    """Declare the workflows, bound to their collaborators; returns what begins by the clock."""
    _register_cohort_jobs(deps)

    # One attempt: after a crash the claim is there already, and nothing is posted again.
    @step("send_reminder.send", max_attempts=1)
    def send(
        team_id: str, user_id: str, cohort_id: str, kind: str, actor_id: str | None, day: str | None
    ) -> None:
        send_reminder(deps, team_id, user_id, cohort_id, kind, actor_id, day)

    @workflow("send_reminder")
    def send_reminder_workflow(
        team_id: str, user_id: str, cohort_id: str, kind: str, actor_id: str | None, day: str | None
    ) -> None:
        send(team_id, user_id, cohort_id, kind, actor_id, day)

    @step("tell_of_case.tell", max_attempts=8)
    def tell(team_id: str, case_id: str, what: str) -> None:
        for user_id in tell_of_case(deps, team_id, case_id, what):
            publish_home(deps, Person(team_id, user_id))

    @workflow("tell_of_case", max_attempts=20)
    def tell_of_case_workflow(team_id: str, case_id: str, what: str) -> None:
        tell(team_id, case_id, what)

    @step("reminders.ask", max_attempts=3)
    def ask() -> None:
        ask_for_reminders(deps)
        congratulate(deps)
        post_digests(deps)

    @workflow("reminders")
    def reminders_workflow(_when: str, _context: None) -> None:
        ask()

    return [ScheduleSpec("reminders", reminders_workflow, _EVERY_QUARTER_HOUR, "nightly")]


def _register_cohort_jobs(deps: Deps) -> None:
    @step("read_roster.read", max_attempts=4)
    def read(team_id: str, roster_id: str) -> None:
        report_roster(deps, team_id, roster_id)

    @workflow("read_roster")
    def read_roster_workflow(team_id: str, roster_id: str) -> None:
        read(team_id, roster_id)

    @step("draw_cohort.draw", max_attempts=3)
    def draw(team_id: str, cohort_id: str, fingerprint: str, user_id: str) -> None:
        if draw_cohort(deps, team_id, cohort_id, fingerprint, user_id):
            publish_home(deps, Person(team_id, user_id))

    @workflow("draw_cohort")
    def draw_cohort_workflow(team_id: str, cohort_id: str, fingerprint: str, user_id: str) -> None:
        draw(team_id, cohort_id, fingerprint, user_id)

    @step("export_cohort.export", max_attempts=3)
    def export(team_id: str, cohort_id: str, user_id: str) -> None:
        export_cohort(deps, team_id, cohort_id, user_id)

    @workflow("export_cohort")
    def export_cohort_workflow(team_id: str, cohort_id: str, user_id: str) -> None:
        export(team_id, cohort_id, user_id)


def report_roster(deps: Deps, team_id: str, roster_id: str) -> None:
    """Read a list, and tell the manager what became of it."""
    with deps.database.begin() as tx:
        asked = tx.cohorts.roster(team_id, roster_id)
    report = read_roster(deps, team_id, roster_id)
    if asked is None or report is None:
        return
    manager = Person(team_id, asked.actor_id)
    channel_id = dm_channel(deps, manager)
    say_once(deps, team_id, f"roster:{roster_id}", channel_id, build_report_message(report))
    if faults := faults_file(report):
        send_text_file(deps, team_id, channel_id, "faults.txt", faults)
    publish_home(deps, manager)
