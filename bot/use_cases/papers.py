"""What quizzes and the module test share: a paper is opened, answered question by question, and summed up."""

from datetime import datetime, timedelta

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.use_cases.course_state import ask_to_refresh_home, own_attempt, remember_module, step_id_of
from course import grading, review
from course.model import Module, Question, Quiz
from storage.attempts import Attempt
from storage.reviews import ReviewCard
from storage.transaction import Transaction

#: How long a module test takes answers.
OPEN_FOR = timedelta(days=7)


def open_paper(deps: Deps, tx: Transaction, person: Person, module: Module, quiz_id: str) -> Attempt:
    """Begin an attempt on the module as it is now."""
    remember_module(deps, tx, module)
    return tx.attempts.start(
        person.team_id,
        deps.new_id(),
        person.user_id,
        module.id,
        quiz_id,
        module.version,
        deps.new_seed(),
        deps.now(),
    )


def quiz_of(module: Module, attempt: Attempt) -> Quiz:
    """Return the quiz or test of an attempt; raises when the content no longer has it."""
    quiz = module.quiz(attempt.quiz_id)
    if quiz is None:
        raise NotThereAnyMoreError
    return quiz


def question_of(quiz: Quiz, question_id: str, option_index: int) -> Question:
    """Return the question that was answered; raises when there is no such question or option."""
    question = next((each for each in quiz.questions if each.id == question_id), None)
    if question is None or not 0 <= option_index < len(question.options):
        raise NotThereAnyMoreError
    return question


def give_answer(
    deps: Deps, tx: Transaction, person: Person, attempt: Attempt, question: Question, option_index: int
) -> Attempt:
    """Store the answer unless there is one; returns the attempt with the answer that stands."""
    is_correct = grading.grade(question, option_index).is_correct
    tx.attempts.answer(person.team_id, attempt.attempt_id, question.id, option_index, is_correct, deps.now())
    return own_attempt(tx, person, attempt.attempt_id)


def result_of(quiz: Quiz, attempt: Attempt) -> grading.Result:
    """Return what the attempt's answers come to."""
    chosen = {question_id: answer.option_index for question_id, answer in attempt.answers.items()}
    return grading.result(quiz, chosen)


def close_paper(
    deps: Deps, tx: Transaction, person: Person, attempt: Attempt, result: grading.Result, at: datetime
) -> bool:
    """Finish the attempt; wrong answers become cards for review. False when it was finished before."""
    is_new = tx.attempts.finish(person.team_id, attempt.attempt_id, result.num_correct, at)
    if is_new:
        ask_to_refresh_home(tx, person, attempt.attempt_id)
        held = {
            card.question_id: card
            for card in tx.reviews.cards(person.team_id, person.user_id, attempt.module_id)
        }
        for question in result.missed:
            if question.id not in attempt.answers:  # never seen, so there is nothing to remember yet
                continue
            memory = review.remember_missed(memory_of(held.get(question.id)), deps.now())
            put_card(tx, person, attempt.module_id, question.id, memory)
    return is_new


def memory_of(card: ReviewCard | None) -> review.Memory | None:
    """Return how a stored card is remembered."""
    if card is None:
        return None
    return review.Memory(card.stability, card.difficulty, card.reviewed_at, card.due_at)


def put_card(
    tx: Transaction, person: Person, module_id: str, question_id: str, memory: review.Memory
) -> None:
    """Store how a question is remembered."""
    card = ReviewCard(question_id, memory.stability, memory.difficulty, memory.reviewed_at, memory.due_at)
    tx.reviews.put(person.team_id, person.user_id, module_id, card)


def is_over(deps: Deps, attempt: Attempt) -> bool:
    """Return whether a test takes no more answers: it is finished, or its week has passed."""
    return attempt.finished_at is not None or deps.now() >= attempt.started_at + OPEN_FOR


def cards_to_ask(deps: Deps, tx: Transaction, person: Person, module: Module) -> list[ReviewCard]:
    """Return the cards that review may ask now, the one due first at the front.

    Those of the module test wait until it is passed, and while one is open: review shows the right
    answer, which would give the test away.
    """
    test = module.test
    cards = cards_of(tx, person, module)
    if test is None or _may_show_test(deps, tx, person, module, test):
        return cards
    kept_back = {question.id for question in test.questions}
    return [card for card in cards if card.question_id not in kept_back]


def cards_of(tx: Transaction, person: Person, module: Module) -> list[ReviewCard]:
    """Return the cards whose questions the course still has, the one due first at the front."""
    cards = tx.reviews.cards(person.team_id, person.user_id, module.id)
    return [card for card in cards if module.question(card.question_id)]


def _may_show_test(deps: Deps, tx: Transaction, person: Person, module: Module, test: Quiz) -> bool:
    record = tx.progress.read(person.team_id, person.user_id, module.id)
    if step_id_of(module, test.id) not in record.completed:
        return False
    running = tx.attempts.unfinished(person.team_id, person.user_id, module.id, test.id)
    return running is None or is_over(deps, running)


def offers_review(tx: Transaction, person: Person) -> bool:
    """Return whether review is off, so that it can be offered."""
    plan = tx.reviews.plan(person.team_id, person.user_id)
    return plan is None or not plan.is_on
