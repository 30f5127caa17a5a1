"""The export of one's data tells nothing of the module test that the test itself keeps back."""

from bot.use_cases.export_data import data_document
from bot.use_cases.take_test import answer_test, go_on_with_test, start_test


def sit(bench, person, num_right):
    """Take the module test with so many right answers."""
    screen = start_test(bench.deps, person, "test")
    for number in range(15):
        options = enumerate(screen.question.options)
        option = next(index for index, one in options if one.is_correct == (number < num_right))
        answer_test(bench.deps, person, screen.attempt_id, screen.question.id, option)
        screen = go_on_with_test(bench.deps, person, getattr(screen, "attempt_id", ""))


def records(bench, person):
    document = data_document(bench.deps, person)
    return document["kept_back"], {one["table"]: one["rows"] for one in document["records"]}


def test_which_answers_were_right_comes_once_the_test_is_passed(before_test, ada):
    sit(before_test, ada, 7)
    kept_back, held = records(before_test, ada)
    assert "until you have passed" in kept_back
    assert [row["num_correct"] for row in held["attempt"]] == [7]
    assert len(held["answer"]) == 15
    assert all(row["chosen"] and "is_correct" not in row for row in held["answer"])
    assert held["review_card"] == []

    before_test.wait(hours=13)
    sit(before_test, ada, 15)
    kept_back, held = records(before_test, ada)
    assert kept_back is None
    assert sum(row["is_correct"] for row in held["answer"]) == 7 + 15
    assert len(held["review_card"]) == 8
