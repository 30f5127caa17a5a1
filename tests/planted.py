"""A learner who wrote a word of its own into every field there is, with the bot's real use cases and real jobs."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from annotation import editing
from annotation.model import Annotation, Turn, Word
from bot.about_clip import AboutClip, WordsWish
from bot.deps import Deps
from bot.jobs import register_jobs
from bot.messenger import SlackFile
from bot.people import Person
from bot.tutor.scripted import ScriptedTutor
from bot.use_cases import (
    appeal_label,
    continue_course,
    doubt_clip,
    enrol_people,
    fix_labels,
    label_clip,
    label_yourself,
    manage_cohorts,
    manage_learner,
    manage_roles,
    name_speakers,
    plan_review,
    review_cards,
    take_quiz,
    talk_in_lab,
    tell_of_lost,
    wishes,
)
from bot.use_cases.handle_event import keep_event, keep_shortcut
from bot.use_cases.open_lab import ask_to_open_lab
from bot.use_cases.practise import start_practice
from bot.views.clip_notice import PURPOSES
from course import progress
from diarize_worker.clip_job import ClipJob
from diarize_worker.engines.protocol import Labels
from diarize_worker.stages.fetch import FetchConfig
from diarize_worker.words.protocol import Transcript
from storage.boards import Board
from storage.certificates import Certificate
from storage.database import Database
from storage.jobs import JobRunner, QueueSpec
from storage.later_tries import LaterTries
from storage.reminders import Reminder
from storage.schema import metadata
from storage.schema_managers import roster
from tests.bot_parts import Bench, FakeMessenger
from tests.manager_parts import BOSS, LONDON, NEW_YORK, TEAM, FakeDirectory, member
from tests.media_corpus import EXAMPLE
from tests.slack_file_server import TOKEN, SlackFiles

ADA, REVIEWER = Person(TEAM, LONDON), Person(TEAM, NEW_YORK)
DM = f"D{LONDON}"
TURNS = (Turn(0.6, 3.5, "SPEAKER_00"), Turn(3.8, 8.2, "SPEAKER_01"), Turn(8.4, 13.2, "SPEAKER_00"))
_PATIENCE_S = 60.0


class Words:
    """Gives out a word for each field; none is part of another, or of anything else."""

    def __init__(self) -> None:
        #: What the learner, or a voice in their recording, said: it has to go.
        self.said: dict[str, str] = {}
        #: What others said of the learner, or Slack did: it stays, and is exported.
        self.of_others: dict[str, str] = {}

    def __call__(self, what: str) -> str:
        """Return the learner's word for that field."""
        return self.said.setdefault(what, _word(what))

    def by_others(self, what: str) -> str:
        """Return somebody else's word for that field."""
        return self.of_others.setdefault(what, _word(what))


def _word(what: str) -> str:
    return f"zq{hashlib.sha256(what.encode()).hexdigest()[:12]}"


@dataclass
class Slack(FakeMessenger):
    """Hands out what people uploaded, too."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def upload(self, name: str, mimetype: str, content: bytes = b"x") -> dict[str, Any]:
        """Share a file of Ada's; returns it as an event shows it."""
        file_id = f"FADA{len(self.known_files)}"
        self.contents[file_id] = content
        self.known_files[file_id] = SlackFile(file_id, LONDON, name, mimetype, len(content), False)
        return {"id": file_id, "name": name, "mimetype": mimetype}

    def download(self, file_id: str, max_bytes: int) -> bytes:
        return self.contents[file_id]

    def our_messages(self, channel_id: str, thread_ts: str) -> list[str]:
        return []


class _AtWork:
    """Stands for the collaborators of whichever workplace is at work: jobs are declared once in a process."""

    def __init__(self) -> None:
        self.deps: Deps | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.deps, name)


_at_work = _AtWork()


@cache
def _declare_jobs() -> None:
    register_jobs(_at_work)


