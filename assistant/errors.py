"""The errors of the assistant, and how they hang together.

    AnzeError                    everything that we raise on purpose; the message is for the user
    ├── BadQuestion              what was asked cannot be taken in (HTTP 422)
    │   └── UnknownJurisdiction  a place that is no place of the edition (HTTP 422)
    ├── NotFound                 no such document or provision (HTTP 404)
    ├── BadDocument              a file that cannot be taken into the edition
    ├── AuditUnavailable         the audit log cannot be written (HTTP 503, exit at start)
    ├── TooManyRequests          a caller asks more often than he may (HTTP 429)
    ├── LanguageModelUnavailable  the endpoint does not answer `anze doctor`
    ├── SettingsError            the environment says something that cannot be
    ├── IndexBusy                another process is building (exit 1)
    └── IndexUnavailable         no index, or one that is damaged (HTTP 503, exit at start)

Outcomes are not errors: a refused question is an `Answer` with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.errors import AnzeError, BadDocument, IndexBusy, IndexUnavailable

__all__ = [
    "AnzeError",
    "AuditUnavailable",
    "BadDocument",
    "BadQuestion",
    "IndexBusy",
    "IndexUnavailable",
    "LanguageModelUnavailable",
    "NotFound",
    "SettingsError",
    "TooManyRequests",
    "UnknownJurisdiction",
]


class BadQuestion(AnzeError):
    """What was asked cannot be taken in; ``field`` names the part at fault."""

    def __init__(self, message: str, field: str = "question") -> None:
        super().__init__(message)
        self.field = field


class UnknownJurisdiction(BadQuestion):
    """The place given is no place that the edition has documents for."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "jurisdiction")


class NotFound(AnzeError):
    """No such document or provision."""


class AuditUnavailable(AnzeError):
    """The audit log is switched off, cannot be reached or cannot be written."""


class TooManyRequests(AnzeError):
    """A caller asks more often than he may.

    Args:
        message: the sentence for the caller.
        seconds: how long to wait.
        headers: header fields that tell his limit.
    """

    def __init__(self, message: str, seconds: int, headers: Mapping[str, str]) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(seconds), **headers}


class LanguageModelUnavailable(AnzeError):
    """The endpoint of the language model does not answer. Questions are answered all the same."""


class SettingsError(AnzeError):
    """The environment says something that cannot be."""
