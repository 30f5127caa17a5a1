"""The whole course as learners meet it: one who passes though the bot keeps stopping, one who fails and tries again."""

import shutil
import subprocess
import sys
from functools import partial

import pytest

from course.loader import default_folder
from course.progress import steps
from tests.course_world import MODULE, ask_for_review, miss_questions, skip_to
from tests.world import ADA, BEN, CLEO, GENERAL, ROOT, World, action_ids, bot_messages, buttons

pytestmark = pytest.mark.slow
NUM_STOPS = len(steps(MODULE))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("course"), WHOSPOKE_TEST_RETAKE_HOURS="0") as running:
        running.start("bot")
        yield running


def restart(world):
    assert world.stop("bot") == 0
    world.start("bot")


def button_for(message, *, rightly):
    """Return the answer button whose option is right, or one that is not, as its label says."""
    options = {
        option.text.rstrip("."): option.is_correct
        for quiz in (*(lesson.quiz for lesson in MODULE.lessons), MODULE.test)
        for question in quiz.questions
        if question.stem in message["text"]
        for option in question.options
    }
    for element in buttons(message):
        label = (element.get("accessibility_label") or "").split(": ", 1)
        if len(label) == 2 and ".answer." in element["action_id"]:
            said = label[1].rstrip("….")
            found = next(right for text, right in options.items() if text.startswith(said))
            if found == rightly:
                return element["action_id"]
    raise AssertionError(f"no such button under: {message['text'][:200]}")


def start(world, user, channel, said):
    """Type the command, and return the new message once it says this."""
    before = {m["ts"] for m in world.messages(channel)}
    world.people.command(user, GENERAL, "/whospoke", "start")

    def found(state):
        new = [m for m in bot_messages(state, channel) if m["ts"] not in before and not m.get("thread_ts")]
        return next((m for m in reversed(new) if said in m["text"]), None)

    return world.wait(found)


def take_quiz(world, user, channel, message, *, rightly=True):
    message = world.press_until(user, message, "quiz.start", "question 1 of", channel=channel)
    for number in range(1, 5):
        message = world.press_until(
            user, message, button_for(message, rightly=rightly), "You chose", channel=channel
        )
        then = f"question {number + 1} of" if number < 4 else "of 4 correct"
        message = world.press_until(user, message, "quiz.next", then, channel=channel)
    return message


def do_lab(world, user, channel, message, lab):
    before = {m["ts"] for m in world.messages(channel) if "Your mission" in m["text"]}
    world.press(user, message, "lab.open", channel=channel)

    def opened(state):
        return next(
            (
                m
                for m in state["messages"][channel]
                if m.get("bot_id")
                and "Your mission" in m["text"]
                and m["ts"] not in before
                and not m.get("thread_ts")
            ),
            None,
        )

    thread = world.wait(opened)["ts"]
    for number, topic in enumerate(lab.topics[:3], 1):
        words = ", ".join(topic.keywords[:3])
        line = f"About {topic.title}: how do {words} matter to us, and what would you do about them here?"
        world.people.message(user, channel, line, thread_ts=thread)
        world.wait_message(channel, f"Exchange {number} of 3", thread_ts=thread, timeout_s=30)
    return thread


def take_test(world, user, channel, message, num_right, *, stop_after=None):
    message = world.press_until(user, message, "test.start", "question 1 of 15", channel=channel)
    for number in range(1, 16):
        pressed = button_for(message, rightly=number <= num_right)
        message = world.press_until(user, message, pressed, "You chose", channel=channel)
        assert not {"Correct", "Not quite"} & set(message["text"].replace(".", "").split())
        then = f"question {number + 1} of 15" if number < 15 else "By lesson"
        if number == stop_after:  # answered, and not gone on from
            restart(world)
            message = start(world, user, channel, then)
        else:
            message = world.press_until(user, message, "test.next", then, channel=channel)
    return message


def certificates(state, channel):
    return [m for m in state["messages"][channel] if "Here is your certificate" in m["text"]]


