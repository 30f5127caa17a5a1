"""Opening and answering cases about labels."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from annotation.formats import FormatError
from annotation.formats.reading import read_clock
from bot import ids
from bot.deps import Deps
from bot.presses import read_press
from bot.show import publish_home
from bot.use_cases import appeal_label, reassign_cases
from bot.use_cases.appeal_label import AppealWords
from bot.use_cases.manage_cohorts import FormError
from bot.view_payloads import read_submission
from bot.views.appeal import build_answer_view, build_appeal_view, build_choose_view

_FIELDS = {
    "start": ids.APPEAL_START,
    "end": ids.APPEAL_END,
    "right": ids.APPEAL_RIGHT,
    "sentence": ids.APPEAL_SENTENCE,
    "reviewer": ids.APPEAL_REVIEWER,
    "verdict": ids.APPEAL_VERDICT,
    "reply": ids.APPEAL_REPLY,
}


def handle_open(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the form."""
    press = read_press(body)
    form = appeal_label.appeal_form(deps, press.person, press.value)
    ack()
    view = build_appeal_view(form.clip_id, form.clip_name, form.speakers, form.reviewers)
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), view)


def handle_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the case."""
    given = read_submission(body)
    times: dict[str, float] = {}
    faults: dict[str, str] = {}
    for block_id, what in ((ids.APPEAL_START, "From"), (ids.APPEAL_END, "Until")):
        try:
            times[block_id] = read_clock(given.typed(block_id), what)
        except FormatError as error:
            faults[block_id] = str(error)
    if faults:
        ack(response_action="errors", errors=faults)
        return
    words = AppealWords(
        start_s=times[ids.APPEAL_START],
        end_s=times[ids.APPEAL_END],
        label_given=given.chosen(ids.APPEAL_GIVEN),
        label_right=given.chosen(ids.APPEAL_RIGHT),
        sentence=given.typed(ids.APPEAL_SENTENCE),
        reviewer_id=given.chosen(ids.APPEAL_REVIEWER),
        shares_words="words" in given.ticked(ids.APPEAL_WORDS),
    )
    try:
        appeal_label.open_case(deps, given.person, given.clip_id, words)
    except FormError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    ack()
    publish_home(deps, given.person)


def handle_answer(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the case and the form for its answer."""
    press = read_press(body)
    case = appeal_label.case_to_answer(deps, press.person, press.value)
    ack()
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), build_answer_view(case))


def handle_answer_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Answer the case."""
    given = read_submission(body)
    verdict, reply = given.chosen(ids.APPEAL_VERDICT), given.typed(ids.APPEAL_REPLY)
    try:
        appeal_label.answer_case(deps, given.person, str(given.metadata.get("case")), verdict, reply)
    except FormError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    ack()
    publish_home(deps, given.person)


def handle_choose(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show who could answer instead."""
    press = read_press(body)
    case, reviewers = reassign_cases.choice_of_reviewer(deps, press.person, press.value)
    ack()
    view = build_choose_view(case, reviewers)
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), view)


def handle_choose_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Give the case to somebody else."""
    given = read_submission(body)
    case_id, reviewer_id = str(given.metadata.get("case")), given.chosen(ids.APPEAL_REVIEWER)
    try:
        reassign_cases.choose_reviewer(deps, given.person, case_id, reviewer_id)
    except FormError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    ack()
    publish_home(deps, given.person)


ACTIONS = {
    ids.APPEAL_OPEN: handle_open,
    ids.APPEAL_ANSWER: handle_answer,
    ids.APPEAL_CHOOSE: handle_choose,
}
VIEWS = {
    ids.APPEAL_SAVE: handle_save,
    ids.APPEAL_ANSWER_SAVE: handle_answer_save,
    ids.APPEAL_CHOOSE_SAVE: handle_choose_save,
}


def register(app: App, deps: Deps) -> None:
    """Bind the modals of cases."""
    for callback_id, listener in VIEWS.items():
        app.view(callback_id)(partial(listener, deps=deps))
