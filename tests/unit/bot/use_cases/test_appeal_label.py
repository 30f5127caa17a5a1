"""A learner says that a label is wrong: what the reviewer sees, when it is due, and how it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn, Word
from bot.errors import NotThereAnyMoreError, NotYoursError, PersonError
from bot.people import Person
from bot.use_cases import appeal_label, label_clip, reassign_cases
from bot.use_cases.appeal_label import AppealWords, NoReviewerError
from bot.use_cases.forget_me import forget_me
from bot.use_cases.keep_retention import keep_retention
from bot.use_cases.manage_cohorts import FormError
from bot.use_cases.manage_roles import account_left, appoint, dismiss
from bot.use_cases.wishes import look_at_my_cohorts
from bot.views.learner_home import build_learner_blocks
from storage.clips import Clip
from tests.manager_parts import BOSS, KOLKATA, LONDON, NEW_YORK, TEAM, Office

LEARNER = Person(TEAM, LONDON)
REVIEWER = Person(TEAM, NEW_YORK)
GIVEN = AppealWords(0.5, 2.0, "SPEAKER_00", "SPEAKER_01", "That was Ben, not me.", NEW_YORK, False)


@pytest.fixture
def office(bench):
    made = Office(bench, draws=False)
    clip = Clip(
        "clip", TEAM, "F1", LONDON, "DU0LON", None, "standup.flac", "audio/flac", 1, "done", "done", 1.0, None, None,
        None, None, None, bench.now, bench.now,
    )  # fmt: skip
    labels = Annotation.of("clip", [Turn(0.0, 2.0, "SPEAKER_00"), Turn(2.0, 4.0, "SPEAKER_01")])
    words = (Word(0.6, 1.0, "Launch", speaker="SPEAKER_00"), Word(2.5, 3.0, "later", speaker="SPEAKER_01"))
    result = {
        "duration_s": 4.0,
        "annotation": whospoke_json.annotation_to_dict(labels),
        "words": whospoke_json.words_to_list(words),
    }
    with bench.database.begin() as tx:
        tx.clips.add(clip)
        tx.clips.save(TEAM, "clip", "result", result, bench.now)
    return made


@pytest.fixture
def reviewed(office):
    appoint(office.deps, BOSS, NEW_YORK, "reviewer")
    return office


def test_nobody_to_ask(office):
    with pytest.raises(NoReviewerError):
        appeal_label.appeal_form(office.deps, LEARNER, "clip")


def test_somebody_elses_clip(reviewed):
    with pytest.raises(NotYoursError):
        appeal_label.appeal_form(reviewed.deps, BOSS, "clip")


def test_reviewer_sees_the_sentence_and_no_words_unless_ticked(reviewed):
    form = appeal_label.appeal_form(reviewed.deps, LEARNER, "clip")
    assert form.reviewers == ((NEW_YORK, "Nyc"),)
    case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
    assert (case.words, case.due_on) == (None, date(2026, 11, 30))
    reviewed.run_jobs()
    blocks = str(
        [message.blocks for (channel, _), message in reviewed.messenger.posts.items() if channel == "DU0NYC"]
    )
    assert "That was Ben, not me." in blocks
    assert "Launch" not in blocks
    assert "standup.flac" not in blocks


def test_only_the_words_of_the_span_are_shared(reviewed):
    case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", replace(GIVEN, shares_words=True))
    assert case.words == "Launch"


def test_both_see_it_until_and_after_the_answer(reviewed):
    case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
    assert look_at_my_cohorts(reviewed.deps, REVIEWER).to_review == (case,)
    assert look_at_my_cohorts(reviewed.deps, LEARNER).appeals == (case,)
    appeal_label.answer_case(reviewed.deps, REVIEWER, case.case_id, "upheld", "You are right.")
    reviewed.run_jobs()
    assert any(
        "the label was wrong" in text and "You are right." in text for _, text in reviewed.said_to(LONDON)
    )
    assert look_at_my_cohorts(reviewed.deps, REVIEWER).to_review == ()
    assert look_at_my_cohorts(reviewed.deps, LEARNER).appeals[0].answer == "You are right."
    with reviewed.bench.database.begin() as tx:
        actions = [entry.action for entry in tx.audit.of_subject(TEAM, f"case:{case.case_id}")]
    assert actions == ["case_opened", "case_answered"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start_s": 9.0}, "start"),
        ({"end_s": 0.2}, "end"),
        ({"end_s": 99.0}, "end"),
        ({"label_right": "SPEAKER_00"}, "right"),
        ({"sentence": " "}, "sentence"),
        ({"reviewer_id": BOSS.user_id}, "reviewer"),
    ],
)
def test_what_cannot_be_meant(reviewed, change, field):
    with pytest.raises(FormError) as refused:
        appeal_label.open_case(reviewed.deps, LEARNER, "clip", replace(GIVEN, **change))
    assert refused.value.field == field


def test_forgetting_oneself_takes_the_cases_along(reviewed):
    appeal_label.open_case(reviewed.deps, LEARNER, "clip", replace(GIVEN, shares_words=True))
    forget_me(reviewed.deps, LEARNER)
    assert look_at_my_cohorts(reviewed.deps, REVIEWER).to_review == ()


def shown_in(office, channel):
    """All that a conversation shows at this moment."""
    return str([message.blocks for (where, _), message in office.messenger.posts.items() if where == channel])


def state_of(office, case):
    with office.bench.database.begin() as tx:
        return tx.appeals.get(TEAM, case.case_id)


class TestReviewerWhoIsOneNoMore:
    @pytest.fixture
    def orphaned(self, reviewed):
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", replace(GIVEN, shares_words=True))
        reviewed.run_jobs()
        assert "Launch" in shown_in(reviewed, "DU0NYC")
        dismiss(reviewed.deps, BOSS, NEW_YORK, "reviewer")
        reviewed.run_jobs()
        return case

    def test_sees_nothing_of_it_any_more(self, reviewed, orphaned):
        assert "Launch" not in shown_in(reviewed, "DU0NYC")
        assert "That was Ben" not in shown_in(reviewed, "DU0NYC")
        assert look_at_my_cohorts(reviewed.deps, REVIEWER).to_review == ()
        assert state_of(reviewed, orphaned).state == "unassigned"

    def test_role_is_asked_for_whatever_the_case_says(self, reviewed):
        appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        with reviewed.bench.database.begin() as tx:
            tx.roles.revoke(TEAM, NEW_YORK, "reviewer")
        assert look_at_my_cohorts(reviewed.deps, REVIEWER).to_review == ()

    def test_learner_is_asked_to_choose_again(self, reviewed, orphaned):
        assert "Who shall answer instead?" in reviewed.said_to(LONDON)[-1][1]
        with pytest.raises(NoReviewerError):
            reassign_cases.choice_of_reviewer(reviewed.deps, LEARNER, orphaned.case_id)
        appoint(reviewed.deps, BOSS, KOLKATA, "reviewer")
        reviewed.bench.wait(days=1)
        _, reviewers = reassign_cases.choice_of_reviewer(reviewed.deps, LEARNER, orphaned.case_id)
        assert reviewers == [(KOLKATA, "Kol")]
        reassign_cases.choose_reviewer(reviewed.deps, LEARNER, orphaned.case_id, KOLKATA)
        reviewed.run_jobs()
        now = state_of(reviewed, orphaned)
        assert (now.state, now.reviewer_id, now.due_on) == ("open", KOLKATA, date(2026, 12, 1))
        assert "Launch" in shown_in(reviewed, "DU0KOL")
        appeal_label.answer_case(reviewed.deps, Person(TEAM, KOLKATA), orphaned.case_id, "upheld", "Yes.")
        home = str(build_learner_blocks(look_at_my_cohorts(reviewed.deps, LEARNER)))
        for words in ("opened 23 November", "answered 24 November", "its reviewer stepped down",
                      "given to somebody else by <@U0LON>", "answered by <@U0KOL>"):  # fmt: skip
            assert words in home

    def test_account_that_leaves_is_the_same(self, reviewed):
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        account_left(reviewed.deps, TEAM, NEW_YORK)
        assert state_of(reviewed, case).state == "unassigned"

    def test_nobody_else_may_choose_and_nobody_while_it_is_being_answered(self, reviewed):
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        with pytest.raises(NotYoursError):
            reassign_cases.choose_reviewer(reviewed.deps, BOSS, case.case_id, KOLKATA)
        with pytest.raises(PersonError, match="Somebody is answering"):
            reassign_cases.choose_reviewer(reviewed.deps, LEARNER, case.case_id, KOLKATA)
        with pytest.raises(NotThereAnyMoreError):
            reassign_cases.choose_reviewer(reviewed.deps, LEARNER, "nothing", KOLKATA)


class TestDue:
    @pytest.mark.thorough
    def test_reviewer_is_reminded_once_on_the_day_and_the_learner_told_after_it(self, reviewed):
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        assert case.due_on == date(2026, 11, 30)
        reviewed.pass_time(datetime(2026, 11, 30, 6, 0, tzinfo=UTC), minutes=60)
        assert "due today" not in str(reviewed.said_to(NEW_YORK))
        reviewed.pass_time(datetime(2026, 12, 1, 6, 0, tzinfo=UTC), minutes=60)
        assert str(reviewed.said_to(NEW_YORK)).count("is due today") == 1
        assert "was to be answered" not in str(reviewed.said_to(LONDON))
        reviewed.pass_time(datetime(2026, 12, 3, 6, 0, tzinfo=UTC), minutes=60)
        assert str(reviewed.said_to(NEW_YORK)).count("waits for your answer") == 1
        assert str(reviewed.said_to(LONDON)).count("was to be answered by Monday 30 November") == 1
        home = str(build_learner_blocks(look_at_my_cohorts(reviewed.deps, LEARNER)))
        assert "*overdue* since Monday 30 November" in home
        assert "appeal.choose" in home

    @pytest.mark.thorough
    def test_learner_may_then_ask_somebody_else(self, reviewed):
        appoint(reviewed.deps, BOSS, KOLKATA, "reviewer")
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        reviewed.run_jobs()
        reviewed.pass_time(datetime(2026, 12, 2, tzinfo=UTC), minutes=60)
        reassign_cases.choose_reviewer(reviewed.deps, LEARNER, case.case_id, KOLKATA)
        reviewed.run_jobs()
        assert shown_in(reviewed, "DU0NYC") == "[]"
        assert "was to be answered" not in shown_in(reviewed, "DU0LON")

    def test_answered_in_time_nothing_is_said(self, reviewed):
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        reviewed.run_jobs()
        appeal_label.answer_case(reviewed.deps, REVIEWER, case.case_id, "declined", "It stands.")
        reviewed.run_jobs()
        assert "appeal.answer" not in shown_in(reviewed, "DU0NYC"), "no button for what is done"
        reviewed.pass_time(datetime(2026, 12, 3, tzinfo=UTC), minutes=120)
        assert "waits for your answer" not in str(reviewed.said_to(NEW_YORK))


class TestWords:
    @pytest.fixture
    def shared(self, reviewed):
        case = appeal_label.open_case(reviewed.deps, LEARNER, "clip", replace(GIVEN, shares_words=True))
        reviewed.run_jobs()
        return case

    def gone(self, office):
        office.run_jobs()
        return "Launch" not in shown_in(office, "DU0NYC") + shown_in(office, "DU0LON")

    def test_go_when_the_clip_is_deleted_and_the_case_goes_on(self, reviewed, shared):
        label_clip.delete(reviewed.deps, LEARNER, "clip")
        assert state_of(reviewed, shared).words is None
        assert self.gone(reviewed)
        assert "That was Ben, not me." in shown_in(reviewed, "DU0NYC")
        appeal_label.answer_case(reviewed.deps, REVIEWER, shared.case_id, "upheld", "You are right.")

    def test_go_when_the_clip_has_been_kept_long_enough(self, reviewed, shared):
        reviewed.bench.now += timedelta(days=31)
        keep_retention(reviewed.deps)
        assert state_of(reviewed, shared).words is None
        assert self.gone(reviewed)

    def test_go_with_the_case_ninety_days_after_its_answer(self, reviewed, shared):
        never_answered = appeal_label.open_case(reviewed.deps, LEARNER, "clip", GIVEN)
        reviewed.run_jobs()
        reviewed.bench.now += timedelta(days=5)
        appeal_label.answer_case(reviewed.deps, REVIEWER, shared.case_id, "upheld", "You are right.")
        reviewed.run_jobs()
        reviewed.bench.now += timedelta(days=90)
        keep_retention(reviewed.deps)
        assert state_of(reviewed, shared).answer == "You are right."
        assert state_of(reviewed, never_answered).state == "open"
        reviewed.bench.now += timedelta(days=3)
        keep_retention(reviewed.deps)
        assert (state_of(reviewed, shared), state_of(reviewed, never_answered)) == (None, None)
        reviewed.run_jobs()
        assert "That was Ben" not in shown_in(reviewed, "DU0NYC") + shown_in(reviewed, "DU0LON")

    def test_go_with_everything_else_of_the_case_when_the_learner_is_forgotten(self, reviewed, shared):
        forget_me(reviewed.deps, LEARNER)
        assert self.gone(reviewed)
        assert "That was Ben" not in shown_in(reviewed, "DU0NYC") + shown_in(reviewed, "DU0LON")
        assert state_of(reviewed, shared) is None
