"""Content is taught whole or not at all, and every reason is named."""

import os
from pathlib import Path
from typing import Any

import pytest

from course.compile import from_dict, to_dict, version_of
from course.errors import ContentError
from course.loader import Watched, default_folder, load_module


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_module(folder)
    return [str(fault) for fault in caught.value.faults]


class TestLoad:
    def test_a_sound_module(self, files: dict[str, Any], write_module: Any) -> None:
        module = load_module(write_module(files))
        assert [lesson.id for lesson in module.lessons] == ["lesson-1"]
        assert module.facts[0].source == "A book, 1998"
        assert module.test is None

    def test_a_body_from_a_file(self, files: dict[str, Any], write_module: Any) -> None:
        card = files["lesson-1/lesson.yaml"]["cards"][0]
        del card["body"]
        card["body_file"] = "a.md"
        module = load_module(write_module({**files, "lesson-1/a.md": "From a *file*.\n"}))
        assert module.lessons[0].cards[0].body == "From a *file*."

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
    def test_a_body_file_that_cannot_be_read_is_a_fault(
        self, content: bytes | None, files: dict[str, Any], write_module: Any
    ) -> None:
        files["lesson-1/lesson.yaml"]["cards"][0]["body_file"] = "a.md"
        folder = write_module(files)
        if content is not None:
            (folder / "lesson-1" / "a.md").write_bytes(content)
        assert faults_of(folder) == [
            "lesson-1/lesson.yaml: cards.l1-a.body_file: names 'a.md', which is no readable text file"
        ]

    def test_the_shipped_module(self) -> None:
        assert load_module(default_folder()).id == "module-6"


