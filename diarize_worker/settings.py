"""The worker's settings; the only place in the package that reads the environment."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from clip_rules.addresses import api_address

EngineChoice = Literal["auto", "embedded", "neural"]


class Settings(BaseSettings):
    """Read from the environment, as WHOSPOKE_ENGINE and so on; an empty value counts as none."""

    model_config = SettingsConfigDict(env_prefix="WHOSPOKE_", env_ignore_empty=True, populate_by_name=True)

    #: Where `models pull` writes weights and the engines look for them.
    cache_dir: Path = Field(default_factory=lambda: Path.home() / ".cache" / "whospoke")
    #: auto takes the neural engine where it is installed and its weights can be had, else the embedded one.
    engine: EngineChoice = "auto"
    #: Name of the faster-whisper model; None chooses by hardware.
    whisper: str | None = None
    #: A folder with a pyannote pipeline (config.yaml), used instead of the Hugging Face Hub.
    neural_dir: Path | None = None
    #: Hugging Face token for the gated weights of the neural engine.
    hf_token: SecretStr | None = Field(default=None, validation_alias="HF_TOKEN")
    #: Where the bot and the worker meet.
    database_url: str = "sqlite:///.whospoke/whospoke.db"
    #: Another worker takes over this long after this one's last sign of life.
    lease_s: float = Field(default=45.0, gt=0)
    #: Fetches clips, after consent.
    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")

    @field_validator("slack_api_url")
    @classmethod
    def _only_slack_or_loopback(cls, url: str) -> str:
        return api_address(url)


def silence_onnxruntime_telemetry() -> None:
    """Keep onnxruntime from reporting its use to its maker; it looks at this when it is imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def silence_pyannote_telemetry() -> None:
    """Keep pyannote.audio from reporting its use; it looks at this when it is imported."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
