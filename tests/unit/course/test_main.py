"""The two commands, their words and their exit codes."""

from pathlib import Path
from typing import Any

import pytest

from course.__main__ import main


class TestLint:
    def test_clean_content_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["lint"]) == 0
        assert "no faults" in capsys.readouterr().out

    def test_faults_are_printed_one_a_line(
        self, files: dict[str, Any], write_module: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        files["lesson-1/quiz.yaml"]["questions"][0]["card_id"] = "gone"
        folder = write_module(files)
        assert main(["--folder", str(folder), "lint"]) == 1
        said = capsys.readouterr()
        assert said.out == "lesson-1/quiz.yaml: questions.L1-Q1.card_id: names the unknown card 'gone'\n"
        assert said.err == f"1 fault(s) in {folder}\n"


class TestPreview:
    def test_prints_cards_sources_quiz_and_lab(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["preview", "1"]) == 0
        said = capsys.readouterr().out
        for words in (
            "Whose voice is this?",
            "Source: The original module, unconfirmed",
            "L1-Q4",
            "Names in the courtroom",
        ):
            assert words in said
        assert "**" not in said
        assert max(len(line) for line in said.splitlines()) <= 80

    def test_takes_an_id_and_the_test(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["preview", "lesson-4"]) == 0
        assert main(["preview", "test"]) == 0
        assert "(pass: 80%)" in capsys.readouterr().out

    def test_an_unknown_lesson_lists_the_known(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["preview", "9"]) == 2
        assert "Lessons: lesson-1, lesson-2" in capsys.readouterr().err

    def test_broken_content_prints_its_faults(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--folder", str(tmp_path), "preview", "1"]) == 1
        assert "module.yaml: the file is missing" in capsys.readouterr().err

    def test_no_command_is_wrong_use(self) -> None:
        with pytest.raises(SystemExit) as caught:
            main([])
        assert caught.value.code == 2
