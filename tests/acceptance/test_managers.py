"""Cleo's first day as a manager, in the running product: a cohort, the overview, a nudge, an export, a case."""

import csv
import io
import json
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.world import ADA, BEN, CLEO, World, wait_until

pytestmark = pytest.mark.slow
DEV, RESEARCH = "U0DEV", "C0RESEARCH"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("managers"), WHOSPOKE_INSTALLER_ID=CLEO) as running:
        running.start("bot")
        yield running


def home(world, user=CLEO):
    world.people.open(user, "home")
    return world.wait(lambda state: state["homes"].get(user))


def home_that_says(world, said, user=CLEO):
    def found(state):
        view = state["homes"].get(user)
        return view if view and said in json.dumps(view["blocks"], ensure_ascii=False) else None

    return world.wait(found)


def press_home(world, action_id, user=CLEO, **more):
    view = home(world, user)
    world.people.press(user, action_id, view_id=view["id"], **more)


def modal(world, title, user=CLEO):
    """The modal with that title, once it is more than loading."""

    def found(state):
        stack = state["modals"].get(user) or []
        is_there = (
            stack and stack[-1]["title"]["text"] == title and stack[-1]["callback_id"] != "manage.loading"
        )
        return stack[-1] if is_there else None

    return world.wait(found)


def make_cohort(world, name, **values):
    press_home(world, "manage.new")
    view = modal(world, "New cohort")
    fields = {"cohort.name": name, "cohort.pacing": "all", **values}
    return world.people.submit(CLEO, view["id"], {block: {block: value} for block, value in fields.items()})


def text_of(world, file_id):
    """What a file holds, once it is shared, which takes a moment."""

    def read():
        try:
            return urllib.request.urlopen(f"{world.url}/_control/file/{file_id}?user={CLEO}").read().decode()
        except urllib.error.HTTPError:
            return None

    return wait_until(read)


