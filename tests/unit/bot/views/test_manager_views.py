"""Whatever a cohort's size and names, Slack takes the Home tab, the modals and the messages of managers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.directory import Group
from bot.manager_screens import (
    PAGE_SIZE,
    CohortOverview,
    LearnerScreen,
    ManagerScreen,
    Missed,
    NudgePreview,
    PeopleForm,
    StepShare,
)
from bot.roster import Fault
from bot.use_cases.enrol_people import EnrolReport
from bot.views import appeal, cohort_modals, manager_modals, reminders, roster_report
from bot.views.learner_home import build_learner_blocks
from bot.views.manager import build_manager_blocks
from course import progress
from local_slack.payloads import faults_in_message, faults_in_view
from storage.appeals import Appeal
from storage.audit import AuditEntry
from storage.boards import Board
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.overview import STATUSES, LearnerRow, Totals
from storage.reminders import Reminder, Wish
from tests.bot_parts import real_module

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = date(2026, 12, 4)
HOSTILE = "<!channel> & *bold* <@U1> " + "x" * 300


@pytest.fixture(scope="module")
def module():
    return real_module()


def cohort(name=HOSTILE[:60], number=1, **more):
    kept = {
        "due_on": DUE,
        "pacing": "weekly_locked",
        "channel_id": "C1",
        "enrols_joiners": True,
        "posts_digest": True,
        "channel_fault": "not_in_channel",
    }
    return Cohort(
        team_id="T1", cohort_id=f"c{number}", name=name, starts_on=date(2026, 11, 2),
        created_by="U0", created_at=NOW, **(kept | more)
    )  # fmt: skip


def of_mrkdwn(node):
    """Every text that Slack would read for mentions; plain text is shown as it is."""
    if isinstance(node, list):
        return [text for one in node for text in of_mrkdwn(one)]
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "mrkdwn" else []
        return own + [text for one in node.values() for text in of_mrkdwn(one)]
    return []


def options_of(block, action_id):
    """The choices of a list in a row."""
    lists = [one for one in block.get("elements", []) if one.get("action_id") == action_id]
    return [option for one in lists for option in one["options"]]


def overview(module, **more):
    rows = [
        LearnerRow(f"U{n}", HOSTILE, STATUSES[n % 5], n, NOW, NOW if n % 5 == 4 else None, DUE, NOW, 12)
        for n in range(PAGE_SIZE)
    ]
    fields = {
        "cohort": cohort(),
        "board": Board("T1", "U0", "c1", "status", "any", 3),
        "totals": Totals(dict.fromkeys(STATUSES, 2_000), 1_000),
        "steps": tuple(StepShare(step.id, HOSTILE, 9_999) for step in progress.steps(module)),
        "missed": tuple(Missed(HOSTILE * 3, 7, 9) for _ in range(3)),
        "learners": tuple(rows),
        "num_found": 10_000,
        "lost": tuple(Reminder("T1", f"U{n}", DUE, "c1", "before", None, NOW) for n in range(50)),
        "chart_file_id": "F1",
        "chart_alt_text": "words",
    }
    return CohortOverview(**(fields | more))


HISTORY = tuple(
    AuditEntry("T1", actor, f"case_{what}", "case:k", {}, NOW)
    for actor, what in (("U1", "opened"), ("U0", "unassigned"), ("U1", "reassigned"), ("U2", "answered"))
)


def case(**more):
    fields = {"answer": None, "answered_at": None, "state": "open", "words": HOSTILE * 9} | more
    return Appeal(
        team_id="T1", case_id="k", clip_id="clip", clip_at=NOW, user_id="U1", reviewer_id="U2", start_s=1.5, end_s=62.0,
        label_given=HOSTILE, label_right="nobody", sentence=HOSTILE[:500], due_on=DUE, opened_at=NOW, **fields
    )  # fmt: skip


class TestHome:
    @pytest.mark.parametrize("num_cohorts", [1, 250])
    def test_fullest_fits_beside_ones_own_course(self, module, num_cohorts):
        shown = overview(module)
        cohorts = tuple(cohort(f"{n} {HOSTILE}"[:60], n) for n in range(1, num_cohorts + 1))
        blocks = build_manager_blocks(ManagerScreen(module, cohorts, 3, shown, DUE))
        assert faults_in_view({"type": "home", "blocks": blocks}) == []
        assert len(blocks) <= 50
        assert "<!channel>" not in str(of_mrkdwn(blocks))

    def test_empty_ones(self, module):
        none = build_manager_blocks(ManagerScreen(module, (), 0, None, DUE))
        assert faults_in_view({"type": "home", "blocks": none}) == []
        bare = overview(
            module, totals=Totals(dict.fromkeys(STATUSES, 0), 0), learners=(), num_found=0, lost=(), missed=(), chart_file_id=None,
            cohort=cohort(due_on=None, channel_id=None, enrols_joiners=False, pacing="all"),
        )  # fmt: skip
        blocks = build_manager_blocks(ManagerScreen(module, (bare.cohort,), 0, bare, DUE))
        assert faults_in_view({"type": "home", "blocks": blocks}) == []
        assert "Add people" in str(blocks)

    @pytest.mark.parametrize("fault", ["not_in_channel", "channel_not_found", "no_answer"])
    def test_channel_that_does_not_reach_us_is_named_with_what_to_do(self, module, fault):
        shown = overview(module, cohort=cohort(channel_fault=fault))
        blocks = build_manager_blocks(ManagerScreen(module, (shown.cohort,), 0, shown, DUE))
        (words,) = [text for text in of_mrkdwn(blocks) if "<#C1>" in text and ":warning:" in text]
        assert "/invite @whospoke" in words or "not sent twice" in words

    def test_says_who_has_not_started_whatever_the_pace(self, module):
        rows = (
            LearnerRow("U1", "Never", "not_started", 0, None, None, None, NOW - timedelta(days=20), 6),
            LearnerRow("U2", "Behind", "late", 4, NOW, None, None, NOW, 6),
            LearnerRow("U3", "Early", "not_started", 0, None, None, DUE, NOW, 0),
        )
        totals = Totals({"late": 73, "not_started": 45, "on_track": 70, "paused": 2, "passed": 13}, 44)
        shown = overview(module, totals=totals, learners=rows, num_found=203)
        blocks = build_manager_blocks(ManagerScreen(module, (shown.cohort,), 0, shown, DUE))
        header = next(text for text in of_mrkdwn(blocks) if "203 learners" in text)
        assert (
            ":small_orange_diamond: 73 late · :white_circle: 45 not started (44 of them behind) · " in header
        )
        texts = [option["text"]["text"] for block in blocks for option in options_of(block, "manage.status")]
        assert texts == [
            "Everybody (203)", "Late (73)", "Not started (45)", "On track (70)", "Paused (2)", "Passed (13)",
        ]  # fmt: skip
        said = [block["text"]["text"].split(" ", 1)[1] for block in blocks if "accessory" in block]
        assert said == [
            "*Never* · not started · 0 of 13 stops, 6 behind · enrolled 3 Nov",
            "*Behind* · late · 4 of 13 stops, 2 behind · last active 23 Nov",
            "*Early* · not started · 0 of 13 stops · enrolled 23 Nov · has until Friday 4 December",
        ]

    def test_learner_and_reviewer(self):
        place = Enrolment("T1", "c1", "U1", "active", DUE, NOW, NOW)
        screen = LearnerScreen(
            ((cohort(), place),) * 12,
            Wish("T1", "U1"),
            (case(state="upheld", answer=HOSTILE),) * 12,
            (case(),) * 12,
            DUE,
            {"k": HISTORY},
        )
        blocks = build_learner_blocks(screen)
        assert faults_in_view({"type": "home", "blocks": blocks}) == []
        assert len(blocks) <= 40
        assert build_learner_blocks(LearnerScreen((), Wish("T1", "U1"), (), (), DUE)) == []


class TestModals:
    @pytest.mark.parametrize("deed", manager_modals.DEED_TITLES)
    def test_learner(self, deed):
        others = [cohort(f"{n}", n) for n in range(2, 200)]
        view = manager_modals.build_learner_view(deed, cohort(), "U1", HOSTILE, others)
        assert faults_in_view(view) == []

    def test_others(self):
        texts = [
            reminders.nudge_words(HOSTILE, cohort(), "<@U0>", DUE, DUE - timedelta(days=n), n)
            for n in range(9)
        ]
        several = NudgePreview(
            cohort(), tuple((text, 2) for text in texts), tuple("U1"), 1, (("stopped reminders", 3),)
        )
        one = NudgePreview(cohort(), ((texts[0], 1),), ("U1",), 0, ())
        nobody = NudgePreview(cohort(), (), (), 0, ())
        people = PeopleForm(tuple(Group(f"S{n}", HOSTILE, HOSTILE) for n in range(120)), True)
        for view in (
            cohort_modals.build_new_cohort_view(DUE, people),
            cohort_modals.build_new_cohort_view(DUE, PeopleForm()),
            cohort_modals.build_add_people_view(cohort(), people),
            cohort_modals.build_edit_cohort_view(cohort()),
            cohort_modals.build_edit_cohort_view(cohort(due_on=None, channel_id=None, enrols_joiners=False)),
            cohort_modals.build_archived_view([cohort(f"{n}", n) for n in range(120)]),
            manager_modals.build_loading_view("Nudge"),
            manager_modals.build_nudge_view(several, None),
            manager_modals.build_nudge_view(one, "U1"),
            manager_modals.build_nudge_view(nobody, "U1"),
            cohort_modals.build_archive_view(cohort()),
            manager_modals.build_roles_view(["U1"], []),
            appeal.build_appeal_view("clip", HOSTILE, ["SPEAKER_00"], [("U2", HOSTILE)]),
            appeal.build_answer_view(case()),
            appeal.build_choose_view(case(), [("U2", HOSTILE)]),
        ):
            assert faults_in_view(view) == []
            assert "<!channel>" not in str(of_mrkdwn(view["blocks"]))


class TestMessages:
    @pytest.mark.parametrize("kind", ["before", "after", "nudge"])
    @pytest.mark.parametrize("today", [date(2026, 12, 1), date(2026, 12, 3), DUE, date(2026, 12, 20)])
    def test_reminders_make_sense_without_blocks(self, kind, today):
        message = reminders.build_reminder_message("Title", cohort(), kind, DUE, today, 3, 13, "U0")
        assert faults_in_message({"text": message.text, "blocks": message.blocks}) == []
        assert "3 of 13 stops" in message.text
        assert "<!channel>" not in str(message.blocks)

    def test_reports(self):
        faults = tuple(Fault(n, HOSTILE, "is nobody") for n in range(5_000))
        for report in (
            EnrolReport(cohort(), "text", 5_000, 0, 0, faults),
            EnrolReport(cohort(), "channel", 5_000, 3, 1, faults, (("Other", 2),)),
            EnrolReport(cohort(), "text", 0, 0, 0, (), refusal="The list is empty."),
        ):
            message = roster_report.build_report_message(report)
            assert faults_in_message({"text": message.text, "blocks": message.blocks}) == []
        assert roster_report.faults_file(EnrolReport(cohort(), "text", 1, 0, 0, faults)).count("\n") == 5_000

    def test_cases(self):
        for message in (
            appeal.build_case_message(case()),
            appeal.build_opened_message(case(words=None)),
            appeal.build_answered_message(case(state="upheld", answer="Yes.")),
            appeal.build_unassigned_message(case(state="unassigned")),
            appeal.build_overdue_message(case()),
            appeal.build_due_message(case(), DUE),
        ):
            assert faults_in_message({"text": message.text, "blocks": message.blocks}) == []
        assert "Words of that span" not in str(appeal.build_case_message(case(words=None)).blocks)
