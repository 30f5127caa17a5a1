"""Every card, question, quiz and lab of the course that ships, as Slack would take it; and hostile content."""

import pytest

from bot.screens import LabInvitation, LabScreen, LessonScreen, QuizScreen
from bot.tutor.debrief import debrief
from bot.tutor.protocol import LabTurn
from bot.use_cases.lab_exchanges import cards_named
from bot.views.debrief import build_debrief_message
from bot.views.lab import (
    build_invitation_message,
    build_lab_message,
    build_reply_message,
    build_said_message,
    build_waiting_message,
)
from bot.views.lesson import build_lesson_message, build_more_message
from bot.views.screens import build_screen_message
from course.loader import Watched, default_folder
from course.model import Callout, Definition, Figure, Option, Stat

MODULE = Watched(default_folder()).module
CARDS = [
    pytest.param(lesson, card, id=f"{lesson.id}-{card.id}")
    for lesson in MODULE.lessons
    for card in lesson.cards
]
QUESTIONS = [
    pytest.param(lesson, question, id=f"{lesson.id}-{question.id}")
    for lesson in MODULE.lessons
    for question in lesson.quiz.questions
]


def lesson_screen(lesson, card, **changes):
    fields = {
        "previous_card_id": "before",
        "next_card_id": "after",
        "stop": 1,
        "num_stops": 13,
        "is_finished": False,
    }
    return LessonScreen(lesson=lesson, card=card, **(fields | changes))


def quiz_screen(lesson, question, **changes):
    order = tuple(range(len(question.options)))
    fields = {"attempt_id": "a1", "question": question, "order": order, "position": 1}
    return QuizScreen(quiz=lesson.quiz, lesson=lesson, **(fields | changes))


def lab_screen(lesson, **changes):
    fields = {"session_id": "s1", "notice": "Nobody reads along.", "has_model": True, "uses_model": True}
    return LabScreen(lab=lesson.lab, lesson=lesson, **(fields | changes))


def buttons(message):
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


class TestTheCourseThatShips:
    @pytest.mark.parametrize(("lesson", "card"), CARDS)
    def test_card(self, check, lesson, card):
        message = check(build_lesson_message(lesson_screen(lesson, card)))
        assert card.title in message.text

    @pytest.mark.parametrize(("lesson", "card"), CARDS[:1])
    def test_last_card_leads_to_the_quiz(self, check, lesson, card):
        message = check(build_lesson_message(lesson_screen(lesson, card, next_card_id=None)))
        assert "Take the quiz" in str(message.blocks)

    def test_extra_cards_are_offered_where_they_belong_and_all_of_them_at_the_end(self, check):
        lesson, extra = next((ls, card) for ls in MODULE.lessons for card in ls.cards if card.kind == "more")
        card = lesson.core_cards[0]
        here = buttons(check(build_lesson_message(lesson_screen(lesson, card, more_cards=(extra,)))))
        assert f"More: {extra.title}" in here
        elsewhere = buttons(check(build_lesson_message(lesson_screen(lesson, card))))
        assert set(elsewhere) == {"Back", "Next"}
        last = buttons(check(build_lesson_message(lesson_screen(lesson, card, next_card_id=None))))
        assert "Extra cards" in last

    def test_finished_lesson_lists_its_cards(self, check):
        lesson = MODULE.lessons[0]
        card = lesson.core_cards[2]
        (row,) = [
            element
            for block in check(build_lesson_message(lesson_screen(lesson, card, is_finished=True))).blocks
            for element in block.get("elements", [])
            if element["type"] == "static_select"
        ]
        assert [option["value"] for option in row["options"]] == [
            f"{lesson.id}|{each.id}" for each in lesson.cards
        ]
        assert row["initial_option"]["value"] == f"{lesson.id}|{card.id}"
        assert "static_select" not in str(build_lesson_message(lesson_screen(lesson, card)).blocks)

    @pytest.mark.parametrize(("lesson", "question"), QUESTIONS)
    def test_question_unanswered_and_with_each_answer(self, check, lesson, question):
        asked = check(build_screen_message(quiz_screen(lesson, question)))
        for option in question.options:
            assert option.feedback not in asked.text, "feedback comes after the answer"
        for index, option in enumerate(question.options):
            answered = check(build_screen_message(quiz_screen(lesson, question, chosen=index)))
            assert ("Correct" in answered.text) == option.is_correct
            assert len([o for o in question.options if o.is_correct]) == 1

    @pytest.mark.parametrize("lesson", MODULE.lessons, ids=lambda lesson: lesson.id)
    def test_lab(self, check, lesson):
        for uses_model in (False, True):
            message = check(build_lab_message(lab_screen(lesson, uses_model=uses_model)))
            assert "Nobody reads along." in message.text, "who reads is said before the first word"
        check(build_invitation_message(lesson.lab, lesson, None))
        check(build_invitation_message(lesson.lab, lesson, "https://slack.example/p1"))
        check(build_screen_message(LabInvitation(lesson.lab, lesson), None))
        check(build_more_message(lesson, lesson.core_cards[0].id))