class Workplace:
    """The bot over a real database, with its jobs, and a worker with engines that say what they are told."""

    def __init__(self, bench: Bench, words: Words) -> None:
        self.bench, self.words = bench, words
        self.slack = bench.messenger = Slack(name=words.by_others("name in Slack"))
        self.directory = FakeDirectory()
        self.directory.people[LONDON] = member(LONDON, name=words.by_others("name in Slack"))

    def over(self, database: Database) -> "Workplace":
        """Return the same, to go on over a copy of the database."""
        made = Workplace(replace(self.bench, database=database, _ids=deepcopy(self.bench._ids)), self.words)
        made.slack = made.bench.messenger = deepcopy(self.slack)
        return made

    @property
    def deps(self) -> Deps:
        scripted = ScriptedTutor()
        return replace(
            self.bench.deps,
            directory_for=lambda _team: self.directory,
            installer_id=BOSS.user_id,
            tutor_of=lambda kind, _on_usage: scripted if kind == "scripted" else None,
            read_example=lambda name: (EXAMPLE.parent / name).read_bytes(),
        )

    @property
    def database(self) -> Database:
        return self.bench.database

    def hear(self, event_id: str, event: dict[str, Any], kind: str = "message") -> None:
        """Take an event as the inbox does."""
        with self.database.begin() as tx:
            keep_event(tx, ADA, event_id, kind, {"type": kind, "user": LONDON, **event}, self.bench.now)

    def say(self, event_id: str, text: str, thread_ts: str | None = None, *files: dict[str, Any]) -> None:
        """Let Ada write to the bot."""
        place = {
            "channel_type": "im",
            "channel": DM,
            "ts": f"{1000 + len(self.slack.history)}.{event_id[2:]}",
        }
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        shared = {"files": list(files), "subtype": "file_share"} if files else {}
        self.hear(event_id, {"text": text, **place, **thread, **shared})

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Run jobs, and at the end wait for those whose time has come."""
        runner = JobRunner(
            self.database,
            role="bot",
            queues=[
                QueueSpec(name, 4, 1, poll_s=0.02) for name in ("replies", "labs", "managers", "nightly")
            ],
            beat_s=0.1,
            on_given_up=LaterTries(self.database, tell_of_lost.ask_to_tell, self.deps.now),
        )
        _declare_jobs()
        _at_work.deps = self.deps
        runner.start()
        try:
            yield
            self.settle()
        finally:
            runner.stop(0)

    def settle(self) -> None:
        """Wait until no job waits or runs but those that were put off."""
        began_s = time.monotonic()
        states = ["PENDING", "ENQUEUED"]
        while jobs := self.database.jobs_client.list_workflows(status=states, load_input=False):
            assert time.monotonic() - began_s < _PATIENCE_S, [job.workflow_id for job in jobs]
            time.sleep(0.02)

    def clip(self, file: dict[str, Any]) -> str:
        """Return the id of the clip that was made of a file."""
        with self.database.read() as tx:
            found = tx.clips.by_file(TEAM, file["id"])
        assert found, file
        return found.clip_id

    def label(self, clip_id: str, spoken: str) -> None:
        """Do what a worker does."""
        with SlackFiles() as files:
            with self.database.read() as tx:
                files.contents[tx.clips.get(TEAM, clip_id).file_id] = EXAMPLE.read_bytes()
            config = FetchConfig(TOKEN, files.api_url)
            job = ClipJob(
                database=self.database,
                fetch_config=config,
                make_engine=lambda: (_Voices(), ()),
                make_words_engine=lambda _report: _Ears(spoken),
                now=lambda: self.bench.now,
            )
            ids = (TEAM, clip_id, "1")
            assert job.begin(*ids)
            for stage in (job.label, job.transcribe, job.assign, job.draw):
                assert stage(*ids) == "ok"
            job.reply(*ids)


class _Voices:
    name = "voices"

    def diarize(self, waveform, uri, hint, progress=None) -> Labels:
        annotation = Annotation.of(uri, TURNS)
        evidence = {"turns": [[t.start_s, t.end_s, t.speaker, 0.2] for t in TURNS]}
        return Labels(
            annotation, annotation, self.name, len(waveform) / 16_000, ("SPEAKER_01: a note.",), evidence
        )


@dataclass
class _Ears:
    spoken: str
    name: str = "ears"
    is_draft: bool = False

    def transcribe(self, waveform, speech, request, progress=None) -> Transcript:
        return Transcript((Word(1.0, 2.0, self.spoken), Word(5.0, 6.0, "well")), "en", self.name)


def plant(place: Workplace) -> None:
    """Live a learner's life: the course, labs, three recordings in all states, a case, a cohort."""
    bench, words = place.bench, place.words
    with place.at_work():
        _join_a_cohort(place)
        _take_the_course(place)
        _talk_in_a_lab(place)
        _share_recordings(place)
        place.settle()
        _work_on_the_labelled(place)
        place.say("Ev90", words("message to the bot"))
        start_practice(place.deps, ADA)
    _leave_things_waiting(place)
    assert bench.messenger.posts


