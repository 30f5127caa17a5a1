"""A figure that Slack does not take keeps nobody from going on."""

import dataclasses

import pytest
from slack_sdk.errors import SlackApiError

from bot.figures import with_figure
from bot.screens import LessonScreen
from bot.views.lesson import build_lesson_message
from tests.bot_parts import Bench, copy_of, migrated, real_module

PNG = b"\x89PNG of a figure"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return migrated(tmp_path_factory.mktemp("figures"))


@pytest.fixture
def bench(template, tmp_path):
    made = Bench(copy_of(template, tmp_path), real_module())
    yield made
    made.database.close()


@pytest.fixture
def deps(bench):
    return dataclasses.replace(bench.deps, read_figure=lambda _file: PNG)


@pytest.fixture
def screen(bench):
    lesson, card = next(
        (lesson, card) for lesson in bench.module.lessons for card in lesson.core_cards if card.figure
    )
    return LessonScreen(lesson, card, None, None, 1, 9, is_finished=False)


class OurOwnError(Exception):
    """Stands for nothing that Slack says."""


FAULTS = [
    SlackApiError("x", {"ok": False, "error": "internal_error"}),
    ConnectionResetError(),
    TimeoutError(),
]


class TestWithFigure:
    @pytest.mark.parametrize("moment", ["start_upload", "send_bytes", "finish_upload"])
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
    def test_the_card_comes_in_words_and_the_next_time_with_its_picture(
        self, bench, deps, screen, moment, fault
    ):
        bench.messenger.raises[moment] = fault
        shown = with_figure(deps, "T1", screen)
        assert shown.figure_file_id is None
        assert "Figure, in words" in str(build_lesson_message(shown).blocks)
        bench.messenger.raises.clear()
        assert with_figure(deps, "T1", screen).figure_file_id

    def test_a_fault_of_our_own_is_not_hidden(self, bench, deps, screen):
        bench.messenger.raises["start_upload"] = OurOwnError()
        with pytest.raises(OurOwnError):
            with_figure(deps, "T1", screen)
