"""What we hold about people: of every table whose its rows are, how long they stay, and what becomes of them."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from storage import schema as s
from storage import schema_managers as m
from storage import schema_review as r
from storage.schema_queue import clip_work
from storage.schema_reference import clip_reference

#: Of a row that "is blanked", what is left says that there was something, when and where, and nothing of what.
Fate = Literal["goes", "is blanked", "stays"]

_COURSE_KEPT = "until whoever runs the app deletes it"
#: Columns that may name somebody else, who has rights of their own.
_OTHERS = frozenset({"actor_id", "created_by", "granted_by"})


Whose = Callable[[str, str], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds about a person."""

    table: sa.Table
    #: In the person's own words.
    what: str
    #: How long, with the days that clips and labs are kept as {clips} and {labs}.
    kept: str
    #: What *Delete my clips and lab conversations* makes of it.
    on_forget: Fate
    #: What becomes of it when the app is taken out of the workspace.
    on_uninstall: Fate
    #: Of team and user, which rows are theirs; where none is given, those with their `user_id`.
    whose: Whose | None = None
    #: What is theirs in such a row; all of it where none is named.
    columns: tuple[str, ...] = ()

    def rows_of(self, team_id: str, user_id: str) -> sa.Select[Any]:
        """Select what is a person's own."""
        whose = self.whose or _by(self.table.c.user_id)
        columns = [column for column in self.table.c if not self.columns or column.name in self.columns]
        return sa.select(*columns).where(whose(team_id, user_id)).order_by(*self.table.primary_key.columns)


def _by(column: sa.Column[Any]) -> Whose:
    """Rows that name their person in that column."""
    return lambda team_id, user_id: sa.and_(column.table.c.team_id == team_id, column == user_id)


def _in(column: sa.Column[Any], owned: sa.Column[Any], before: str = "") -> Whose:
    """Rows that name, in that column, a row of another table that has the person's `user_id`."""

    def whose(team_id: str, user_id: str) -> sa.ColumnElement[bool]:
        named = before + owned if before else owned
        theirs = sa.select(named).where(owned.table.c.team_id == team_id, owned.table.c.user_id == user_id)
        return sa.and_(column.table.c.team_id == team_id, column.in_(theirs))

    return whose


def _or(*several: Whose) -> Whose:
    return lambda team_id, user_id: sa.or_(*(whose(team_id, user_id) for whose in several))


