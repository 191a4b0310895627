"""Texts as HTML in which nothing can act as markup, and the addresses that links lead to."""

from __future__ import annotations

import html
import re
from urllib.parse import quote as url_quote

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """*text* without what steers a terminal or turns the writing direction."""
    return _CONTROL.sub("", text)


def escape(text: str) -> str:
    """*text* as HTML on one line; what steers a terminal or turns the writing direction is gone."""
    return html.escape(plain(text)).replace("\n", "<br>")


def attribute(text: str) -> str:
    """*text* as an attribute on one line that keeps its own lines and tabs."""
    return html.escape(plain(text)).replace("\n", "&#10;").replace("\t", "&#9;")


def provision_url(provision_id: str, start: int | None = None, end: int | None = None) -> str:
    """Where a provision is read, with the words from *start* to *end* marked."""
    path = "/p/" + url_quote(provision_id)
    return path if start is None else f"{path}?s={start}&e={end}#mark"
