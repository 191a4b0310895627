"""Answers as HTML. Pure functions; every text of a document or a question is escaped.

What they return is one line that begins with a block tag, so that a Markdown component hands it
through untouched: nothing in a text can act as markup, neither HTML nor Markdown.

``words`` are those of the page's language; Chinese where none are given. What an answer or a
document says stays Chinese and is marked as such.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as url_quote

from assistant import citing
from assistant.models import (
    Answer,
    Citation,
    DocumentList,
    DocumentRef,
    DocumentSummary,
    Mode,
    Reason,
    Stage,
    Status,
)
from index.provision import Authority, Standing
from ui.words import LANGUAGES, Words, words_of

#: Refusals that do not say themselves what to try.
_ADVISED = (Reason.OUT_OF_SCOPE, Reason.NO_PROVISION)
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
        stage: what the answer has come to while it is being made.
        written: what is verified of its text so far.
        citations: what that rests on.
    """

    question: str
    answer: Answer | None = None
    fault: str = ""
    stage: Stage = Stage.UNDERSTANDING
    written: str = ""
    citations: tuple[Citation, ...] = ()


def plain(text: str) -> str:
    """*text* without what steers a terminal or turns the writing direction."""
    return _CONTROL.sub("", text)


def escape(text: str) -> str:
    """*text* as HTML on one line; what steers a terminal or turns the writing direction is gone."""
    return html.escape(plain(text)).replace("\n", "<br>")


def _attribute(text: str) -> str:
    """*text* as an attribute on one line that keeps its own lines and tabs."""
    return html.escape(plain(text)).replace("\n", "&#10;").replace("\t", "&#9;")


def chinese(words: Words) -> str:
    """An attribute that says that something is Chinese, where its surroundings are not."""
    return "" if words.language == LANGUAGES[0] else ' lang="zh-CN"'


def _or_chinese(words: Words | None) -> Words:
    return words or words_of(LANGUAGES[0])


def provision_url(provision_id: str, start: int | None = None, end: int | None = None) -> str:
    """Where a provision is read, with the words from *start* to *end* marked."""
    path = "/p/" + url_quote(provision_id)
    return path if start is None else f"{path}?s={start}&e={end}#mark"


def standing_word(document: DocumentRef, words: Words | None = None) -> str:
    """The standing of a document in a word; a newspaper's account is always called that."""
    words = _or_chinese(words)
    if document.authority is Authority.PRESS_REPORT:
        return words["standing.press_report"]
    return words[f"standing.{document.standing.value}"]


def badge(document: DocumentRef, words: Words | None = None) -> str:
    """The standing of a document as a badge, in another colour where the document does not bind."""
    is_report = document.authority is Authority.PRESS_REPORT
    binds = document.standing is Standing.IN_FORCE and not is_report
    kind = "badge" if binds else "badge caution"
    return f'<span class="{kind}">{standing_word(document, words)}</span>'


def title(document: DocumentRef) -> str:
    """The document's title as it is printed; titles of books and rules in 《》."""
    if "《" in document.title:
        return escape(document.title)
    return f"《{escape(document.title)}》"


def document_line(document: DocumentRef, words: Words | None = None) -> str:
    """Number, place and date of a document, as far as known."""
    issued = document.issued_on
    printed = _or_chinese(words)
    day = written_day(issued, printed) if issued else ""
    parts = (document.number, document.jurisdiction, day)
    return " · ".join(escape(part) for part in parts if part)


def written_day(day: date, words: Words) -> str:
    """A day as the language writes it."""
    return words["date"].format(year=day.year, month=day.month, day=day.day, iso=day.isoformat())


def conversation(exchanges: Sequence[Exchange], words: Words | None = None) -> str:
    """The whole conversation; a word of welcome where nothing has been asked."""
    words = _or_chinese(words)
    return turns(exchanges, words) if exchanges else welcome(words)


def welcome(words: Words) -> str:
    """What is said before the first question."""
    said = "".join(f"<p>{words[key]}</p>" for key in ("welcome.how", "welcome.none"))
    return f'<div class="welcome"><h2>{words["welcome.title"]}</h2>{said}</div>'


def turns(exchanges: Sequence[Exchange], words: Words) -> str:
    """Questions with what came of them."""
    shown = "".join(_exchange(exchange, words) for exchange in exchanges)
    return f'<div class="turns">{shown}</div>'


def _exchange(exchange: Exchange, words: Words) -> str:
    asked = (
        f'<h2 class="asked"><span class="vh">{words["answer.asked"]}</span>'
        f"{escape(exchange.question)}</h2>"
    )
    name = f' id="answer-{escape(exchange.answer.id)}"' if exchange.answer else ""
    return (
        f'<section class="turn"{name}>{asked}'
        f'<div class="reply">{_reply(exchange, words)}</div></section>'
    )


def _reply(exchange: Exchange, words: Words) -> str:
    if exchange.answer is None and exchange.fault:
        return f'<p class="fault">{escape(exchange.fault)}</p>'
    if exchange.answer is None:
        return _growing(exchange, words)
    if exchange.answer.status is Status.REFUSED:
        return _refusal(exchange.answer, words)
    return _answer(exchange.answer, words)


def _growing(exchange: Exchange, words: Words) -> str:
    """What is there of an answer in the making, and what happens now."""
    body = paragraphs(exchange.written, exchange.citations)
    said = f'<div class="said"{chinese(words)}>{body}</div>' if body else ""
    return f'{said}<p class="pending">{words[f"stage.{exchange.stage.value}"]}</p>'


