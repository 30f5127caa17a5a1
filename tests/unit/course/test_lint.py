"""Each rule of the linter, by the one edit that breaks it."""

from collections.abc import Callable
from typing import Any

import pytest

from course.lint import lint

Edit = Callable[[dict[str, Any]], None]


def cards(files: dict[str, Any]) -> list[dict[str, Any]]:
    return files["lesson-1/lesson.yaml"]["cards"]


def questions(files: dict[str, Any]) -> list[dict[str, Any]]:
    return files["lesson-1/quiz.yaml"]["questions"]


def lab(files: dict[str, Any]) -> dict[str, Any]:
    return files["lesson-1/lab.yaml"]


def fact(files: dict[str, Any]) -> dict[str, Any]:
    return files["facts.yaml"]["facts"][0]


def long_card(files: dict[str, Any]) -> None:
    cards(files)[0]["body"] = "word " * 140


def slow_card(files: dict[str, Any]) -> None:
    cards(files)[0]["body"] = "word " * 320


def big_section(files: dict[str, Any]) -> None:
    cards(files)[0]["body"] = " ".join(["antidisestablishmentarianism"] * 120)


def short_lesson(files: dict[str, Any]) -> None:
    del cards(files)[5:9]


def no_corrections(files: dict[str, Any]) -> None:
    cards(files)[-1]["kind"] = "core"
    files["lesson-1/facts.yaml"] = {
        "sources": {"film": "A film"},
        "facts": [
            {"id": "C1", "statement": "So.", "source": "film", "status": "corrected", "original": "Not so."}
        ],
    }


def long_title(files: dict[str, Any]) -> None:
    cards(files)[0]["title"] = "t" * 151


def banned_word(files: dict[str, Any]) -> None:
    cards(files)[0]["body"] += " obviously"


def american(files: dict[str, Any]) -> None:
    questions(files)[0]["options"][1]["feedback"] = "A pear has another color."


def card_without_fact(files: dict[str, Any]) -> None:
    cards(files)[0]["fact_ids"] = []


def unused_fact(files: dict[str, Any]) -> None:
    files["facts.yaml"]["facts"].append({"id": "F2", "statement": "And so.", "source": "book"})


def untold_figure(files: dict[str, Any]) -> None:
    fact(files)["statement"] = "It led the NIST evaluations with 8.4%."


def untold_mistake(files: dict[str, Any]) -> None:
    files["lesson-1/facts.yaml"] = {
        "facts": [
            {
                "id": "C1",
                "statement": "Not so.",
                "source": "book",
                "status": "corrected",
                "original": "It was built by Hugging Face.",
            }
        ]
    }
    cards(files)[-1]["fact_ids"] = ["F1", "C1"]


def unused_source(files: dict[str, Any]) -> None:
    files["facts.yaml"]["sources"]["film"] = "A film"


def unmarked_hearsay(files: dict[str, Any]) -> None:
    fact(files)["status"] = "as_told"


def law_without_date(files: dict[str, Any]) -> None:
    fact(files).update(kind="law", as_of="2026-11-22")


def day_that_is_none(files: dict[str, Any]) -> None:
    fact(files).update(kind="product", as_of="2026-13-22")


def correction_in_a_core_card(files: dict[str, Any]) -> None:
    fact(files).update(status="corrected", original="It was not so.")


def optional_reading(files: dict[str, Any]) -> None:
    questions(files)[0]["card_id"] = "l1-e"


def fact_on_a_more_card_alone(files: dict[str, Any]) -> None:
    files["facts.yaml"]["facts"].append({"id": "F2", "statement": "And so.", "source": "book"})
    cards(files)[4]["fact_ids"] = ["F2"]
    questions(files)[0]["fact_ids"] = ["F2"]


def three_questions(files: dict[str, Any]) -> None:
    questions(files).pop()


def three_options(files: dict[str, Any]) -> None:
    questions(files)[0]["options"].pop()


def long_option(files: dict[str, Any]) -> None:
    questions(files)[0]["options"][1]["text"] = "pear" + "r" * 69


def telling_length(files: dict[str, Any]) -> None:
    questions(files)[0]["options"][0]["text"] = "apple tree with red apples"


def feedback_by_letter(files: dict[str, Any]) -> None:
    questions(files)[0]["options"][1]["feedback"] = "A pear is not; option B is."


