"""Who may do what: every deed of managers and reviewers, tried by everybody, cell by cell."""

from dataclasses import replace
from datetime import date

import pytest

from bot.authority import NEEDED, NotAllowedError
from bot.errors import NotYoursError, PersonError
from bot.people import Person
from bot.use_cases import (
    appeal_label,
    export_cohort,
    look_at_cohort,
    manage_cohorts,
    manage_learner,
    manage_roles,
    manager_forms,
    nudge_learners,
)
from bot.use_cases.manage_cohorts import CohortForm, FormError, Source
from storage.appeals import Appeal
from tests.manager_parts import BOSS, LONDON, TEAM, Office

pytestmark = pytest.mark.thorough

ACTORS = {
    "manager": BOSS,
    "reviewer": Person(TEAM, "U0REV"),
    "learner": Person(TEAM, LONDON),
    "outsider": Person(TEAM, "U0NEVER"),
    "manager of another workspace": Person("T9", BOSS.user_id),
    "reviewer of another workspace": Person("T9", "U0REV"),
}
#: Who may do it; everybody else may not.
ALLOWED = {deed: {"reviewer"} if needed == {"reviewer"} else {"manager"} for deed, needed in NEEDED.items()}
FORM = CohortForm("Another", None, None, "all", None, False, ())


def deeds(deps, cohort_id):
    """Each deed with the very ids a forged payload would carry."""
    who = (cohort_id, LONDON, "Because")
    return {
        "look": [lambda one: look_at_cohort.turn_board(deps, one, cohort_id=cohort_id)],
        "appoint": [
            lambda one: manage_roles.appoint(deps, one, "U0NYC", "manager"),
            lambda one: manager_forms.form_for_roles(deps, one),
        ],
        "dismiss": [lambda one: manage_roles.dismiss(deps, one, "U0REV", "reviewer")],
        "make_cohort": [
            lambda one: manage_cohorts.make_cohort(deps, one, FORM),
            lambda one: manager_forms.today_for(deps, one),
        ],
        "enrol": [
            lambda one: manage_cohorts.ask_to_enrol(deps, one, cohort_id, (Source("text", LONDON),)),
            lambda one: manager_forms.form_for_cohort(deps, one, cohort_id, "enrol"),
        ],
        "edit": [
            lambda one: manage_cohorts.edit_cohort(deps, one, cohort_id, FORM),
            lambda one: manager_forms.form_for_cohort(deps, one, cohort_id, "edit"),
        ],
        "restore": [
            lambda one: manage_cohorts.restore_cohort(deps, one, "put-away"),
            lambda one: manager_forms.form_for_archived(deps, one),
        ],
        "take_out": [lambda one: manage_learner.take_out(deps, one, *who)],
        "archive": [lambda one: manage_cohorts.archive_cohort(deps, one, cohort_id)],
        "switch_digest": [lambda one: manage_cohorts.switch_digest(deps, one, cohort_id)],
        "pause": [
            lambda one: manage_learner.pause(deps, one, *who),
            lambda one: manager_forms.form_for_learner(deps, one, "pause", cohort_id, LONDON),
        ],
        "resume": [lambda one: manage_learner.resume(deps, one, *who)],
        "reset": [lambda one: manage_learner.reset(deps, one, *who)],
        "extend": [lambda one: manage_learner.extend(deps, one, *who, date(2027, 1, 5))],
        "move": [lambda one: manage_learner.move(deps, one, *who, "no-such-cohort")],
        "nudge": [
            lambda one: nudge_learners.preview_nudge(deps, one, cohort_id, LONDON),
            lambda one: nudge_learners.ask_to_nudge(deps, one, cohort_id, LONDON),
        ],
        "export": [lambda one: export_cohort.ask_to_export(deps, one, cohort_id)],
        "answer_appeal": [
            lambda one: appeal_label.case_to_answer(deps, one, "case"),
            lambda one: appeal_label.answer_case(deps, one, "case", "upheld", "Right."),
        ],
    }


@pytest.fixture
def office(bench):
    made = Office(bench, draws=False)
    made.cohort(due_on=date(2026, 12, 4))
    with bench.database.begin() as tx:
        away = replace(tx.cohorts.in_use(TEAM)[0], cohort_id="put-away", name="Away", archived_at=bench.now)
        tx.cohorts.add(away)
    with bench.database.begin() as tx:
        tx.roles.grant(TEAM, "U0REV", "reviewer", BOSS.user_id, bench.now)
        tx.roles.grant("T9", BOSS.user_id, "manager", "installer", bench.now)
        tx.roles.grant("T9", "U0REV", "reviewer", "installer", bench.now)
        tx.appeals.open(
            Appeal(TEAM, "case", "clip", bench.now, LONDON, "U0REV", 0.0, 1.0, "A", "B", "No.", None, "open",
                   date(2026, 11, 30), bench.now)
        )  # fmt: skip
    return made


@pytest.mark.parametrize("deed", NEEDED)
@pytest.mark.parametrize("actor", ACTORS)
def test_cell(office, deed, actor):
    with office.bench.database.begin() as tx:
        cohort_id = tx.cohorts.in_use(TEAM)[0].cohort_id
    for do in deeds(office.deps, cohort_id)[deed]:
        if actor in ALLOWED[deed]:
            try:
                do(ACTORS[actor])
            except NotAllowedError:
                raise
            except PersonError:
                pass  # allowed, and refused for another reason
        else:
            # In their own workspace a manager is one, and yet finds nothing of ours there.
            elsewhere = ACTORS[actor].team_id != TEAM
            before = everything(office)
            try:
                do(ACTORS[actor])
            except NotAllowedError:
                pass
            except PersonError:
                assert elsewhere, "refused for the wrong reason"
            else:
                assert elsewhere, "allowed"
            assert everything(office) == before, "something of this workspace changed"


def test_table_of_deeds_is_complete(office):
    assert set(deeds(office.deps, "c")) == set(NEEDED)


def test_reviewer_answers_only_cases_of_their_own(office):
    manage_roles.appoint(office.deps, BOSS, "U0NYC", "reviewer")
    with pytest.raises(NotYoursError):
        appeal_label.answer_case(office.deps, Person(TEAM, "U0NYC"), "case", "upheld", "Mine now.")
    appeal_label.answer_case(office.deps, ACTORS["reviewer"], "case", "declined", "It stands.")
    with pytest.raises(PersonError, match="answered before"):
        appeal_label.answer_case(office.deps, ACTORS["reviewer"], "case", "upheld", "No, wait.")


def test_forged_verdict(office):
    with pytest.raises(FormError):
        appeal_label.answer_case(office.deps, ACTORS["reviewer"], "case", "promote-me", "Hm.")


def everything(office):
    """All that a deed could change in this workspace."""
    import sqlalchemy as sa

    from storage import schema_managers  # noqa: F401 - its tables
    from storage.schema import metadata

    names = (
        "role",
        "cohort",
        "enrolment",
        "roster",
        "board",
        "reminder",
        "appeal",
        "completed_step",
        "audit",
    )
    with office.bench.database.connect() as connection:
        found = {}
        for name in names:
            table = metadata.tables[name]
            found[name] = sorted(
                map(repr, connection.execute(sa.select(table).where(table.c.team_id == TEAM)))
            )
        return found
