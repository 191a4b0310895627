"""The tree while it grows, and its flattening into frozen provisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.address import Address, Level, Step
from index.lines import Kind, Line
from index.provision import Provision

#: Levels whose addresses do not name the units around them: 第二十条, whatever its chapter.
_ABSOLUTE = Level.ARTICLE
_UNITS_ABOVE_ARTICLE = {Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION, Level.HEADING}


@dataclass(eq=False)
class Node:
    """A node while the parser may still change it.

    Args:
        level, number, branch: the last step of its address.
        label_start: offset of its label; where it has none, of its words.
        start: offset of its words.
        end: offset behind the last word of its own line.
        style: how its label is written, for enumerated nodes and run-in heads.
    """

    level: Level
    number: int
    branch: int
    label_start: int
    start: int
    end: int = 0
    style: Kind | None = None
    label: str = ""
    heading: str = ""
    name: str = ""
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, level: Level, line: Line, style: Kind | None = None) -> Node:
        """The node that a labelled line opens."""
        node = cls(level, line.number, line.branch, line.start, line.body, line.end, style)
        node.label = line.label
        return node

    def adopt(self, node: Node) -> None:
        """Hang *node* below this one, last."""
        node.parent = self
        self.children.append(node)

    def takes_lone_paragraph(self, paragraph: Node) -> bool:
        """Whether *paragraph* is all of the node's own words, so that it needs no step."""
        return self.level not in {Level.PREFACE, Level.CLOSING} and paragraph.start == self.start

    def absorb(self, paragraph: Node) -> None:
        """Take the place of *paragraph*: its children become this node's."""
        at = self.children.index(paragraph)
        for child in paragraph.children:
            child.parent = self
        self.children[at : at + 1] = paragraph.children
        self.end = max(self.end, paragraph.end)

    def descendants(self) -> Iterator[Node]:
        """All nodes below, in order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def line_of_descent(self) -> Iterator[Node]:
        """This node and those above it, nearest first, the root left out."""
        node: Node | None = self
        while node is not None and node.parent is not None:
            yield node
            node = node.parent


def flatten(document_id: str, root: Node, text: str) -> tuple[Provision, ...]:
    """The finished tree as provisions in the order of the text, ids unique."""
    taken: set[str] = set()
    provisions: list[Provision] = []
    for node in root.children:
        _flatten(document_id, node, (), (), None, text, provisions, taken)
    return tuple(provisions)


def _flatten(
    document_id: str,
    node: Node,
    steps: tuple[Step, ...],
    headings: tuple[str, ...],
    parent: str | None,
    text: str,
    provisions: list[Provision],
    taken: set[str],
) -> str:
    address = Address((*_kept(steps, node.level), _step(node)))
    identifier = _unique(f"{document_id}/{address.slug}", taken)
    place = len(provisions)
    provisions.append(None)  # type: ignore[arg-type]  # its children's ids are not known yet
    title = _printed(node)
    below = (*headings, title) if title else headings
    children = tuple(
        _flatten(document_id, child, address.steps, below, identifier, text, provisions, taken)
        for child in node.children
    )
    end = max([node.end, *(provisions[i].end for i in range(place + 1, len(provisions)))])
    lead_end = provisions[place + 1].label_start if children else end
    provisions[place] = Provision(
        id=identifier,
        address=address,
        label=node.label,
        heading=node.heading,
        heading_path=headings,
        label_start=node.label_start,
        start=node.start,
        end=end,
        lead_end=max(lead_end, node.start),
        parent=parent,
        children=children,
        text=text[node.start : end],
    )
    return identifier


def _kept(steps: tuple[Step, ...], level: Level) -> tuple[Step, ...]:
    if level is not _ABSOLUTE:
        return steps
    return tuple(step for step in steps if step.level not in _UNITS_ABOVE_ARTICLE)


def _step(node: Node) -> Step:
    return Step(node.level, node.number, node.branch, node.name)


def _printed(node: Node) -> str:
    """The node as a piece of a heading path: 第五章 责任追究, （三）…, 第二十条."""
    if node.level is Level.PARAGRAPH:
        return ""
    if node.level in {Level.PREFACE, Level.CLOSING}:
        return str(_step(node))
    if node.level is Level.HEADING or not node.label:
        return node.heading
    blank = "" if node.label[-1] in "、）)" else " "
    return f"{node.label}{blank}{node.heading}".strip()


def _unique(identifier: str, taken: set[str]) -> str:
    unique, copy = identifier, 2
    while unique in taken:
        unique, copy = f"{identifier}~{copy}", copy + 1
    taken.add(unique)
    return unique
