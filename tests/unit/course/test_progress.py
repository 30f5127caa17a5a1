"""The way through the module, whatever is pressed in whatever order."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.model import Lesson, Module
from course.progress import (
    more_cards,
    next_card,
    next_step,
    previous_card,
    resume_card,
    share_done,
    state_of,
    step,
    step_of_part,
    steps,
)

_FIXTURE_IS_A_PURE_FUNCTION = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


class TestSteps:
    def test_go_lesson_quiz_lab_and_end_in_the_test(self, make_module: Callable[..., Module]) -> None:
        ids = [each.id for each in steps(make_module())]
        assert ids == [f"{kind}-{n}" for n in range(1, 5) for kind in ("lesson", "quiz", "lab")] + ["test"]

    def test_have_thirteen_stops_in_the_shipped_shape(self, make_module: Callable[..., Module]) -> None:
        assert len(steps(make_module())) == 13

    def test_leave_out_a_test_that_is_not_written(self, make_module: Callable[..., Module]) -> None:
        assert [each.id for each in steps(make_module(1, with_test=False))] == ["lesson-1", "quiz-1", "lab-1"]

    def test_ids_do_not_follow_the_contents_ids(self, make_module: Callable[..., Module]) -> None:
        found = step(make_module(), "quiz-2")
        assert found is not None
        assert (found.part_id, found.lesson_id) == ("the-quiz-2", "the-lesson-2")

    def test_a_part_leads_to_its_step(self, make_module: Callable[..., Module]) -> None:
        module = make_module()
        assert [each.id for part in ("the-lab-3", "the-test") if (each := step_of_part(module, part))] == [
            "lab-3",
            "test",
        ]
        assert step_of_part(module, "nothing") is None
        assert step(module, "nothing") is None


#: Presses: any step's button, also those of steps that are locked or gone.
PRESSES = st.lists(
    st.sampled_from(
        [f"{kind}-{n}" for n in range(6) for kind in ("lesson", "quiz", "lab")] + ["test", "junk"]
    ),
    max_size=60,
)


class TestAnySequenceOfPresses:
    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(presses=PRESSES)
    def test_never_gets_stuck_nor_undoes_anything(
        self, presses: list[str], make_module: Callable[..., Module]
    ) -> None:
        """Only open steps can be completed, and until all are, exactly one is open: the next one."""
        module = make_module()
        completed: set[str] = set()
        share = 0.0
        for pressed in presses:
            before = set(completed)
            if state_of(module, completed, pressed) == "open":
                completed.add(pressed)
            assert before <= completed
            assert share <= share_done(module, completed)
            share = share_done(module, completed)
            following = next_step(module, completed)
            opened = [each for each in steps(module) if state_of(module, completed, each.id) == "open"]
            assert opened == ([following] if following else [])
        while following := next_step(module, completed):
            assert state_of(module, completed, following.id) == "open"
            completed.add(following.id)
        assert share_done(module, completed) == 1.0

    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(completed=st.sets(st.sampled_from(["lesson-1", "quiz-1", "lab-2", "lab-4", "test", "gone-9"])))
    def test_whatever_is_on_record_the_next_step_is_open(
        self, completed: set[str], make_module: Callable[..., Module]
    ) -> None:
        """Also after an edit that put a new lesson before finished ones, or took one away."""
        module = make_module()
        following = next_step(module, completed)
        assert following is not None
        assert state_of(module, completed, following.id) == "open"
        for step_id in completed:
            assert state_of(module, completed, step_id) == "done"
        assert 0.0 <= share_done(module, completed) < 1.0


class TestCards:
    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(rest=st.text("cmx", max_size=12))
    def test_the_path_visits_each_core_card_once_and_back(
        self, rest: str, make_lesson: Callable[..., Lesson]
    ) -> None:
        lesson = make_lesson(1, "c" + rest)
        path = [resume_card(lesson, None)]
        while card := next_card(lesson, path[-1].id):
            path.append(card)
        assert tuple(path) == lesson.core_cards
        back = [path[-1]]
        while card := previous_card(lesson, back[-1].id):
            back.append(card)
        assert back == path[::-1]

    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(rest=st.text("cmx", max_size=12))
    def test_every_more_card_is_offered_once(self, rest: str, make_lesson: Callable[..., Lesson]) -> None:
        lesson = make_lesson(1, "c" + rest)
        offered = [card for core in lesson.core_cards for card in more_cards(lesson, core.id)]
        assert offered == [card for card in lesson.cards if card.kind == "more"]

    def test_a_more_card_leads_back_to_the_path(self, make_lesson: Callable[..., Lesson]) -> None:
        lesson = make_lesson(1, "cmmcx")
        following, before = next_card(lesson, "l1-1"), previous_card(lesson, "l1-1")
        assert following is not None
        assert before is not None
        assert (following.id, before.id) == ("l1-3", "l1-0")

    @pytest.mark.parametrize("walk", [next_card, previous_card])
    def test_an_unknown_card_leads_nowhere(
        self, walk: Callable[..., object], make_lesson: Callable[..., Lesson]
    ) -> None:
        assert walk(make_lesson(1), "gone") is None
        assert more_cards(make_lesson(1), "gone") == ()

    def test_resumes_on_the_bookmark(self, make_lesson: Callable[..., Lesson]) -> None:
        assert resume_card(make_lesson(1), "l1-2").id == "l1-2"

    def test_resumes_on_a_more_card_too(self, make_lesson: Callable[..., Lesson]) -> None:
        assert resume_card(make_lesson(1), "l1-1").id == "l1-1"

    def test_starts_at_the_beginning_when_an_edit_removed_the_bookmark(
        self, make_lesson: Callable[..., Lesson]
    ) -> None:
        assert resume_card(make_lesson(1), "gone").id == "l1-0"
