"""The only reader of the environment in the bot."""

from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.tutor.anthropic import DEFAULT_MODEL
from bot.tutor.breaker import REST_S
from bot.tutor.prices import Price
from clip_rules.addresses import LOOPBACK_HOSTS, api_address, is_loopback

_PRICE = r"^(\d+(\.\d+)?/\d+(\.\d+)?)?$"


class Settings(BaseSettings):
    """What the bot is told at start; a value that cannot work is refused with the fix."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = Field(SecretStr(""), alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(SecretStr(""), alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(SecretStr(""), alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field("https://slack.com/api/", alias="SLACK_API_URL")
    transport: Literal["auto", "socket", "http"] = Field("auto", alias="WHOSPOKE_TRANSPORT")
    host: str = Field("0.0.0.0", alias="HOST")  # noqa: S104  a platform's router must reach it
    port: int = Field(3000, alias="PORT")
    database_url: str = Field("sqlite:///.whospoke/whospoke.db", alias="WHOSPOKE_DATABASE_URL")
    anthropic_api_key: SecretStr = Field(SecretStr(""), alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str | None = Field(None, alias="ANTHROPIC_BASE_URL")
    model: str = Field(DEFAULT_MODEL, alias="WHOSPOKE_MODEL")
    lab_model: Literal["on", "off"] = Field("on", alias="WHOSPOKE_LAB_MODEL")
    lab_tokens_per_day: int = Field(200_000, alias="WHOSPOKE_LAB_TOKENS_PER_DAY", ge=0)
    lab_tokens_per_month: int = Field(5_000_000, alias="WHOSPOKE_LAB_TOKENS_PER_MONTH", ge=0)
    #: US dollars for a million tokens, "input/output"; empty for the prices we know.
    model_price_given: str = Field("", alias="WHOSPOKE_MODEL_PRICE", pattern=_PRICE)
    #: Seconds without the model after it failed.
    model_rest_s: float = Field(REST_S, alias="WHOSPOKE_MODEL_REST_S", ge=0)
    course_dir: str | None = Field(None, alias="WHOSPOKE_COURSE_DIR")
    clip_retention_days: int = Field(30, alias="WHOSPOKE_CLIP_RETENTION_DAYS", ge=1)
    lab_retention_days: int = Field(90, alias="WHOSPOKE_LAB_RETENTION_DAYS", ge=1)
    test_retake_hours: float = Field(12.0, alias="WHOSPOKE_TEST_RETAKE_HOURS", ge=0)
    #: Slack user id of who installed the app: the first manager.
    installer_id: str = Field("", alias="WHOSPOKE_INSTALLER_ID")
    lease_s: float = Field(45.0, alias="WHOSPOKE_LEASE_S", gt=0)

    @field_validator("slack_api_url")
    @classmethod
    def _only_slack_or_loopback(cls, url: str) -> str:
        return api_address(url)

    @field_validator("anthropic_base_url")
    @classmethod
    def _only_https_or_loopback(cls, url: str | None) -> str | None:
        """What learners write travels encrypted, or not at all."""
        parts = urlsplit(url or "")
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
        if url and not is_local and not (parts.scheme == "https" and parts.hostname):
            raise ValueError(
                "ANTHROPIC_BASE_URL must be an https address, or an http address of this machine for tests; "
                "leave it out to use Anthropic's own."
            )
        return url or None

    @model_validator(mode="after")
    def _has_what_its_transport_needs(self) -> "Settings":
        if not self.slack_bot_token.get_secret_value():
            raise ValueError(
                "SLACK_BOT_TOKEN is missing: copy the bot token (xoxb-...) from your Slack app's settings."
            )
        if self.uses_socket_mode and not self.slack_app_token.get_secret_value():
            raise ValueError("SLACK_APP_TOKEN is missing: Socket Mode needs the app-level token (xapp-...).")
        if not self.uses_socket_mode and not self.slack_signing_secret.get_secret_value():
            raise ValueError(
                "SLACK_SIGNING_SECRET is missing: without it anybody could speak as Slack, so the bot does not start. "
                "Copy it from Basic Information in your Slack app's settings, or set SLACK_APP_TOKEN for Socket Mode."
            )
        return self

    @cached_property
    def uses_socket_mode(self) -> bool:
        """Socket Mode when asked for, or when only an app-level token is given."""
        if self.transport != "auto":
            return self.transport == "socket"
        return bool(self.slack_app_token.get_secret_value())

    @property
    def model_name(self) -> str | None:
        """The language model of the labs; None when there is no key or it is switched off."""
        has_model = self.lab_model == "on" and self.anthropic_api_key.get_secret_value()
        return self.model if has_model else None

    @property
    def model_price(self) -> Price | None:
        """What the model costs where somebody said so."""
        if not self.model_price_given:
            return None
        per_input, per_output = map(float, self.model_price_given.split("/"))
        return Price(per_input, per_output)

    @property
    def is_local(self) -> bool:
        """Whether the bot talks to a workspace on this machine."""
        return is_loopback(self.slack_api_url)


class ReportSettings(BaseSettings):
    """What `python -m bot report` is told: no token, as it never speaks to Slack."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    database_url: str = Field("sqlite:///.whospoke/whospoke.db", alias="WHOSPOKE_DATABASE_URL")
    course_dir: str | None = Field(None, alias="WHOSPOKE_COURSE_DIR")
