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
from ui.reader import Place, Span, find_place, name_of, panel, whole_document
from ui.render import badge, document_line, escape, provision_url, title
from ui.theme import style_links

_OFFSET = re.compile(r"\d{1,7}")


def _contents(document: DocumentView) -> str:
    """Links to the top of the tree, for the page of a whole document."""
    entries = "".join(
        f'<li><a href="{escape(provision_url(node.provision_id))}#here">'
        f"{escape(name_of(node))}</a></li>"
        for node in document.tree
    )
    return f'<nav class="contents" aria-label="目录"><ol>{entries}</ol></nav>'


def sheet_page(name: str, body: str, standing: str = "") -> str:
    """A whole page in plain HTML: *name* in its bar, *body* below."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(name)} · 安责</title>"
        '<link rel="icon" href="/favicon.ico" type="image/svg+xml">'
        f'{style_links()}</head><body class="reading">'
        f'<header class="bar"><a class="brand" href="/">安责</a><span>{escape(name)}</span>'
        f'{standing}<a href="/">返回提问</a></header>'
        f"{body}</body></html>"
    )


def _document_page(document: DocumentView, place: Place | None) -> str:
    note = f'<p class="note">{escape(document.standing_note)}</p>' if document.standing_note else ""
    name = f"{place.node.address} {document.title}" if place else document.title
    return sheet_page(
        name,
        f'<main class="sheet"><header><h1>{title(document)}</h1><p class="from">{badge(document)}'
        f'<span class="line">{document_line(document)}</span></p>{note}</header>'
        f'{_contents(document)}<article class="text">{whole_document(document, place)}</article>'
        "</main>",
        badge(document),
    )


def _fault_page(status: int, sentence: str) -> HTMLResponse:
    body = (
        f'<main class="sheet"><header><h1>打不开这条规定</h1></header><p>{escape(sentence)}</p>'
        '<p><a href="/">返回提问</a></p></main>'
    )
    return HTMLResponse(sheet_page("打不开", body), status_code=status)


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
        try:
            if "/" not in provision_id:
                return HTMLResponse(_document_page(reader.document(provision_id), None))
            place = find_place(reader, provision_id, _mark_from(request))
        except NotFound as error:
            return _fault_page(404, str(error))
        except BadQuestion as error:
            return _fault_page(422, str(error))
        if request.query_params.get("part") == "panel":
            return HTMLResponse(panel(place))
        return HTMLResponse(_document_page(place.document, place))

    return router
