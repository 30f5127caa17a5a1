"""Reading lists of people: pasted, or as CSV. Every fault is named by its line; nothing is guessed."""

import csv
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.directory import Member

#: So much of a line is quoted back.
MAX_SHOWN = 60
#: More in one list would keep everybody else waiting.
MAX_LINES = 20_000
_HEADERS = {
    "user_id",
    "userid",
    "user",
    "id",
    "slack_id",
    "slack id",
    "member id",
    "email",
    "e-mail",
    "mention",
}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_EMAIL = re.compile(r"(?:<mailto:)?([^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+)(?:\|[^>]*>)?")
_APART = re.compile(r"[,;\s]+")
_BAD_QUOTES = "the quotation marks of this line do not match; a cell has to end in the line it begins in"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a list."""

    #: 1 for the first line.
    line: int
    text: str
    #: Why there is no name to be read in this line.
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be taken."""

    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text[:MAX_SHOWN]}: {self.reason}"


def read_entries(text: str) -> list[Entry]:
    """Return the names in a list: of a CSV with a header row its column, else everything that is set apart."""
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    header = [cell.strip().lower() for cell in _cells(first, delimiter) or []]
    column = next((n for n, cell in enumerate(header) if cell in _HEADERS), None)
    if column is None:
        return [
            Entry(number, part)
            for number, line in enumerate(lines, 1)
            for part in _APART.split(_together(line.strip()))
            if part
        ]
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return [
        entry
        for number, line in numbered[1:]
        if (entry := _entry(number, _cells(line, delimiter), column, line)) is not None
    ]


def _entry(number: int, cells: list[str] | None, column: int, line: str) -> Entry | None:
    """Return the name in a line of a CSV; None where all its cells are blank."""
    if cells is None:
        return Entry(number, line.strip(), _BAD_QUOTES)
    if not any(cell.strip() for cell in cells):
        return None
    return Entry(number, cells[column].strip() if column < len(cells) else "")


def _cells(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line, None where its quotes do not match.

    Each line is read by itself: a forgotten quotation mark must not swallow the lines after it.
    """
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def find_people(entries: Sequence[Entry], members: Collection[Member]) -> tuple[list[str], list[Fault]]:
    """Return the ids of the people in a list, each once, and what is wrong with it."""
    by_id = {member.user_id: member for member in members}
    by_email = {member.email.lower(): member for member in members if member.email}
    by_name: dict[str, set[str]] = {}
    for member in members:
        for name in {member.handle.lower(), member.display_name.lower()} - {""}:
            by_name.setdefault(name, set()).add(member.user_id)
    found: dict[str, None] = {}
    faults = []
    for entry in entries:
        member_or_reason = entry.fault or _find(entry.text, by_id, by_email, by_name)
        if isinstance(member_or_reason, str):
            faults.append(Fault(entry.line, entry.text, member_or_reason))
        elif reason := member_or_reason.why_not_a_learner():
            faults.append(Fault(entry.line, entry.text, f"{member_or_reason.name} {reason}"))
        else:
            found[member_or_reason.user_id] = None
    return list(found), faults


def _find(
    text: str, by_id: dict[str, Member], by_email: dict[str, Member], by_name: dict[str, set[str]]
) -> Member | str:
    mention = _MENTION.fullmatch(text)
    if mention or _USER_ID.fullmatch(text):
        user_id = mention[1] if mention else text
        return by_id.get(user_id) or "nobody in this workspace has that id"
    if email := _EMAIL.fullmatch(text):
        if not by_email:
            return "whospoke may not see e-mail addresses here; use the member id or the @name"
        return by_email.get(email[1].lower()) or "nobody in this workspace has that address"
    if text.startswith("@"):
        return _named([by_id[one] for one in by_name.get(text[1:].lower(), set())])
    return "is neither a member id (U…), an @name nor an e-mail address" if text else "the line has no member"


def _named(found: Sequence[Member]) -> Member | str:
    if len(found) > 1:
        return "several people have that name; use the member id"
    return found[0] if found else "nobody in this workspace has that name"


def _together(line: str) -> str:
    """Keep `<@U1|Ada Quill>` in one piece."""
    return _MENTION.sub(lambda mention: f"<@{mention[1]}>", line)
