"""How often a caller may ask: limits such as ``60/minute``, counted in a moving window."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from limits import RateLimitItem, parse_many
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from assistant.callers import Caller
from assistant.errors import SettingsError, TooManyRequests

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Allowance:
    """What is left to a caller.

    Args:
        limit: calls allowed within the window.
        remaining: calls left.
        reset: seconds until the window has room again, at least 1.
    """

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """The header fields that tell it (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


def check_rate(text: str) -> tuple[RateLimitItem, ...]:
    """The limits that *text* sets: ``60/minute``, ``5/second; 1000/day``.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        items = tuple(parse_many(text))
    except ValueError:
        items = ()
    if not items or any(item.amount < 1 for item in items):
        raise ValueError(f"“{text}”不是频率，应写成 60/minute 这样（second、minute、hour、day）")
    return items


class Rates:
    """Counts calls. Safe to share between threads.

    Args:
        default: the rate of callers without their own; empty for none.
        storage: where it is counted, as a URI of the `limits` library. ``memory://`` counts for
            this process alone; Redis counts for several.

    Raises:
        SettingsError: a rate or a storage that cannot be.
    """

    def __init__(self, default: str = "", storage: str = "memory://") -> None:
        self._default = default
        self._items: dict[str, tuple[RateLimitItem, ...]] = {"": ()}
        self._read(default)
        self._counter = _counter(storage)

    def spend(self, caller: Caller) -> Allowance | None:
        """Count one call of *caller*; None where he has no limit.

        Raises:
            TooManyRequests: he has asked too often.
        """
        left = []
        with _forgiving():
            for item in self._read(caller.rate or self._default):
                if not self._counter.hit(item, caller.name):
                    raise self._refusal(item, caller.name)
                left.append(self._allowance(item, caller.name))
        return min(left, key=lambda allowance: allowance.remaining, default=None)

    def check(self, rate: str, who: str) -> None:
        """See whether *who* has room under *rate*, without counting.

        Raises:
            TooManyRequests: no room.
        """
        with _forgiving():
            for item in self._read(rate):
                if not self._counter.test(item, who):
                    raise self._refusal(item, who)

    def count(self, rate: str, who: str) -> None:
        """Count one event of *who* under *rate*, over the limit or not."""
        with _forgiving():
            for item in self._read(rate):
                self._counter.hit(item, who)

    def _refusal(self, item: RateLimitItem, who: str) -> TooManyRequests:
        allowance = self._allowance(item, who)
        return TooManyRequests(
            f"提问太频繁，请在{allowance.reset}秒后再试。", allowance.reset, allowance.headers()
        )

    def _allowance(self, item: RateLimitItem, who: str) -> Allowance:
        stats = self._counter.get_window_stats(item, who)
        reset = max(1, math.ceil(stats.reset_time - time.time()))
        return Allowance(item.amount, max(0, stats.remaining), reset)

    def _read(self, rate: str) -> tuple[RateLimitItem, ...]:
        if rate not in self._items:
            try:
                self._items[rate] = check_rate(rate)
            except ValueError as error:
                raise SettingsError(f"{error}。") from error
        return self._items[rate]


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    """Go on where the counter is down: whoever asks must not suffer for it."""
    try:
        yield
    except StorageError as error:
        _LOG.error("限流计数不可用：%s", type(error.storage_error).__name__)


def _counter(storage: str) -> MovingWindowRateLimiter:
    scheme = storage.partition("://")[0]  # the rest may hold a password
    try:
        return MovingWindowRateLimiter(storage_from_string(storage, wrap_exceptions=True))
    except (ConfigurationError, NotImplementedError, ValueError) as error:
        raise SettingsError(
            f"ANZE_RATE_STORAGE 用不了（{scheme}）：须是 limits 库支持移动窗口的地址，"
            "例如 memory:// 或 redis://127.0.0.1:6379，并装好相应的客户端。"
        ) from error
