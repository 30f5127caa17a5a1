"""A learner says that a label is wrong: what the reviewer sees, when it is due, and how it ends."""

from dataclasses import replace
from datetime import date

import pytest

from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn, Word
from bot.errors import NotYoursError
from bot.people import Person
from bot.use_cases import appeal_label
from bot.use_cases.appeal_label import AppealWords, NoReviewerError
from bot.use_cases.forget_me import forget_me
from bot.use_cases.manage_cohorts import FormError
from bot.use_cases.manage_roles import appoint
from bot.use_cases.wishes import look_at_my_cohorts
from storage.clips import Clip
from tests.manager_parts import BOSS, LONDON, NEW_YORK, TEAM, Office

LEARNER = Person(TEAM, LONDON)
REVIEWER = Person(TEAM, NEW_YORK)
GIVEN = AppealWords(0.5, 2.0, "SPEAKER_00", "SPEAKER_01", "That was Ben, not me.", NEW_YORK, False)


@pytest.fixture
def office(bench):
    made = Office(bench)
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
