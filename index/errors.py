"""Errors that the index raises on purpose; `assistant.errors` draws the whole tree."""

from __future__ import annotations


class AnzeError(Exception):
    """Something went wrong that the message explains, in Chinese, to whoever asked."""


class BadDocument(AnzeError):
    """A file that cannot be taken into the edition."""


class IndexUnavailable(AnzeError):
    """No index, or one that is damaged."""


class IndexBusy(AnzeError):
    """Another process is building; only one may."""
