"""A learner wrote a word of its own into every field there is: all of it is exported, and when it is forgotten, it is gone.

Gone from every row, the job engine's included, on SQLite and on Postgres; on SQLite also from the bytes of the files; and
none of it was ever in the log.
"""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.people import Person
from bot.use_cases.export_data import data_document
from bot.use_cases.export_labs import lab_document
from bot.use_cases.forget_me import forget_me
from bot.use_cases.keep_retention import keep_retention
from bot.use_cases.label_clip import delete
from bot.use_cases.tidy_up import forget_jobs, tidy_up
from storage.database import Database
from storage.personal_data import HELD
from storage.schema import metadata
from tests.bot_parts import Bench, real_module
from tests.contract.conftest import KINDS
from tests.manager_parts import BOSS, TEAM
from tests.planted import ADA, REVIEWER, Words, Workplace, plant, rows_of

pytestmark = pytest.mark.thorough

#: Columns of text that hold nothing that anybody typed, and what they hold instead.
NOT_TYPED = {
    "*_id": "an id of Slack's or ours",
    "*_ts": "where a message of Slack's is",
    "*.ts": "where a message of Slack's is",
    "*.state": "one of our own words",
    "*.kind": "one of our own words; of recordings a known ending",
    "*.*role": "one of our own words",
    "*.tutor": "one of our own words",
    "*.*version": "a version of the course or of a notice",
    "*.granted_by": "an id",
    "*.created_by": "an id",
    "*.zone": "a time zone as Slack names it",
    "certificate.module_title": "of the course",
    "review_round.day": "a day",
    "review_round.question_ids": "ids of the course",
    "workspace_file.content_hash": "a hash of a figure of the course",
    "workspace.name": "the name of the workspace",
    "content.compiled": "the course",
    "lab_usage.model": "the name of a model",
    "clip.mimetype": "what Slack says it is",
    "clip.stage": "one of our own words",
    "clip.posted": "kinds of files and ids",
    "clip_work.run": "an id",
    "clip_work.wants": "one of our own words",
    "clip_picture.png": "drawn from turns and names; no bytes of text",
    "clip_picture.alt_text": "turns of the machine's labels in words",
    "consent.purposes": "ids of purposes, and whether they were ticked",
    "consent.at": "a time",
    "post.key": "ids",
    "audit.action": "one of our own words",
    "audit.subject": "ids",
    "cohort.pacing": "one of our own words",
    "cohort.channel_fault": "one of our own words",
    "cohort_chart.fingerprint": "a hash of numbers",
    "board.sort": "one of our own words",
    "board.status": "one of our own words",
    "appeal.label_given": "a label of the machine's",
    "appeal.label_right": "a label of the machine's, or a word of ours",
    "executor_lease.host": "the name of a machine of ours",
    "executor_lease.process_started": "a time",
}


#: What the learner's manager wrote, and has to have read.
OF_MANAGERS = {"in a list that nobody read", "in a list that nobody was told of"}


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """All that is logged by these tests, as the bot logs it."""
    written, root, engine = io.StringIO(), logging.getLogger(), logging.getLogger("dbos")
    handler, level = logging.StreamHandler(written), root.level
    root.setLevel(logging.INFO)
    for one in (root, engine):
        one.addHandler(handler)
    yield written
    for one in (root, engine):
        one.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(scope="module", params=KINDS)
def planted(request, template_url, copy_of, tmp_path_factory, log) -> Iterator[Workplace]:
    """Where Ada has been at work; the database is closed again."""
    with copy_of(template_url(request.param), tmp_path_factory.mktemp("planted")) as url:
        # The job engine has a clock of its own, so that ours begins where that is.
        made = Workplace(Bench(Database(url), real_module(), now=datetime.now(UTC)), Words())
        plant(made)
        made.database.close()
        yield made


@pytest.fixture
def place(planted, copy_of, tmp_path, log) -> Iterator[Workplace]:
    """A copy of it, to be asked what is left; none of what Ada said may be in the log."""
    with copy_of(planted.database.url.render_as_string(hide_password=False), tmp_path) as url:
        made = planted.over(Database(url))
        yield made
        made.database.close()
    assert not [what for what, word in made.words.said.items() if word in log.getvalue()]
    assert "Traceback" not in log.getvalue()


def where_is(place: Workplace, words: dict[str, str]) -> dict[str, list[str]]:
    """Return in which tables each of the words still is, by what it was."""
    rows = {table: repr(found) for table, found in rows_of(place.database).items()}
    found = {what: [table for table in rows if word in rows[table]] for what, word in words.items()}
    return {what: tables for what, tables in found.items() if tables}


def in_bytes(place: Workplace) -> list[str]:
    """Return which of Ada's words are anywhere in SQLite's files; on Postgres they are not ours to read."""
    if place.database.url.get_backend_name() != "sqlite":
        return []
    folder = Path(str(place.database.url.database)).parent
    content = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return [what for what, word in place.words.said.items() if word.encode() in content]


def num_rows(place: Workplace, person: Person) -> dict[str, int]:
    """Return how many rows there are of each kind that is held."""
    with place.database.read() as tx:
        return {held.what: len(rows) for held, rows in tx.personal_data.of(TEAM, person.user_id)}