def _about_person(team_id: str, user_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(s.audit.c.team_id == team_id, s.audit.c.subject == f"user:{user_id}")


#: Every table that holds something about a person. A new table has to be here or in `NOBODYS`: a test asks.
HELD = (
    Held(s.learner, "that you opened the app, and where it writes to you", _COURSE_KEPT, "stays", "is blanked"),
    Held(s.completed_step, "which stops of the course you have done", _COURSE_KEPT, "stays", "stays"),
    Held(s.bookmark, "on which card of a lesson you are", _COURSE_KEPT, "stays", "stays"),
    Held(s.place, "which lesson you had open last", _COURSE_KEPT, "stays", "stays"),
    Held(s.attempt, "your quizzes and tests, with dates and scores", _COURSE_KEPT, "stays", "stays"),
    Held(s.answer, "your answers in quizzes and tests", _COURSE_KEPT, "stays", "stays", _in(s.answer.c.attempt_id, s.attempt.c.attempt_id)),
    Held(r.review_plan, "when you want daily review", _COURSE_KEPT, "stays", "stays"),
    Held(r.review_card, "how well you remember questions you missed", _COURSE_KEPT, "stays", "stays"),
    Held(r.review_round, "your daily reviews", _COURSE_KEPT, "stays", "stays"),
    Held(r.review_answer, "your answers in daily reviews", _COURSE_KEPT, "stays", "stays", _in(r.review_answer.c.round_id, r.review_round.c.round_id)),
    Held(r.certificate, "your certificates, with the name that Slack gave for you", _COURSE_KEPT, "stays", "stays"),
    Held(s.lab_session, "your lab conversations", "{labs} days", "goes", "goes"),
    Held(s.lab_turn, "what was said in them", "{labs} days", "goes", "goes", _in(s.lab_turn.c.session_id, s.lab_session.c.session_id)),
    Held(s.lab_usage, "how many tokens of the AI model you used", "with your name {labs} days, or two days after deleting", "is blanked", "is blanked"),
    Held(s.clip, "the recordings you shared: name, size, state, and ids of what we posted", "{clips} days; then 3 years without name or words, so that an objection holds", "is blanked", "is blanked"),
    Held(s.clip_document, "what was made of them, and what you said about them", "{clips} days", "goes", "goes", _in(s.clip_document.c.clip_id, s.clip.c.clip_id)),
    Held(s.clip_picture, "pictures of them, if you agreed to these", "{clips} days", "goes", "goes", _in(s.clip_picture.c.clip_id, s.clip.c.clip_id)),
    Held(clip_reference, "your corrections, and labels you dropped", "{clips} days", "goes", "goes", _in(clip_reference.c.clip_id, s.clip.c.clip_id)),
    Held(clip_work, "their place in the queue", "{clips} days", "goes", "goes", _in(clip_work.c.clip_id, s.clip.c.clip_id)),
    Held(s.consent, "what you allowed and took back", "3 years, as proof", "stays", "stays"),
    Held(s.audit, "what you did and what was done about you, in ids and counts, and why a manager changed your dates or answers", "3 years, as proof", "stays", "stays", _or(
        _by(s.audit.c.actor_id), _about_person,
        _in(s.audit.c.subject, s.clip.c.clip_id, "clip:"), _in(s.audit.c.subject, m.appeal.c.case_id, "case:"),
    )),
    Held(s.post, "which message between us is which", "30 days longer than what it is about; of certificates for good", "stays", "is blanked", _in(s.post.c.channel_id, s.learner.c.dm_channel_id)),
    Held(s.inbox, "what you wrote or did, until it is answered", "what it said for hours at most; that it came for 7 days", "is blanked", "is blanked"),
    Held(m.appeal, "your cases: labels that you said are wrong", "{labs} days after the answer, or the day it was due", "goes", "goes"),
    Held(m.appeal, "your answers to cases of others, as a reviewer", "as long as the case", "stays", "goes", _by(m.appeal.c.reviewer_id), ("case_id", "state", "due_on", "opened_at", "answer", "answered_at")),
    Held(m.directory_entry, "the name and time zone that Slack gave for you", _COURSE_KEPT, "stays", "goes"),
    Held(m.role, "whether you are a manager or a reviewer", _COURSE_KEPT, "stays", "stays"),
    Held(m.enrolment, "which cohorts you are in, and your dates there", _COURSE_KEPT, "stays", "stays"),
    Held(m.cohort, "these cohorts, and those you made as a manager", "for good", "stays", "stays", _or(_in(m.cohort.c.cohort_id, m.enrolment.c.cohort_id), _by(m.cohort.c.created_by))),
    Held(m.wish, "what you want to be sent, and said of you", _COURSE_KEPT, "stays", "stays"),
    Held(m.reminder, "when you were reminded", _COURSE_KEPT, "stays", "stays"),
    Held(m.board, "how you look at cohorts, as a manager", _COURSE_KEPT, "stays", "stays"),
    Held(m.roster, "lists of people you handed in, as a manager", "the list for minutes; that there was one for 7 days", "stays", "goes", _by(m.roster.c.actor_id)),
)  # fmt: skip

#: Tables that hold nothing about anybody, and what they hold.
NOBODYS = {
    "content": "the course",
    "workspace": "the name of the workspace",
    "workspace_file": "the course's figures in Slack",
    "cohort_chart": "a cohort's picture, without names",
    "clip_pace": "how long work on clips took, without whose",
    "executor_lease": "which processes run",
    "given_up_job": "which jobs failed, by id",
}


class PersonalData:
    """Reads all that is held about one person."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, team_id: str, user_id: str) -> list[tuple[Held, list[dict[str, Any]]]]:
        """Every kind of record, and the person's rows of it as JSON values."""
        return [
            (held, [_plain(row, user_id) for row in self._connection.execute(held.rows_of(team_id, user_id))])
            for held in HELD
        ]


def _plain(row: sa.Row[Any], user_id: str) -> dict[str, Any]:
    return {
        name: _as_json(value)
        for name, value in row._asdict().items()
        if name not in _OTHERS or value == user_id
    }


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