class TestHostileContent:
    def test_card(self, check, hostile):
        hostile = hostile[:1_200]  # the lint keeps cards shorter than this
        lesson = MODULE.lessons[0]
        card = lesson.core_cards[0].model_copy(
            update={
                "title": hostile,
                "body": hostile,
                "definitions": (Definition(term=hostile, meaning=hostile),),
                "stages": (Definition(term=hostile, meaning=hostile),),
                "stats": (Stat(value=hostile, label=hostile),),
                "callout": Callout(title=hostile, body=hostile),
                "figure": Figure(file="a.png", alt_text=hostile),
            }
        )
        check(build_lesson_message(lesson_screen(lesson, card)))
        check(build_lesson_message(lesson_screen(lesson, card, figure_file_id="F1")))

    def test_question(self, check, hostile):
        lesson = MODULE.lessons[0]
        options = tuple(Option(text=hostile, feedback=hostile, is_correct=n == 0) for n in range(4))
        question = lesson.quiz.questions[0].model_copy(update={"stem": hostile, "options": options})
        check(build_screen_message(quiz_screen(lesson, question)))
        check(build_screen_message(quiz_screen(lesson, question, chosen=1)))


class TestLabTalk:
    def test_what_a_persona_says_reaches_nobody(self, check, hostile):
        check(build_reply_message(hostile))
        check(build_reply_message(hostile, footer="Exchange 3 of 3", done_session_id="s1"))
        check(build_waiting_message(hostile))

    def test_cards_that_a_reply_names_are_buttons(self, check):
        lesson = MODULE.lessons[0]
        reply = f"So it is. To read: *{lesson.core_cards[0].title}*."
        cards = cards_named(MODULE, lesson, reply)
        assert cards == ((lesson, lesson.core_cards[0]),)
        message = check(build_reply_message(reply, cards=cards, author="scripted", footer="Exchange 1 of 3"))
        assert message.text.endswith("Written by our scripted guide · Exchange 1 of 3")
        (button,) = message.blocks[-1]["elements"]
        assert button["value"] == f"{lesson.id}|{lesson.core_cards[0].id}"
        assert button["action_id"].startswith("lesson.read")

    def test_a_card_is_named_by_marks_and_not_by_chance(self):
        lesson, other = MODULE.lessons[0], MODULE.lessons[1]
        title = other.core_cards[0].title
        assert cards_named(MODULE, lesson, f"**{title}** has it") == ((other, other.core_cards[0]),)
        assert cards_named(MODULE, lesson, title) == ()

    @pytest.mark.parametrize("lesson", MODULE.lessons, ids=lambda lesson: lesson.id)
    def test_debrief_leads_to_the_cards_of_what_was_missed_and_of_traps(self, check, lesson):
        lab = lesson.lab
        looked_back = debrief(lab, [LabTurn("learner", trap.claim) for trap in lab.traps])
        message = check(build_debrief_message(looked_back, MODULE))
        elements = [each for block in message.blocks for each in block.get("elements", [])]
        ids_of = [element["action_id"] for element in elements]
        assert len(ids_of) == len(set(ids_of))
        assert sum(i.startswith("lesson.read.trap.") for i in ids_of) == len(lab.traps)
        assert sum(i.startswith("lesson.read.debrief.") for i in ids_of) == len(looked_back.missed)
        assert not any(i.startswith("lesson.turn") for i in ids_of), "the debrief stays where it is"

    def test_what_a_learner_chose_is_shown_as_theirs(self, check, hostile):
        check(build_said_message("U1", hostile), may_mention=("U1",))