def _join_a_cohort(place: Workplace) -> None:
    deps, words = place.deps, place.words
    manage_roles.seed_manager(deps, TEAM, BOSS.user_id)
    manage_roles.appoint(deps, BOSS, NEW_YORK, "reviewer")
    form = manage_cohorts.CohortForm(
        name=words.by_others("cohort"), starts_on=None, due_on=None, pacing="all", channel_id=None, enrols_joiners=False,
        sources=(
            manage_cohorts.Source("text", LONDON),
            manage_cohorts.Source("text", f"{NEW_YORK} {words('in a list that was read')}"),
        ),
    )  # fmt: skip
    made = manage_cohorts.make_cohort(deps, BOSS, form)
    place.settle()
    until = (place.bench.now + timedelta(days=30)).date()
    reason = words.by_others("reason of a manager")
    manage_learner.extend(deps, BOSS, made.cohort_id, LONDON, reason, until)
    with place.database.begin() as tx:
        tx.boards.put(Board(TEAM, BOSS.user_id, made.cohort_id))
        day = place.bench.now.date()
        tx.reminders.claim(
            Reminder(TEAM, LONDON, day, made.cohort_id, "nudge", BOSS.user_id, place.bench.now, "1.1")
        )
    wishes.set_weekends(deps, ADA, on_weekends=True)


def _take_the_course(place: Workplace) -> None:
    deps, module, now = place.deps, place.bench.module, place.bench.now
    continue_course.continue_course(deps, ADA)
    lesson = module.lessons[0]
    continue_course.turn_to_card(deps, ADA, lesson.id, lesson.core_cards[1].id)
    continue_course.finish_lesson(deps, ADA, lesson.id)
    screen = take_quiz.start_quiz(deps, ADA, lesson.quiz.id)
    for question in lesson.quiz.questions:
        wrong = next(n for n, option in enumerate(question.options) if not option.is_correct)
        take_quiz.answer_question(deps, ADA, screen.attempt_id, question.id, wrong)
    take_quiz.next_question(deps, ADA, screen.attempt_id)
    plan_review.turn_review_on(deps, ADA)
    with place.database.begin() as tx:
        for step in progress.steps(module)[:-1]:
            tx.progress.complete(TEAM, LONDON, module.id, step.id, now)
        asked = tx.reviews.cards(TEAM, LONDON, module.id)[0].question_id
        tx.reviews.open_round(TEAM, "round", LONDON, module.id, "2026-01-01", module.version, 7, [asked], now)
        name = place.words.by_others("name in Slack")
        tx.certificates.issue(
            Certificate(TEAM, "CERT", LONDON, module.id, module.title, screen.attempt_id, name, 12, 15, now)
        )
    review_cards.answer_card(deps, ADA, "round", asked, 0)


def _talk_in_a_lab(place: Workplace) -> None:
    deps, words, lab_id = place.deps, place.words, place.bench.module.lessons[0].lab.id
    ask_to_open_lab(deps, ADA, lab_id)
    place.settle()
    with place.database.begin() as tx:
        session = tx.labs.latest(TEAM, LONDON, place.bench.module.id, lab_id)
        assert session
        tx.labs.record_usage(TEAM, session.session_id, LONDON, lab_id, "model", 10, 5, 0, place.bench.now)
    talk_in_lab.choose_opener(deps, ADA, session.session_id, 0)
    said = f"We enrol each judge, {words('message in a lab')}, with consent, from three hearings."
    place.say("Ev1", said, session.thread_ts)
    place.settle()
    with place.database.read() as tx:
        turn = next(
            one for one in tx.labs.turns(TEAM, session.session_id) if words("message in a lab") in one.text
        )
    edited = {"ts": turn.slack_ts, "thread_ts": session.thread_ts, "user": LONDON}
    edited["text"] = f"{said} {words('edit in a lab')}"
    place.hear(
        "Ev2",
        {
            "channel_type": "im",
            "channel": session.channel_id,
            "subtype": "message_changed",
            "message": edited,
        },
    )


def _share_recordings(place: Workplace) -> None:
    """One that is labelled, one whose result is held back, one that has to wait with labels of its own."""
    words, deps, slack = place.words, place.deps, place.slack
    files = {}
    for number, name in enumerate(("labelled", "held", "waiting")):
        file_name = f"{words(f'name of the {name} clip')}.{words(f'ending of the {name} clip')}"
        files[name] = slack.upload(file_name, "audio/flac", EXAMPLE.read_bytes())
        place.say(f"Ev1{number}", words("message with a recording"), None, files[name])
        place.settle()
        about = AboutClip(
            min_speakers=2,
            max_speakers=3,
            recorded="table",
            words=WordsWish(language="en", hot_words=(words(f"jargon for the {name} clip"),)),
        )
        label_clip.agree(deps, ADA, place.clip(files[name]), tuple(PURPOSES), about, is_held=name == "held")
    held, waiting, labelled = (place.clip(files[name]) for name in ("held", "waiting", "labelled"))
    place.settle()
    typed = f"0:01-0:03 {words('speaker in own labels')}"
    assert label_yourself.write_turns(deps, ADA, held, typed) == []
    _drop_labels(place, "Ev20", waiting, "waiting", TURNS)
    for clip_id in (labelled, held):
        place.label(clip_id, words("word that was spoken"))


