"""Answers as HTML. Pure functions; every text of a document or a question is escaped.

What they return is one line that begins with a block tag, so that a Markdown component hands it
through untouched: nothing in a text can act as markup, neither HTML nor Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as url_quote

from assistant.models import (
    Answer,
    Citation,
    DocumentList,
    DocumentRef,
    DocumentSummary,
    Mode,
    Reason,
    Status,
)
from index.provision import Authority, Standing

_STANDING = {
    Standing.IN_FORCE: "现行有效",
    Standing.DRAFT: "征求意见稿",
    Standing.LAPSED: "已过期",
    Standing.SUPERSEDED: "已被取代",
}
_REASON = {
    Reason.OUT_OF_SCOPE: "不在解答范围",
    Reason.JURISDICTION_NOT_COVERED: "没有收录这个地方的文件",
    Reason.NO_PROVISION: "文件里没有这项规定",
    Reason.PERSONAL_DATA: "涉及个人信息",
    Reason.UNCLEAR: "还不清楚要问什么",
}
#: What to try, where the refusal itself does not say so.
_TRY = {
    Reason.OUT_OF_SCOPE: "可以问党委、政府及其负责人的安全生产职责、考核、约谈和责任追究。",
    Reason.NO_PROVISION: "可以换成文件里的说法再问一次，或者打开收录文件查阅原文。",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_PLACE = re.compile(r"【([^【】]{1,40})】")
#: How the question was read: said in passing, before what the documents say.
_ASIDE = re.compile(r"按“.+”理解。|(?:“[^”]+”按文件中的“[^”]+”查。)+")
_VERDICT = re.compile(r"不?对：")
_RECKONED = "（按所引条文推算）"
_TABLE_RULE = re.compile(r"\|(?: ?:?-{3,}:? ?\|)+")
_ITEM = re.compile(r"(?:（[一二三四五六七八九十百\d]+）|\d{1,3}[.．、]|[-·•] ?)")


@dataclass(frozen=True)
class Exchange:
    """One question on the page and what came of it.

    Args:
        question: as typed.
        answer: the outcome, None while it is being looked for or where there was a fault.
        fault: a sentence for the reader where something went wrong.
    """

    question: str
    answer: Answer | None = None
    fault: str = ""


def escape(text: str) -> str:
    """*text* as HTML on one line; what steers a terminal or turns the writing direction is gone."""
    return html.escape(_CONTROL.sub("", text)).replace("\n", "<br>")


def provision_url(provision_id: str, start: int | None = None, end: int | None = None) -> str:
    """Where a provision is read, with the words from *start* to *end* marked."""
    path = "/p/" + url_quote(provision_id)
    return path if start is None else f"{path}?s={start}&e={end}#mark"


def badge(document: DocumentRef) -> str:
    """The standing of a document in a word; a newspaper's account is always called that."""
    if document.authority is Authority.PRESS_REPORT:
        return '<span class="badge caution">媒体报道</span>'
    binds = document.standing is Standing.IN_FORCE
    kind = "badge" if binds else "badge caution"
    return f'<span class="{kind}">{_STANDING[document.standing]}</span>'


def title(document: DocumentRef) -> str:
    """The document's title as it is printed; titles of books and rules in 《》."""
    if "《" in document.title:
        return escape(document.title)
    return f"《{escape(document.title)}》"


def document_line(document: DocumentRef) -> str:
    """Number, place and date of a document, as far as known."""
    issued = document.issued_on
    date = f"{issued.year}年{issued.month}月{issued.day}日" if issued else ""
    parts = (document.number, document.jurisdiction, date)
    return " · ".join(escape(part) for part in parts if part)


def conversation(exchanges: Sequence[Exchange]) -> str:
    """The whole conversation; a word of welcome where nothing has been asked."""
    if not exchanges:
        return _WELCOME
    turns = "".join(_exchange(exchange) for exchange in exchanges)
    return f'<div class="turns">{turns}</div>'


_WELCOME = (
    '<div class="welcome"><h2>想查哪一条？</h2>'
    "<p>用平常的话问就行。答案取自已收录文件的原文，每句话后面的数字是出处，点开可以看到它在文件里的位置。</p>"
    "<p>文件里没有的，会直接说没有。</p></div>"
)


def _exchange(exchange: Exchange) -> str:
    asked = f'<h2 class="asked"><span class="vh">问：</span>{escape(exchange.question)}</h2>'
    if exchange.answer is None:
        words = escape(exchange.fault) or "正在查找依据…"
        reply = f'<p class="{"fault" if exchange.fault else "pending"}">{words}</p>'
    elif exchange.answer.status is Status.REFUSED:
        reply = _refusal(exchange.answer)
    else:
        reply = _answer(exchange.answer)
    return f'<section class="turn">{asked}<div class="reply">{reply}</div></section>'


