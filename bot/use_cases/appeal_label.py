"""A learner says that a label is wrong; a reviewer whom they name answers; both see all of the case."""

from dataclasses import dataclass

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError, NotYoursError, PersonError
from bot.messenger import Message
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.clip_labels import own_labels
from bot.use_cases.manage_cohorts import FormError
from bot.use_cases.say_once import say_once
from bot.views.appeal import build_answered_message, build_case_message, build_opened_message
from course.reminders import add_working_days, local_day
from storage.appeals import Appeal
from storage.transaction import Transaction

WORKING_DAYS = 5
_MAX_SENTENCE = 500
_MAX_ANSWER = 1000
#: Rounding of typed times.
_SLACK_S = 0.5


class NoReviewerError(PersonError):
    """Nobody here answers such cases yet. Ask a manager of the course to appoint a reviewer."""


@dataclass(frozen=True, slots=True)
class AppealForm:
    """What is needed to open a case."""

    clip_id: str
    clip_name: str
    speakers: tuple[str, ...]
    #: Ids and names.
    reviewers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AppealWords:
    """What the learner filled in."""

    start_s: float
    end_s: float
    label_given: str
    label_right: str
    sentence: str
    reviewer_id: str
    shares_words: bool


def appeal_form(deps: Deps, person: Person, clip_id: str) -> AppealForm:
    """Return what the form shows; raises where there are no labels, no reviewer, or the clip is somebody else's."""
    with deps.database.begin() as tx:
        clip, found = own_labels(tx, person, clip_id)
        reviewers = _reviewers(tx, person)
    if not reviewers:
        raise NoReviewerError
    return AppealForm(clip_id, clip.name, tuple(found.annotation.speakers), tuple(reviewers))


def open_case(deps: Deps, person: Person, clip_id: str, given: AppealWords) -> Appeal:
    """Store the case and ask for both sides to be told, in one commit."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip, found = own_labels(tx, person, clip_id)
        _check(given, found.duration_s)
        if given.reviewer_id not in {user_id for user_id, _ in _reviewers(tx, person)}:
            raise FormError("reviewer", "They are no reviewer any more. Choose somebody else.")
        words = [
            word.text.strip()
            for word in found.words
            if given.start_s <= (word.start_s + word.end_s) / 2 <= given.end_s
        ]
        known = tx.people.get(person.team_id, given.reviewer_id)
        case = Appeal(
            team_id=person.team_id,
            case_id=deps.new_id(),
            clip_id=clip_id,
            clip_at=clip.created_at,
            user_id=person.user_id,
            reviewer_id=given.reviewer_id,
            start_s=given.start_s,
            end_s=given.end_s,
            label_given=given.label_given,
            label_right=given.label_right,
            sentence=given.sentence.strip(),
            words=" ".join(words) if given.shares_words and words else None,
            state="open",
            due_on=add_working_days(local_day(known.zone if known else None, now), WORKING_DAYS),
            opened_at=now,
        )
        tx.appeals.open(case)
        detail = {"reviewer": case.reviewer_id, "words": case.words is not None}
        tx.audit.append(person.team_id, person.user_id, "case_opened", f"case:{case.case_id}", detail, now)
        _ask_to_tell(tx, case, "opened")
    return case


def case_to_answer(deps: Deps, person: Person, case_id: str) -> Appeal:
    """Return an open case of the reviewer's own."""
    with deps.database.begin() as tx:
        return _own_case(tx, person, case_id)


def answer_case(deps: Deps, person: Person, case_id: str, verdict: str, reply: str) -> Appeal:
    """Close a case with the reviewer's answer; the first one stands."""
    with deps.database.begin() as tx:
        _own_case(tx, person, case_id)
        reply = reply.strip()
        if not 1 <= len(reply) <= _MAX_ANSWER:
            raise FormError("reply", f"Write an answer of at most {_MAX_ANSWER} characters.")
        if verdict not in {"upheld", "declined"}:
            raise FormError("verdict", "Choose what you found.")
        if not tx.appeals.answer(person.team_id, case_id, verdict, reply, deps.now()):
            raise PersonError("This case was answered before; that answer stands.")
        detail = {"finding": verdict}
        tx.audit.append(
            person.team_id, person.user_id, "case_answered", f"case:{case_id}", detail, deps.now()
        )
        case = tx.appeals.get(person.team_id, case_id)
        assert case
        _ask_to_tell(tx, case, "answered")
    return case


def tell_of_case(deps: Deps, team_id: str, case_id: str, what: str) -> list[str]:
    """Write to those whom the news concerns; returns them. Runs as a job."""
    with deps.database.begin() as tx:
        case = tx.appeals.get(team_id, case_id)
    if case is None:
        return []
    told: dict[str, Message] = {case.user_id: build_answered_message(case)}
    if what == "opened":
        told = {case.user_id: build_opened_message(case), case.reviewer_id: build_case_message(case)}
    for user_id, message in told.items():
        channel_id = dm_channel(deps, Person(team_id, user_id))
        say_once(deps, team_id, f"case:{case_id}:{what}:{user_id}", channel_id, message)
    return list(told)


def _reviewers(tx: Transaction, person: Person) -> list[tuple[str, str]]:
    """Return who can answer: nobody decides a case of their own."""
    user_ids = [one for one in tx.roles.holders(person.team_id, "reviewer") if one != person.user_id]
    known = tx.people.of(person.team_id, user_ids)
    return [(one, known[one].name if one in known else one) for one in user_ids]


def _own_case(tx: Transaction, person: Person, case_id: str) -> Appeal:
    authorise(tx, person, "answer_appeal")
    case = tx.appeals.get(person.team_id, case_id)
    if case is None:
        raise NotThereAnyMoreError("That case is not there any more.")
    if case.reviewer_id != person.user_id:
        raise NotYoursError("Another reviewer was asked to answer this case, so nothing was changed.")
    return case


def _check(given: AppealWords, duration_s: float) -> None:
    if not 0 <= given.start_s < duration_s:
        raise FormError("start", "This has to be a time within the recording.")
    if not given.start_s < given.end_s <= duration_s + _SLACK_S:
        raise FormError("end", "This has to come after the beginning, within the recording.")
    if given.label_given == given.label_right:
        raise FormError("right", "Choose another label than the one that is there.")
    if not 1 <= len(given.sentence.strip()) <= _MAX_SENTENCE:
        raise FormError("sentence", f"Say in at most {_MAX_SENTENCE} characters what is wrong.")


def _ask_to_tell(tx: Transaction, case: Appeal, what: str) -> None:
    tx.jobs.enqueue(
        "tell_of_case",
        "managers",
        f"case:{case.team_id}:{case.case_id}:{what}",
        case.team_id,
        case.case_id,
        what,
        partition_key=case.team_id,
    )
