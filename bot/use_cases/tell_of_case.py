"""Writing to both sides of a case, and taking back what was written. Runs as jobs, one at a time in a workspace."""

from collections.abc import Iterable

from bot.deps import Deps
from bot.messenger import Message
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.say_once import say_once
from bot.views import appeal as views
from course.reminders import local_day
from storage.appeals import Appeal
from storage.transaction import Transaction

#: Kinds of news that hold only as long as the case waits for that day.
_WHILE_OPEN = frozenset({"due", "overdue"})


def ask_to_tell(tx: Transaction, team_id: str, case_id: str, what: str) -> None:
    """Have those told whom it concerns; `what` is a kind of news and, where it may come again, a stamp."""
    tx.jobs.enqueue(
        "tell_of_case",
        "managers",
        f"case:{team_id}:{case_id}:{what}",
        team_id,
        case_id,
        what,
        partition_key=team_id,
    )


def ask_to_tidy(tx: Transaction, team_id: str, case_ids: Iterable[str], why: str) -> None:
    """Have the messages about cases say no more than the cases do, or go with them."""
    for case_id in case_ids:
        tx.jobs.enqueue(
            "tidy_case",
            "managers",
            f"tidy:{team_id}:{case_id}:{why}",
            team_id,
            case_id,
            partition_key=team_id,
        )


def forget_words_of(tx: Transaction, team_id: str, clip_id: str) -> None:
    """Let a clip's words in cases go when the clip goes, wherever we showed them."""
    ask_to_tidy(tx, team_id, tx.appeals.forget_words(team_id, clip_id), "words")


def forget_cases_of(tx: Transaction, person: Person) -> None:
    """Let a learner's cases go, and every message about them."""
    cases = tx.appeals.of_user(person.team_id, person.user_id)
    tx.appeals.delete(person.team_id, person.user_id)
    ask_to_tidy(tx, person.team_id, [case.case_id for case in cases], "forgotten")


def tell_of_case(deps: Deps, team_id: str, case_id: str, what: str) -> list[str]:
    """Write to those whom the news concerns; returns them."""
    with deps.database.begin() as tx:
        case = tx.appeals.get(team_id, case_id)
    if case is None:
        return []
    told = _messages(deps, case, what)
    for user_id, message in told.items():
        channel_id = dm_channel(deps, Person(team_id, user_id))
        say_once(deps, team_id, f"case:{case_id}:{what}:{user_id}", channel_id, message)
    return list(told)


def tidy_case(deps: Deps, team_id: str, case_id: str) -> None:
    """Make the messages about a case say what the case says now; those that do not hold any more go."""
    with deps.database.begin() as tx:
        case = tx.appeals.get(team_id, case_id)
        posts = tx.posts.beginning(team_id, f"case:{case_id}:")
    messenger = deps.messenger_for(team_id)
    for post in posts:
        what, user_id = post.key.split(":")[2:4]
        if post.ts is None:
            continue
        message = _messages(deps, case, what).get(user_id) if case else None
        if message:
            messenger.update(post.channel_id, post.ts, message)
        else:
            messenger.delete(post.channel_id, post.ts)


def _messages(deps: Deps, case: Appeal, what: str) -> dict[str, Message]:
    """Return what each side reads of a kind of news as the case stands now; nobody what does not hold any more."""
    kind, _, stamp = what.partition(".")
    with deps.database.begin() as tx:
        known = tx.people.get(case.team_id, case.reviewer_id)
    today = local_day(known.zone if known else None, deps.now())
    if kind in _WHILE_OPEN and (case.state != "open" or stamp != case.due_on.isoformat()):
        return {}
    asked = {} if case.state == "unassigned" else {case.reviewer_id: views.build_case_message(case)}
    told: dict[str, dict[str, Message]] = {
        "opened": {case.user_id: views.build_opened_message(case), **asked},
        "unassigned": {case.user_id: views.build_unassigned_message(case)},
        "due": {case.reviewer_id: views.build_due_message(case, today)},
        "overdue": {case.user_id: views.build_overdue_message(case)},
        "answered": {case.user_id: views.build_answered_message(case)},
    }
    return told["opened" if kind == "again" else kind]
