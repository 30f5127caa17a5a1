"""Pressing answers in quizzes, the test and review: what the person is shown, and when anything is said of it."""

import pytest

from bot import ids
from bot.listeners.actions import learning, quizzes
from bot.show import show_in_dm
from bot.use_cases.continue_course import continue_course
from bot.use_cases.plan_review import turn_review_on
from bot.use_cases.send_review import send_review
from storage.reviews import ReviewCard
from tests.world import buttons

ANSWERS = {
    "quiz": (ids.QUIZ_ANSWER_PREFIX, quizzes.handle_answer),
    "test": (ids.TEST_ANSWER_PREFIX, learning.handle_answer_test),
    "review": (ids.REVIEW_ANSWER_PREFIX, learning.handle_answer_card),
}


def press(bench, person, handle, element, place):
    body = {
        "user": {"id": person.user_id},
        "team": {"id": person.team_id},
        "container": {"channel_id": place[0], "message_ts": place[1]},
        "actions": [{"action_id": element["action_id"], "value": element["value"]}],
    }
    handle(lambda: None, body, deps=bench.deps)


def begin(bench, person, kind):
    """Put the first question in front of the person; returns where it is."""
    if kind == "review":
        turn_review_on(bench.deps, person)
        question = bench.module.lessons[0].quiz.questions[0]
        with bench.database.begin() as tx:
            card = ReviewCard(question.id, 0.2, 6.4, bench.now, bench.now)
            tx.reviews.put(person.team_id, person.user_id, bench.module.id, card)
        send_review(bench.deps, person, "D1")
        return next(iter(bench.messenger.posts))
    if kind == "quiz":
        with bench.database.begin() as tx:
            tx.progress.complete(person.team_id, person.user_id, bench.module.id, "lesson-1", bench.now)
    show_in_dm(bench.deps, person, continue_course(bench.deps, person))
    place = next(iter(bench.messenger.posts))
    handle = quizzes.handle_start if kind == "quiz" else learning.handle_start_test
    press(bench, person, handle, buttons({"blocks": bench.messenger.posts[place].blocks})[0], place)
    return place


@pytest.mark.parametrize("kind", ANSWERS)
def test_second_press_changes_nothing_and_only_another_option_is_remarked_on(request, ada, kind):
    bench = request.getfixturevalue("before_test" if kind == "test" else "bench")
    prefix, handle = ANSWERS[kind]
    place = begin(bench, ada, kind)
    shown = buttons({"blocks": bench.messenger.posts[place].blocks})
    first, second, *_ = [each for each in shown if each["action_id"].startswith(prefix)]
    press(bench, ada, handle, first, place)
    answered = bench.messenger.posts[place]
    assert "You chose" in answered.text
    assert not any(each["action_id"].startswith(prefix) for each in buttons({"blocks": answered.blocks}))
    press(bench, ada, handle, first, place)  # a tap too many, before the message had changed
    assert bench.messenger.posts[place] == answered
    assert bench.messenger.whispers == []
    press(bench, ada, handle, second, place)
    assert bench.messenger.posts[place] == answered
    assert ["Your first answer stands" in said for said in bench.messenger.whispers] == [True]
