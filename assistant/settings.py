"""Settings: the only reader of the environment. Unknown ``ANZE_…`` keys are errors."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import SettingsError
from index.edition import SHIPPED

if TYPE_CHECKING:
    from index.home import Home

_PREFIX = "ANZE_"
_URL = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_HOST_NAME = re.compile(r"[\w.-]+|[0-9a-f:.]*:[0-9a-f:.]*")
_EXAMPLES = {"llm_base_url": "http://127.0.0.1:11434/v1", "chroma": "http://127.0.0.1:8100"}
#: Addresses that mean: all of this machine's. None of them is a name to reach it by.
_WILDCARDS = frozenset({"0.0.0.0", "::", ""})


class Use(StrEnum):
    """When a language model is asked to help to understand a question."""

    OFF = "off"
    #: Where the question would be refused as it stands.
    REFUSED = "refused"
    ALWAYS = "always"


class Settings(BaseSettings):
    """Where things are and how the server listens.

    Args:
        edition: folder of the edition's files.
        index: folder of the built versions.
        chroma: where a Chroma server keeps the vectors; empty for the folder of the index.
        chroma_token: what a proxy before it wants to see as ``Authorization: Bearer``.
        model: folder of the sentence-transformers model.
        host, port: where the server listens; loopback unless told otherwise.
        audit_url: the audit log's database as an SQLAlchemy URL; empty for ``audit.db`` in
            ``data``, ``none`` for no log.
        audit_days: how long the log keeps an answer.
        allowed_hosts: names besides its own under which the server is reached.
        keys: the file of access keys; None for no keys, and then only on the loopback.
        data: folder of what the server writes while it runs.
        rate: how often a caller without a rate of his own may ask; empty for no limit.
        rate_storage: where calls are counted, as a URI of the `limits` library.
        threads: CPU threads of the encoder; 0 leaves the choice to the library.
        llm_base_url: where a language model is served in the OpenAI shape; empty for none, and
            then answers are extractive.
        llm_model: its name there.
        llm_key: the key for it.
        llm_timeout: seconds for all that it is asked for one question.
        llm_calls: how many calls to it may be under way at once.
        llm_schema: whether to ask for replies as JSON; small models write plain lines better.
        llm_follow_ups: when it completes a follow-up.
        llm_expand: when it puts a question into other words to rank by.
        eval_key: the access key that ``anze eval --url`` shows.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    edition: Path = SHIPPED
    index: Path = Path("var/index")
    chroma: str = ""
    chroma_token: SecretStr = SecretStr("")
    model: Path = Path("var/models/multilingual-e5-small-zh")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    audit_url: str = ""
    audit_days: int = Field(default=180, ge=1, le=36_500)
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    keys: Path | None = None
    data: Path = Path("var/data")
    rate: str = ""
    rate_storage: str = "memory://"
    threads: int = Field(default=1, ge=0)
    eval_key: SecretStr = SecretStr("")
    llm_base_url: str = ""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=20.0, gt=0, le=600)
    llm_calls: int = Field(default=8, ge=1, le=1_000)
    llm_schema: bool = True
    llm_follow_ups: Use = Use.OFF
    llm_expand: Use = Use.OFF

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip().strip("[]").lower() for name in value.split(","))
        if any(name and not _HOST_NAME.fullmatch(name) for name in names):
            raise ValueError("应是用逗号隔开的主机名或地址，不带端口，例如 anze.example.org")
        return tuple(filter(None, names))

    @field_validator("keys", mode="before")
    @classmethod
    def _no_file(cls, value: object) -> object:
        return value or None

    @field_validator("llm_base_url", "chroma")
    @classmethod
    def _url(cls, value: str, asked: ValidationInfo) -> str:
        if value and not (_URL.fullmatch(value) and _is_url(value)):
            example = _EXAMPLES[str(asked.field_name)]
            raise ValueError(f"应是 http:// 或 https:// 开头的地址，例如 {example}")
        return value

    @field_validator("llm_model")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.strip()

    @field_validator("llm_key")
    @classmethod
    def _sendable(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise ValueError("里面有空格、换行或非 ASCII 字符，不能作为密钥发送")
        return value

    @model_validator(mode="after")
    def _model_named(self) -> Settings:
        if bool(self.llm_base_url) != bool(self.llm_model):
            raise ValueError("ANZE_LLM_BASE_URL 和 ANZE_LLM_MODEL 要么都设置，要么都不设置")
        return self

    @property
    def home(self) -> Home:
        """Where the vectors of the index are."""
        from index.home import home_at  # noqa: PLC0415 - Chroma takes a second to import

        return home_at(self.chroma, self.chroma_token.get_secret_value())

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    @property
    def name(self) -> str:
        """A host name under which a browser on this machine reaches the server."""
        host = "127.0.0.1" if self.host in _WILDCARDS else self.host
        return f"[{host}]" if ":" in host else host

    @property
    def host_names(self) -> frozenset[str]:
        """The names under which the server is reached, besides those of the loopback."""
        own = {self.host.lower()} - _WILDCARDS
        return frozenset({*own, *self.allowed_hosts})


def _is_url(text: str) -> bool:
    """Whether *text*, which looks like a URL, is one: brackets, port and host as they must be."""
    try:
        port = urlsplit(text).port
    except ValueError:
        return False
    return port is None or port > 0


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
        reason = fault.get("ctx", {}).get("error")  # ours where there is one; pydantic's is English
        if not fault["loc"]:  # two that do not go together
            raise SettingsError(f"设置不对：{reason}。") from None
        field = str(fault["loc"][0])
        name = f"{_PREFIX}{field}".upper()
        reason = reason or _wanted(Settings.model_fields[field])
        raise SettingsError(f"环境变量 {name} 的值不对：{reason}") from error


def _wanted(field: FieldInfo) -> str:
    """What the value of *field* must be, and what it is where it is not set."""
    kind = field.annotation
    if kind is bool:
        said, default = "true 或 false", str(field.default).lower()
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        said, default = f"{'、'.join(kind)} 之一", str(field.default)
    else:
        number = "整数" if kind is int else "数"
        said, default = f"{_bounds(field)} 的{number}", f"{field.default:g}"
    return f"应是{said}。请改正，或取消这个设置（那时是 {default}）。"


def _bounds(field: FieldInfo) -> str:
    """The numbers that *field* takes: 不小于 1、不大于 65535."""
    words = {"ge": "不小于", "gt": "大于", "le": "不大于", "lt": "小于"}
    found = (
        f"{word} {getattr(bound, name)}"
        for bound in field.metadata
        for name, word in words.items()
        if hasattr(bound, name)
    )
    return "、".join(found)
