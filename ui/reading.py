"""The pages under ``/p/``: a document of the edition, open at a provision.

Plain HTML made here, without a client library, in the same style as the chat page.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.api.calling import Reading
from assistant.errors import BadQuestion, NotFound
from assistant.models import DocumentView
from ui.reader import Place, Span, contents, document_panel, find_place, panel, whole_document
from ui.render import badge, document_line, escape, title
from ui.theme import style_links
from ui.way import Way

_OFFSET = re.compile(r"\d{1,7}")


def _contents(document: DocumentView, way: Way) -> str:
    """Links to the tree; on a small screen folded away above the text."""
    name = way.words["reading.contents"]
    links = contents(document, way, at="here")
    return (
        f'<nav class="contents" aria-label="{name}">{links}</nav>'
        f'<details class="contents-fold"><summary>{name}</summary>'
        f'<nav aria-label="{name}">{links}</nav></details>'
    )


def sheet_page(
    name: str,
    body: str,
    standing: str = "",
    way: Way | None = None,
    *,
    leads_back: bool = True,
) -> str:
    """A whole page in plain HTML: *name* in its bar, *body* below.

    Args:
        name, body: what is shown.
        standing: the document's badge, for the bar.
        way: where the reader came from.
        leads_back: whether the bar has a link there; none where he may not go there yet.
    """
    way = way or Way()
    words = way.words
    back = f'<a href="{way.back}">{words[f"reading.back.{way.tab}"]}</a>' if leads_back else ""
    return (
        f'<!doctype html><html lang="{words.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(name)} · {words['title']}</title>"
        '<link rel="icon" href="/favicon.ico" type="image/svg+xml">'
        f'{style_links()}</head><body class="reading">'
        f'<header class="bar"><a class="brand" href="{words.home}">{words["brand"]}</a>'
        f'<span lang="zh-CN">{escape(name)}</span>'
        f"{standing}{back}</header>"
        f"{body}</body></html>"
    )


def _document_page(document: DocumentView, place: Place | None, way: Way) -> str:
    note = f'<p class="note">{escape(document.standing_note)}</p>' if document.standing_note else ""
    name = f"{place.node.address} {document.title}" if place else document.title
    return sheet_page(
        name,
        f'<main class="sheet" lang="zh-CN"><header><h1>{title(document)}</h1>'
        f'<p class="from">{badge(document, way.words)}'
        f'<span class="line">{document_line(document, way.words)}</span></p>{note}</header>'
        f"{_contents(document, way)}"
        f'<article class="text">{whole_document(document, place)}</article></main>',
        badge(document, way.words),
        way,
    )


def _fault_page(status: int, sentence: str, way: Way) -> HTMLResponse:
    words = way.words
    body = (
        f'<main class="sheet"><header><h1>{words["reading.fault"]}</h1></header>'
        f'<p lang="zh-CN">{escape(sentence)}</p>'
        f'<p><a href="{way.back}">{words[f"reading.back.{way.tab}"]}</a></p></main>'
    )
    return HTMLResponse(sheet_page(words["reading.fault"], body, way=way), status_code=status)


def _mark_from(request: Request) -> Span | None:
    """The stretch that the link asks to mark.

    Raises:
        BadQuestion: the offsets are no numbers, or one is missing.
    """
    given = [request.query_params.get(name) for name in ("s", "e")]
    if given == [None, None]:
        return None
    if not all(text and text.isascii() and _OFFSET.fullmatch(text) for text in given):
        raise BadQuestion("链接里标出的位置不是数字。", "s")
    start, end = (int(text or 0) for text in given)
    return start, end


def reader_router() -> APIRouter:
    """The pages under ``/p/``; with ``part=panel`` only what the panel shows."""
    router = APIRouter(include_in_schema=False)

    @router.get("/p/{provision_id:path}")
    def read(provision_id: str, request: Request, reader: Reading) -> HTMLResponse:
        way = Way.of(request.query_params)
        in_panel = request.query_params.get("part") == "panel"
        try:
            if "/" not in provision_id:
                document = reader.document(provision_id)
                made = document_panel(document, way) if in_panel else None
                return HTMLResponse(made or _document_page(document, None, way))
            place = find_place(reader, provision_id, _mark_from(request))
        except NotFound as error:
            return _fault_page(404, str(error), way)
        except BadQuestion as error:
            return _fault_page(422, str(error), way)
        made = panel(place, way) if in_panel else None
        return HTMLResponse(made or _document_page(place.document, place, way))

    return router