def _refusal(answer: Answer) -> str:
    reason = answer.reason or Reason.UNCLEAR
    advice = f'<p class="try">{_TRY[reason]}</p>' if reason in _TRY else ""
    return (
        f'<div class="refusal"><p class="why">{_REASON[reason]}</p>'
        f"<p>{escape(answer.answer)}</p>{advice}</div>"
    )


def _answer(answer: Answer) -> str:
    text = answer.answer
    # What a reader must know first stands before the first citation, what is not covered behind.
    first = text.find("[1]")
    behind = [notice for notice in answer.notices if 0 <= first < text.find(notice)]
    before = [notice for notice in answer.notices if notice not in behind]
    for notice in answer.notices:
        text = text.replace(notice, "", 1)
    targets = {citation.n: citation for citation in answer.citations}
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    body = "".join(_blocks(lines, targets))
    return (
        _notices(before)
        + f'<div class="said">{body}</div>'
        + _notices(behind)
        + f'<p class="made">{_how_made(answer)}</p>'
    )


def _notices(said: Sequence[str]) -> str:
    paragraphs = "".join(f"<p>{escape(notice)}</p>" for notice in said)
    return f'<div class="notices" role="note">{paragraphs}</div>' if said else ""


def _blocks(lines: Sequence[str], targets: dict[int, Citation]) -> Iterator[str]:
    """The lines as paragraphs, those that make a Markdown table as one."""
    at = 0
    while at < len(lines):
        rows = _rows(lines[at:])
        yield _table(rows, targets) if rows else _paragraph(lines[at], targets)
        at += len(rows) + 1  # the rule below the head is no row


def _rows(lines: Sequence[str]) -> list[list[str]]:
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
    url = escape(_citation_url(targets[n]))
    return f'<a class="n" href="{url}"><span class="vh">依据</span>{n}</a>'


def _citation_url(citation: Citation) -> str:
    return provision_url(citation.provision_id, citation.start, citation.end)


def _how_made(answer: Answer) -> str:
    made = "摘自文件原文"
    if answer.mode is Mode.GENERATIVE:
        made = f"由语言模型 {escape(answer.model or '')} 撰写，逐句核对过出处"
    total = answer.timings_ms.get("total")
    took = f" · {max(1, round(total))} 毫秒" if total is not None else ""
    return f"{made} · 依据 {len(answer.citations)} 条{took}"


def basis(answer: Answer) -> str:
    """The citations of *answer* as cards."""
    if not answer.citations:
        return '<div class="basis"><h2>依据</h2><p class="none">没有可以引用的条款。</p></div>'
    cards = "".join(_card(citation) for citation in answer.citations)
    count = f'<span class="count">{len(answer.citations)} 条</span>'
    return f'<div class="basis"><h2>依据 {count}</h2><ol class="cards">{cards}</ol></div>'


def _card(citation: Citation) -> str:
    document = citation.document
    above = " › ".join(escape(step) for step in citation.heading_path)
    path = f'<span class="above">{above}</span>' if above else ""
    url = escape(_citation_url(citation))
    return (
        f'<li class="card" id="basis-{citation.n}">'
        f'<p class="head"><span class="n">{citation.n}</span>'
        f"<strong>{escape(citation.address)}</strong>{badge(document)}</p>"
        f'<p class="from">{title(document)}<span class="line">{document_line(document)}</span></p>'
        f"{path}<blockquote>{escape(citation.quote)}</blockquote>"
        f'<a class="open" href="{url}">在原文中查看'
        f'<span class="vh">：依据{citation.n}，{escape(citation.address)}</span></a></li>'
    )


def shelf(documents: DocumentList) -> str:
    """The documents that answers come from, each a link to its text."""
    entries = "".join(_entry(document) for document in documents.documents)
    count = f'<span class="count">{len(documents.documents)} 份</span>'
    return f'<div class="basis"><h2>收录文件 {count}</h2><ul class="cards">{entries}</ul></div>'


def _entry(document: DocumentSummary) -> str:
    url = escape("/p/" + url_quote(document.id))
    note = f'<p class="note">{escape(document.standing_note)}</p>' if document.standing_note else ""
    return (
        f'<li class="card entry"><p class="head"><a href="{url}">{title(document)}</a>'
        f'{badge(document)}</p><p class="from"><span class="line">{document_line(document)}</span>'
        f"</p>{note}</li>"
    )
