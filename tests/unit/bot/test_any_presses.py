"""Whatever is pressed, in old messages and new: no answer is lost or counted twice, and nobody gets stuck."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import ids
from bot.errors import PersonError
from bot.listeners.actions import course, learning, quizzes
from bot.people import Person
from bot.show import show_in_dm
from bot.use_cases.continue_course import continue_course
from bot.use_cases.review_cards import call_for_review
from bot.use_cases.send_review import send_review
from course import progress
from tests.bot_parts import MONDAY, Bench, FakeMessenger, copy_of, migrated, real_module

LISTENERS = {
    ids.COURSE_CONTINUE: course.handle_continue,
    ids.LESSON_TURN: course.handle_turn_card,
    ids.LESSON_FINISH: course.handle_finish_lesson,
    ids.LESSON_MORE: course.handle_more_cards,
    ids.QUIZ_START: quizzes.handle_start,
    ids.QUIZ_ANSWER_PREFIX.rstrip("."): quizzes.handle_answer,
    ids.QUIZ_NEXT: quizzes.handle_next,
    **learning.LISTENERS,
}
#: What is no button: the lab is another story's, time passes, the command is typed, review comes.
OTHER_DEEDS = ("lab", "wait", "long wait", "start", "review")


def short_module():
    """Return the real course with two lessons of three cards and a test of five questions."""
    module = real_module()
    lessons = tuple(
        lesson.model_copy(update={"cards": lesson.core_cards[:2] + lesson.core_cards[-1:]})
        for lesson in module.lessons[:2]
    )
    test = module.test.model_copy(update={"questions": module.test.questions[:5]})
    return module.model_copy(update={"lessons": lessons, "test": test, "version": "short"})


class Learner:
    """Presses buttons, and keeps account of what was answered."""

    def __init__(self, bench: Bench, person: Person) -> None:
        self.bench, self.person = bench, person
        self.messenger: FakeMessenger = bench.messenger
        self.answers: dict[tuple[str, str], int] = {}
        self.scores: dict[str, int] = {}
        self.completed: set[str] = set()

    def deed(self, name: str) -> None:
        module, person = self.bench.module, self.person
        if name == "start":
            show_in_dm(self.bench.deps, person, continue_course(self.bench.deps, person))
        elif name == "review":
            call_for_review(self.bench.deps)
            send_review(self.bench.deps, person, f"D{person.user_id}")
        elif name == "lab":
            with self.bench.database.begin() as tx:
                done = tx.progress.read(person.team_id, person.user_id, module.id).completed
                step = progress.next_step(module, done)
                if step and step.kind == "lab":
                    tx.progress.complete(person.team_id, person.user_id, module.id, step.id, self.bench.now)
        else:
            self.bench.wait(hours=13 if name == "wait" else 24 * 8)

    def buttons(self, *, old: bool) -> list[tuple[str, str, dict[str, Any]]]:
        """Return the buttons that are to be seen, or all that ever were: a client may lag behind."""
        now = [(channel, ts, message) for (channel, ts), message in self.messenger.posts.items()]
        return [
            (channel, ts, element)
            for channel, ts, message in (self.messenger.history if old else now)
            for element in elements(message.blocks)
            if element["action_id"] != ids.LAB_OPEN
        ]

    def press(self, channel: str, ts: str, element: dict[str, Any]) -> None:
        action_id, value = element["action_id"], element.get("value", "")
        name = next(each for each in sorted(LISTENERS, key=len, reverse=True) if is_of(action_id, each))
        acked: list[bool] = []
        body = {
            "user": {"id": self.person.user_id},
            "team": {"id": self.person.team_id},
            "container": {"channel_id": channel, "message_ts": ts},
            "actions": [{"action_id": action_id, "value": value}],
        }
        try:
            LISTENERS[name](lambda: acked.append(True), body, deps=self.bench.deps)
            assert acked == [True]
        except PersonError:
            assert acked == []  # the error handler answers it
        if name in {ids.QUIZ_ANSWER_PREFIX.rstrip("."), ids.TEST_ANSWER_PREFIX.rstrip(".")}:
            attempt_id, question_id, option = value.split("|")
            self.note(attempt_id, question_id, int(option))

    def note(self, attempt_id: str, question_id: str, option: int) -> None:
        """An answer given while the paper is open has to be there from now on."""
        with self.bench.database.begin() as tx:
            attempt = tx.attempts.get(self.person.team_id, attempt_id)
        assert attempt
        if question_id in attempt.answers:
            self.answers.setdefault((attempt_id, question_id), attempt.answers[question_id].option_index)
        else:
            assert attempt.finished_at, "an answer to an open paper was lost"

    def check(self) -> None:
        module, person = self.bench.module, self.person
        with self.bench.database.begin() as tx:
            done = set(tx.progress.read(person.team_id, person.user_id, module.id).completed)
            found = {}
            for quiz in (*(lesson.quiz for lesson in module.lessons), module.test):
                key = (person.team_id, person.user_id, module.id, quiz.id)
                running = tx.attempts.unfinished(*key)
                for attempt in (*tx.attempts.finished(*key), *([running] if running else [])):
                    right = sum(answer.is_correct for answer in attempt.answers.values())
                    if attempt.finished_at:
                        assert attempt.num_correct == right
                        assert self.scores.setdefault(attempt.attempt_id, right) == right
                    for question_id, answer in attempt.answers.items():
                        found[attempt.attempt_id, question_id] = answer.option_index
        assert found == self.answers
        assert done >= self.completed
        self.completed = done

    def stray(self, deed: str | int) -> None:
        """Do anything: small numbers press the newest buttons, large ones those of messages as they once were."""
        if isinstance(deed, str):
            self.deed(deed)
        else:
            shown = self.buttons(old=deed > NEWEST)
            self.press(*shown[-1 - deed % len(shown)])
        self.check()

    def finish(self, strays: list[str | int]) -> None:
        """Go on as anybody would, with right answers, until nothing is left; stray presses come in between."""
        for _ in range(120 + len(strays)):
            if strays:
                self.stray(strays.pop())
            self.deed("start")
            (channel, ts), message = list(self.messenger.posts.items())[-1]
            if message.text.startswith("You have done every stop"):
                return
            onward = self._onward(list(elements(message.blocks)))
            if onward is None:
                self.deed("lab")
                self.deed("wait")
            else:
                self.press(channel, ts, onward)
                self.check()
        raise AssertionError("stuck")

    def _onward(self, row: list[dict[str, Any]]) -> dict[str, Any] | None:
        for element in row:
            parts = element.get("value", "").split("|")
            if ".answer." in element["action_id"]:
                question = self.bench.module.question(parts[1])
                if question and question.options[int(parts[2])].is_correct:
                    return element
            elif element.get("style") == "primary" and element["action_id"] != ids.LAB_OPEN:
                return element
        return None


def elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        row = block["elements"] if block["type"] == "actions" else [block.get("accessory", {})]
        yield from (element for element in row if element.get("type") == "button")


def is_of(action_id: str, name: str) -> bool:
    return action_id == name or action_id.startswith(f"{name}.")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("presses")
    database = copy_of(migrated(folder), folder)
    yield Bench(database, short_module())
    database.close()


NUMBER = iter(range(10_000))
NEWEST = 6
DEEDS = st.lists(
    st.one_of(st.sampled_from(OTHER_DEEDS), st.integers(0, NEWEST), st.integers(0, 60)), max_size=30
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS, DEEDS)
def test_no_sequence_of_presses_loses_an_answer_counts_one_twice_or_gets_stuck(bench, first, between):
    bench.messenger, bench.now = FakeMessenger(), MONDAY
    learner = Learner(bench, Person("T1", f"U{next(NUMBER)}"))
    learner.deed("start")
    for deed in first:
        learner.stray(deed)
    learner.finish(list(between))
