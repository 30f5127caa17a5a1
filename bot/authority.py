"""Who may do what. Every deed of a manager or reviewer asks here first, with the presser's own id and workspace.

What a button or a modal carries is never trusted: it may be forged, or older than the role.
"""

from typing import Final

from bot.errors import PersonError
from bot.people import Person
from storage.transaction import Transaction

#: Deed -> the roles of which one is needed.
NEEDED: Final = {
    "look": frozenset({"manager"}),
    "appoint": frozenset({"manager"}),
    "dismiss": frozenset({"manager"}),
    "make_cohort": frozenset({"manager"}),
    "enrol": frozenset({"manager"}),
    "edit": frozenset({"manager"}),
    "archive": frozenset({"manager"}),
    "restore": frozenset({"manager"}),
    "switch_digest": frozenset({"manager"}),
    "pause": frozenset({"manager"}),
    "resume": frozenset({"manager"}),
    "reset": frozenset({"manager"}),
    "extend": frozenset({"manager"}),
    "move": frozenset({"manager"}),
    "take_out": frozenset({"manager"}),
    "nudge": frozenset({"manager"}),
    "export": frozenset({"manager"}),
    "answer_appeal": frozenset({"reviewer"}),
}


class NotAllowedError(PersonError):
    """That is for managers of this course, so nothing was changed. Ask one of them, or to become one."""


def authorise(tx: Transaction, person: Person, deed: str) -> None:
    """Raise `NotAllowedError` unless the person has a role that the deed needs, here and now."""
    if not tx.roles.of(person.team_id, person.user_id) & NEEDED[deed]:
        if NEEDED[deed] == {"reviewer"}:
            raise NotAllowedError("That is for reviewers, so nothing was changed. A manager can appoint you.")
        raise NotAllowedError
