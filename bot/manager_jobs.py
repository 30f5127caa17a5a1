"""The jobs of those who look after learners: lists, pictures, reminders, exports, cases."""

from bot.deps import Deps
from bot.people import Person
from bot.retry_policy import step
from bot.show import dm_channel, publish_home
from bot.use_cases.draw_cohort import draw_cohort
from bot.use_cases.enrol_people import give_up_roster, read_roster
from bot.use_cases.export_cohort import apologise_for_export, export_cohort, send_text_file
from bot.use_cases.follow_people import follow_everybody
from bot.use_cases.nudge_learners import nudge_cohort
from bot.use_cases.reassign_cases import remind_of_cases
from bot.use_cases.remind_learners import ask_for_reminders, send_reminder
from bot.use_cases.say_once import say_once
from bot.use_cases.tell_channels import congratulate, post_digests
from bot.use_cases.tell_learner import greet_newcomers, tell_learner
from bot.use_cases.tell_of_case import tell_of_case, tidy_case
from bot.views.learner_words import Change
from bot.views.roster_report import build_report_message, faults_file
from storage.job_runner import ScheduleSpec
from storage.jobs import StepFailedError, current_job_id, workflow

_EVERY_QUARTER_HOUR = "*/15 * * * *"  # some time zones are a quarter or half of an hour apart from UTC
_NIGHTLY = "41 2 * * *"
#: A stopped bot must not lose what people were promised.
_MAX_BEGINNINGS = 20


def register_manager_jobs(deps: Deps) -> list[ScheduleSpec]:
    """Declare the workflows, bound to their collaborators; returns what begins by the clock."""
    _register_cohort_jobs(deps)
    _register_files(deps)
    _register_words(deps)

    @step("reminders.ask", max_attempts=3)
    def ask() -> None:
        ask_for_reminders(deps)
        greet_newcomers(deps)
        remind_of_cases(deps)
        congratulate(deps)
        post_digests(deps)

    @workflow("reminders")
    def reminders_workflow(_when: str, _context: None) -> None:
        ask()

    @step("directory.follow", max_attempts=3)
    def follow() -> int:
        return follow_everybody(deps)

    @workflow("directory")
    def directory_workflow(_when: str, _context: None) -> None:
        follow()

    return [
        ScheduleSpec("reminders", reminders_workflow, _EVERY_QUARTER_HOUR, "nightly"),
        ScheduleSpec("directory", directory_workflow, _NIGHTLY, "nightly"),
    ]


def _register_words(deps: Deps) -> None:
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

    @step("tell_learner.tell", max_attempts=6)
    def tell_of_change(team_id: str, user_id: str, cohort_id: str, change: Change, stamp: str) -> None:
        tell_learner(deps, team_id, user_id, cohort_id, change, stamp)

    @workflow("tell_learner", max_attempts=_MAX_BEGINNINGS)
    def tell_learner_workflow(team_id: str, user_id: str, cohort_id: str, change: Change, stamp: str) -> None:
        tell_of_change(team_id, user_id, cohort_id, change, stamp)

    @step("tell_of_case.tell", max_attempts=6)
    def tell(team_id: str, case_id: str, what: str) -> None:
        for user_id in tell_of_case(deps, team_id, case_id, what):
            publish_home(deps, Person(team_id, user_id))

    @workflow("tell_of_case", max_attempts=_MAX_BEGINNINGS)
    def tell_of_case_workflow(team_id: str, case_id: str, what: str) -> None:
        tell(team_id, case_id, what)

    @step("tidy_case.tidy", max_attempts=6)
    def tidy(team_id: str, case_id: str) -> None:
        tidy_case(deps, team_id, case_id)

    @workflow("tidy_case", max_attempts=_MAX_BEGINNINGS)
    def tidy_case_workflow(team_id: str, case_id: str) -> None:
        tidy(team_id, case_id)


def _register_cohort_jobs(deps: Deps) -> None:
    @step("nudge_cohort.nudge", max_attempts=4)
    def nudge(team_id: str, cohort_id: str, user_id: str | None, actor_id: str) -> int:
        return nudge_cohort(deps, team_id, cohort_id, user_id, actor_id)

    @workflow("nudge_cohort", max_attempts=_MAX_BEGINNINGS)
    def nudge_cohort_workflow(team_id: str, cohort_id: str, user_id: str | None, actor_id: str) -> None:
        nudge(team_id, cohort_id, user_id, actor_id)

    @step("draw_cohort.draw", max_attempts=3)
    def draw(team_id: str, cohort_id: str, fingerprint: str, user_id: str) -> None:
        if draw_cohort(deps, team_id, cohort_id, fingerprint, user_id):
            publish_home(deps, Person(team_id, user_id))

    @workflow("draw_cohort")
    def draw_cohort_workflow(team_id: str, cohort_id: str, fingerprint: str, user_id: str) -> None:
        draw(team_id, cohort_id, fingerprint, user_id)


def _register_files(deps: Deps) -> None:
    @step("read_roster.read", max_attempts=6)
    def read(team_id: str, roster_id: str) -> None:
        report_roster(deps, team_id, roster_id)

    @step("read_roster.give_up", max_attempts=6, interval_s=5.0)
    def give_up(team_id: str, roster_id: str) -> None:
        give_up_roster(deps, team_id, roster_id)
        report_roster(deps, team_id, roster_id)

    @workflow("read_roster", max_attempts=_MAX_BEGINNINGS)
    def read_roster_workflow(team_id: str, roster_id: str) -> None:
        try:
            read(team_id, roster_id)
        except StepFailedError:
            give_up(team_id, roster_id)

    @step("export_cohort.export", max_attempts=4)
    def export(team_id: str, cohort_id: str, user_id: str) -> None:
        export_cohort(deps, team_id, cohort_id, user_id)

    @step("export_cohort.apologise", max_attempts=6, interval_s=5.0)
    def apologise(team_id: str, cohort_id: str, user_id: str, key: str) -> None:
        apologise_for_export(deps, team_id, cohort_id, user_id, key)

    @workflow("export_cohort", max_attempts=_MAX_BEGINNINGS)
    def export_cohort_workflow(team_id: str, cohort_id: str, user_id: str) -> None:
        try:
            export(team_id, cohort_id, user_id)
        except StepFailedError:
            apologise(team_id, cohort_id, user_id, f"{current_job_id()}:failed")


def report_roster(deps: Deps, team_id: str, roster_id: str) -> None:
    """Read a list, and tell the manager what became of it; what was read before is told all the same."""
    with deps.database.read() as tx:
        asked = tx.rosters.get(team_id, roster_id)
    report = read_roster(deps, team_id, roster_id)
    if asked is None or report is None:
        return
    manager = Person(team_id, asked.actor_id)
    channel_id = dm_channel(deps, manager)
    say_once(deps, team_id, f"roster:{roster_id}", channel_id, build_report_message(report))
    if faults := faults_file(report):
        send_text_file(deps, team_id, channel_id, "faults.txt", faults)
    with deps.database.begin() as tx:
        tx.rosters.was_told(team_id, roster_id)
    publish_home(deps, manager)