def _drop_labels(place: Workplace, event_id: str, clip_id: str, what: str, turns: tuple[Turn, ...]) -> None:
    """Drop a file of labels in a clip's thread."""
    words = place.words
    lines = [
        f"SPEAKER x 1 {turn.start_s} {turn.duration_s} <NA> <NA> {words(f'speaker in {what} labels')}{turn.speaker[-1]} <NA> <NA>"
        for turn in turns
    ]
    file = place.slack.upload(
        f"{words(f'name of {what} labels')}.rttm", "text/plain", "\n".join(lines).encode()
    )
    with place.database.read() as tx:
        thread_ts = tx.clips.get(TEAM, clip_id).thread_ts
    place.say(event_id, "", thread_ts, file)
    place.settle()


def _work_on_the_labelled(place: Workplace) -> None:
    """Name, confirm, correct, drop labels that fit and that do not, and disagree with a label."""
    deps, words = place.deps, place.words
    with place.database.begin() as tx:
        clip = next(
            one for one in tx.clips.of_user(TEAM, LONDON) if one.state == "done" and one.name != "short.flac"
        )
        fault = f"Something was wrong with {clip.name}: {words('fault of a run')}"
        tx.clips.update(TEAM, clip.clip_id, place.bench.now, error=fault)
    clip_id = clip.clip_id
    name_speakers.name_speakers(deps, ADA, clip_id, {"SPEAKER_00": words("speaker's name")})
    doubt_clip.confirm(deps, ADA, clip_id, editing.key_of(TURNS[0]), "unsure")
    given = appeal_label.AppealWords(
        0.7, 3.0, "SPEAKER_00", "SPEAKER_01", words("sentence of a case"), NEW_YORK, shares_words=True
    )
    case = appeal_label.open_case(deps, ADA, clip_id, given)
    place.settle()
    appeal_label.answer_case(deps, REVIEWER, case.case_id, "upheld", words("answer to a case"))
    fix_labels.rename(deps, ADA, clip_id, 0, editing.speaker_key("SPEAKER_01"), words("name in a correction"))
    fix_labels.save_draft(deps, ADA, clip_id)
    _drop_labels(place, "Ev30", clip_id, "fitting", TURNS)
    _drop_labels(place, "Ev31", clip_id, "questioned", (Turn(900.0, 960.0, "SPEAKER_00"),))
    screen = fix_labels.open_draft(deps, ADA, clip_id)
    key = editing.speaker_key(screen.draft.speakers[0])
    fix_labels.rename(deps, ADA, clip_id, 0, key, words("name in a draft"))


def _leave_things_waiting(place: Workplace) -> None:
    """Ask for more than the bot, which is down, can do; one event it has given up on."""
    words, slack = place.words, place.slack
    place.say("Ev40", words("message that waits"))
    place.say("Ev41", words("message that was lost"))
    tell_of_lost.tell_of_lost(place.deps, "handle_event", "event:Ev41", f"{TEAM}:{LONDON}", ("Ev41", LONDON))
    file = slack.upload(f"{words('recording of a shortcut that waits')}.m4a", "audio/mp4")
    body = {"trigger_id": "t1", "channel": {"id": "C1"}, "message": {"ts": "7.0", "files": [file]}}
    with place.database.begin() as tx:
        keep_shortcut(tx, ADA, body, place.bench.now)
    profile = {"id": LONDON, "profile": {"status_text": words("status in an event that waits")}}
    place.hear("Ev42", {"user": profile}, "user_change")
    with place.database.begin() as tx:
        cohort_id = tx.boards.of(TEAM, BOSS.user_id).cohort_id
    for what in ("in a list that nobody read", "in a list that nobody was told of"):
        source = manage_cohorts.Source("text", words(what))
        manage_cohorts.ask_to_enrol(place.deps, BOSS, cohort_id, (source,))
    with place.database.connect() as connection:
        statement = sa.select(roster.c.roster_id).where(
            roster.c.source == words("in a list that nobody was told of")
        )
        roster_id = connection.scalar(statement)
    enrol_people.read_roster(place.deps, TEAM, str(roster_id))


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, ours and the job engine's, by table."""
    with database.connect() as connection:
        reflected = sa.MetaData()
        reflected.reflect(connection)
        if database.url.get_backend_name() != "sqlite":
            reflected.reflect(connection, schema="dbos")
        assert {"clip", "workflow_status"} <= {table.name for table in reflected.tables.values()}
        return {
            table.name: [
                tuple(row) for row in connection.execute(sa.select(metadata.tables.get(table.name, table)))
            ]
            for table in reflected.tables.values()
        }
