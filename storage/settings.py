"""Where the database is, read from the environment."""

from pydantic_settings import BaseSettings, SettingsConfigDict

#: A file beside the process that was started first; good for one machine.
DEFAULT_DATABASE_URL = "sqlite:///.whospoke/whospoke.db"


class StorageSettings(BaseSettings):
    """`WHOSPOKE_DATABASE_URL`: `sqlite:///path` or `postgresql+psycopg://user@host/name`."""

    model_config = SettingsConfigDict(env_prefix="WHOSPOKE_", extra="ignore")

    database_url: str = DEFAULT_DATABASE_URL
