"""What cannot work is refused at start, with the fix; secrets are never shown."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_APP_TOKEN": "xapp-secret"}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    import os

    for name in list(os.environ):
        if name.startswith(("SLACK_", "WHOSPOKE_", "ANTHROPIC_")) or name in {"PORT", "HOST"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # no .env of the developer's


def settings(monkeypatch, **env):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return Settings()


class TestTransport:
    def test_an_app_level_token_means_socket_mode(self, monkeypatch):
        assert settings(monkeypatch, **TOKENS).uses_socket_mode

    def test_a_signing_secret_alone_means_http(self, monkeypatch):
        read = settings(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
        assert not read.uses_socket_mode

    def test_http_can_be_asked_for_beside_an_app_level_token(self, monkeypatch):
        read = settings(monkeypatch, **TOKENS, SLACK_SIGNING_SECRET="s", WHOSPOKE_TRANSPORT="http")
        assert not read.uses_socket_mode

    @pytest.mark.parametrize(
        ("env", "fix"),
        [
            ({}, "SLACK_BOT_TOKEN is missing"),
            ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is missing"),
            ({"SLACK_BOT_TOKEN": "xoxb-1", "WHOSPOKE_TRANSPORT": "socket"}, "SLACK_APP_TOKEN is missing"),
            ({**TOKENS, "WHOSPOKE_TRANSPORT": "http"}, "SLACK_SIGNING_SECRET is missing"),
        ],
    )
    def test_what_is_missing_is_named(self, monkeypatch, env, fix):
        with pytest.raises(ValidationError, match=fix):
            settings(monkeypatch, **env)


class TestApiUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://slack.com/api/",
            "https://slack.com/api",
            "http://127.0.0.1:7600/api/",
            "http://localhost:1/api",
        ],
    )
    def test_slack_and_this_machine(self, monkeypatch, url):
        read = settings(monkeypatch, **TOKENS, SLACK_API_URL=url)
        assert read.slack_api_url.endswith("/api/")
        assert read.is_local == ("slack.com" not in url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://slack.com.example.org/api/",
            "https://example.org/api/",
            "http://slack.com/api/",
            "https://slack.com@example.org/api/",
            "http://127.0.0.1.example.org/api/",
            "http://[::ffff:8.8.8.8]/api/",
            "ftp://127.0.0.1/",
            "",
        ],
    )
    def test_nowhere_else(self, monkeypatch, url):
        with pytest.raises(ValidationError, match="SLACK_API_URL must be"):
            settings(monkeypatch, **TOKENS, SLACK_API_URL=url)


class TestSecrets:
    def test_they_are_not_shown(self, monkeypatch):
        read = settings(
            monkeypatch, **TOKENS, ANTHROPIC_API_KEY="sk-ant-secret", SLACK_SIGNING_SECRET="s-secret"
        )
        assert "secret" not in repr(read).replace("signing_secret", "").replace("SecretStr", "")

    @pytest.mark.parametrize(
        "name", ["WHOSPOKE_CLIP_RETENTION_DAYS", "WHOSPOKE_LAB_RETENTION_DAYS", "WHOSPOKE_LEASE_S"]
    )
    def test_retention_cannot_be_nothing(self, monkeypatch, name):
        with pytest.raises(ValidationError):
            settings(monkeypatch, **TOKENS, **{name: "0"})
