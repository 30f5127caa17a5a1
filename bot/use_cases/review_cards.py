"""Daily review: a handful of missed questions, sent once a day, each answer moving its card."""

from dataclasses import replace
from datetime import date

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError, NotYoursError
from bot.learning_screens import ReviewScreen, ReviewSummary
from bot.people import Person
from bot.use_cases.course_state import module_as_of, remember_module
from bot.use_cases.papers import cards_to_ask, memory_of, put_card
from course import grading, review
from course.model import Module, Question
from storage.reviews import ReviewPlan, ReviewRound
from storage.transaction import Transaction


def call_for_review(deps: Deps) -> int:
    """Enqueue today's handful of everybody whose hour has come; returns how many were due."""
    with deps.database.read() as tx:
        plans = tx.reviews.plans_on()
    num_due = 0
    for plan in plans:
        with deps.database.begin() as tx:
            if _todays_questions(deps, tx, plan):
                owner = f"{plan.team_id}:{plan.user_id}"
                # Not one job a day: one that found the learner elsewhere, asleep, must not be the last.
                tx.jobs.enqueue(
                    "send_review",
                    "replies",
                    f"review:{owner}:{deps.now():%Y-%m-%dT%H:%M}",
                    plan.team_id,
                    plan.user_id,
                    user_key=owner,
                    partition_key=owner,
                )
                num_due += 1
    return num_due


def open_todays_round(deps: Deps, person: Person) -> ReviewScreen | None:
    """Return the first card of today's handful, opened once; None when none is wanted or due any more."""
    module = deps.current_module()
    with deps.database.begin() as tx:
        plan = tx.reviews.plan(person.team_id, person.user_id)
        if plan is None or not plan.is_on:
            return None
        day = review.local_day(deps.now(), plan.zone).isoformat()
        found = tx.reviews.round_of_day(person.team_id, person.user_id, module.id, day)
        if found is None:
            question_ids = _todays_questions(deps, tx, plan)
            if not question_ids:
                return None
            remember_module(deps, tx, module)
            found = tx.reviews.open_round(
                person.team_id,
                deps.new_id(),
                person.user_id,
                module.id,
                day,
                module.version,
                deps.new_seed(),
                question_ids,
                deps.now(),
            )
        screen = _standing(module_as_of(deps, tx, found.content_version), found)
    return screen if isinstance(screen, ReviewScreen) else None


def follow_zone(deps: Deps, person: Person) -> None:
    """Take note of the learner's time zone; people travel."""
    zone = review.known_zone(deps.messenger_for(person.team_id).profile(person.user_id).zone)
    with deps.database.begin() as tx:
        plan = tx.reviews.plan(person.team_id, person.user_id)
        if plan and plan.zone != zone:
            tx.reviews.set_plan(replace(plan, zone=zone))


def answer_card(
    deps: Deps, person: Person, round_id: str, question_id: str, option_index: int
) -> ReviewScreen:
    """Store the answer unless there is one, move the card, and return it with its feedback."""
    with deps.database.begin() as tx:
        opened = _own_round(tx, person, round_id)
        module = module_as_of(deps, tx, opened.content_version)
        question = module.question(question_id)
        if question is None or question_id not in opened.question_ids:
            raise NotThereAnyMoreError
        if not 0 <= option_index < len(question.options):
            raise NotThereAnyMoreError
        is_correct = grading.grade(question, option_index).is_correct
        was_new = tx.reviews.answer(
            person.team_id, round_id, question_id, option_index, is_correct, deps.now()
        )
        if was_new:
            tx.reminders.answered(person.team_id, person.user_id, deps.now())
            _move_card(deps, tx, person, opened, question, is_correct=is_correct)
        opened = _own_round(tx, person, round_id)
    return _card_screen(module, opened, question)


def next_card(deps: Deps, person: Person, round_id: str) -> ReviewScreen | ReviewSummary:
    """Return the next card without an answer, or how the handful went."""
    with deps.database.read() as tx:
        opened = _own_round(tx, person, round_id)
        module = module_as_of(deps, tx, opened.content_version)
        screen = _standing(module, opened)
        if screen is not None:
            return screen
        next_day = _next_day(deps, tx, person)
    return ReviewSummary(
        num_correct=sum(answer.is_correct for answer in opened.answers.values()),
        num_cards=len(opened.answers),
        next_day=next_day.isoformat() if next_day else None,
    )


def _next_day(deps: Deps, tx: Transaction, person: Person) -> date | None:
    plan = tx.reviews.plan(person.team_id, person.user_id)
    if plan is None or not plan.is_on:
        return None
    due = [card.due_at for card in cards_to_ask(deps, tx, person, deps.current_module())]
    return review.next_day(due, deps.now(), plan.zone, on_weekends=plan.on_weekends)


def _todays_questions(deps: Deps, tx: Transaction, plan: ReviewPlan) -> tuple[str, ...]:
    """Return what to ask now; nothing outside the learner's hour or when today's handful is out."""
    module, now = deps.current_module(), deps.now()
    if not review.is_time(now, plan.zone, plan.hour, on_weekends=plan.on_weekends):
        return ()
    day = review.local_day(now, plan.zone).isoformat()
    if tx.reviews.round_of_day(plan.team_id, plan.user_id, module.id, day):
        return ()
    cards = cards_to_ask(deps, tx, Person(plan.team_id, plan.user_id), module)
    due = [(card.question_id, card.due_at) for card in cards]
    return review.handful(due, now, plan.zone)


def _own_round(tx: Transaction, person: Person, round_id: str) -> ReviewRound:
    found = tx.reviews.round(person.team_id, round_id)
    if found is None:
        raise NotThereAnyMoreError
    if found.user_id != person.user_id:
        raise NotYoursError
    return found


def _move_card(
    deps: Deps, tx: Transaction, person: Person, opened: ReviewRound, question: Question, *, is_correct: bool
) -> None:
    cards = tx.reviews.cards(person.team_id, person.user_id, opened.module_id)
    card = next((each for each in cards if each.question_id == question.id), None)
    # A card that was answered elsewhere since, in a newer handful, has moved already.
    if card is None or card.reviewed_at <= opened.opened_at:
        memory = review.reviewed(memory_of(card), deps.now(), is_correct=is_correct)
        put_card(tx, person, opened.module_id, question.id, memory)


def _standing(module: Module, opened: ReviewRound) -> ReviewScreen | None:
    for question_id in opened.question_ids:
        question = module.question(question_id)
        if question and question_id not in opened.answers:
            return _card_screen(module, opened, question)
    return None


def _card_screen(module: Module, opened: ReviewRound, question: Question) -> ReviewScreen:
    answer = opened.answers.get(question.id)
    return ReviewScreen(
        round_id=opened.round_id,
        question=question,
        lesson=module.lesson_of(question.card_id),
        order=grading.shown_order(question, opened.seed),
        position=opened.question_ids.index(question.id) + 1,
        num_cards=len(opened.question_ids),
        chosen=answer.option_index if answer else None,
        is_last=len(opened.answers) == len(opened.question_ids),
    )
