"""A manager's workplace in one process: people of three time zones, a clock moved by hand, and jobs run when due."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.deps import Deps
from bot.directory import Channel, Group, Member
from bot.errors import FileRefusedError, NotPostedError
from bot.manager_jobs import report_roster
from bot.messenger import Message, SlackFile
from bot.people import Person
from bot.use_cases import manage_cohorts
from bot.use_cases.draw_cohort import draw_cohort
from bot.use_cases.export_cohort import export_cohort
from bot.use_cases.manage_cohorts import CohortForm, Source
from bot.use_cases.manage_roles import seed_manager
from bot.use_cases.nudge_learners import nudge_cohort
from bot.use_cases.reassign_cases import remind_of_cases
from bot.use_cases.remind_learners import ask_for_reminders, send_reminder
from bot.use_cases.tell_channels import congratulate, post_digests
from bot.use_cases.tell_learner import greet_newcomers, tell_learner
from bot.use_cases.tell_of_case import tell_of_case, tidy_case
from course import progress
from storage.cohorts import Cohort
from tests.bot_parts import MONDAY, Bench, FakeMessenger

TEAM = "T1"
BOSS = Person(TEAM, "U0BOSS")
LONDON, NEW_YORK, KOLKATA = "U0LON", "U0NYC", "U0KOL"


def member(user_id: str, zone: str | None = "Europe/London", **more: Any) -> Member:
    name = more.pop("name", user_id.removeprefix("U0").capitalize())
    return Member(user_id, user_id.lower(), name.lower(), name, zone, **more)


PEOPLE = (
    member("U0BOSS", "Europe/Berlin"),
    member(LONDON),
    member(NEW_YORK, "America/New_York"),
    member(KOLKATA, "Asia/Kolkata"),
    member("U0BOT", is_bot=True),
    member("U0GUEST", is_guest=True),
    member("U0GONE", is_deactivated=True),
    member("U0EXT", is_external=True),
)


@dataclass
class FakeDirectory:
    """Knows the people of one workspace."""

    people: dict[str, Member] = field(default_factory=lambda: {one.user_id: one for one in PEOPLE})
    channels: dict[str, list[str]] = field(default_factory=dict)
    #: Channels that we are not in, and those that are private.
    without_us: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    user_groups: dict[str, list[str]] = field(default_factory=dict)

    def look_up(self, user_id: str) -> Member | None:
        return self.people.get(user_id)

    def everyone(self) -> list[Member]:
        return list(self.people.values())

    def members_of(self, channel_id: str) -> list[str] | None:
        return self.channels.get(channel_id)

    def channel(self, channel_id: str) -> Channel | None:
        if channel_id not in self.channels:
            return None
        is_private = channel_id in self.private
        return Channel(channel_id, channel_id.lower(), is_private, channel_id not in self.without_us)

    def groups(self) -> list[Group]:
        return [Group(one, one.lower(), one) for one in self.user_groups]

    def members_of_group(self, group_id: str) -> list[str] | None:
        return self.user_groups.get(group_id)

    def sees_emails(self) -> bool:
        return False


@dataclass
class ClockedMessenger(FakeMessenger):
    """Notes when each message was posted, and hands out files."""

    clock: Callable[[], datetime] = lambda: MONDAY
    times: dict[str, datetime] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    #: What Slack says otherwise of a file than that it is the manager's own CSV.
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    downloaded: list[str] = field(default_factory=list)
    #: Calls by name that fail once before they take effect.
    fails_before: set[str] = field(default_factory=set)
    #: Channels that Slack lets us post in no more.
    closed: set[str] = field(default_factory=set)

    def post(self, channel_id: str, message: Message, **more: Any) -> str:
        if channel_id in self.closed:
            raise NotPostedError
        self._fail("post")
        ts = super().post(channel_id, message, **more)
        self.times[ts] = self.clock()
        return ts

    def file(self, file_id: str) -> SlackFile | None:
        if file_id not in self.files:
            return None
        file = SlackFile(file_id, BOSS.user_id, f"{file_id}.csv", "text/csv", len(self.files[file_id]), False)
        return replace(file, **self.changes.get(file_id, {}))

    def finish_upload(self, *args: Any, **more: Any) -> None:
        self._fail("finish_upload")
        super().finish_upload(*args, **more)

    def _fail(self, name: str) -> None:
        if name in self.fails_before:
            self.fails_before.remove(name)
            raise ConnectionResetError(name)

    def download(self, file_id: str, max_bytes: int) -> bytes:
        self.downloaded.append(file_id)
        content = self.files[file_id]
        if len(content) > max_bytes:
            raise FileRefusedError("The file is too large.")
        return content

    def start_upload(self, name: str, size_bytes: int, alt_text: str | None = None) -> tuple[str, str]:
        file_id, url = super().start_upload(name, size_bytes, alt_text)
        self.names[name] = file_id
        return file_id, url

    def text_of(self, name: str) -> str:
        return self.uploads[self.names[name]].decode()


@dataclass
class Office:
    """The use cases of managers, over a real database."""

    bench: Bench
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    #: A picture takes a third of a second; only a few stories look at it.
    draws: bool = True
    _done: set[str] = field(default_factory=set)
    _asked_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.messenger = ClockedMessenger(clock=lambda: self.bench.now)
        self.bench.messenger = self.messenger
        seed_manager(self.deps, TEAM, BOSS.user_id)

    @property
    def deps(self) -> Deps:
        return replace(self.bench.deps, directory_for=lambda _team: self.directory, installer_id=BOSS.user_id)

    def cohort(self, people: str = f"{LONDON} {NEW_YORK} {KOLKATA}", **more: Any) -> Cohort:
        """Make a cohort and let its list be read."""
        form = CohortForm(
            **(
                {
                    "name": "Autumn",
                    "starts_on": None,
                    "due_on": None,
                    "pacing": "all",
                    "channel_id": None,
                    "enrols_joiners": False,
                    "sources": (Source("text", people),) if people else (),
                }
                | more
            )
        )
        made = manage_cohorts.make_cohort(self.deps, BOSS, form)
        self.run_jobs()
        return made

    def complete(self, user_id: str, num_steps: int | None = None) -> None:
        """Let a learner complete so many stops; all of them by default."""
        with self.bench.database.begin() as tx:
            for step in progress.steps(self.bench.module)[:num_steps]:
                tx.progress.complete(TEAM, user_id, self.bench.module.id, step.id, self.bench.now)

    def run_jobs(self) -> list[str]:
        """Run every job whose time has come, once, and what they ask for; returns their names."""
        jobs: dict[str, Callable[..., object]] = {
            "read_roster": report_roster,
            "draw_cohort": draw_cohort,
            "send_reminder": send_reminder,
            "export_cohort": export_cohort,
            "nudge_cohort": nudge_cohort,
            "tell_learner": tell_learner,
            "tell_of_case": tell_of_case,
            "tidy_case": tidy_case,
        }
        if not self.draws:
            del jobs["draw_cohort"]
        ran = []
        for job_id, name, args, due in self._jobs():
            if job_id not in self._done and due <= self.bench.now and name in jobs:
                self._done.add(job_id)
                jobs[name](self.deps, *args)
                ran.append(name)
        return [*ran, *(self.run_jobs() if ran else [])]

    def pending(self, name: str) -> list[list[Any]]:
        """The arguments of the jobs of that name that have not run."""
        return [args for job_id, kind, args, _ in self._jobs() if kind == name and job_id not in self._done]

    def pass_time(self, until: datetime, *, minutes: int = 15) -> None:
        """Let the clock run, with the schedule going off every quarter of an hour."""
        while self.bench.now < until:
            ask_for_reminders(self.deps)
            greet_newcomers(self.deps)
            remind_of_cases(self.deps)
            congratulate(self.deps)
            post_digests(self.deps)
            self.run_jobs()
            self.bench.wait(minutes=minutes)

    def said_to(self, user_id: str) -> list[tuple[datetime, str]]:
        return [(at, text) for at, channel, text in self.said() if channel == f"D{user_id}"]

    def said(self) -> list[tuple[datetime, str, str]]:
        return [
            (self.messenger.times.get(ts, self.bench.now), channel, message.text)
            for (channel, ts), message in self.messenger.posts.items()
        ]

    def _jobs(self) -> list[tuple[str, str, list[Any], datetime]]:
        with self.bench.database.connect() as connection:
            schema = "" if connection.dialect.name == "sqlite" else "dbos."
            rows = connection.execute(
                sa.text(
                    "SELECT s.workflow_uuid, s.name, i.inputs, s.delay_until_epoch_ms, s.created_at"
                    f" FROM {schema}workflow_status s JOIN {schema}workflow_input i ON i.workflow_uuid = s.workflow_uuid ORDER BY s.created_at, s.workflow_uuid"
                )
            ).all()
        found = []
        for job_id, name, inputs, delay_until, created_at in rows:
            delay = timedelta(milliseconds=delay_until - created_at) if delay_until else timedelta()
            asked_at = self._asked_at.setdefault(job_id, self.bench.now)
            found.append((job_id, name, list(json.loads(inputs)["positionalArgs"]), asked_at + delay))
        return found
