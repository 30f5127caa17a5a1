"""A lab opens once for presses that follow one another, and an untouched one is gone back to."""

import pytest

from bot.use_cases.open_lab import ask_to_open_lab, open_lab
from bot.use_cases.talk_in_lab import choose_opener


@pytest.fixture
def deps(bench, before_test):
    return bench.deps


def _jobs(bench):
    return [job for job in bench.database.jobs_client.list_workflows() if job.name == "open_lab"]


def _open(bench, ada):
    """Press and let the job run."""
    known = {job.workflow_id for job in _jobs(bench)}
    found = ask_to_open_lab(bench.deps, ada, "lab-1")
    for job in _jobs(bench):
        if job.workflow_id not in known:
            open_lab(bench.deps, ada.team_id, ada.user_id, "lab-1", job.workflow_id.rsplit(":", 1)[1])
    return found


def test_a_double_click_opens_one_thread(deps, bench, ada):
    assert ask_to_open_lab(deps, ada, "lab-1") is None
    assert ask_to_open_lab(deps, ada, "lab-1") is None
    assert len(_jobs(bench)) == 1


def test_an_untouched_one_is_gone_back_to_later(deps, bench, ada):
    assert _open(bench, ada) is None
    bench.wait(hours=2)
    found = _open(bench, ada)
    assert found is not None
    assert len(_jobs(bench)) == 1


def test_afresh_once_something_was_said(deps, bench, ada):
    _open(bench, ada)
    with deps.database.begin() as tx:
        session = tx.labs.latest("T1", ada.user_id, bench.module.id, "lab-1")
    choose_opener(deps, ada, session.session_id, 0)
    bench.wait(hours=2)
    assert _open(bench, ada) is None
    assert len(_jobs(bench)) == 2