class TestFaults:
    def test_broken_yaml_names_file_and_line(self, files: dict[str, Any], write_module: Any) -> None:
        found = faults_of(write_module({**files, "lesson-1/quiz.yaml": "id: quiz-1\nquestions: [\n"}))
        assert any(fault.startswith("lesson-1/quiz.yaml: line 3: is not YAML") for fault in found)

    def test_two_correct_options(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/quiz.yaml"]["questions"][1]["options"][2]["is_correct"] = True
        assert faults_of(write_module(files)) == [
            "lesson-1/quiz.yaml: questions.L1-Q2.options: has 2 correct options; exactly one is needed"
        ]

    def test_no_correct_option(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/quiz.yaml"]["questions"][1]["options"][0]["is_correct"] = False
        assert "has 0 correct options" in faults_of(write_module(files))[0]

    def test_a_missing_source(self, files: dict[str, Any], write_module: Any) -> None:
        del files["facts.yaml"]["facts"][0]["source"]
        assert faults_of(write_module(files)) == [
            "facts.yaml: facts.F1.source: is missing: say what the fact rests on"
        ]

    def test_an_unknown_source(self, files: dict[str, Any], write_module: Any) -> None:
        files["facts.yaml"]["facts"][0]["source"] = "film"
        assert faults_of(write_module(files)) == [
            "facts.yaml: facts.F1.source: names the unknown source 'film'"
        ]

    def test_law_without_a_date(self, files: dict[str, Any], write_module: Any) -> None:
        files["facts.yaml"]["facts"][0]["kind"] = "law"
        assert faults_of(write_module(files)) == [
            "facts.yaml: facts.F1.as_of: a law fact needs the date it was checked"
        ]

    def test_an_unknown_key_in_a_card_names_the_card(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/lesson.yaml"]["cards"][1]["colour"] = "red"
        assert faults_of(write_module(files))[0].startswith(
            "lesson-1/lesson.yaml: cards.l1-b.colour: extra inputs"
        )

    def test_a_number_in_place_of_text_in_the_lab(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/lab.yaml"]["topics"][2]["keywords"].append(False)
        found = faults_of(write_module(files))
        assert found == ["lesson-1/lab.yaml: topics.t2.keywords.1: input should be a valid string"]

    def test_a_missing_figure(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/lesson.yaml"]["cards"][0]["figure"] = {"file": "figures/a.png", "alt_text": "A"}
        assert faults_of(write_module(files)) == [
            "lesson-1/lesson.yaml: cards.l1-a.figure.file: figures/a.png is missing"
        ]

    def test_an_id_taken_twice(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/quiz.yaml"]["questions"][1]["id"] = "L1-Q1"
        assert faults_of(write_module(files)) == [
            "lesson-1/quiz.yaml: questions.L1-Q1: the id 'L1-Q1' is taken already in lesson-1/quiz.yaml"
        ]

    def test_a_pattern_that_is_no_regular_expression(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/lab.yaml"]["traps"][0]["patterns"].append("(")
        assert "is no regular expression" in faults_of(write_module(files))[0]

    def test_every_fault_at_once(self, files: dict[str, Any], write_module: Any) -> None:
        files["lesson-1/quiz.yaml"]["questions"][0]["card_id"] = "gone"
        files["lesson-1/lesson.yaml"]["cards"][0]["fact_ids"] = ["F9"]
        files["lesson-1/lab.yaml"]["topics"][0]["card_id"] = "gone"
        files["module.yaml"]["lessons"].append("lesson-2")
        found = faults_of(write_module(files))
        assert "lesson-2/lesson.yaml: the file is missing" in found
        assert {fault.split(":")[0] for fault in found} >= {
            "lesson-1/quiz.yaml", "lesson-1/lesson.yaml", "lesson-1/lab.yaml", "lesson-2/quiz.yaml"
        }  # fmt: skip

    def test_a_missing_quiz_is_reported_once(self, files: dict[str, Any], write_module: Any) -> None:
        del files["lesson-1/quiz.yaml"]
        assert faults_of(write_module(files)) == ["lesson-1/quiz.yaml: the file is missing"]

    def test_a_file_that_cannot_be_read(self, files: dict[str, Any], write_module: Any) -> None:
        del files["lesson-1/quiz.yaml"]
        folder = write_module(files)
        (folder / "lesson-1" / "quiz.yaml").mkdir()
        assert faults_of(folder) == ["lesson-1/quiz.yaml: cannot be read: Is a directory"]

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert faults_of(tmp_path) == ["module.yaml: the file is missing"]

    def test_the_message_lists_them(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError, match=r"1 fault\(s\).*\n  module\.yaml: the file is missing"):
            load_module(tmp_path)

    @pytest.mark.parametrize(
        "junk", ["", "[]", "- a", "id: [", "just words", "id: 3\ntitle: 4\nlessons: 5", "\x00"]
    )
    def test_junk_is_a_fault_and_no_crash(self, junk: str, files: dict[str, Any], write_module: Any) -> None:
        for name in list(files):
            assert faults_of(write_module({**files, name: junk}))


class TestVersion:
    def test_changes_with_any_word(self, files: dict[str, Any], write_module: Any) -> None:
        before = load_module(write_module(files)).version
        files["lesson-1/quiz.yaml"]["questions"][0]["options"][3]["feedback"] = "No fig tree there."
        assert load_module(write_module(files)).version != before

    def test_does_not_change_with_comments_or_layout(self, files: dict[str, Any], write_module: Any) -> None:
        folder = write_module(files)
        before = load_module(folder).version
        index = folder / "module.yaml"
        index.write_text("# a remark\n" + index.read_text())
        assert load_module(folder).version == before

    def test_a_compiled_module_comes_back_whole(self) -> None:
        module = load_module(default_folder())
        again = from_dict(to_dict(module))
        assert again == module
        assert version_of(again) == module.version

    def test_a_stored_version_is_read_after_the_model_has_lost_a_key(self) -> None:
        module = load_module(default_folder())
        stored = to_dict(module)
        stored["mood"] = "calm"
        stored["lessons"][0]["cards"][0]["colour"] = "red"
        stored["facts"][0]["weight"] = 3
        assert from_dict(stored) == module


class TestWatched:
    def test_follows_an_edit(self, files: dict[str, Any], write_module: Any) -> None:
        watched = Watched(write_module(files))
        files["module.yaml"]["title"] = "A longer title"
        write_module(files)
        assert watched.module.title == "A longer title"
        assert watched.faults == ()

    def test_keeps_the_last_good_version_and_says_what_is_wrong(
        self, files: dict[str, Any], write_module: Any
    ) -> None:
        folder = write_module(files)
        watched = Watched(folder)
        good = watched.module
        (folder / "module.yaml").write_text("id: [")
        assert watched.module is good
        assert [fault.file for fault in watched.faults] == ["module.yaml"]
        write_module(files)
        assert watched.faults == ()
        assert watched.module == good

    def test_keeps_the_last_good_version_when_a_file_cannot_be_read(
        self, files: dict[str, Any], write_module: Any
    ) -> None:
        folder = write_module(files)
        watched = Watched(folder)
        good = watched.module
        (folder / "lesson-1" / "quiz.yaml").unlink()
        (folder / "lesson-1" / "quiz.yaml").mkdir()
        assert watched.module is good
        assert [fault.message for fault in watched.faults] == ["cannot be read: Is a directory"]

    def test_does_not_read_again_without_an_edit(self, files: dict[str, Any], write_module: Any) -> None:
        watched = Watched(write_module(files))
        assert watched.module is watched.module

    def test_notices_an_edit_of_the_same_length(self, files: dict[str, Any], write_module: Any) -> None:
        folder = write_module(files)
        watched = Watched(folder)
        path = folder / "module.yaml"
        path.write_text(path.read_text().replace("title: M", "title: N"))
        os.utime(path, ns=(1, 1))
        assert watched.module.title == "N"

    def test_refuses_to_start_on_faults(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError):
            Watched(tmp_path)