def test_every_field_that_can_hold_words_is_planted_or_known_to_hold_none(place: Workplace) -> None:
    """Or a new column could keep what people said, and no test here would know."""
    words = place.words.said | place.words.of_others
    holding: set[str] = set()
    names = [f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c]
    assert [pattern for pattern in NOT_TYPED if not any(fnmatch(name, pattern) for name in names)] == []
    with place.database.connect() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                if isinstance(column.type, sa.Text | sa.JSON | sa.LargeBinary):
                    values = repr(connection.execute(sa.select(column)).all())
                    name = f"{table.name}.{column.name}"
                    is_planted = any(word in values for word in words.values())
                    is_excused = any(fnmatch(name, pattern) for pattern in NOT_TYPED)
                    assert is_planted != is_excused, f"{name}: planted {is_planted}, excused {is_excused}"
                    holding |= {name} if is_planted else set()
    assert holding == {
        "appeal.answer", "appeal.sentence", "appeal.words", "audit.detail", "certificate.name", "clip.error", "clip.name",
        "clip_document.document", "clip_reference.document", "cohort.name", "cohort_chart.alt_text", "directory_entry.name", "inbox.payload",
        "lab_turn.text", "roster.outcome", "roster.source",
    }  # fmt: skip
    tables = {table for found in where_is(place, words).values() for table in found}
    assert tables <= set(metadata.tables), "jobs hold ids and nothing else"


def test_all_that_is_held_is_in_the_persons_export(place: Workplace) -> None:
    exported = {one: json.dumps(data_document(place.deps, one)) for one in (ADA, REVIEWER, BOSS)}
    hers = exported[ADA] + json.dumps(lab_document(place.deps, ADA))
    own = place.words.said | place.words.of_others
    elsewhere = {
        "in a list that was read": "",
        "message that was lost": "",
        "message to the bot": "",
        "message with a recording": "",
        **dict.fromkeys(OF_MANAGERS, exported[BOSS]),
    }
    missing = {what for what, word in own.items() if word not in elsewhere.get(what, hers)}
    assert missing == {what for what, found in elsewhere.items() if not found}, (
        "gone as soon as it was dealt with"
    )
    assert own["answer to a case"] in exported[REVIEWER]
    assert own["sentence of a case"] not in exported[REVIEWER] + exported[BOSS]
    assert own["reason of a manager"] in exported[BOSS], "of what they did themselves"
    for held in HELD:
        assert any(num_rows(place, one)[held.what] for one in (ADA, REVIEWER, BOSS)), held.what


def test_deleting_everything_leaves_what_it_says_and_none_of_the_words(place: Workplace) -> None:
    before, said = num_rows(place, ADA), place.words.said
    forget_me(place.deps, ADA)
    assert set(where_is(place, said)) == OF_MANAGERS, "at once; the jobs take away what is in Slack"
    with place.at_work():
        pass
    forget_jobs(place.deps, f"{ADA.team_id}:{ADA.user_id}")
    assert where_is(place, said) == {}
    assert in_bytes(place) == []
    assert {place.slack.file_names[one] for one in place.slack.uploads} == {"cohort.png"}
    check_fates(before, num_rows(place, ADA), {held.what: held.on_forget for held in HELD})
    assert set(where_is(place, place.words.of_others)) == set(place.words.of_others)


def check_fates(before: dict[str, int], after: dict[str, int], fates: dict[str, str]) -> None:
    """What is said to go is gone, and what is said to stay is still there."""
    for what, fate in fates.items():
        if fate == "goes":
            assert after[what] == 0, what
        elif fate == "stays":
            assert after[what] >= before[what], what


def test_what_is_old_goes_by_itself(place: Workplace) -> None:
    with place.at_work():
        pass
    place.bench.wait(days=place.deps.lab_retention_days + 8)
    keep_retention(place.deps)
    with place.at_work():
        pass
    tidy_up(place.deps)
    assert where_is(place, place.words.said) == {}
    assert in_bytes(place) == []
    place.bench.wait(days=3 * 366)
    keep_retention(place.deps)
    gone = num_rows(place, ADA)
    assert not any(gone[held.what] for held in HELD if held.table.name in {"clip", "consent", "audit"})


def test_deleting_each_recording_leaves_nothing_of_them(place: Workplace) -> None:
    """At once in the rows; in the file by the next night."""
    with place.database.read() as tx:
        clips = tx.clips.of_user(TEAM, ADA.user_id)
    for clip in clips:
        delete(place.deps, ADA, clip.clip_id)
    about_others = ("message", "edit", "in a list", "status", "recording", "sentence", "answer")
    said = {what: word for what, word in place.words.said.items() if not what.startswith(about_others)}
    assert len(said) > 15
    assert where_is(place, said) == {}
    with place.at_work():
        pass
    tidy_up(place.deps)
    assert where_is(place, said) == {}
    assert not set(in_bytes(place)) & set(said)


def test_uninstalling_leaves_none_of_the_words(place: Workplace) -> None:
    before = num_rows(place, ADA)
    place.hear("Ev99", {}, "app_uninstalled")
    with place.at_work():
        pass
    assert where_is(place, place.words.said) == {}
    assert in_bytes(place) == []
    check_fates(before, num_rows(place, ADA), {held.what: held.on_uninstall for held in HELD})
