"""A provision in its place, as HTML: with its neighbours, or in its whole document.

Pure functions over what the assistant shows; every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.errors import BadQuestion
from assistant.models import DocumentView, TreeNode
from assistant.service import Reader
from ui.render import badge, document_line, escape, title
from ui.way import Way

#: Lines shown of the neighbours before and after.
NEIGHBOUR_LINES = 3
#: Levels of the contents below the first.
CONTENTS_DEPTH = 2

Span = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """A provision in its document.

    Args:
        document: the whole document.
        node: the provision.
        above: the nodes above it, outermost first.
        before, after: what one reads before and after it.
        mark: the words to mark, as offsets in the document's text.
    """

    document: DocumentView
    node: TreeNode
    above: tuple[TreeNode, ...]
    before: TreeNode | None
    after: TreeNode | None
    mark: Span | None


@dataclass(frozen=True)
class _Line:
    start: int
    text: str
    node: TreeNode | None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def find_place(reader: Reader, provision_id: str, mark: Span | None) -> Place:
    """Where the provision stands; *mark* is in offsets of the provision's own text.

    Raises:
        NotFound: there is no such provision.
        BadQuestion: *mark* lies outside it.
    """
    view = reader.provision(provision_id)
    if mark is not None and not 0 <= mark[0] < mark[1] <= len(view.text):
        raise BadQuestion("链接里标出的位置不在这条规定之内。", "s")
    document = reader.document(view.document.id)
    *above, node = next(p for p in _paths(document.tree) if p[-1].provision_id == provision_id)
    return Place(
        document=document,
        node=node,
        above=tuple(above),
        before=_beside(document, (*above, node), -1),
        after=_beside(document, (*above, node), 1),
        mark=(view.start + mark[0], view.start + mark[1]) if mark else None,
    )


def _beside(document: DocumentView, path: Sequence[TreeNode], step: int) -> TreeNode | None:
    """What one reads before or after: the sibling, or the sibling of a node above."""
    for depth in reversed(range(len(path))):
        siblings = path[depth - 1].children if depth else document.tree
        place = siblings.index(path[depth]) + step
        if 0 <= place < len(siblings):
            return _below_headings(siblings[place], step)
    return None


def _below_headings(node: TreeNode, step: int) -> TreeNode:
    """The article at the near end of a chapter; chapters are left out of addresses."""
    while node.children and not node.children[0].address.startswith(node.address):
        node = node.children[-1 if step < 0 else 0]
    return node


def _paths(
    nodes: tuple[TreeNode, ...], above: tuple[TreeNode, ...] = ()
) -> Iterator[tuple[TreeNode, ...]]:
    for node in nodes:
        yield (*above, node)
        yield from _paths(node.children, (*above, node))


def panel(place: Place, way: Way | None = None) -> str:
    """The provision with its neighbours, for the panel beside the answer."""
    way = way or Way()
    document, node = place.document, place.node
    path = " › ".join(escape(name_of(step)) for step in place.above)
    whole = escape(_url(place, node, way) if place.mark else way.to(node.provision_id, at="here"))
    return (
        f'<header><p class="from">{title(document)}</p><div class="name">'
        f'<h2 tabindex="-1" id="reader-title">{escape(_full_address(place))}</h2>'
        f"{badge(document, way.words)}</div>"
        + (f'<p class="above">{path}</p>' if path else "")
        + f'</header><div class="text">{_surroundings(place)}</div>'
        f'<nav aria-label="{way.words["reading.beside"]}">{_links(place, way)}'
        f'<a class="whole" href="{whole}" data-whole>{way.words["reading.whole"]}</a></nav>'
    )


def document_panel(document: DocumentView, way: Way | None = None) -> str:
    """What a document is and what it holds, for the panel."""
    way = way or Way()
    note = f'<p class="note">{escape(document.standing_note)}</p>' if document.standing_note else ""
    return (
        f'<header><p class="from">{document_line(document, way.words)}</p><div class="name">'
        f'<h2 tabindex="-1" id="reader-title">{title(document)}</h2>'
        f"{badge(document, way.words)}</div></header>"
        f'<div class="here contents-here">{note}{contents(document, way)}</div>'
        f'<nav aria-label="{way.words["reading.beside"]}"><a class="whole" '
        f'href="{escape(way.to(document.id))}" data-whole>{way.words["reading.whole"]}</a></nav>'
    )


def contents(document: DocumentView, way: Way, at: str = "") -> str:
    """The tree as far as it has headings, each a link; articles below their chapters."""
    return f"<ol>{''.join(_entry(node, way, at, 0) for node in document.tree)}</ol>"


def _entry(node: TreeNode, way: Way, at: str, depth: int) -> str:
    shown = [child for child in node.children if depth < CONTENTS_DEPTH and _is_listed(child)]
    below = "".join(_entry(child, way, at, depth + 1) for child in shown)
    link = f'<a href="{escape(way.to(node.provision_id, at=at))}">{escape(name_of(node))}</a>'
    return f"<li>{link}{f'<ol>{below}</ol>' if below else ''}</li>"


def _is_listed(node: TreeNode) -> bool:
    """Headings and articles are; paragraphs and items are found in the text."""
    return bool(node.heading) or "/" not in node.provision_id.partition("/")[2]


def _full_address(place: Place) -> str:
    return place.node.address or place.node.heading


def name_of(node: TreeNode) -> str:
    """What the node is called in a list: label and heading, or its address."""
    gap = "" if not node.label or node.label[-1] in "、）." else " "
    return f"{node.label}{gap}{node.heading}".strip() or node.address


def _links(place: Place, way: Way) -> str:
    parent = place.above[-1] if place.above else None
    steps = ((place.before, "before"), (place.after, "after"), (parent, "above"))
    return "".join(
        f'<a href="{escape(_url(place, node, way))}">'
        f'<span class="vh">{way.words[f"reading.{step}"]}：</span>'
        f'<span aria-hidden="true">{way.words[f"reading.{step}"]}</span> {escape(node.address)}</a>'
        for node, step in steps
        if node is not None
    )


def _url(place: Place, node: TreeNode, way: Way) -> str:
    """The address of *node*, with the mark where the marked words are in it."""
    if place.mark and node.start <= place.mark[0] and place.mark[1] <= node.end:
        return way.to(node.provision_id, (place.mark[0] - node.start, place.mark[1] - node.start))
    return way.to(node.provision_id)


def _surroundings(place: Place) -> str:
    lines = _lines(place.document)
    here = [line for line in lines if _overlaps(line, place.node)]
    start, end = here[0].start, here[-1].end
    before = [line for line in lines if place.before and _overlaps(line, place.before)]
    before = [line for line in before if line.start < start]
    after = [line for line in lines if place.after and _overlaps(line, place.after)]
    after = [line for line in after if line.end > end]
    lead = _lead_lines(place, lines, before[0].start if before else start)
    return (
        _block("lead", lead, None)
        + _gap(before)
        + _block("near", before[-NEIGHBOUR_LINES:], None)
        + _block("here", here, place.mark)
        + _block("near", after[:NEIGHBOUR_LINES], None)
        + _gap(after)
    )


def _gap(lines: list[_Line]) -> str:
    return '<p class="gap">…</p>' if len(lines) > NEIGHBOUR_LINES else ""


def _lead_lines(place: Place, lines: list[_Line], before: int) -> list[_Line]:
    """The words above an item that it hangs on: 有下列情形之一的，…"""
    if not place.above or not place.above[-1].children:
        return []
    parent = place.above[-1]
    end = parent.children[0].label_start
    lead = [n for n in lines if parent.label_start <= n.start and n.end <= min(end, before)]
    return [line for line in lead if not _is_heading(line)]


def _overlaps(line: _Line, node: TreeNode) -> bool:
    return line.start < node.end and node.label_start < line.end


def whole_document(document: DocumentView, place: Place | None) -> str:
    """The whole text, the provision of *place* set off and its words marked."""
    lines = _lines(document)
    if place is None:
        return _block("rest", lines, None)
    here = [line for line in lines if _overlaps(line, place.node)]
    before = [line for line in lines if line.end <= here[0].start]
    after = [line for line in lines if line.start >= here[-1].end]
    return (
        _block("rest", before, None)
        + _block("here", here, place.mark)
        + _block("rest", after, None)
    )


def _lines(document: DocumentView) -> list[_Line]:
    """The lines of the text that are not blank, each with the outermost node it opens."""
    opening: dict[int, TreeNode] = {}
    for path in _paths(document.tree):
        if path[-1].label or path[-1].heading:
            opening.setdefault(path[-1].label_start, path[-1])
    lines, start = [], 0
    for text in document.text.split("\n"):
        if text.strip():
            lines.append(_Line(start, text, opening.get(start)))
        start += len(text) + 1
    return lines


def _block(kind: str, lines: list[_Line], mark: Span | None) -> str:
    if not lines:
        return ""
    words = "".join(f"<p{_attributes(line)}>{_words(line, mark)}</p>" for line in lines)
    words = words.replace("<mark>", '<mark id="mark">', 1)
    anchor = ' id="here"' if kind == "here" else ""
    return f'<div class="{kind}"{anchor}>{words}</div>'


def _attributes(line: _Line) -> str:
    return ' class="heading"' if _is_heading(line) else ""


def _is_heading(line: _Line) -> bool:
    """Whether the line holds nothing but a label and a heading."""
    if line.node is None or not line.node.heading:
        return False
    bare = line.text.replace(" ", "")
    return bare == (line.node.label + line.node.heading).replace(" ", "")


def _words(line: _Line, mark: Span | None) -> str:
    """The line's text with its label set off and the marked stretch in ``<mark>``."""
    label_end = line.start
    if line.node and line.node.label and not _is_heading(line):
        label_end = min(line.node.start, line.end)
    low, high = mark or (line.end, line.end)
    cuts = sorted({line.start, line.end, label_end, *(_within(at, line) for at in (low, high))})
    return "".join(
        _piece(line.text[a - line.start : b - line.start], b <= label_end, low <= a and b <= high)
        for a, b in pairwise(cuts)
    )


def _within(at: int, line: _Line) -> int:
    return max(line.start, min(at, line.end))


def _piece(text: str, is_label: bool, is_marked: bool) -> str:
    words = escape(text)
    if is_label:
        words = f"<b>{words}</b>"
    return f"<mark>{words}</mark>" if is_marked else words
