"""A learner says that a label is wrong; a reviewer whom they name answers; both see all of the case."""

from dataclasses import dataclass

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError, NotYoursError, PersonError
from bot.people import Person
from bot.use_cases.clip_labels import own_labels
from bot.use_cases.manage_cohorts import FormError
from bot.use_cases.reassign_cases import NoReviewerError, due_day, reviewers_for
from bot.use_cases.tell_of_case import ask_to_tell, ask_to_tidy
from storage.appeals import Appeal
from storage.transaction import Transaction

_MAX_SENTENCE = 500
_MAX_ANSWER = 1000
#: Rounding of typed times.
_SLACK_S = 0.5


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
    with deps.database.read() as tx:
        clip, found = own_labels(tx, person, clip_id)
        reviewers = reviewers_for(tx, person)
    if not reviewers:
        raise NoReviewerError
    return AppealForm(clip_id, clip.name, tuple(found.annotation.speakers), tuple(reviewers))


def open_case(deps: Deps, person: Person, clip_id: str, given: AppealWords) -> Appeal:
    """Store the case and ask for both sides to be told, in one commit."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip, found = own_labels(tx, person, clip_id)
        _check(given, found.duration_s)
        if given.reviewer_id not in {user_id for user_id, _ in reviewers_for(tx, person)}:
            raise FormError("reviewer", "They are no reviewer any more. Choose somebody else.")
        words = [
            word.text.strip()
            for word in found.words
            if given.start_s <= (word.start_s + word.end_s) / 2 <= given.end_s
        ]
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
            due_on=due_day(deps, tx, person.team_id, given.reviewer_id),
            opened_at=now,
        )
        tx.appeals.open(case)
        detail = {"reviewer": case.reviewer_id, "words": case.words is not None}
        tx.audit.append(person.team_id, person.user_id, "case_opened", f"case:{case.case_id}", detail, now)
        ask_to_tell(tx, person.team_id, case.case_id, "opened")
    return case


def case_to_answer(deps: Deps, person: Person, case_id: str) -> Appeal:
    """Return an open case of the reviewer's own."""
    with deps.database.read() as tx:
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
        ask_to_tell(tx, person.team_id, case_id, "answered")
        ask_to_tidy(tx, person.team_id, [case_id], "answered")
    return case


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
