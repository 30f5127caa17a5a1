"""A manager's weeks on a moved clock through the real app: Bolt, Socket Mode, the Web API and a database."""

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.app import build_app
from bot.deps import Deps
from bot.slack_directory import SlackDirectory
from bot.slack_messenger import SlackMessenger
from bot.use_cases.handle_event import handle_event
from bot.use_cases.manage_roles import seed_manager
from local_slack.server import LocalSlack
from storage.database import Database
from tests.bot_parts import Bench, real_module
from tests.manager_parts import Office

pytestmark = pytest.mark.thorough

MANIFEST = Path(__file__).parents[2] / "slack_manifest.yaml"
TEAM, CLEO = "T0LOCAL", "U0CLEO"
ZONES = {"U0ADA": "Europe/London", "U0BEN": "America/New_York", "U0DEV": "Asia/Kolkata"}
Json = dict[str, Any]


class RealOffice(Office):
    """The app as it runs, but for its clock and for when its jobs run."""

    def __init__(self, bench: Bench, workspace: LocalSlack) -> None:
        self.workspace = workspace
        self.client = WebClient(token="xoxb-local", base_url=workspace.api_url)
        super().__init__(bench)

    def __post_init__(self) -> None:
        self.slack = SlackMessenger(self.client)
        self.people = SlackDirectory(self.client)
        seed_manager(self.deps, TEAM, CLEO)

    @property
    def deps(self) -> Deps:
        return replace(
            self.bench.deps,
            messenger_for=lambda _team: self.slack,
            directory_for=lambda _team: self.people,
            installer_id=CLEO,
        )

    def handle_events(self) -> bool:
        """Handle what has come; always true, to be called while waiting."""
        for job_id, name, args, _ in self._jobs():
            if name == "handle_event" and job_id not in self._done:
                self._done.add(job_id)
                handle_event(self.deps, *args)
        return True

    # -- what Cleo does

    def home(self, said: str, user: str = CLEO) -> Json:
        """Open the Home tab and wait until it says this."""
        self.workspace.client.open(user, "home")
        return self.wait(
            lambda state: (
                view
                if (view := state["homes"].get(user)) and said in json.dumps(view, ensure_ascii=False)
                else None
            )
        )

    def press(self, action_id: str, said: str, **more: Any) -> None:
        self.workspace.client.press(CLEO, action_id, view_id=self.home(said)["id"], **more)

    def modal(self, said: str) -> Json:
        """Wait for a modal that says this: one that is still loading does not."""

        def found(state: Json) -> Json | None:
            stack = state["modals"].get(CLEO) or []
            return stack[-1] if stack and said in json.dumps(stack[-1], ensure_ascii=False) else None

        return self.wait(found)

    def submit(self, view: Json, **values: Any) -> Json:
        fields = {name.replace("__", "."): value for name, value in values.items()}
        return self.workspace.client.submit(CLEO, view["id"], {k: {k: v} for k, v in fields.items()})

    def wait(self, predicate: Any) -> Json:
        found: Json = self.workspace.client.wait_for(predicate, 20)
        return found

    # -- what learners see

    def messages(self, user: str) -> list[Json]:
        channel = self.workspace.client.open(user)
        return [m for m in self.workspace.state()["messages"].get(channel, []) if m.get("bot_id")]

    def reminders(self, user: str) -> list[Json]:
        return [m for m in self.messages(user) if "stops behind you" in m["text"]]

    def times(self, user: str) -> list[str]:
        zone = ZoneInfo(ZONES[user])
        at = [datetime.fromtimestamp(float(m["ts"]), UTC).astimezone(zone) for m in self.reminders(user)]
        return [f"{one:%a %d %b %H:%M}" for one in at]


@pytest.fixture
def office(database: Database) -> Iterator[RealOffice]:
    bench = Bench(database, real_module(), now=datetime(2026, 10, 16, 6, 0, tzinfo=UTC))
    clock = lambda: bench.now.timestamp()  # noqa: E731, PLW0108 - it moves
    with LocalSlack(MANIFEST, clock=clock, share_delay_s=0.02) as workspace:
        made = RealOffice(bench, workspace)
        handler = SocketModeHandler(build_app(made.deps, made.client), "xapp-local", concurrency=8)
        handler.connect()  # type: ignore[no-untyped-call]
        yield made
        workspace.control("fault", drop_sockets=True)
        with suppress(AttributeError):  # the SDK trips over a socket that is closed already
            handler.close()  # type: ignore[no-untyped-call]


def make_cohort(office: RealOffice, **values: Any) -> None:
    office.press("manage.new", "New cohort")
    fields = {"cohort__name": "Autumn", "cohort__pacing": "all", **values}
    answer = office.submit(office.modal("cohort.name"), **fields)
    assert answer["response_action"] is None, answer
    office.run_jobs()


