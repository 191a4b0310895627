"""Settings: the only reader of the environment. Unknown ``ANZE_…`` keys are errors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError
from index.edition import SHIPPED

_PREFIX = "ANZE_"


class Settings(BaseSettings):
    """Where things are and how the server listens.

    Args:
        edition: folder of the edition's files.
        index: folder of the built versions.
        model: folder of the sentence-transformers model.
        host, port: where the server listens; loopback unless told otherwise.
        data: folder of what the server writes while it runs.
        audit_url: the audit log's database as an SQLAlchemy URL; empty for ``audit.db`` in
            ``data``, ``none`` for no log.
        audit_days: how long the log keeps an answer.
        threads: CPU threads of the encoder; 0 leaves the choice to the library.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    edition: Path = SHIPPED
    index: Path = Path("var/index")
    model: Path = Path("var/models/multilingual-e5-small-zh")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    data: Path = Path("var/data")
    audit_url: str = ""
    audit_days: int = Field(default=180, ge=1, le=36_500)
    threads: int = Field(default=1, ge=0)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives.

    Raises:
        SettingsError: an unknown ``ANZE_…`` key, or a value that cannot be.
    """
    environment = os.environ if environment is None else environment
    names = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields}
    given = {key.upper(): value for key, value in environment.items()}
    unknown = sorted(key for key in given if key.startswith(_PREFIX) and key not in names)
    if unknown:
        raise SettingsError(
            f"不认识的环境变量：{'、'.join(unknown)}。可用的有：{'、'.join(sorted(names))}。"
        )
    values = {
        name: given[f"{_PREFIX}{name}".upper()]
        for name in Settings.model_fields
        if f"{_PREFIX}{name}".upper() in given
    }
    try:
        return Settings(**values)  # type: ignore[arg-type]  # pydantic reads the strings
    except ValidationError as error:
        fault = error.errors()[0]
        name = f"{_PREFIX}{fault['loc'][0]}".upper()
        raise SettingsError(f"环境变量 {name} 的值不对：{fault['msg']}") from error