def _refusal(answer: Answer, words: Words) -> str:
    reason = answer.reason or Reason.UNCLEAR
    advice = f'<p class="try">{words[f"try.{reason.value}"]}</p>' if reason in _ADVISED else ""
    return (
        f'<div class="refusal"><p class="why">{words[f"reason.{reason.value}"]}</p>'
        f"<p{chinese(words)}>{escape(answer.answer)}</p>{advice}</div>"
        '<div class="after"></div>'
    )


def _answer(answer: Answer, words: Words) -> str:
    text = answer.answer
    # What a reader must know first stands before the first citation, what is not covered behind.
    first = text.find("[1]")
    behind = [notice for notice in answer.notices if 0 <= first < text.find(notice)]
    before = [notice for notice in answer.notices if notice not in behind]
    for notice in answer.notices:
        text = text.replace(notice, "", 1)
    language = chinese(words)
    return (
        notices(before, language)
        + f'<div class="said"{language}>{paragraphs(text, answer.citations)}</div>'
        + notices(behind, language)
        + f'<p class="made">{_how_made(answer, words)}</p>'
        + f'<div class="after">{copy_button(plain_text(answer), words["copy.all"])}</div>'
    )


def paragraphs(text: str, citations: Sequence[Citation]) -> str:
    """The lines of an answer, their citation marks as links to what is cited."""
    targets = {citation.n: citation for citation in citations}
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    return "".join(_blocks(lines, targets))


def copy_button(text: str, label: str, what: str = "") -> str:
    """A button that copies *text*; the script finds it by its class."""
    more = f'<span class="vh">{what}</span>' if what else ""
    return f'<button type="button" class="copy" value="{_attribute(text)}">{label}{more}</button>'


def notices(said: Sequence[str], language: str) -> str:
    """What must be known of the evidence, set off; *language* as of `chinese`."""
    lines = "".join(f"<p>{escape(notice)}</p>" for notice in said)
    return f'<div class="notices" role="note"{language}>{lines}</div>' if said else ""


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


def plain_text(answer: Answer) -> str:
    """An answer and what it rests on, to be pasted elsewhere; a table with tabs between cells."""
    lines = answer.answer.split("\n")
    text = []
    while lines:
        rows = table_rows(lines)
        text += ["\t".join(cells) for cells in rows] or lines[:1]
        lines = lines[len(rows) + 1 :]
    return "\n\n".join(filter(None, ["\n".join(text), citing.basis(answer.citations)]))


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


def _how_made(answer: Answer, words: Words) -> str:
    made = words["answer.extracted"]
    if answer.mode is Mode.GENERATIVE:
        made = words["answer.generated"].format(model=escape(answer.model or ""))
    total = answer.timings_ms.get("total")
    parts = [made, words["answer.count"].format(n=len(answer.citations))]
    if total is not None:
        parts.append(words["answer.took"].format(ms=max(1, round(total))))
    return " · ".join(parts)


def basis(answer: Answer, words: Words | None = None) -> str:
    """The citations of *answer* as cards."""
    return cards(answer.citations, _or_chinese(words))


def cards(citations: Sequence[Citation], words: Words, name: str = "basis") -> str:
    """Citations as cards, also of an answer that is not yet whole; *name* begins their ids."""
    heading = words["basis.title"]
    if not citations:
        none = f'<p class="none">{words["basis.none"]}</p>'
        return f'<div class="basis"><h2>{heading}</h2>{none}</div>'
    listed = "".join(_card(citation, words, name) for citation in citations)
    count = f'<span class="count">{words["basis.count"].format(n=len(citations))}</span>'
    return f'<div class="basis"><h2>{heading} {count}</h2><ol class="cards">{listed}</ol></div>'


def _card(citation: Citation, words: Words, name: str) -> str:
    document = citation.document
    language = chinese(words)
    above = " › ".join(escape(step) for step in citation.heading_path)
    path = f'<span class="above"{language}>{above}</span>' if above else ""
    url = escape(_citation_url(citation))
    which = words["basis.which"].format(
        n=citation.n, address=f"<span{language}>{escape(citation.address)}</span>"
    )
    return (
        f'<li class="card" id="{name}-{citation.n}">'
        f'<p class="head"><span class="n">{citation.n}</span>'
        f"<strong{language}>{escape(citation.address)}</strong>{badge(document, words)}</p>"
        f'<p class="from"{language}>{title(document)}'
        f'<span class="line">{document_line(document, words)}</span></p>'
        f"{path}<blockquote{language}>{escape(citation.quote)}</blockquote>"
        f'<p class="do"><a class="open" href="{url}">{words["basis.open"]}'
        f'<span class="vh">{which}</span></a>'
        f"{copy_button(citing.cited(citation), words['copy.one'], which)}</p></li>"
    )


def shelf(documents: DocumentList, words: Words | None = None) -> str:
    """The documents that answers come from, each a link to its text."""
    words = _or_chinese(words)
    entries = "".join(_entry(document, words) for document in documents.documents)
    count = words["shelf.count"].format(n=len(documents.documents))
    return (
        f'<div class="basis"><h2>{words["shelf.title"]} <span class="count">{count}</span></h2>'
        f'<ul class="cards">{entries}</ul></div>'
    )


def _entry(document: DocumentSummary, words: Words) -> str:
    url = escape("/p/" + url_quote(document.id))
    language = chinese(words)
    note = escape(document.standing_note)
    note = f'<p class="note"{language}>{note}</p>' if note else ""
    return (
        f'<li class="card entry"><p class="head"><a href="{url}"{language}>{title(document)}</a>'
        f'{badge(document, words)}</p><p class="from"{language}>'
        f'<span class="line">{document_line(document, words)}</span></p>{note}</li>'
    )
