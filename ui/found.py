"""What a search found, as the list that the tab 查条文 shows. Pure; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.citing import quoting
from assistant.models import DocumentSummary, SearchResult
from ui.readaloud import ReadAloud, read_aloud, short_name
from ui.render import badge, document_line, escape, title
from ui.way import Way
from ui.words import Words

#: Characters of a provision's text shown in the list, and of its words in a copied citation.
_SHOWN = 180
_QUOTED = 400
_LEAD_IN = 40


@dataclass(frozen=True)
class Found:
    """What there is for what was typed.

    Args:
        documents: those called so.
        results: provisions, best first.
        known: all documents that the caller may read, by their ids.
    """

    documents: Sequence[DocumentSummary]
    results: Sequence[SearchResult]
    known: Mapping[str, DocumentSummary]


def found_list(found: Found, words: Words) -> str:
    """The list, with the number of entries as a sentence in ``data-said``."""
    way = Way(words, "lookup")
    entries = [*_documents(found, way), *_provisions(found, way)]
    if not entries:
        return calm(words["lookup.nothing"])
    said = words["lookup.count"].format(n=len(entries))
    options = "".join(
        f'<li role="option" id="anze-found-{n}" aria-selected="false" {entry}</li>'
        for n, entry in enumerate(entries)
    )
    name = escape(words["lookup.results"])
    return (
        f'<ul role="listbox" id="anze-found" tabindex="0" aria-label="{name}" '
        f'data-said="{escape(said)}">{options}</ul>'
    )


def calm(sentence: str) -> str:
    """A sentence where there is no list."""
    return f'<p class="calm" data-said="{escape(sentence)}">{escape(sentence)}</p>'


def _documents(found: Found, way: Way) -> Iterator[str]:
    for document in found.documents:
        number = f"（{document.number}）" if document.number else ""
        yield (
            f'data-url="{escape(way.to(document.id))}" '
            f'data-citation="{title(document)}{escape(number)}">'
            f'<p class="aloud">{title(document)}</p>'
            f'<p class="from">{badge(document)}<span class="kind">{way.words["lookup.document"]}'
            f'</span><span class="line">{document_line(document)}</span>{_copy(way)}</p>'
        )


def _provisions(found: Found, way: Way) -> Iterator[str]:
    for result in found.results:
        name = short_name(found.known[result.document.id])
        line = read_aloud(name, result.address, result.text, result.marks)
        yield _provision(result, line, way)


def _provision(result: SearchResult, line: ReadAloud, way: Way) -> str:
    mark = (line.start, line.end) if line.words else None
    whole = result.text if len(result.text) <= _QUOTED else line.words
    path = " › ".join(escape(step) for step in result.heading_path)
    above = f'<span class="above">{path}</span>' if path else ""
    document = result.document
    return (
        f'data-url="{escape(way.to(result.provision_id, mark))}" '
        f'data-citation="{escape(quoting(result, whole.replace(chr(10), "")))}">'
        f'<p class="aloud"><b>{escape(line.name)}</b>{"：" if line.words else ""}'
        f"{escape(line.words)}</p>"
        f'<p class="from">{badge(document)}<strong>{escape(result.address)}</strong>'
        f'<span class="line">{title(document)} {escape(document.number)}</span>{_copy(way)}</p>'
        f'{above}<p class="words">{_marked(result)}</p>'
    )


def _copy(way: Way) -> str:
    """For the mouse; the keyboard has its own way, and the toolbar a button."""
    return f'<span class="copy" data-copy aria-hidden="true">{way.words["script.copy"]}</span>'


def _marked(result: SearchResult) -> str:
    """The text around the first marked words, all marks in it shown."""
    start, end = _window(result)
    pieces, at = [], start
    for low, high in result.marks:
        if low < start or high > end:
            continue
        pieces += [escape(result.text[at:low]), f"<mark>{escape(result.text[low:high])}</mark>"]
        at = high
    pieces.append(escape(result.text[at:end]))
    before, behind = "…" if start else "", "…" if end < len(result.text) else ""
    return before + "".join(pieces) + behind


def _window(result: SearchResult) -> tuple[int, int]:
    first = result.marks[0][0] if result.marks else 0
    if first + _LEAD_IN <= _SHOWN:
        return 0, min(len(result.text), _SHOWN)
    start = first - _LEAD_IN
    return start, min(len(result.text), start + _SHOWN)
