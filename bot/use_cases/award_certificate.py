"""A certificate for who passed: issued once, drawn, and sent once. Runs as a job; safe to repeat."""

from bot.certificate import Award, draw_certificate, read_id, tidy_name
from bot.deps import Deps
from bot.people import Person
from bot.use_cases.course_state import module_as_of
from bot.use_cases.say_once import say_once
from bot.views.test import build_certificate_message
from storage.certificates import Certificate


def issue_certificate(deps: Deps, person: Person, attempt_id: str) -> str | None:
    """Store who passed, and return the certificate's id; None when the attempt is gone."""
    name = tidy_name(deps.messenger_for(person.team_id).profile(person.user_id).name)
    with deps.database.begin() as tx:
        attempt = tx.attempts.get(person.team_id, attempt_id)
        if attempt is None or attempt.finished_at is None:
            return None
        module = module_as_of(deps, tx, attempt.content_version)
        quiz = module.quiz(attempt.quiz_id)
        if quiz is None:
            return None
        issued = Certificate(
            team_id=person.team_id,
            certificate_id=deps.new_id(),
            user_id=person.user_id,
            module_id=module.id,
            module_title=module.title,
            attempt_id=attempt_id,
            name=name,
            num_correct=attempt.num_correct or 0,
            num_questions=len(quiz.questions),
            passed_at=attempt.finished_at,
        )
        return tx.certificates.issue(issued).certificate_id


def send_certificate(deps: Deps, person: Person, certificate_id: str, channel_id: str) -> None:
    """Upload the picture and post it in the learner's direct messages, once."""
    with deps.database.begin() as tx:
        issued = tx.certificates.get(person.team_id, certificate_id)
    if issued is None:
        return
    picture = draw_certificate(award_of(issued))
    file_id = _upload(deps, issued, picture.png, picture.alt_text)
    _say(deps, issued, channel_id, file_id, picture.alt_text)


def say_certificate(deps: Deps, person: Person, certificate_id: str, channel_id: str) -> None:
    """Post the certificate in words, where its picture could not be uploaded; nothing when it is there already."""
    with deps.database.begin() as tx:
        issued = tx.certificates.get(person.team_id, certificate_id)
    if issued is not None:
        _say(deps, issued, channel_id, None, draw_certificate(award_of(issued)).alt_text)


def _say(deps: Deps, issued: Certificate, channel_id: str, file_id: str | None, alt_text: str) -> None:
    message = build_certificate_message(award_of(issued), file_id, alt_text)
    say_once(deps, issued.team_id, f"certificate:{issued.certificate_id}", channel_id, message)


def verify_certificate(deps: Deps, team_id: str, typed: str) -> Certificate | None:
    """Return the certificate with that id in this workspace, or None."""
    with deps.database.begin() as tx:
        return tx.certificates.get(team_id, read_id(typed))


def award_of(issued: Certificate) -> Award:
    """Return what the certificate says."""
    return Award(
        name=issued.name,
        module_title=issued.module_title,
        num_correct=issued.num_correct,
        num_questions=issued.num_questions,
        passed_at=issued.passed_at,
        certificate_id=issued.certificate_id,
    )


def _upload(deps: Deps, issued: Certificate, png: bytes, alt_text: str) -> str:
    """Upload the picture unless it is there; one whose bytes may not have arrived is taken back first."""
    if issued.file_id and issued.is_sent:
        return issued.file_id
    messenger = deps.messenger_for(issued.team_id)
    if issued.file_id:
        messenger.delete_file(issued.file_id)
    file_id, upload_url = messenger.start_upload("certificate.png", len(png), alt_text)
    with deps.database.begin() as tx:
        tx.certificates.set_file(issued.team_id, issued.certificate_id, file_id, is_sent=False)
    messenger.send_bytes(upload_url, png)
    messenger.finish_upload(file_id, "Certificate")
    with deps.database.begin() as tx:
        tx.certificates.set_file(issued.team_id, issued.certificate_id, file_id, is_sent=True)
    return file_id