def all_of_the_above(files: dict[str, Any]) -> None:
    questions(files)[0]["options"][3].update(text="all of the above", feedback="Not all of those above.")


def feedback_alone(files: dict[str, Any]) -> None:
    questions(files)[0]["options"][1]["feedback"] = "No."


def two_openers(files: dict[str, Any]) -> None:
    lab(files)["openers"].pop()


def long_opener(files: dict[str, Any]) -> None:
    lab(files)["openers"][0] = "topic0 " + "x" * 70


def idle_opener(files: dict[str, Any]) -> None:
    lab(files)["openers"][0] = "Hello!"


def trapped_opener(files: dict[str, Any]) -> None:
    lab(files)["openers"][0] = "So pigs fly to topic0"


def blind_trap(files: dict[str, Any]) -> None:
    lab(files)["traps"][0]["patterns"] = ["cows"]


def no_hint(files: dict[str, Any]) -> None:
    lab(files)["topics"][0]["hint"] = " "


def three_topics(files: dict[str, Any]) -> None:
    lab(files)["topics"].pop()
    lab(files)["openers"] = ["topic0", "topic1", "topic2"]


def no_opening(files: dict[str, Any]) -> None:
    lab(files)["opening"] = ""


CASES: list[tuple[Edit, str]] = [
    (long_card, "lesson-1/lesson.yaml: cards.l1-a: has 141 words; 40 to 130 is the aim"),
    (slow_card, "cards.l1-a: takes 96 s to read; 90 is the limit"),
    (big_section, "cards.l1-a.body: has 3479 characters; a section holds 3000"),
    (short_lesson, "cards: the cards everybody reads take 4.3 minutes; 6 to 9 is the aim"),
    (no_corrections, "cards: has no card of kind 'corrections'"),
    (long_title, "cards.l1-a.title: has 151 characters; a header holds 150"),
    (banned_word, "cards.l1-a: 'obviously' is banned: leave it out"),
    (american, "'color' is banned: colour (British spelling)"),
    (card_without_fact, "cards.l1-a.fact_ids: is empty"),
    (unused_fact, "facts.yaml: facts.F2: no card uses this fact"),
    (untold_figure, "facts.yaml: facts.F1: no card that uses it says 'NIST'"),
    (untold_figure, "facts.yaml: facts.F1: no card that uses it says '8.4'"),
    (untold_mistake, "lesson-1/facts.yaml: facts.C1: no card that uses it says 'Hugging'"),
    (unused_source, "facts.yaml: sources.film: no fact rests on this source"),
    (unmarked_hearsay, "cards.l1-a: tells something unconfirmed and does not say so"),
    (unmarked_hearsay, "questions.L1-Q1.fact_ids: rests on F1, which nobody could confirm"),
    (unmarked_hearsay, "traps.trap.fact_ids: rests on F1, which nobody could confirm"),
    (law_without_date, "cards.l1-a: states law without a date"),
    (law_without_date, "questions.L1-Q1: states law without a date"),
    (day_that_is_none, "facts.F1.as_of: has to be a date such as '2026-11-22'"),
    (correction_in_a_core_card, "cards.l1-a.fact_ids: F1 is a correction"),
    (optional_reading, "questions.L1-Q1.card_id: l1-e is a More card"),
    (fact_on_a_more_card_alone, "questions.L1-Q1.fact_ids: F2 stands on no card that everybody reads"),
    (three_questions, "lesson-1/quiz.yaml: questions: there are 3; 4 are wanted"),
    (three_options, "questions.L1-Q1.options: there are 3; 4 are wanted"),
    (long_option, "options.2.text: has 73 characters; a button's label, with the number before it, holds 72"),
    (telling_length, "questions.L1-Q1.options: the correct option is much longer"),
    (feedback_by_letter, "questions.L1-Q1.options.2: names an option by letter"),
    (all_of_the_above, "questions.L1-Q1.options.4: names an option by letter or place"),
    (feedback_alone, "questions.L1-Q1.options.2.feedback: takes up no word of its option"),
    (two_openers, "lesson-1/lab.yaml: openers: there are 2; 3 are wanted"),
    (long_opener, "openers.1: has 77 characters; a button holds 75"),
    (idle_opener, "openers.1: would not count as an exchange"),
    (trapped_opener, "openers.1: walks into the trap trap"),
    (blind_trap, "traps.trap: neither patterns nor signs match the claim itself"),
    (no_hint, "topics.t0.hint: is missing"),
    (three_topics, "topics: there are 3; at least 4 are wanted"),
    (no_opening, "lesson-1/lab.yaml: opening: is missing"),
]