@pytest.mark.timeout(400)
def test_passes_everything_though_the_bot_stops_at_every_kind_of_step(world):
    channel, card = world.start_course(ADA)
    card = world.press_until(ADA, card, "lesson.turn.next", "card 2 of", channel=channel)
    restart(world)  # within a lesson
    card = start(world, ADA, channel, "card 2 of")
    for lesson in MODULE.lessons:
        invitation = world.read_lesson(ADA, channel, card)
        if lesson.number == 2:
            question = world.press_until(ADA, invitation, "quiz.start", "question 1 of", channel=channel)
            pressed = button_for(question, rightly=True)
            world.press_until(ADA, question, pressed, "You chose", channel=channel)
            restart(world)  # within a quiz: the first question is answered
            message = start(world, ADA, channel, "question 2 of")
            for number in range(2, 5):
                pressed = button_for(message, rightly=True)
                message = world.press_until(ADA, message, pressed, "You chose", channel=channel)
                then = f"question {number + 1} of" if number < 4 else "of 4 correct"
                message = world.press_until(ADA, message, "quiz.next", then, channel=channel)
        else:
            message = take_quiz(world, ADA, channel, invitation)
        assert "4 of 4 correct" in message["text"]
        if lesson.number == 3:
            restart(world)  # before a lab
            message = start(world, ADA, channel, "Next: lab 3")
        do_lab(world, ADA, channel, message, lesson.lab)
        is_last = lesson == MODULE.lessons[-1]
        following = "12 right answers pass" if is_last else f"Lesson {lesson.number + 1},"
        card = start(world, ADA, channel, following)
    assert f"{NUM_STOPS - 1} of {NUM_STOPS} stops done" in card["text"]
    summary = take_test(world, ADA, channel, card, 15, stop_after=8)  # and within the test
    assert "15 of 15, passed" in summary["text"]

    (certificate,) = world.wait(partial(certificates, channel=channel))
    picture = next(block for block in certificate["blocks"] if block["type"] == "image")
    assert "Ada Quill has passed" in picture["alt_text"]
    shown = certificate["text"].rsplit(" ", 1)[1]
    answer = world.people.command(CLEO, GENERAL, "/whospoke", f"verify {shown}")
    assert "Ada Quill passed the module test" in answer["text"]
    unknown = world.people.command(CLEO, GENERAL, "/whospoke", "verify 0000-0000")
    assert "No certificate of this workspace" in unknown["text"]

    world.wait(
        lambda state: (
            f"{NUM_STOPS} of {NUM_STOPS} stops done" in str(state["homes"].get(ADA, {}).get("blocks"))
        )
    )
    progress = world.people.command(ADA, GENERAL, "/whospoke", "progress")
    assert f"{NUM_STOPS} of {NUM_STOPS} stops done" in progress["text"]
    assert shown in progress["text"]
    done = start(world, ADA, channel, "You have done every stop")
    assert "course.open.quiz-2" in action_ids(done)
    restart(world)
    assert len(certificates(world.people.state(), channel)) == 1
    assert "Traceback" not in world.log("bot")


