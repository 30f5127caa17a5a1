"""Editing the course while the bot runs: new content shows, a broken edit changes nothing and is logged once."""

import logging
import shutil

import pytest

from bot.content import CourseInUse
from course.errors import ContentError
from course.loader import default_folder


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "module"
    shutil.copytree(default_folder(), copy)
    return copy


def edit(folder, old, new, name="lesson-1/lesson.yaml"):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_edited_title_shows(folder):
    course = CourseInUse(folder)
    before = course()
    edit(folder, f"title: {before.lessons[0].title}", "title: A new title for it")
    assert course().lessons[0].title == "A new title for it"
    assert course().version != before.version


def test_broken_edit_keeps_the_last_good_version_and_is_logged_once(folder, caplog):
    course = CourseInUse(folder)
    before = course()
    good = (folder / "lesson-1" / "quiz.yaml").read_text()
    edit(folder, "is_correct: true", "is_correct: [true", "lesson-1/quiz.yaml")
    with caplog.at_level(logging.INFO, logger="bot.content"):
        for _ in range(5):
            assert course() is before
        assert len(caplog.records) == 1
        assert "lesson-1/quiz.yaml" in caplog.text
        (folder / "lesson-1" / "quiz.yaml").write_text(good + "\n")
        assert course().version == before.version
        assert "in order again" in caplog.records[-1].message
        assert len(caplog.records) == 2


def test_two_correct_options_are_a_fault_too(folder, caplog):
    course = CourseInUse(folder)
    before = course()
    edit(folder, "        feedback:", "        is_correct: true\n        feedback:", "lesson-1/quiz.yaml")
    assert course() is before
    assert "lesson-1/quiz.yaml" in caplog.text


def test_broken_from_the_start_is_refused_with_every_fault(folder):
    edit(folder, "card_id:", "card_ib:", "lesson-1/quiz.yaml")
    edit(folder, "card_id:", "card_ib:", "lesson-2/quiz.yaml")
    with pytest.raises(ContentError) as caught:
        CourseInUse(folder)
    for name in ("lesson-1/quiz.yaml", "lesson-2/quiz.yaml"):
        assert name in str(caught.value)