def test_weeks_of_a_manager_and_three_learners_through_two_changes_of_the_clocks(office: RealOffice) -> None:
    make_cohort(office, cohort__people="@ada @ben @dev", cohort__due_on="2026-10-30")
    assert "3 learners enrolled in Autumn" in office.messages(CLEO)[-1]["text"]

    # They are greeted in their own mornings, and reminded a week before. Europe's clocks go back on 25 October,
    # America's on 1 November.
    office.pass_time(datetime(2026, 10, 24, 6, 0, tzinfo=UTC), minutes=30)
    for user in ZONES:
        assert "You are in Autumn now" in office.messages(user)[0]["text"]
        assert office.times(user) == ["Fri 23 Oct 09:00"]
    (reminder,) = office.reminders("U0DEV")
    office.workspace.client.press(
        "U0DEV", "reminder.snooze", channel=office.workspace.client.open("U0DEV"), message_ts=reminder["ts"]
    )
    office.wait(lambda _: "No reminders until Tuesday 27 October" in office.messages("U0DEV")[-1]["text"])

    office.pass_time(datetime(2026, 11, 3, 3, 0, tzinfo=UTC), minutes=30)  # 08:30 in Kolkata
    rest = ["Thu 29 Oct 09:00", "Fri 30 Oct 09:00", "Mon 02 Nov 09:00"]
    assert office.times("U0ADA") == ["Fri 23 Oct 09:00", "Tue 27 Oct 09:00", *rest]
    assert office.times("U0BEN") == ["Fri 23 Oct 09:00", "Tue 27 Oct 09:00", *rest]
    assert office.times("U0DEV") == ["Tue 27 Oct 11:30", *rest], "put off until the 27th, 06:00 UTC"

    # Ada finishes; Ben says stop; the nudge goes to Dev alone, and Cleo sees so before she sends it.
    with office.bench.database.begin() as tx:
        tx.progress.complete(TEAM, "U0ADA", office.bench.module.id, "test", office.bench.now)
    stop = office.reminders("U0BEN")[-1]
    office.workspace.client.press(
        "U0BEN", "reminder.stop", channel=office.workspace.client.open("U0BEN"), message_ts=stop["ts"]
    )
    office.wait(lambda _: "No more reminders" in office.messages("U0BEN")[-1]["text"])
    num_before = len(office.reminders("U0DEV"))
    office.press("manage.nudge", "Nudge who is behind")
    shown = office.modal("would get this")
    words = json.dumps(shown["blocks"], ensure_ascii=False)
    assert "*1 learner*" in words
    assert "was due on Friday 30 October" in words
    assert "1 who stopped reminders" in words
    assert "It comes when their working hours begin." in words
    assert len(office.reminders("U0DEV")) == num_before
    office.submit(shown)
    office.run_jobs()
    assert len(office.reminders("U0DEV")) == num_before
    office.bench.wait(minutes=31)
    office.run_jobs()
    assert len(office.reminders("U0DEV")) == num_before + 1

    office.press("manage.export", "Nudge who is behind")
    office.wait(lambda _: office.pending("export_cohort"))
    office.run_jobs()
    names = {file["name"] for file in office.workspace.state()["files"].values()}
    assert {"autumn.csv", "autumn-xapi.json"} <= names


def test_file_of_somebody_else_is_not_opened_for_a_forged_id(office: RealOffice) -> None:
    channel = office.workspace.client.open("U0ADA")
    secret = office.workspace.client.upload("U0ADA", channel, {"plans.csv": b"user_id\nU0BEN\n"})
    make_cohort(office)
    office.press("manage.add", "Nudge who is behind")
    view = office.modal("cohort.file")
    # The page could not send this; whoever speaks to Slack's API by themselves could.
    forged = {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": CLEO, "team_id": TEAM},
        "view": view
        | {
            "state": {
                "values": {
                    "cohort.file": {
                        "cohort.file": {"type": "file_input", "files": [{"id": secret["file_ids"][0]}]}
                    }
                }
            }
        },
    }
    app = build_app(office.deps, office.client)
    assert app.dispatch(BoltRequest(body=json.dumps(forged), mode="socket_mode")).status == 200
    office.wait(lambda _: office.pending("read_roster"))
    office.run_jobs()
    office.wait(lambda _: "it is not yours" in office.messages(CLEO)[-1]["text"])
    with office.bench.database.begin() as tx:
        (cohort,) = tx.cohorts.in_use(TEAM)
        assert tx.enrolments.members(TEAM, cohort.cohort_id) == []


def test_own_file_a_group_and_a_private_channel(office: RealOffice) -> None:
    client = office.workspace.client
    client.do("invite", user="U0BOT", channel="C0PRIVATE")
    make_cohort(office, cohort__group="S0DESK", cohort__channel="C0PRIVATE", cohort__joiners=["joiners"])
    said = " ".join(message["text"] for message in office.messages(CLEO))
    assert "2 learners enrolled in Autumn." in said
    client.do("leave", user="U0BEN", channel="C0PRIVATE")

    def members() -> list[str]:
        with office.bench.database.begin() as tx:
            (cohort,) = tx.cohorts.in_use(TEAM)
            return tx.enrolments.members(TEAM, cohort.cohort_id)

    office.wait(lambda _: office.handle_events() and members() == ["U0ADA", CLEO, "U0DEV"])
    office.press("manage.add", "Nudge who is behind")
    view = office.modal("cohort.file")
    rows = base64.b64encode(b"name,user_id\nBen,U0BEN\n").decode()
    files = [{"name": "people.csv", "content_base64": rows}]
    uploaded = client.do("upload", user=CLEO, view_id=view["id"], files=files)
    office.submit(view, cohort__file=uploaded["file_ids"])
    office.run_jobs()
    assert "U0BEN" in members()


def test_person_who_moves_is_reminded_in_their_new_morning(office: RealOffice) -> None:
    make_cohort(office, cohort__people="@ada", cohort__due_on="2026-10-30")
    office.workspace.client.do("profile", user="U0ADA", tz="Asia/Tokyo")
    office.workspace.client.do("profile", user="U0EXT", tz="Asia/Tokyo")  # whom we do not know
    office.wait(lambda _: office.pending("handle_event"))
    office.handle_events()
    office.pass_time(datetime(2026, 10, 23, 12, 0, tzinfo=UTC), minutes=60)
    (reminder,) = office.reminders("U0ADA")
    assert datetime.fromtimestamp(float(reminder["ts"]), UTC).hour == 0, "nine in Tokyo"
    assert len([job for job in office._jobs() if job[1] == "handle_event"]) == 1
