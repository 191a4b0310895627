"""The documents and what is in them, as the tab 文件 shows them. Pure; every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.models import DocumentSummary, DocumentView, TreeNode
from assistant.received import Received
from index.normalise import Edit, summarise
from ui.reader import name_of
from ui.render import badge, document_line, escape, title
from ui.way import Way
from ui.words import Words

#: Documents that are sent at once, changes that are listed of one kind.
PAGE = 20
_CHANGES = 200
_OPENING = 36


@dataclass(frozen=True)
class Shelf:
    """A stretch of the list of documents.

    Args:
        documents: those to show, at most `PAGE`.
        start: the place of the first, from 0.
        count: how many there are in all.
        next_url: where the next stretch is.
    """

    documents: Sequence[DocumentSummary]
    start: int
    count: int
    next_url: str


def shelf_page(shelf: Shelf, words: Words) -> str:
    """Cards of the documents; the number of all of them in ``data-said``."""
    if not shelf.count:
        sentence = escape(words["documents.nothing"])
        return f'<p class="calm" data-said="{sentence}">{sentence}</p>'
    cards = "".join(_card(document, Way(words, "documents")) for document in shelf.documents)
    said = escape(words["documents.count"].format(n=shelf.count))
    return f'<ul class="shelf" data-said="{said}">{cards}</ul>{_more(shelf, words)}'


def _more(shelf: Shelf, words: Words) -> str:
    left = shelf.count - shelf.start - len(shelf.documents)
    if left <= 0:
        return ""
    said = words["documents.more"].format(n=left)
    return f'<button type="button" data-more="{escape(shelf.next_url)}">{said}</button>'


def _card(document: DocumentSummary, way: Way) -> str:
    note = f'<p class="note">{escape(document.standing_note)}</p>' if document.standing_note else ""
    counts = way.words["documents.size"].format(
        provisions=document.provisions, characters=f"{document.characters:,}"
    )
    inside = escape(f"/documents/{document.id}/inside?lang={way.words.language}")
    return (
        f'<li class="card document"><h3><a href="{escape(way.to(document.id))}" data-whole>'
        f"{title(document)}</a>{badge(document, way.words)}</h3>"
        f'<p class="line">{document_line(document, way.words)}</p>{note}'
        f'<p class="size">{escape(counts)}</p>'
        f'<details class="inside" data-url="{inside}"><summary>{way.words["documents.inside"]}'
        f'<span class="vh">：{title(document)}</span></summary><div></div></details></li>'
    )


def inside(document: DocumentView, source: Received, words: Words) -> str:
    """What opens below a card: the tree, then what was changed in the received file."""
    way = Way(words, "documents")
    nodes = "".join(_node(node, document, way) for node in document.tree)
    return (
        f'<h4>{words["documents.contents"]}</h4><ul class="tree">{nodes}</ul>'
        f"<h4>{words['documents.origin']}</h4>{_origin(source, words)}"
    )


def _node(node: TreeNode, document: DocumentView, way: Way) -> str:
    link = f'<a href="{escape(way.to(node.provision_id))}">'
    if not node.children:
        return f"<li>{link}{_opening(node, document)}</a></li>"
    children = "".join(_node(child, document, way) for child in node.children)
    own = way.words["documents.open"].format(name=escape(node.address or name_of(node)))
    return (
        f"<li><details><summary>{_opening(node, document)}</summary>"
        f'<ul><li class="own">{link}{own}</a></li>{children}</ul></details></li>'
    )


def _opening(node: TreeNode, document: DocumentView) -> str:
    """The node's name and, where that is only a number, how its words begin."""
    name = f"<b>{escape(name_of(node))}</b>"
    if node.heading:
        return name
    words = document.text[node.start : node.end].strip().partition("\n")[0]
    return f"{name} {escape(words[:_OPENING])}{'…' if len(words) > _OPENING else ''}"


def _origin(source: Received, words: Words) -> str:
    digest = f" <code>{escape(source.sha256)}</code>" if source.sha256 else ""
    name = escape(source.source) or words["documents.no_source"]
    file = f'<p class="source">{words["documents.source"]}<code>{name}</code>{digest}</p>'
    return file + _changes(source.edits, words)


def _changes(edits: Sequence[Edit] | None, words: Words) -> str:
    if edits is None:
        return f"<p>{words['documents.edits_unknown']}</p>"
    if not edits:
        return f"<p>{words['documents.edits_none']}</p>"
    kinds = "".join(
        _kind(kind.description, [e for e in edits if e.rule == kind.rule], words)
        for kind in summarise(edits)
    )
    count = words["documents.edits"].format(n=len(edits))
    return f'<p>{count}</p><ul class="changes">{kinds}</ul>'


def _kind(description: str, edits: Sequence[Edit], words: Words) -> str:
    rows = "".join(_change(edit, words) for edit in edits[:_CHANGES])
    left = len(edits) - _CHANGES
    more = f"<li>{words['documents.edits_more'].format(n=left)}</li>" if left > 0 else ""
    count = words["documents.times"].format(n=len(edits))
    return (
        f"<li><details><summary>{escape(description)} "
        f'<span class="count">{count}</span></summary><ol>{rows}{more}</ol></details></li>'
    )


def _change(edit: Edit, words: Words) -> str:
    line = words["documents.line"].format(n=edit.line)
    return (
        f'<li><span class="at">{line}</span> <del>{escape(edit.before)}</del> → '
        f"<ins>{escape(edit.after)}</ins></li>"
    )
