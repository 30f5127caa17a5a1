"""The command that makes the tables."""

from pathlib import Path

import pytest

from storage.__main__ import main


class TestMain:
    def test_checks_and_migrates(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        url = f"sqlite:///{tmp_path}/whospoke.db"
        assert main(["check", "--url", url]) == 1
        assert "python -m storage migrate" in capsys.readouterr().err
        assert main(["migrate", "--url", url]) == 0
        assert main(["check", "--url", url]) == 0
        assert capsys.readouterr().out.count("are current") == 2

    def test_reads_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WHOSPOKE_DATABASE_URL", f"sqlite:///{tmp_path}/from-environment.db")
        assert main(["migrate"]) == 0
        assert (tmp_path / "from-environment.db").exists()

    def test_says_what_is_wrong_with_a_url(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["migrate", "--url", "mysql://root@localhost/x"]) == 1
        assert "Set WHOSPOKE_DATABASE_URL to sqlite:///" in capsys.readouterr().err
