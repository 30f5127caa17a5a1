"""The jobs of the course: the Home tab after each step, certificates, and daily review."""

from bot.deps import Deps
from bot.people import Person
from bot.retry_policy import step
from bot.show import dm_channel, publish_home
from bot.use_cases.award_certificate import issue_certificate, say_certificate, send_certificate
from bot.use_cases.review_cards import call_for_review
from bot.use_cases.send_review import send_review
from storage.job_runner import ScheduleSpec
from storage.jobs import StepFailedError, workflow

_EVERY_QUARTER_HOUR = "*/15 * * * *"  # some time zones are a quarter or half of an hour apart from UTC


def register_course_jobs(deps: Deps) -> list[ScheduleSpec]:
    """Declare the workflows, bound to their collaborators; returns what begins by the clock."""

    @step("refresh_home.show", max_attempts=3)
    def refresh(team_id: str, user_id: str) -> None:
        publish_home(deps, Person(team_id, user_id))

    @workflow("refresh_home")
    def refresh_home_workflow(team_id: str, user_id: str) -> None:
        refresh(team_id, user_id)

    _register_certificates(deps)

    @step("send_review.send", max_attempts=6)
    def send_handful(team_id: str, user_id: str) -> None:
        person = Person(team_id, user_id)
        send_review(deps, person, dm_channel(deps, person))

    @workflow("send_review", max_attempts=20)
    def send_review_workflow(team_id: str, user_id: str) -> None:
        send_handful(team_id, user_id)

    @step("review.call", max_attempts=3)
    def call() -> int:
        return call_for_review(deps)

    @workflow("review")
    def review_workflow(_when: str, _context: None) -> None:
        call()

    return [ScheduleSpec("review", review_workflow, _EVERY_QUARTER_HOUR, "nightly")]


def _register_certificates(deps: Deps) -> None:
    @step("award_certificate.issue", max_attempts=6)
    def issue(team_id: str, user_id: str, attempt_id: str) -> str | None:
        return issue_certificate(deps, Person(team_id, user_id), attempt_id)

    @step("award_certificate.send", max_attempts=6)
    def send(team_id: str, user_id: str, certificate_id: str) -> None:
        person = Person(team_id, user_id)
        send_certificate(deps, person, certificate_id, dm_channel(deps, person))
        publish_home(deps, person)

    @step("award_certificate.say", max_attempts=6)
    def say(team_id: str, user_id: str, certificate_id: str) -> None:
        person = Person(team_id, user_id)
        say_certificate(deps, person, certificate_id, dm_channel(deps, person))

    @workflow("award_certificate", max_attempts=20)
    def award_certificate_workflow(team_id: str, user_id: str, attempt_id: str) -> None:
        certificate_id = issue(team_id, user_id, attempt_id)
        if not certificate_id:
            return
        try:
            send(team_id, user_id, certificate_id)
        except StepFailedError:
            say(team_id, user_id, certificate_id)