def test_a_sound_module_is_clean(files: dict[str, Any], write_module: Any) -> None:
    assert lint(write_module(files)) == ()


@pytest.mark.parametrize(
    ("edit", "fault"), CASES, ids=[f"{edit.__name__}-{n}" for n, (edit, _) in enumerate(CASES)]
)
def test_one_edit_brings_its_fault(edit: Edit, fault: str, files: dict[str, Any], write_module: Any) -> None:
    edit(files)
    found = [str(each) for each in lint(write_module(files))]
    assert any(fault in each for each in found), found


def test_a_lesson_that_corrects_nothing_needs_no_corrections(
    files: dict[str, Any], write_module: Any
) -> None:
    cards(files)[-1]["kind"] = "core"
    assert lint(write_module(files)) == ()


def test_a_heavy_figure(files: dict[str, Any], write_module: Any) -> None:
    cards(files)[0]["figure"] = {"file": "a.png", "alt_text": "A"}
    folder = write_module(files)
    (folder / "a.png").write_bytes(bytes(120_001))
    assert [str(each) for each in lint(folder)] == [
        "lesson-1/lesson.yaml: cards.l1-a.figure.file: has 120001 bytes; 120000 is the limit"
    ]


def test_a_figure_without_alt_text(files: dict[str, Any], write_module: Any) -> None:
    cards(files)[0]["figure"] = {"file": "module.yaml", "alt_text": " "}
    assert [each.key for each in lint(write_module(files))] == ["cards.l1-a.figure.alt_text"]


class TestBias:
    """Judged over the whole module, from twelve questions on."""

    @pytest.fixture
    def many(self) -> dict[str, Any]:
        from tests.unit.course.conftest import documents

        return documents(num_lessons=3)

    def test_the_same_place_every_time(self, many: dict[str, Any], write_module: Any) -> None:
        found = [str(each) for each in lint(write_module(many))]
        assert "questions: the correct option stands in place 1 in 12 of 12" in found

    def test_the_longest_every_time(self, many: dict[str, Any], write_module: Any) -> None:
        found = [str(each) for each in lint(write_module(many))]
        assert "questions: the correct option is the longest in 12 of 12" in found

    def test_the_shortest_too_often(self, many: dict[str, Any], write_module: Any) -> None:
        for n in range(1, 4):
            for question in many[f"lesson-{n}/quiz.yaml"]["questions"][:2]:
                question["options"][0].update(text="apple")
        found = [str(each) for each in lint(write_module(many))]
        assert "questions: the correct option is the shortest in 6 of 12" in found

    def test_spread_evenly_is_clean(self, many: dict[str, Any], write_module: Any) -> None:
        for n in range(1, 4):
            for number, question in enumerate(many[f"lesson-{n}/quiz.yaml"]["questions"]):
                options = question["options"]
                options[0], options[number] = options[number], options[0]
                if number:
                    options[number]["text"] = "apple one"
        assert lint(write_module(many)) == ()


def test_what_can_be_read_is_checked_although_a_file_is_broken(
    files: dict[str, Any], write_module: Any
) -> None:
    banned_word(files)
    files["test.yaml"] = "id: ["
    found = [str(each) for each in lint(write_module(files))]
    assert any("obviously" in each for each in found)
    assert any(each.startswith("test.yaml: line 2: is not YAML") or "test.yaml" in each for each in found)
    assert not any("no card uses" in each for each in found)


def test_a_test_needs_fifteen_questions_and_a_pass_mark(files: dict[str, Any], write_module: Any) -> None:
    quiz = files["lesson-1/quiz.yaml"]
    files["test.yaml"] = {**quiz, "id": "test", "questions": [{**quiz["questions"][0], "id": "T1"}]}
    found = [str(each) for each in lint(write_module(files))]
    assert "test.yaml: questions: there are 1; 15 are wanted" in found
    assert (
        "test.yaml: pass_share: is missing: say which share of correct answers passes, such as 0.8" in found
    )
