"""Where the database is looked for."""

import pytest

from storage.settings import StorageSettings


class TestStorageSettings:
    def test_default_is_a_file_beside_the_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("WHOSPOKE_DATABASE_URL", raising=False)
        assert StorageSettings().database_url == "sqlite:///.whospoke/whospoke.db"

    def test_read_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WHOSPOKE_DATABASE_URL", "postgresql+psycopg://db/whospoke")
        assert StorageSettings().database_url == "postgresql+psycopg://db/whospoke"