@pytest.mark.timeout(400)
def test_fails_rereads_and_passes_at_the_second_attempt(world):
    skip_to(world, BEN, "test")
    channel = world.dm(BEN)
    invitation = start(world, BEN, channel, "12 right answers pass")
    summary = take_test(world, BEN, channel, invitation, 11)
    assert "11 of 15, not passed yet" in summary["text"]
    assert "Worth reading again" in summary["text"]
    assert certificates(world.people.state(), channel) == []

    world.press(BEN, summary, "lesson.read.0", channel=channel)
    world.wait_message(channel, "card")
    assert "review.on" not in action_ids(summary)  # it would show the answers before the next attempt
    world.people.open(BEN, "home")
    home = world.wait(lambda state: "review.on" in str(h := state["homes"].get(BEN)) and h)
    world.people.press(BEN, "review.on", view_id=home["id"])
    on = world.wait_message(channel, "Daily review is on")
    assert "America/New_York" in world.wait(
        lambda state: next(
            (t for m in state["messages"][channel] if "America/New_York" in (t := m["text"])), None
        )
    )
    home = world.wait(
        lambda state: "4 cards of the module test will join" in str(h := state["homes"].get(BEN)) and h
    )
    assert {"review.hour", "review.off"} <= set(action_ids(home))
    world.people.press(BEN, "review.hour", view_id=home["id"], selected="17")
    home = world.wait(lambda state: "at 17:00" in str((h := state["homes"][BEN])["blocks"][-6:]) and h)
    world.press(BEN, on, "review.off", channel=channel)
    world.wait_message(channel, "Daily review is off")

    again = start(world, BEN, channel, "Your last result: 11 of 15")
    summary = take_test(world, BEN, channel, again, 12)
    assert "12 of 15, passed" in summary["text"]
    world.wait(partial(certificates, channel=channel))
    assert (
        "best 12 of 15, latest 12 of 15"
        in world.people.command(BEN, GENERAL, "/whospoke", "progress")["text"]
    )

    world.people.open(BEN, "home")
    home = world.wait(lambda state: "Your certificate" in str(h := state["homes"][BEN]) and h)
    world.people.press(BEN, "course.open", view_id=home["id"], selected="lesson-3")
    world.wait_message(channel, "Lesson 3,")


@pytest.mark.timeout(300)
def test_daily_review_comes_once_and_is_one_message(world):
    miss_questions(world, CLEO, MODULE.lessons[0].quiz.questions[:2])
    channel = world.dm(CLEO)
    ask_for_review(world, CLEO, "review-1")
    card = world.wait_message(channel, "Daily review · card 1 of 2")
    ask_for_review(world, CLEO, "review-2")
    restart(world)
    card = world.press_until(CLEO, card, button_for(card, rightly=False), "Not quite", channel=channel)
    card = world.press_until(CLEO, card, "review.next", "card 2 of 2", channel=channel)
    card = world.press_until(CLEO, card, button_for(card, rightly=True), "Correct", channel=channel)
    world.press_until(CLEO, card, "review.next", "Review done for today: 1 of 2 right", channel=channel)
    ask_for_review(world, CLEO, "review-3")
    restart(world)
    assert len([m for m in world.messages(channel) if "eview" in m["text"]]) == 1


@pytest.mark.timeout(300)
def test_content_edited_while_the_bot_runs(tmp_path):
    folder = tmp_path / "module"
    shutil.copytree(default_folder(), folder)
    lesson = folder / "lesson-1" / "lesson.yaml"
    good, old = lesson.read_text(), MODULE.lessons[0].core_cards[0].title
    with World(tmp_path, WHOSPOKE_COURSE_DIR=str(folder)) as world:
        world.start("bot")
        channel, card = world.start_course(BEN)
        assert old in card["text"]
        lesson.write_text(good.replace(old, "A title of tomorrow", 1))
        start(world, BEN, channel, "A title of tomorrow")
        lesson.write_text(good.replace("title:", "title: [", 1))
        start(world, BEN, channel, "A title of tomorrow")
        start(world, BEN, channel, "A title of tomorrow")
        assert world.log("bot").count("an edit of the course is at fault") == 1
        assert "lesson-1/lesson.yaml" in world.log("bot")
        lesson.write_text(good)
        start(world, BEN, channel, old)


def test_broken_course_stops_the_start_with_every_fault(world, tmp_path):
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "module.yaml").write_text("id: m\ntitle: [broken\n")
    ended = subprocess.run(
        [sys.executable, "-m", "bot"],
        check=False,
        cwd=ROOT,
        env=world.environment() | {"WHOSPOKE_COURSE_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "The bot does not start" in ended.stderr
    assert "module.yaml" in ended.stderr
    assert "Traceback" not in ended.stderr
