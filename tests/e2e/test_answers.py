"""One tap, one answer: whoever taps a place twice has answered one question, and skipped none."""

import re

import pytest
from playwright.sync_api import expect

from storage.database import Database
from tests.course_world import MODULE, TEAM, ask_for_review, miss_questions, skip_to
from tests.world import ADA, BEN, GENERAL, World

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

#: Between two taps of a finger that meant one.
_GAP_MS = 300
_SIZES = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "wide": {"viewport": {"width": 1200, "height": 900}},
}
_USERS = dict(zip(_SIZES, (ADA, BEN), strict=True))
_NEXT = re.compile("^(Next question|Next card|See how it went)$")
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("answers")) as running:
        running.start("bot")
        yield running


@pytest.fixture(params=_SIZES)
def size(request):
    return request.param


@pytest.fixture
def page(browser, world, size):
    """The learner's direct messages with the app, where the course is about to go on."""
    user = _USERS[size]
    context = browser.new_context(**_SIZES[size])
    context.set_default_timeout(20_000)
    context.add_init_script(f"localStorage.setItem('local-slack.user', '\"{user}\"')")
    opened = context.new_page()
    opened.goto(f"{world.url}/#{world.dm(user)}")
    yield opened
    context.close()


def tap_twice(page, button):
    """Tap where a button is, and again at the same place, whatever is there by then."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    is_touched = page.evaluate("navigator.maxTouchPoints > 0")
    for _ in range(2):
        (page.touchscreen.tap if is_touched else page.mouse.click)(x, y)
        page.wait_for_timeout(_GAP_MS)


def tap_through(page, title, num_questions, end):
    """Answer every question with two taps and go on with two; each question has to come, and in its turn."""
    for number in range(1, num_questions + 1):
        expect(page.get_by_text(f"{title} {number} of {num_questions}")).to_be_visible()
        option = number % 4 + 1
        tap_twice(page, page.get_by_role("button", name=re.compile(f"^{option}: ")))
        onward = page.locator("button", has_text=_NEXT)
        expect(onward).to_be_visible()
        expect(page.get_by_text(f"{title} {number} of {num_questions}")).to_be_visible()
        tap_twice(page, onward)
    expect(page.get_by_text(end).first).to_be_visible()


def papers(world, user, quiz_id):
    database = Database(world.database_url)
    with database.read() as tx:
        found = tx.attempts.finished(TEAM, user, MODULE.id, quiz_id)
    database.close()
    return found


def test_quiz_and_test(page, world, size):
    user = _USERS[size]
    for step_id, quiz in (("quiz-1", MODULE.lessons[0].quiz), ("test", MODULE.test)):
        skip_to(world, user, step_id)
        world.people.command(user, GENERAL, "/whospoke", "start")
        tap_twice(page, page.locator("button", has_text=re.compile("^Start the (quiz|test)$")))
        end = "of 4 correct" if step_id == "quiz-1" else "By lesson"
        tap_through(page, f"{quiz.title} · question", len(quiz.questions), end)
        (paper,) = papers(world, user, quiz.id)
        assert len(paper.answers) == len(quiz.questions)


def test_daily_review(page, world, size):
    user = _USERS[size]
    miss_questions(world, user, MODULE.lessons[3].quiz.questions)
    ask_for_review(world, user, f"review-{size}")
    tap_through(page, "Daily review · card", 4, "Review done for today")
    with (database := Database(world.database_url)).read() as tx:
        assert tx.reviews.plan(TEAM, user).is_on
    database.close()
