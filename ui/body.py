"""The lines of an answer as HTML: paragraphs, headings, tables, citation marks as links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.models import Citation
from ui.markup import escape, provision_url

_MARKER = re.compile(r"\[(\d{1,3})\]")
_PLACE = re.compile(r"【([^【】]{1,40})】")
#: How the question was read: said in passing, before what the documents say.
_ASIDE = re.compile(r"按“.+”理解。|(?:“[^”]+”按文件中的“[^”]+”查。)+")
_VERDICT = re.compile(r"不?对：")
_RECKONED = "（按所引条文推算）"
_TABLE_RULE = re.compile(r"\|(?: ?:?-{3,}:? ?\|)+")
_ITEM = re.compile(r"(?:（[一二三四五六七八九十百\d]+）|\d{1,3}[.．、]|[-·•] ?)")


def paragraphs(text: str, citations: Sequence[Citation]) -> str:
    """*text*, one paragraph a line; its ``[n]`` lead to *citations*."""
    targets = {citation.n: citation for citation in citations}
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    return "".join(_blocks(lines, targets))


def _blocks(lines: Sequence[str], targets: dict[int, Citation]) -> Iterator[str]:
    """The lines as paragraphs, those that make a Markdown table as one."""
    at = 0
    while at < len(lines):
        rows = table_rows(lines[at:])
        yield _table(rows, targets) if rows else _paragraph(lines[at], targets)
        at += len(rows) + 1  # the rule below the head is no row


def table_rows(lines: Sequence[str]) -> list[list[str]]:
    """The cells of the table that *lines* begin with, its head first; none where there is none."""
    if len(lines) < 3 or not _TABLE_RULE.fullmatch(lines[1]):
        return []
    rows: list[list[str]] = []
    for line in (lines[0], *lines[2:]):
        cells = [cell.strip() for cell in line[1:-1].split("|")]
        is_row = len(line) > 1 and line[0] == line[-1] == "|"
        if not is_row or len(cells) != lines[1].count("|") - 1:
            break
        rows.append(cells)
    return rows if len(rows) > 1 else []


def _table(rows: Sequence[Sequence[str]], targets: dict[int, Citation]) -> str:
    """A table whose rows are headed by their first cell. A narrow screen shows the rows as blocks,
    which takes the meaning from the tags, so the roles say it."""
    head = "".join(f'<th role="columnheader" scope="col">{escape(c)}</th>' for c in rows[0])
    body = "".join(_row(row, targets) for row in rows[1:])
    return (
        f'<table role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(cells: Sequence[str], targets: dict[int, Citation]) -> str:
    first, *others = cells
    said = "".join(f'<td role="cell">{_words(cell, targets)}</td>' for cell in others)
    kind = ' class="silent"' if others[-1:] == ["—"] else ""
    return f'<tr role="row"{kind}><th role="rowheader" scope="row">{escape(first)}</th>{said}</tr>'


def _paragraph(line: str, targets: dict[int, Citation]) -> str:
    if heading := _PLACE.fullmatch(line):
        return f"<h3>{escape(heading[1])}</h3>"
    if _ASIDE.fullmatch(line):
        return f'<p class="aside">{escape(line)}</p>'
    kind = ' class="item"' if _ITEM.match(line) else ""
    words = _words(line, targets)
    if verdict := _VERDICT.match(words):
        words = f"<b>{verdict[0]}</b>{words[verdict.end() :]}"
    return f"<p{kind}>{words}</p>"


def _words(text: str, targets: dict[int, Citation]) -> str:
    """*text* with its citation marks as links and the word on a sum in small letters."""
    words = _MARKER.sub(lambda match: _marker(int(match[1]), targets, match[0]), escape(text))
    return words.replace(_RECKONED, f"<small>{_RECKONED}</small>")


def _marker(n: int, targets: dict[int, Citation], typed: str) -> str:
    if n not in targets:
        return typed
    url = escape(citation_url(targets[n]))
    return f'<a class="n" href="{url}"><span class="vh">依据</span>{n}</a>'


def citation_url(citation: Citation) -> str:
    """Where the quoted words are read, marked."""
    return provision_url(citation.provision_id, citation.start, citation.end)
