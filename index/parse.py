"""Clean text → tree of provisions. Nothing is lost: the nodes, in order, cover the text.

The builder reads typed lines one by one and keeps the branch of open nodes. Two things are
decided by evidence rather than by a line's own label, and noted for a person to check:

* a number written in another style than its neighbours (一、 2、 3、 四、) continues the open list
  whose next number it is;
* a line without label is a paragraph of the node it follows, unless it is a heading, a closing
  or an annex.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from index.address import Level
from index.lines import ENUMERATIONS, TWINS, Kind, Line, scan
from index.numerals import to_chinese
from index.provision import Document, Metadata
from index.tree import Node, flatten

_UNIT_LEVELS = {
    Kind.BOOK: Level.BOOK,
    Kind.SUBBOOK: Level.SUBBOOK,
    Kind.CHAPTER: Level.CHAPTER,
    Kind.SECTION: Level.SECTION,
    Kind.ARTICLE: Level.ARTICLE,
}
_UNIT_ORDER = list(_UNIT_LEVELS.values())
_STYLE_LEVELS = {
    Kind.COMMA: Level.PART,
    Kind.PARENTHESIS: Level.DIVISION,
    Kind.DOT: Level.POINT,
    Kind.NUMBER_COMMA: Level.POINT,
    Kind.NUMBER_PARENTHESIS: Level.SUBPOINT,
    Kind.CIRCLED: Level.SUBPOINT,
}
_LEVELS_BELOW_ARTICLE = (Level.ITEM, Level.SUBITEM, Level.SUBPOINT)

_TERMINAL = "。；：！？…，、"
_ANNEX = re.compile(r"附[件录表](?:[一二三四五六七八九十\d]+)?(?:[：:].{0,60})?|附[：:].{0,60}|附")
_ANNEX_LIST = re.compile(r"附件[：:]\s*1[.．、]")
_LONGEST_NAME = 60
_DATE = re.compile(
    r"(?:二[〇○零]|\d{2})[\d〇○零一二三四五六七八九]{2}年.{1,4}月.{1,4}日(?:印发|发布)?"
)
_IMPRINT = re.compile(r".{0,40}\d{4}年\d{1,2}月\d{1,2}日印发|(?:抄送|主题词|公开方式)[：:].*")
_BYLINE = re.compile(r"本版(?:撰稿|编辑)|本报记者|责任编辑|（?(?:来源|编辑|记者)[：:]")
_CONCLUSION = re.compile(
    r"(?:要|应当?|须|请)?(?:按照|根据|参照|结合|对照)?本(?:通知|意见|方案|清单)(?:要求|精神|自|由)"
    r"|特此(?:通知|通报|公告)|^(?:以上|此)(?:通知|意见)"
)
_RUN_IN_COLON = re.compile(r"(?P<head>[\u4e00-\u9fff“”]{2,8})：(?=.{30})")


def parse(metadata: Metadata, text: str) -> Document:
    """The document that *text* holds, as a tree over it.

    Args:
        metadata: the document's front matter.
        text: normalised text, one paragraph a line.
    """
    builder = _Builder(scan(text))
    builder.build()
    provisions = flatten(metadata.id, builder.root, text)
    return Document(metadata, text, provisions, tuple(builder.notes))


def is_heading(text: str) -> bool:
    """Whether *text* reads as a heading: short, and no sentence."""
    words = text.rstrip("”’）】")
    return 0 < len(words) <= 50 and words[-1] not in _TERMINAL and "。" not in words


@dataclass
class _Builder:
    """The branch of open nodes, fed line by line.

    Args:
        lines: the typed lines of one text.
    """

    lines: list[Line]
    notes: list[str] = field(default_factory=list)
    root: Node = field(default_factory=lambda: Node(Level.PREFACE, 0, 0, 0, 0))
    branch: list[Node] = field(default_factory=list)
    last_article: int = 0

    def build(self) -> None:
        """Read all lines; afterwards ``root`` holds the finished tree."""
        self.has_articles = any(line.kind is Kind.ARTICLE for line in self.lines)
        self.by_headings = not any(
            line.kind in _UNIT_LEVELS or line.kind is Kind.COMMA for line in self.lines
        )
        self.branch = [self.root]
        first = self._first_structural()
        self._feed_preface(self.lines[:first])
        closing = self._first_closing(first)
        for position in range(first, closing):
            self._feed(self.lines[position], position)
        self._feed_closing(self.lines[closing:])
        self._settle(self.root)

    # --- where the numbered part begins and ends

    def _first_structural(self) -> int:
        after_contents = self._behind_contents()
        for position in range(after_contents, len(self.lines)):
            line = self.lines[position]
            if self._lists_annexes(position):
                continue
            labelled = line.kind not in {Kind.TEXT, Kind.RUN_IN}
            if labelled or (self.by_headings and self._is_heading_line(position)):
                return position
        return len(self.lines)

    def _lists_annexes(self, position: int) -> bool:
        """Whether the line goes on with the annexes that a letter names: 附件：1.甲 / 2.乙."""
        line = self.lines[position]
        while line.kind in {Kind.DOT, Kind.NUMBER_COMMA} and len(line.text) <= _LONGEST_NAME:
            position -= 1
            if position < 0:
                return False
            line = self.lines[position]
        return position < len(self.lines) - 1 and bool(_ANNEX_LIST.match(line.text))

    def _behind_contents(self) -> int:
        """The line behind a table of contents (目录), whose entries repeat as headings."""
        for position, line in enumerate(self.lines):
            if line.kind is Kind.TEXT and line.text.replace(" ", "") == "目录":
                opening = self.lines[position + 1 : position + 2]
                for later in range(position + 2, len(self.lines)):
                    again = self.lines[later]
                    if opening and (again.kind, again.number) == (
                        opening[0].kind,
                        opening[0].number,
                    ):
                        return later
            if line.kind is Kind.ARTICLE:
                break
        return 0

    def _first_closing(self, first: int) -> int:
        closing = len(self.lines)
        while closing > first and self.lines[closing - 1].is_empty:
            closing -= 1
        dated = False
        while closing > first:
            line = self.lines[closing - 1]
            if line.kind is not Kind.TEXT or not self._closes(line.text, dated):
                break
            dated = dated or bool(_DATE.match(line.text) or _IMPRINT.match(line.text))
            closing -= 1
        return closing

    def _closes(self, text: str, dated: bool) -> bool:
        if _DATE.fullmatch(text) or _IMPRINT.fullmatch(text) or _BYLINE.search(text):
            return True
        if dated and len(text) <= 40 and not re.search("[，。；：]", text):
            return True  # who signed, above the date
        return not self.has_articles and bool(_CONCLUSION.search(text))

    # --- reading

    def _feed_preface(self, lines: list[Line]) -> None:
        if all(line.is_empty for line in lines):
            return
        preface = self._open(Node(Level.PREFACE, 1, 0, lines[0].start, lines[0].start))
        for line in lines:
            if not line.is_empty:
                self._add_paragraph(preface, line)
        self._close_to(self.root)

    def _feed_closing(self, lines: list[Line]) -> None:
        if all(line.is_empty for line in lines):
            return
        self._close_to(self.root)
        closing = self._open(Node(Level.CLOSING, 1, 0, lines[0].start, lines[0].start))
        for line in lines:
            if not line.is_empty:
                self._add_paragraph(closing, line)

    def _feed(self, line: Line, position: int) -> None:
        if line.kind in _UNIT_LEVELS:
            self._feed_unit(line)
        elif line.kind in ENUMERATIONS:
            self._feed_enumerated(line)
        elif line.kind is Kind.RUN_IN:
            self._feed_run_in(line)
        elif line.is_empty:
            return
        elif len(self.branch) > 1 and _ANNEX.fullmatch(line.text):
            self._feed_annex(line)
        elif self._is_heading_line(position):
            self._feed_heading(line)
        else:
            self._add_paragraph(self._paragraph_holder(), line)

    def _feed_unit(self, line: Line) -> None:
        level = _UNIT_LEVELS[line.kind]
        order = _UNIT_ORDER.index(level)
        while len(self.branch) > 1 and not self._may_hold_unit(self.branch[-1], order):
            self.branch.pop()
        if self._restarts(level, line):
            self._close_to(self.root)
            self._open(Node(Level.ANNEX, self._count(Level.ANNEX) + 1, 0, line.start, line.start))
            self.notes.append(f"“{line.label}”重新从头编号，按另一份附件处理。")
        self._note_gap(level, line)
        node = self._open(Node.of(level, line))
        if level is Level.ARTICLE:
            self._add_paragraph(node, line)
        else:
            node.heading = line.text

    def _restarts(self, level: Level, line: Line) -> bool:
        """Whether an article 1 comes after other articles: a second text in the same file."""
        if level is not Level.ARTICLE or line.number != 1 or line.branch:
            return False
        holder = next((n for n in self.branch if n.level is Level.ANNEX), self.root)
        return any(n.level is Level.ARTICLE for n in holder.descendants())

    def _may_hold_unit(self, node: Node, order: int) -> bool:
        if node.level is Level.ANNEX:
            return True
        return node.level in _UNIT_ORDER and _UNIT_ORDER.index(node.level) < order

    def _note_gap(self, level: Level, line: Line) -> None:
        if level is not Level.ARTICLE:
            return
        before, self.last_article = self.last_article, line.number
        if before and not line.branch and line.number > before + 1:
            self.notes.append(f"第{to_chinese(before)}条之后是{line.label}，中间缺号，请核对原件。")

    def _feed_enumerated(self, line: Line) -> None:
        holder = self._sibling_holder(line)
        if holder is not None:
            self._close_to(holder)
        else:
            self._close_to(self._enumeration_holder())
        node = self._open(Node.of(_STYLE_LEVELS[line.kind], line, line.kind))
        if is_heading(line.text):
            node.heading = line.text
        else:
            node.heading = self._leading_sentence(line)
            self._add_paragraph(node, line)

    def _sibling_holder(self, line: Line) -> Node | None:
        """The open node whose list this line continues, or None where it begins a list."""
        open_items = [n for n in self.branch if n.style is not None]
        for item in reversed(open_items):
            if item.style is line.kind and line.number != 1:
                if line.number != item.number + 1:
                    self.notes.append(
                        f"“{item.label}”之后是“{line.label}”，编号不连续，请核对原件。"
                    )
                return item.parent
        if line.number == 1:
            return None if not self._restarts_list(line) else self._restart_holder(line)
        for item in reversed(open_items):
            if line.number == item.number + 1 and _may_stand_for(line.kind, item):
                self.notes.append(
                    f"“{line.label}{line.text[:12]}”的编号样式与同级的“{item.label}”不同，"
                    f"按同级第{line.number}个处理。"
                )
                return item.parent
        return None

    def _restarts_list(self, line: Line) -> bool:
        return any(n.style is line.kind for n in self.branch)

    def _restart_holder(self, line: Line) -> Node | None:
        """Where a list that begins anew hangs: the last paragraph beside the old list."""
        item = next(n for n in reversed(self.branch) if n.style is line.kind)
        if item.parent is None:
            return None
        paragraphs = [n for n in item.parent.children if n.level is Level.PARAGRAPH]
        later = [n for n in paragraphs if n.label_start > item.label_start]
        return later[-1] if later else item.parent

    def _enumeration_holder(self) -> Node:
        """The node that a new list hangs on: in an article its last paragraph."""
        top = self.branch[-1]
        if top.level is Level.ARTICLE and top.children:
            return top.children[-1]
        return top

    def _leading_sentence(self, line: Line) -> str:
        """A short first sentence that works as a heading: （一）明确党政领导责任。坚持…"""
        first, stop, rest = line.text.partition("。")
        in_article = any(n.level is Level.ARTICLE for n in self.branch)
        heads = bool(stop) and len(first) <= 26 and (not rest or len(rest) > 20)
        return first if heads and not in_article else ""

    def _feed_run_in(self, line: Line) -> None:
        beside = next((n for n in self.branch if n.style is Kind.RUN_IN), None)
        if beside is not None and beside.parent is not None:
            self._close_to(beside.parent)
        node = self._open(Node.of(Level.HEADING, line, Kind.RUN_IN))
        node.name = node.heading = line.label
        if line.text:
            self._add_paragraph(node, line)

    def _feed_heading(self, line: Line) -> None:
        annex = next((n for n in self.branch if n.level is Level.ANNEX), self.root)
        self._close_to(annex)
        node = self._open(Node(Level.HEADING, 0, 0, line.start, line.start, line.end))
        node.name = node.heading = line.text

    def _feed_annex(self, line: Line) -> None:
        self._close_to(self.root)
        number = self._count(Level.ANNEX) + 1
        node = self._open(Node(Level.ANNEX, number, 0, line.start, line.start, line.end))
        node.heading = line.text

    # --- paragraphs

    def _paragraph_holder(self) -> Node:
        article = next((n for n in self.branch if n.level is Level.ARTICLE), None)
        if article is not None:
            self._close_to(article)
            return article
        return self.branch[-1]

    def _add_paragraph(self, holder: Node, line: Line) -> None:
        if holder is self.root:
            holder = self._open(Node(Level.PREFACE, 1, 0, line.start, line.start))
            holder.number = sum(1 for n in self.root.children if n.level is Level.PREFACE)
        named = _RUN_IN_COLON.match(line.text) if line.kind is Kind.TEXT else None
        if named and not any(n.level is Level.ARTICLE for n in self.branch):
            body = line.start + named.end()
            node = Node(Level.HEADING, 0, 0, line.start, body, line.end)
            node.name = node.heading = node.label = named["head"]
        else:
            begins = line.start if line.kind is Kind.TEXT else line.body
            if holder.level in {Level.PREFACE, Level.CLOSING}:
                begins = line.start
            node = Node(Level.PARAGRAPH, 0, 0, begins, begins, line.end)
        holder.adopt(node)

    def _is_heading_line(self, position: int) -> bool:
        """Whether an unlabelled line heads what follows.

        In a text without numbered parts: a short line over a body. In a text of articles: a
        line of a few characters right before an article (附则).
        """
        line = self.lines[position]
        following = next((n for n in self.lines[position + 1 :] if n.text or n.label), None)
        if line.kind is not Kind.TEXT or following is None or not is_heading(line.text):
            return False
        if any(n.level is Level.ANNEX for n in self.branch):
            return following.kind in ENUMERATIONS and following.number == 1
        if self.has_articles:
            return len(line.text) <= 10 and following.kind is Kind.ARTICLE
        if not self.by_headings or re.search("[，；]", line.text) or _DATE.match(line.text):
            return False
        return not (following.kind is Kind.TEXT and is_heading(following.text))

    # --- the branch

    def _open(self, node: Node) -> Node:
        self.branch[-1].adopt(node)
        self.branch.append(node)
        return node

    def _close_to(self, node: Node) -> None:
        """Close nodes until *node* is the deepest open one; it may be a paragraph beside."""
        while len(self.branch) > 1 and self.branch[-1] is not node:
            if node.parent is self.branch[-1] and node.level is Level.PARAGRAPH:
                self.branch.append(node)
                return
            self.branch.pop()

    def _count(self, level: Level) -> int:
        return sum(1 for node in self.root.children if node.level is level)

    # --- after reading

    def _settle(self, node: Node) -> None:
        """Number paragraphs and headings, give lists their level, drop lone paragraphs."""
        for child in node.children:
            self._settle(child)
        paragraphs = [n for n in node.children if n.level is Level.PARAGRAPH]
        if len(paragraphs) == 1 and node.takes_lone_paragraph(paragraphs[0]):
            node.absorb(paragraphs[0])
            paragraphs = []
        for number, paragraph in enumerate(paragraphs, 1):
            paragraph.number = number
        headings = [n for n in node.children if n.level is Level.HEADING]
        for number, heading in enumerate(headings, 1):
            heading.number = number
        self._level_lists(node)

    def _level_lists(self, node: Node) -> None:
        items = [n for n in node.children if n.style in ENUMERATIONS]
        if not items:
            return
        above = [n.level for n in node.line_of_descent()]
        if Level.ARTICLE in above:
            depth = sum(1 for n in node.line_of_descent() if n.style in ENUMERATIONS)
            level = _LEVELS_BELOW_ARTICLE[min(depth, 2)]
        else:
            style = Counter(n.style for n in items).most_common(1)[0][0]
            level = _STYLE_LEVELS[style] if style else Level.POINT
        for item in items:
            item.level = level


def _may_stand_for(style: Kind, item: Node) -> bool:
    """Whether *style* differs from that of the item's list only in the kind of numeral."""
    return any({style, item.style} <= twins for twins in TWINS)
