"""Answers as HTML. Pure functions; every text of a document or a question is escaped.

What they return is one line that begins with a block tag, so that a Markdown component hands it
through untouched: nothing in a text can act as markup, neither HTML nor Markdown.

``words`` are those of the page's language; Chinese where none are given. What an answer or a
document says stays Chinese and is marked as such.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from ui.body import citation_url, paragraphs, table_rows
from ui.markup import attribute, escape, provision_url
from ui.words import LANGUAGES, Words, words_of

__all__ = [  # some of them are made elsewhere
    "Exchange",
    "badge",
    "basis",
    "cards",
    "chinese",
    "conversation",
    "copy_button",
    "document_line",
    "escape",
    "notices",
    "paragraphs",
    "plain_text",
    "provision_url",
    "shelf",
    "standing_word",
    "title",
    "turns",
    "welcome",
    "written_day",
]

#: Refusals that do not say themselves what to try.
_ADVISED = (Reason.OUT_OF_SCOPE, Reason.NO_PROVISION)


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


def chinese(words: Words) -> str:
    """An attribute that says that something is Chinese, where its surroundings are not."""
    return "" if words.language == LANGUAGES[0] else ' lang="zh-CN"'


def _or_chinese(words: Words | None) -> Words:
    return words or words_of(LANGUAGES[0])


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
    made = paragraphs(exchange.written, exchange.citations)
    said = f'<div class="said"{chinese(words)}>{made}</div>' if made else ""
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


def copy_button(text: str, label: str, what: str = "") -> str:
    """A button that copies *text*; the script finds it by its class."""
    more = f'<span class="vh">{what}</span>' if what else ""
    return f'<button type="button" class="copy" value="{attribute(text)}">{label}{more}</button>'


def notices(said: Sequence[str], language: str) -> str:
    """What must be known of the evidence, set off; *language* as of `chinese`."""
    lines = "".join(f"<p>{escape(notice)}</p>" for notice in said)
    return f'<div class="notices" role="note"{language}>{lines}</div>' if said else ""


def plain_text(answer: Answer) -> str:
    """An answer and what it rests on, to be pasted elsewhere; a table with tabs between cells."""
    lines = answer.answer.split("\n")
    text = []
    while lines:
        rows = table_rows(lines)
        text += ["\t".join(cells) for cells in rows] or lines[:1]
        lines = lines[len(rows) + 1 :]
    return "\n\n".join(filter(None, ["\n".join(text), citing.basis(answer.citations)]))


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
    url = escape(citation_url(citation))
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