class TestFirstDay:
    def test_somebody_else_sees_no_managers_part(self, world):
        assert "manage.new" not in json.dumps(home(world, ADA))

    def test_cohort_from_a_pasted_list(self, world):
        channel = world.dm(CLEO)
        answer = make_cohort(world, "Autumn", **{"cohort.people": f"{ADA}, @ben\n<@{DEV}>"})
        assert answer["response_action"] is None
        world.wait_message(channel, "3 learners enrolled in Autumn")
        view = home_that_says(world, "Ada Quill")
        assert "Dev Rao" in json.dumps(view)
        home(world, ADA)
        home_that_says(world, "My cohorts", ADA)

    def test_chart_comes_by_itself(self, world):
        home(world)
        view = world.wait(
            lambda state: next(
                (state["homes"][CLEO] for b in state["homes"][CLEO]["blocks"] if b["type"] == "image"), None
            )
        )
        picture = next(block for block in view["blocks"] if block["type"] == "image")
        assert "of all stops completed" in picture["alt_text"]

    def test_form_says_what_is_wrong_in_its_fields(self, world):
        answer = make_cohort(world, "Autumn", **{"cohort.due_on": "2020-01-01"})
        assert answer["errors"] == {
            "cohort.due_on": "The due date is in the past: everybody would be late at once."
        }
        view = modal(world, "New cohort")
        fields = {"cohort.name": "autumn", "cohort.pacing": "all", "cohort.due_on": None}
        again = world.people.submit(CLEO, view["id"], {k: {k: v} for k, v in fields.items()})
        assert "There is a cohort with this name already" in again["errors"]["cohort.name"]
        world.people.close(CLEO, view["id"])

    def test_list_with_faults_enrols_nobody_and_names_each_line(self, world):
        channel = world.dm(CLEO)
        press_home(world, "manage.cohort", selected=cohort_id(world, "Autumn"))
        press_home(world, "manage.add")
        view = modal(world, "Add people")
        lines = "U0NOBODY\n@whospoke\nU0EXT\nmaybe\nada@example.org"
        world.people.submit(CLEO, view["id"], {"cohort.people": {"cohort.people": lines}})
        report = world.wait_message(channel, "Nobody was enrolled in Autumn: 5 of 5")["text"]
        assert "line 1: U0NOBODY: nobody in this workspace has that id" in report
        assert "line 2: @whospoke: whospoke is a bot" in report
        assert "line 3: U0EXT: Eve Stranger belongs to another company" in report
        assert "line 4: maybe: is neither" in report
        assert "line 5: ada@example.org: whospoke may not see e-mail addresses" in report

    def test_csv_of_five_thousand_lines(self, world):
        channel = world.dm(CLEO)
        rows = ["name,user_id", *(f"Person {n},U{n:07}" for n in range(4_998)), f"Ada,{ADA}", f"Ben,{BEN}"]
        press_home(world, "manage.add")
        view = modal(world, "Add people")
        uploaded = world.people.do(
            "upload", user=CLEO, view_id=view["id"], files=[_file("people.csv", "\n".join(rows).encode())]
        )
        world.people.submit(CLEO, view["id"], {"cohort.file": {"cohort.file": uploaded["file_ids"]}})
        report = world.wait_message(channel, "4998 of 5000 entries")["text"]
        assert "line 2: U0000000" in report

        def shared(state):
            return next((f for f in state["files"].values() if f["name"] == "faults.txt"), None)

        faults = text_of(world, world.wait(shared)["id"]).splitlines()
        assert len(faults) == 4_998
        assert faults[-1].startswith("line 4999: U0004997")

    def test_channel_follows_who_joins_and_leaves(self, world):
        channel = world.dm(CLEO)
        make_cohort(world, "Research", **{"cohort.channel": RESEARCH, "cohort.joiners": ["joiners"]})
        world.wait_message(channel, "3 learners enrolled in Research. 2 are also in Autumn")
        world.people.do("join", user=DEV, channel=RESEARCH)
        press_home(world, "manage.cohort", selected=cohort_id(world, "Research"))
        wait_until(lambda: "Dev Rao" in json.dumps(home(world)["blocks"]))

    def test_progress_shows(self, world):
        channel, card = world.start_course(ADA)
        world.read_lesson(ADA, channel, card)
        press_home(world, "manage.cohort", selected=cohort_id(world, "Autumn"))
        home_that_says(world, "*Ada Quill* · on track · 1 of")
        press_home(world, "manage.status", selected="not_started")
        view = home_that_says(world, "Not started (2)")
        wait_until(lambda: "*Ada Quill*" not in json.dumps(home(world)["blocks"], ensure_ascii=False))
        press_home(world, "manage.status", selected="any")
        press_home(world, "manage.sort", selected="name")
        assert view

    def test_more_time_with_a_reason_and_a_nudge_that_is_shown_first(self, world):
        press_home(world, f"manage.learner.{BEN}", selected=f"extend|{cohort_id(world, 'Autumn')}|{BEN}")
        view = modal(world, "Give more time")
        values = {
            "learner.until": {"learner.until": "2020-01-01"},
            "learner.reason": {"learner.reason": "Leave"},
        }
        refused = world.people.submit(CLEO, view["id"], values)
        assert refused["errors"] == {"learner.until": "Choose a day from today on."}
        values["learner.until"] = {"learner.until": "2099-01-05"}
        world.people.submit(CLEO, view["id"], values)
        home_that_says(world, "has until Monday 5 January")

        press_home(world, f"manage.learner.{ADA}", selected=f"nudge|{cohort_id(world, 'Autumn')}|{ADA}")
        shown = modal(world, "Nudge")
        assert "asks how you are getting on" in json.dumps(shown["blocks"])
        assert "1 learner" in json.dumps(shown["blocks"])
        assert "is waiting for you" in json.dumps(shown["blocks"])
        before = [m for m in world.messages(world.dm(ADA)) if "getting on" in m["text"]]
        assert before == []
        world.people.submit(CLEO, shown["id"])

    def test_edit_archive_and_bring_back(self, world):
        make_cohort(world, "Trial", **{"cohort.group": "S0DESK"})
        world.wait_message(world.dm(CLEO), "2 learners enrolled in Trial")
        press_home(world, "manage.edit")
        view = modal(world, "Edit the cohort")
        assert view["state"]["values"]["cohort.name"]["cohort.name"]["value"] == "Trial"
        world.people.submit(CLEO, view["id"], {"cohort.name": {"cohort.name": "Rehearsal"}})
        home_that_says(world, "*Rehearsal* · 2 learners")
        press_home(world, "manage.more.archive")
        world.people.submit(CLEO, modal(world, "Archive the cohort")["id"])
        home_that_says(world, "Archived (1)")
        wait_until(lambda: "Rehearsal" not in json.dumps(home(world)["blocks"]))
        press_home(world, "manage.archived")
        view = modal(world, "Archived cohorts")
        (option,) = view["blocks"][1]["element"]["options"]
        world.people.submit(CLEO, view["id"], {"cohort.archived": {"cohort.archived": option["value"]}})
        home_that_says(world, "*Rehearsal* · 2 learners")
        press_home(world, f"manage.learner.{ADA}", selected=f"move|{cohort_id(world, 'Rehearsal')}|{ADA}")
        view = modal(world, "Move or take out")
        values = {
            "learner.to": {"learner.to": "nowhere"},
            "learner.reason": {"learner.reason": "Only a trial"},
        }
        world.people.submit(CLEO, view["id"], values)
        home_that_says(world, "*Rehearsal* · 1 learner ")
        press_home(world, "manage.cohort", selected=cohort_id(world, "Autumn"))
        home_that_says(world, "*Autumn* ·")

    def test_channel_without_us_is_not_followed_and_the_field_says_how(self, world):
        world.people.do("leave", user="U0BOT", channel=RESEARCH)
        answer = make_cohort(world, "Deaf", **{"cohort.channel": RESEARCH, "cohort.joiners": ["joiners"]})
        assert "Invite whospoke to #research first" in answer["errors"]["cohort.channel"]
        world.people.close(CLEO, modal(world, "New cohort")["id"])
        press_home(world, "manage.cohort", selected=cohort_id(world, "Research"))
        home_that_says(world, "*Research* ·")
        press_home(world, "manage.more.digest")
        world.wait_message(world.dm(CLEO), "Invite whospoke to #research first")
        world.people.do("invite", user="U0BOT", channel=RESEARCH)
        press_home(world, "manage.more.digest")
        home_that_says(world, "Digest: on")
        press_home(world, "manage.cohort", selected=cohort_id(world, "Autumn"))
        home_that_says(world, "*Autumn* ·")

    def test_export(self, world):
        press_home(world, "manage.export")

        def both(state):
            names = {f["name"]: f["id"] for f in state["files"].values() if f["name"].startswith("autumn")}
            return names if len(names) == 2 else None

        files = world.wait(both)
        rows = list(csv.DictReader(io.StringIO(text_of(world, files["autumn.csv"]).removeprefix("\ufeff"))))
        assert {row["user_id"] for row in rows} == {ADA, BEN, DEV}
        ada = next(row for row in rows if row["user_id"] == ADA)
        assert ada["stops_done"] == "1"
        statements = json.loads(text_of(world, files["autumn-xapi.json"]))
        verbs = {one["verb"]["id"].rsplit("/", 1)[1] for one in statements}
        assert verbs == {"registered", "completed"}

    def test_old_button_of_somebody_who_is_no_manager_any_more(self, world):
        press_home(world, "manage.roles")
        view = modal(world, "Roles")
        world.people.submit(
            CLEO, view["id"], {"role.who": {"role.who": BEN}, "role.what": {"role.what": "appoint|manager"}}
        )
        view = wait_until(
            lambda: f"<@{BEN}>" in json.dumps(modal(world, "Roles")["blocks"]) and modal(world, "Roles")
        )
        refused = world.people.submit(
            CLEO,
            view["id"],
            {"role.who": {"role.who": "U0EXT"}, "role.what": {"role.what": "appoint|manager"}},
        )
        assert "belongs to another company" in refused["errors"]["role.who"]
        old = home(world, BEN)
        world.people.submit(
            CLEO, view["id"], {"role.who": {"role.who": BEN}, "role.what": {"role.what": "dismiss|manager"}}
        )
        wait_until(lambda: f"<@{BEN}>" not in json.dumps(modal(world, "Roles")["blocks"]))
        world.people.close(CLEO, modal(world, "Roles")["id"])
        world.people.press(BEN, "manage.export", view_id=old["id"])
        world.wait_message(world.dm(BEN), "That is for managers of this course")
        home(world, BEN)
        wait_until(lambda: "manage.new" not in json.dumps(home(world, BEN)))

    def test_appointed_from_the_command_line(self, world):
        done = run_bot(world, "appoint", DEV, "--role", "reviewer")
        assert done.stdout.startswith("Dev Rao is a reviewer now")
        refused = run_bot(world, "appoint", "U0TYPO", is_ok=False)
        assert refused.returncode == 2
        assert "Nobody in this workspace has that id" in refused.stderr

    def test_report_on_the_command_line(self, world):
        done = run_bot(world, "report", "--cohort", "autumn", "--csv")
        assert f"Autumn,{ADA},Ada Quill,on_track,1," in done.stdout


def run_bot(world, *arguments, is_ok=True):
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=world.environment(),
        check=is_ok,
        capture_output=True,
        text=True,
    )


def cohort_id(world, name):
    view = home(world)
    select = next(
        e
        for b in view["blocks"]
        if b["type"] == "actions"
        for e in b["elements"]
        if e["action_id"] == "manage.cohort"
    )
    return next(option["value"] for option in select["options"] if option["text"]["text"] == name)


class TestStart:
    def test_mistyped_installer_is_refused_with_the_reason(self, tmp_path):
        with World(tmp_path, WHOSPOKE_INSTALLER_ID="U0TYPO") as world:
            done = run_bot(world, is_ok=False)
        assert done.returncode == 2
        assert "WHOSPOKE_INSTALLER_ID=U0TYPO: Nobody in this workspace has that id." in done.stderr


def _file(name, content):
    import base64

    return {"name": name, "content_base64": base64.b64encode(content).decode()}
