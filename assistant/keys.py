"""Access keys: the file that holds them, and the ring of keys that a running server goes by.

The file holds the digest of each key, never the key. A key is 256 random bits, so a plain digest
of it cannot be guessed back, and needs no salt.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import logging
import os
import secrets
import stat
import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError, field_validator, model_validator

from assistant.callers import ANYONE, LOCAL, Caller
from assistant.errors import SettingsError
from assistant.models import Model
from assistant.rates import check_rate
from index.provision import Audience

#: What keys begin with, so that a scanner for leaked secrets knows them.
PREFIX = "anze_"
_LOG = logging.getLogger(__name__)
_TAKEN_NAMES = frozenset({LOCAL.name, ANYONE.name})
_Signature = tuple[int, int, int]


def digest_of(secret: str) -> str:
    """The sha256 of *secret*, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Key(Model):
    """One key as the file holds it.

    Args:
        name: whose it is; what the record of questions calls the caller.
        sha256: digest of the key.
        audience: what its holder may read.
        rate: how often he may ask, as ``60/minute``; empty for the server's own rate.
        until: the last day on which it is good; None for no end.
        created: the day on which it was made.
    """

    name: str = Field(pattern=r"^[\w.@-]{1,60}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    audience: Audience
    rate: str = ""
    until: date | None = None
    created: date

    @field_validator("name")
    @classmethod
    def _not_ours(cls, name: str) -> str:
        if name in _TAKEN_NAMES:
            raise ValueError(f"名称 {name} 另有用途")
        return name

    @field_validator("rate")
    @classmethod
    def _countable(cls, rate: str) -> str:
        if rate:
            check_rate(rate)
        return rate

    def is_good(self, today: date) -> bool:
        """Whether it opens anything on *today*."""
        return self.until is None or today <= self.until

    @property
    def caller(self) -> Caller:
        """Who calls with it."""
        return Caller(self.name, self.audience, self.rate)


class Ring(Model):
    """All keys, each name and each digest once."""

    keys: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Ring:
        for values in ([key.name for key in self.keys], [key.sha256 for key in self.keys]):
            twice = {value for value in values if values.count(value) > 1}
            if twice:
                raise ValueError(f"重复：{'、'.join(sorted(twice))}")
        return self

    def find(self, sha256: str, today: date) -> Key | None:
        """The key of this digest, if it is good on *today*.

        Every key is compared, each in constant time: how long it takes tells nothing.
        """
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.sha256, sha256):
                found = key
        return found if found and found.is_good(today) else None

    def with_new(
        self, name: str, audience: Audience, rate: str = "", until: date | None = None
    ) -> tuple[Ring, str]:
        """The ring with one key more, and that key, which nobody can read out again.

        Raises:
            SettingsError: the name is taken or cannot be one, or the rate cannot be read.
        """
        secret = PREFIX + secrets.token_urlsafe(32)
        if any(key.name == name for key in self.keys):
            raise SettingsError(f"已有名为 {name} 的密钥。请换一个名称，或先运行 anze key remove。")
        try:
            key = Key(
                name=name,
                sha256=digest_of(secret),
                audience=audience,
                rate=rate,
                until=until,
                created=date.today(),
            )
        except ValidationError as error:
            raise SettingsError(_fault_of(error)) from None
        return Ring(keys=(*self.keys, key)), secret

    def without(self, name: str) -> Ring:
        """The ring without the key of *name*.

        Raises:
            SettingsError: there is none.
        """
        keys = tuple(key for key in self.keys if key.name != name)
        if len(keys) == len(self.keys):
            raise SettingsError(f"没有名为 {name} 的密钥。anze key list 列出全部。")
        return Ring(keys=keys)


def read_ring(path: Path) -> Ring:
    """The ring in the file at *path*.

    Raises:
        SettingsError: the file cannot be read, or does not hold keys.
    """
    try:
        return Ring.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise SettingsError(f"没有密钥文件 {path}。请先运行 anze key add 名称。") from error
    except OSError as error:
        raise SettingsError(f"读不了密钥文件 {path}：{error.strerror}。") from error
    except ValidationError as error:
        # `from None`: the fault's own words quote the file
        raise SettingsError(f"密钥文件 {path} 的内容不对：{_fault_of(error)}") from None


def write_ring(path: Path, ring: Ring) -> None:
    """Put *ring* into the file at *path* in one step, readable by its owner alone."""
    path = path.resolve()  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file with mode 0600
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(ring.model_dump_json(indent=1, exclude_defaults=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def changing(path: Path) -> Iterator[Ring]:
    """The ring at *path* (empty where there is no file) while nobody else changes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read_ring(path) if path.exists() else Ring()


def is_exposed(path: Path) -> bool:
    """Whether others than the owner may read or write the file at *path*."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


class Keys:
    """The ring that a server goes by; it follows the file.

    A file that became malformed leaves the last good ring in place; a file that is gone leaves
    nobody in. Safe to share between threads.

    Raises:
        SettingsError: at start the file is missing, malformed, or holds no key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._signature = _signature(path)
        self._ring = read_ring(path)
        self._reading = threading.Lock()
        if not self._ring.keys:
            raise SettingsError(f"密钥文件 {path} 里没有密钥。请先运行 anze key add 名称。")
        if is_exposed(path):
            _LOG.warning("密钥文件 %s 可被其他用户读写，请运行 chmod 600 %s。", path, path)

    def now(self) -> Ring:
        """The ring as the file has it at this moment."""
        if _signature(self.path) != self._signature:
            with self._reading:
                self._follow(_signature(self.path))
        return self._ring

    def find(self, secret: str) -> Key | None:
        """The key that *secret* is, if it is good today."""
        return self.find_digest(digest_of(secret))

    def find_digest(self, sha256: str) -> Key | None:
        """The key of this digest, if it is good today."""
        return self.now().find(sha256, date.today())

    def _follow(self, signature: _Signature | None) -> None:
        if signature == self._signature:  # another thread was quicker
            return
        self._signature = signature
        if signature is None:
            _LOG.error("密钥文件 %s 不见了，现在不接受任何密钥。", self.path)
            self._ring = Ring()
            return
        try:
            self._ring = read_ring(self.path)
        except SettingsError as error:
            _LOG.error("%s继续使用原来的密钥。", error)


def _signature(path: Path) -> _Signature | None:
    """What changes whenever the file does; None where there is no file."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return (0, 0, 0)  # cannot be looked at: reading it will say why
    return (state.st_mtime_ns, state.st_size, state.st_ino)


def _fault_of(error: ValidationError) -> str:
    """One sentence on what is wrong and where, without the value that is."""
    fault = error.errors()[0]
    place = ".".join(str(step) for step in fault["loc"]) or "文件"
    reason = {
        "json_invalid": "不是正确的 JSON",
        "missing": "缺少这一项",
        "extra_forbidden": "不认识这一项",
        "enum": "只能是 public 或 internal",
        "string_pattern_mismatch": _PATTERNS.get(str(fault["loc"][-1]) if fault["loc"] else ""),
        "value_error": str(fault.get("ctx", {}).get("error", "")),
    }.get(fault["type"])
    return f"{place}：{reason or '值不对'}。"


_PATTERNS = {
    "name": "名称只能用文字、数字和 . @ _ -，最多60个字",
    "sha256": "应是64位十六进制的 sha256",
}
