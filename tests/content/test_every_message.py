"""Every message the course can produce: Slack takes it, its plain text alone makes sense, nothing is cut."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.certificate import Award, Picture, alt_text
from bot.learning_screens import (
    LessonScore,
    ModuleTestInvitation,
    ModuleTestScreen,
    ModuleTestSummary,
    ReviewScreen,
    ReviewStanding,
    ReviewSummary,
    TrailStop,
)
from bot.messenger import Message
from bot.screens import (
    CourseDone,
    LabInvitation,
    QuizInvitation,
    QuizScreen,
    QuizSummary,
    Standing,
    Stop,
)
from bot.use_cases.course_state import lesson_screen
from bot.views import review as review_views
from bot.views import test as test_views
from bot.views.help import build_help_message
from bot.views.home import build_home_blocks, build_progress_message
from bot.views.lesson import build_more_message
from bot.views.screens import build_screen_message, part_of
from bot.views.text import escape
from bot.views.trail import with_trail
from course import progress
from course.loader import default_folder, load_module
from course.text import reading_time_min
from local_slack.payloads import faults_in_message, faults_in_view

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MODULE = load_module(default_folder())
TEST = MODULE.test
ORDER = (2, 0, 3, 1)
AWARD = Award("Ada Quill", MODULE.title, 13, 15, NOW.date(), "0a1b2c3d4e5f6789")
STANDING = ReviewStanding(True, 9, False, "Europe/London", 12, 5)


def trail(num_done, part_id):
    number_of = {lesson.id: lesson.number for lesson in MODULE.lessons}
    return tuple(
        TrailStop(step.kind, number_of.get(step.lesson_id), n < num_done, step.part_id == part_id)
        for n, step in enumerate(progress.steps(MODULE))
    )


def shown(screen, link=None):
    message = build_screen_message(screen, link)
    return [with_trail(message, trail(n, part_of(screen))) for n in (0, 7, len(progress.steps(MODULE)))]


def lessons():
    for lesson in MODULE.lessons:
        for card in lesson.cards:
            for completed in ({}, {f"lesson-{lesson.number}": NOW}):
                screen = lesson_screen(MODULE, lesson, card, completed)
                for figure_id in (None, "F0123456789") if card.figure else (None,):
                    yield from shown(replace(screen, figure_file_id=figure_id))
        yield build_more_message(lesson, lesson.core_cards[0].id)


def quizzes():
    for lesson in MODULE.lessons:
        quiz = lesson.quiz
        yield from shown(QuizInvitation(quiz, lesson))
        yield from shown(QuizInvitation(quiz, lesson, 4, 1))
        for position, question in enumerate(quiz.questions, 1):
            asked = QuizScreen(quiz, lesson, "a" * 16, question, ORDER, position)
            yield from shown(asked)
            for chosen in range(len(question.options)):
                for is_last in (False, True):
                    yield from shown(replace(asked, chosen=chosen, is_last=is_last))
        for num_missed in range(len(quiz.questions) + 1):
            for flag in (False, True):
                yield from shown(
                    QuizSummary(
                        quiz,
                        lesson,
                        1 + flag,
                        4 - num_missed,
                        quiz.questions[:num_missed],
                        4,
                        flag,
                        flag,
                    )
                )
        yield from shown(LabInvitation(lesson.lab, lesson))
        yield from shown(LabInvitation(lesson.lab, lesson, "D1", "1.0"), "https://slack.test/x")


def module_test():
    later = NOW + timedelta(hours=12)
    for last, has_passed, opens_at, hours in (
        (None, False, None, 12.0),
        (7, False, later, 12.0),
        (7, False, None, 0.0),
        (13, True, None, 1.0),
        (13, True, later, 0.5),
    ):
        yield from shown(ModuleTestInvitation(TEST, 12, last, has_passed, opens_at, hours))
    for position, question in enumerate(TEST.questions, 1):
        asked = ModuleTestScreen(TEST, "a" * 16, question, ORDER, position, later)
        for chosen in (None, *range(len(question.options))):
            yield from shown(replace(asked, chosen=chosen, is_last=position == len(TEST.questions)))
    lesson_of = [(MODULE.lesson_of(question.card_id), question) for question in TEST.questions]
    cards = tuple(
        {question.card_id: (lesson, lesson.card(question.card_id)) for lesson, question in lesson_of}.values()
    )
    scores = tuple(LessonScore(lesson, 1, 4) for lesson in MODULE.lessons)
    for right, unanswered, opens_at, passed_before, certificate_id in (
        (0, 15, None, False, None),
        (0, 0, later, False, None),
        (11, 0, later, False, None),
        (11, 0, later, True, AWARD.certificate_id),
        (12, 0, later, False, None),
        (15, 0, None, True, AWARD.certificate_id),
    ):
        yield from shown(
            ModuleTestSummary(
                test=TEST,
                num_correct=right,
                needed=12,
                passed=right >= 12,
                has_passed=right >= 12 or passed_before,
                certificate_id=certificate_id,
                best=max(right, 13 if passed_before else 0),
                attempt_number=2,
                per_lesson=scores,
                reread=cards[: 15 - right],
                num_unanswered=unanswered,
                opens_at=opens_at,
                offers_review=True,
            )
        )
    for shows_name in (True, False):
        picture = Picture(b"", alt_text(AWARD), shows_name)
        yield test_views.build_certificate_message(AWARD, "F0123456789", picture)
    yield test_views.build_verified_message(AWARD, "x")
    yield test_views.build_verified_message(None, "x")
    yield from shown(CourseDone(MODULE))
    yield from shown(CourseDone(MODULE, "0a1b2c3d4e5f6789"))


def review():
    every = [question for lesson in MODULE.lessons for question in lesson.quiz.questions] + list(
        TEST.questions
    )
    for question in every:
        for chosen in (None, *range(len(question.options))):
            lesson = MODULE.lesson_of(question.card_id)
            yield review_views.build_review_message(
                ReviewScreen("a" * 16, question, lesson, ORDER, 1, 5, chosen, chosen == 0)
            )
    yield review_views.build_review_summary(ReviewSummary(3, 5, "2026-11-25"))
    yield review_views.build_review_summary(ReviewSummary(0, 0, None))
    for on_weekends in (False, True):
        yield review_views.build_review_on_message(replace(STANDING, on_weekends=on_weekends))
    yield review_views.build_review_off_message()


def standings():
    for num_done in range(len(progress.steps(MODULE)) + 1):
        for standing in (STANDING, replace(STANDING, is_on=False, num_cards=0, num_due=0, num_waiting=3)):
            stops = tuple(
                Stop(
                    step.title,
                    step.kind,
                    "done" if n < num_done else "open" if n == num_done else "locked",
                    "best 4 of 4, latest 2 of 4" if step.kind in {"quiz", "test"} and n < num_done else None,
                    step.id,
                )
                for n, step in enumerate(progress.steps(MODULE))
            )
            is_done = num_done == len(stops)
            upcoming = None if is_done else stops[num_done].title
            found = Standing(MODULE, stops, upcoming, (), standing, AWARD.certificate_id if is_done else None)
            yield found
            yield replace(found, test_closes_at=NOW)
            yield replace(found, test_opens_at=NOW)


def others():
    yield build_help_message()
    for standing in standings():
        yield build_progress_message(standing)


PARTS = {
    "lessons": lessons,
    "quizzes": quizzes,
    "module test": module_test,
    "review": review,
    "others": others,
}
_EMOJI = re.compile(r":[a-z_]+:")
_MARKS = re.compile(r"\*\*|(?<!\w)\*\w|<[@!#h]|:[a-z]+_[a-z_]+:|&(?:lt|gt|amp);|`")


def elements(blocks):
    for block in blocks:
        yield from block.get("elements") or []
        if block.get("accessory"):
            yield block["accessory"]


def told(block):
    """Return the mrkdwn or plain text that a block shows."""
    texts = [block.get("text"), *(block.get("fields") or [])]
    texts += [each for each in block.get("elements") or [] if each.get("type") in {"mrkdwn", "plain_text"}]
    return [text["text"] if isinstance(text, dict) else text for text in texts if text]


def check(message: Message) -> None:
    payload = {"text": message.text, "blocks": message.blocks}
    assert faults_in_message(payload) == [], message.text[:80]
    assert len(message.text) <= 4000
    assert not _MARKS.search(message.text), (_MARKS.search(message.text), message.text)
    for block in message.blocks:
        check_block(block, message.text[:80])


def check_block(block, where):
    for text in told(block):
        assert not text.endswith("…"), ("cut", where, text[-60:])
        assert "**" not in text, ("Markdown shows", where, text)
        for line in text.splitlines():
            assert not _EMOJI.search(line) or re.search(r"\w{3}", _EMOJI.sub("", line)), ("emoji alone", line)
    for element in elements([block]):
        if element["type"] == "button":
            said = element.get("accessibility_label")
            assert said, ("a screen reader is told nothing of where this leads", element)
            assert re.search(r"\w{3,}.*\w{2,}", said), ("a screen reader says too little", element)
    if block["type"] == "image":
        assert len(block["alt_text"]) > 40, where


@pytest.mark.parametrize("part", PARTS)
def test_slack_takes_it_and_its_text_alone_makes_sense(part):
    number = 0
    for message in PARTS[part]():
        check(message)
        number += 1
    assert number >= 12


def test_home_tab():
    for standing in standings():
        blocks = build_home_blocks(standing)
        assert faults_in_view({"type": "home", "blocks": blocks}) == []
        for block in blocks:
            check_block(block, "home")


def test_card_text_holds_all_that_the_card_shows():
    for lesson in MODULE.lessons:
        for card in lesson.cards:
            (message, *_) = shown(lesson_screen(MODULE, lesson, card, {}))
            text = message.text
            wanted = [card.title, *(d.term for d in card.definitions)]
            wanted += [f"{n}. {stage.term}" for n, stage in enumerate(card.stages, 1)]
            wanted += [stat.label for stat in card.stats] + ([card.figure.alt_text] if card.figure else [])
            for words in wanted:
                assert words in text, (card.id, words)
            assert "…" not in text, card.id


@pytest.mark.parametrize(
    ("lesson", "card"), [pytest.param(ls, card, id=card.id) for ls in MODULE.lessons for card in ls.cards]
)
def test_every_card_shows_its_sources_and_when_law_and_products_were_checked(lesson, card):
    message = build_screen_message(lesson_screen(MODULE, lesson, card, {}))
    facts = [fact for fact in MODULE.facts if fact.id in card.fact_ids]
    assert facts
    (small_print,) = [text for block in message.blocks for text in told(block) if text.startswith("Source")]
    for fact in facts:
        assert small_print.count(escape(fact.source)) == 1
        assert message.text.count(fact.source) == 1
        if fact.kind in {"law", "product"}:
            assert f"Checked {date.fromisoformat(fact.as_of):%B %Y}" in small_print


def test_a_lesson_opens_with_what_it_is_about_and_how_long_it_takes():
    for lesson in MODULE.lessons:
        first, *others = (
            build_screen_message(lesson_screen(MODULE, lesson, card, {})) for card in lesson.cards
        )
        shown_words = " ".join(words for block in first.blocks for words in told(block))
        length = f"{len(lesson.core_cards)} cards, about {reading_time_min(lesson)} minutes"
        for where in (shown_words, first.text):
            for words in (lesson.tagline, length, *lesson.objectives):
                assert words in where
            assert not any(length in other.text for other in others)


def test_question_text_holds_all_options_in_the_order_shown():
    for question in TEST.questions:
        (message, *_) = shown(ModuleTestScreen(TEST, "a", question, ORDER, 1, NOW))
        places = [message.text.index(f"{n}: ") for n in range(1, 5)]
        assert places == sorted(places)
        for index in ORDER:
            assert question.options[index].text.rstrip(".") in message.text


def test_test_says_nothing_of_right_and_wrong_until_the_end():
    for question in TEST.questions:
        asked = ModuleTestScreen(TEST, "a", question, ORDER, 1, NOW)
        for chosen in (None, *range(len(question.options))):
            (message, *_) = shown(replace(asked, chosen=chosen))
            said = str(message.blocks) + message.text
            assert not re.search(r"\(correct\)|:white_check_mark:|Correct\.|Not quite|The answer is", said)
            for option in question.options:
                assert option.feedback not in said
        marked = {
            str(shown(replace(asked, chosen=chosen))[0].blocks).count("(your answer)") for chosen in range(4)
        }
        assert marked == {1}, "whatever was chosen is marked alike"


@pytest.mark.parametrize("part", ["quizzes", "module test", "review"])
def test_only_answers_stand_at_the_right(part):
    """So that of two taps on one place at most one is an answer, at any width and however tall the questions."""
    num_answers = 0
    for message in PARTS[part]():
        rows = [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]
        beside = [block["accessory"] for block in message.blocks if "accessory" in block]
        assert not any(".answer." in each["action_id"] for each in rows)
        assert all(".answer." in each["action_id"] for each in beside)
        num_answers += len(beside)
    assert num_answers >= 12


def named_stops(words):
    """Return the stops that a list names, such as "lab 1; lessons, quizzes, labs 2 to 4; test"."""
    found = set()
    for run in words.split("; "):
        kinds, first, last = re.fullmatch(r"([a-z, ]+?)(?: (\d+)(?: to (\d+))?)?", run).groups()
        singular = [re.sub("(?<=quiz)zes$|s$", "", kind) for kind in kinds.split(", ")]
        if first is None:
            found |= set(singular)
        else:
            numbers = range(int(first), int(last or first) + 1)
            found |= {f"{kind}-{number}" for kind in singular for number in numbers}
    return found


def test_all_stops_are_visible_from_each():
    steps = [step.id for step in progress.steps(MODULE)]
    for num_done in range(len(steps) + 1):
        for step in progress.steps(MODULE):
            (words,) = told(with_trail(Message("x"), trail(num_done, step.part_id)).blocks[-1])
            done, here, ahead = (
                re.search(pattern, words)
                for pattern in (r"done: ([^.]+)\.", r"Here: ([^.(]+?)(?: \(done\))?\.", r"come: ([^.]+)\.")
            )
            named = [named_stops(each.group(1)) for each in (done, here, ahead) if each]
            assert set.union(*named) == set(steps), words
            assert (named_stops(done.group(1)) if done else set()) == set(steps[:num_done])
            assert named_stops(here.group(1)) == {step.id}


def test_question_ids_are_one_of_a_kind():
    every = [q.id for lesson in MODULE.lessons for q in lesson.quiz.questions] + [
        q.id for q in TEST.questions
    ]
    assert len(every) == len(set(every))
