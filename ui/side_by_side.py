"""A comparison as a table, as cards below it, and as text to be pasted elsewhere. Pure functions.

Citations are numbered through all rows, so that a number names one card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.comparison import Comparison, ComparisonRow
from assistant.models import Answer, Citation, DocumentRef, Reason, Status
from ui.render import badge, cards, chinese, copy_button, escape, notices, paragraphs, title
from ui.words import Words

_MARK = re.compile(r"\[(\d{1,3})\]")
#: Addresses of one document that are written out in a row.
_ADDRESSES = 3


@dataclass(frozen=True)
class Shown:
    """A comparison on the page, whole or in the making.

    Args:
        typed: the question as typed.
        asked: as it is put to each place.
        places: those asked, in order.
        rows: those that have answered, in the same order.
        whole: the outcome; None while places are still asked.
        link: where the page shows the same.
        named: whether the places are those that the question names.
    """

    typed: str
    asked: str
    places: tuple[str, ...]
    rows: tuple[ComparisonRow, ...] = ()
    whole: Comparison | None = None
    link: str = ""
    named: bool = False


def link(words: Words, question: str, places: Iterable[str], office: str = "") -> str:
    """The address at which the page shows this comparison."""
    asked = [("tab", "compare"), ("q", question), *(("place", place) for place in places)]
    asked += [("office", office)] if office else []
    return f"{words.home}?{urlencode(asked)}"


def through_numbered(rows: Sequence[ComparisonRow]) -> list[Answer]:
    """The answers of *rows*, their citations numbered on from one to the next."""
    answers, before = [], 0
    for row in rows:
        answers.append(_numbered_from(row.answer, before))
        before += len(row.answer.citations)
    return answers


def _numbered_from(answer: Answer, before: int) -> Answer:
    known = {citation.n for citation in answer.citations}

    def raised(mark: re.Match[str]) -> str:
        n = int(mark[1])
        return f"[{n + before}]" if n in known else mark[0]

    citations = tuple(c.model_copy(update={"n": c.n + before}) for c in answer.citations)
    text = _MARK.sub(raised, answer.answer)
    return answer.model_copy(update={"answer": text, "citations": citations})


def side_by_side(shown: Shown, words: Words) -> str:
    """The first line, the table, what can be done with it, and the cards."""
    answers = through_numbered(shown.rows)
    below = ""
    if shown.whole is not None:
        citations = [citation for answer in answers for citation in answer.citations]
        below = _actions(shown, answers, words)
        below += cards(citations, words, "compared") if citations else ""
    above = _first_line(shown, words) + _table(shown, answers, words)
    return f'<div class="compared">{above}{below}</div>'


def _first_line(shown: Shown, words: Words) -> str:
    language = chinese(words)
    asked = ""
    if shown.asked != shown.typed:
        said = f"<span{language}>{escape(shown.asked)}</span>"
        how = words["compare.named" if shown.named else "compare.asked"]
        asked = f'<p class="aside">{how.format(question=said)}</p>'
    if shown.whole is None:
        counted = words["compare.making"].format(n=len(shown.rows), all=len(shown.places))
        return f'<p class="summary pending">{counted}</p>{asked}'
    return f'<p class="summary"{language}>{escape(shown.whole.summary)}</p>{asked}'


def _table(shown: Shown, answers: Sequence[Answer], words: Words) -> str:
    """The rows; a narrow screen shows them as blocks, so roles say what they are."""
    heads = (words["compare.place"], words["compare.rule"], words["compare.basis"])
    head = "".join(f'<th role="columnheader" scope="col">{h}</th>' for h in heads)
    rows = [_row(row.place, answer, words) for row, answer in zip(shown.rows, answers, strict=True)]
    rows += [_pending(place, words) for place in shown.places[len(rows) :]]
    caption = f'<caption class="vh"{chinese(words)}>{escape(shown.asked)}</caption>'
    return (
        f'<table role="table">{caption}<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def _cells(place: str, said: str, basis: str, kind: str, words: Words) -> str:
    return (
        f'<tr role="row" class="{kind}"><th role="rowheader" scope="row"{chinese(words)}>'
        f'{escape(place)}</th><td role="cell">{said}</td><td role="cell">{basis}</td></tr>'
    )


def _pending(place: str, words: Words) -> str:
    return _cells(place, words["compare.pending"], "—", "silent", words)


def _row(place: str, answer: Answer, words: Words) -> str:
    if answer.status is Status.REFUSED:
        return _cells(place, _gap(answer, words), "—", "silent", words)
    lines = [line for line in answer.answer.split("\n") if line not in answer.notices]
    first = next((n for n, line in enumerate(lines) if _MARK.search(line)), 0)
    language = chinese(words)
    before = "".join(f'<p class="aside">{escape(line)}</p>' for line in lines[:first])
    body = paragraphs("\n".join(lines[first:]), answer.citations)
    said = f'<div class="says"{language}>{before}{body}</div>'
    return _cells(
        place, notices(answer.notices, language) + said, _basis(answer.citations, words), "", words
    )


def _gap(answer: Answer, words: Words) -> str:
    """Why a place has nothing to show, and the refusal itself for whoever wants to know more."""
    return (
        f'<p class="gap">{words[_gap_word(answer)]}</p><details><summary>{words["compare.why"]}'
        f"</summary><p{chinese(words)}>{escape(answer.answer)}</p></details>"
    )


def _gap_word(answer: Answer) -> str:
    return f"gap.{(answer.reason or Reason.UNCLEAR).value}"


def _basis(citations: Sequence[Citation], words: Words) -> str:
    """Each document with its standing and the addresses in it."""
    language = chinese(words)
    return "".join(
        f'<p class="where"><span{language}>{_name(document)}</span>{badge(document, words)}'
        f'<span class="at"{language}>{escape(_addresses(addresses))}</span></p>'
        for document, addresses in _by_document(citations)
    )


def _name(document: DocumentRef) -> str:
    return escape(document.number) or title(document)


def _by_document(citations: Sequence[Citation]) -> list[tuple[DocumentRef, list[str]]]:
    documents = {citation.document.id: citation.document for citation in citations}
    return [
        (document, list(dict.fromkeys(c.address for c in citations if c.document.id == id_)))
        for id_, document in documents.items()
    ]


def _addresses(addresses: Sequence[str]) -> str:
    if len(addresses) <= _ADDRESSES + 1:
        return "、".join(addresses)
    return f"{'、'.join(addresses[:_ADDRESSES])}等{len(addresses)}处"


def _actions(shown: Shown, answers: Sequence[Answer], words: Words) -> str:
    rows = as_rows(shown, answers, words)
    address = escape(shown.link)
    return (
        f'<p class="do">{copy_button(as_markdown(rows), words["compare.copy_markdown"])}'
        f"{copy_button(as_cells(rows), words['compare.copy_cells'])}"
        f'<button type="button" class="copy link" value="{address}">{words["compare.copy_link"]}'
        f'</button><a href="{address}">{words["compare.same"]}</a></p>'
    )


def as_rows(shown: Shown, answers: Sequence[Answer], words: Words) -> list[tuple[str, ...]]:
    """The table as plain texts, its head first."""
    head = (words["compare.place"], words["compare.rule"], words["compare.basis"])
    rows: list[tuple[str, ...]] = [head]
    for row, answer in zip(shown.rows, answers, strict=True):
        if answer.status is Status.REFUSED:
            rows.append((row.place, words[_gap_word(answer)], "—"))
        else:
            rows.append((row.place, answer.answer, _written_basis(answer.citations)))
    return rows


def _written_basis(citations: Sequence[Citation]) -> str:
    """The documents as official letters cite them, each with all addresses in it."""
    written = []
    for document, addresses in _by_document(citations):
        name = document.title if "《" in document.title else f"《{document.title}》"
        number = f"（{document.number}）" if document.number else ""
        written.append(f"{name}{number}{'、'.join(addresses)}")
    return "；".join(written)


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """*rows* as a Markdown table."""
    head, *others = ([_markdown_cell(text) for text in row] for row in rows)
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _markdown_cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")


def as_cells(rows: Sequence[Sequence[str]]) -> str:
    """*rows* with tabs between the cells, as spreadsheets paste them."""
    return "\n".join("\t".join(_sheet_cell(text) for text in row) for row in rows)


def _sheet_cell(text: str) -> str:
    """A cell whose lines stay together; what would be read as a formula is text."""
    text = text.replace("\t", " ")
    text = f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
    return '"' + text.replace('"', '""') + '"' if "\n" in text or '"' in text else text
