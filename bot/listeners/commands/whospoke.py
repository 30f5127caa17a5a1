"""`/whospoke start | progress | verify ID | privacy | help`; anything else answers with help."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.messenger import Message
from bot.people import Person
from bot.presses import person_of
from bot.show import show_in_dm
from bot.use_cases.award_certificate import award_of, verify_certificate
from bot.use_cases.continue_course import continue_course
from bot.use_cases.forget_me import what_is_held
from bot.use_cases.practise import start_practice
from bot.use_cases.report_progress import report_progress
from bot.views.help import build_help_message, build_remark_message, build_started_message
from bot.views.home import build_progress_message
from bot.views.privacy import build_privacy_message
from bot.views.test import build_verified_message


def handle_whospoke(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Answer the command; `start` also shows the course in direct messages."""
    person, word = person_of(body), (body.get("text") or "").strip().lower()
    if word == "start":
        screen = continue_course(deps, person)
        _answer(ack, build_started_message(offers_together=body.get("channel_name") != "directmessage"))
        show_in_dm(deps, person, screen)
    elif word == "practice":
        start_practice(deps, person)
        _answer(ack, build_remark_message("A practice clip is on its way to our direct messages."))
    else:
        _answer(ack, _said(deps, person, word))


def _said(deps: Deps, person: Person, word: str) -> Message:
    if word == "progress":
        return build_progress_message(report_progress(deps, person))
    if word == "verify" or word.startswith("verify "):
        typed = word.removeprefix("verify").strip()
        found = verify_certificate(deps, person.team_id, typed)
        return build_verified_message(award_of(found) if found else None, typed)
    if word == "privacy":
        return build_privacy_message(what_is_held(deps, person))
    return build_help_message()


def _answer(ack: Ack, message: Message) -> None:
    ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
