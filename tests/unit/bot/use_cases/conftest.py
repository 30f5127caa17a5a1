"""Use cases on a database of their own, with the course that ships."""

from pathlib import Path

import pytest

from bot.people import Person
from tests.bot_parts import Bench, copy_of, migrated, real_module

ADA = Person("T1", "U1")


@pytest.fixture(scope="session")
def module():
    return real_module()


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    return migrated(tmp_path_factory.mktemp("template"))


@pytest.fixture
def bench(template, module, tmp_path):
    database = copy_of(template, tmp_path)
    yield Bench(database, module)
    database.close()


@pytest.fixture
def ada() -> Person:
    return ADA


@pytest.fixture
def before_test(bench, ada) -> Bench:
    """Ada has done all lessons, quizzes and labs."""
    with bench.database.begin() as tx:
        for lesson in bench.module.lessons:
            for kind in ("lesson", "quiz", "lab"):
                tx.progress.complete(
                    ada.team_id, ada.user_id, bench.module.id, f"{kind}-{lesson.number}", bench.now
                )
    return bench
