"""What a search found, as the list that the tab 查条文 shows. Pure; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.citing import cited
from assistant.models import Citation, DocumentSummary, SearchResult
from index.provision import Authority, Standing
from ui.readaloud import ReadAloud, read_aloud, short_name
from ui.render import badge, document_line, escape, standing_word, title
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
    worded = [result for result in found.results if not result.near]
    near = [result for result in found.results if result.near]
    entries = [*_documents(found, way), *_provisions(worded, found, way)]
    further = [*_provisions(near, found, way)]
    if not entries and not further:
        return calm(words["lookup.nothing"])
    said = words["lookup.count"].format(n=len(entries)) if entries else words["lookup.no_words"]
    options = _options(entries, 0)
    if further:
        line = words["lookup.near_more" if entries else "lookup.near"]
        options += f'<li role="presentation" class="near">{escape(line)}</li>'
        options += _options(further, len(entries))
    name = escape(words["lookup.results"])
    return (
        f'<ul role="listbox" id="anze-found" tabindex="0" aria-label="{name}" '
        f'data-said="{escape(said)}">{options}</ul>'
    )


def _options(entries: Sequence[str], first: int) -> str:
    return "".join(
        f'<li role="option" id="anze-found-{n}" aria-selected="false" {entry}</li>'
        for n, entry in enumerate(entries, first)
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
            f'<p class="from">{badge(document, way.words)}'
            f'<span class="kind">{way.words["lookup.document"]}</span>'
            f'<span class="line">{document_line(document, way.words)}</span>{_copy(way)}</p>'
        )


def _provisions(results: Iterable[SearchResult], found: Found, way: Way) -> Iterator[str]:
    for result in results:
        line = read_aloud(
            _said_name(found.known[result.document.id]), result.address, result.text, result.marks
        )
        yield _provision(result, line, way)


def _said_name(document: DocumentSummary) -> str:
    """The short name, and before it what a caller must hear of a text that does not bind."""
    name = short_name(document)
    binds = document.standing is Standing.IN_FORCE
    if binds and document.authority is not Authority.PRESS_REPORT:
        return name
    return f"{standing_word(document)}，{name}"


def _provision(result: SearchResult, line: ReadAloud, way: Way) -> str:
    words = "" if result.near else line.words  # only what was asked about is read to a caller
    mark = (line.start, line.end) if words else None
    path = " › ".join(escape(step) for step in result.heading_path)
    above = f'<span class="above">{path}</span>' if path else ""
    document = result.document
    return (
        f'data-url="{escape(way.to(result.provision_id, mark))}" '
        f'data-citation="{escape(cited(_citation(result, line)))}">'
        f'<p class="aloud"><b>{escape(line.name)}</b>{"：" if words else ""}'
        f"{escape(words)}</p>"
        f'<p class="from">{badge(document, way.words)}<strong>{escape(result.address)}</strong>'
        f'<span class="line">{title(document)} {escape(document.number)}</span>{_copy(way)}</p>'
        f'{above}<p class="words">{_marked(result)}</p>'
    )


def _citation(result: SearchResult, line: ReadAloud) -> Citation:
    """What is copied: the whole provision, or of a long one what is read aloud."""
    is_short = len(result.text) <= _QUOTED
    start, end = (0, len(result.text)) if is_short else (line.start, line.end)
    return Citation(
        n=1,
        provision_id=result.provision_id,
        address=result.address,
        document=result.document,
        heading_path=result.heading_path,
        quote=result.text[start:end].replace("\n", ""),
        start=start,
        end=end,
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
