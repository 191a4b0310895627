"""A table of how a folder of regulations parses: ``python -m evals.parse_table FOLDER``.

Each file goes through the same normalisation and parser as an imported document. A row shows how
many articles the file writes and how many the tree has, the items and other nodes, whether the
nodes cover the text character for character, and what the parser had to decide.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from index.address import Level
from index.errors import AnzeError
from index.lines import Kind, scan
from index.normalise import decode, normalise
from index.parse import parse
from index.provision import Document, Metadata


@dataclass(frozen=True)
class Row:
    """What came of one file.

    Args:
        name: the file's name.
        characters: length of the normalised text.
        written: lines that are labelled as an article.
        articles, items, nodes: counts in the tree.
        whole: whether the nodes, joined, are the text.
        notes: how many decisions the parser noted.
    """

    name: str
    characters: int
    written: int
    articles: int
    items: int
    nodes: int
    whole: bool
    notes: int

    @property
    def ok(self) -> bool:
        """Whether nothing was lost and no article miscounted."""
        return self.whole and self.written == self.articles


def rows(folder: Path) -> Iterator[Row]:
    """One row for each Markdown or text file below *folder*, its README left out."""
    for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.txt")]):
        if path.stem != "README":
            yield _row(path)


def _row(path: Path) -> Row:
    text = normalise(decode(path.read_bytes())).text
    document = parse(Metadata(id="x", title=path.stem), text)
    levels = [provision.level for provision in document.provisions]
    return Row(
        path.stem,
        len(text),
        sum(line.kind is Kind.ARTICLE for line in scan(text)),
        levels.count(Level.ARTICLE),
        levels.count(Level.ITEM),
        len(levels),
        _cover(document) == text,
        len(document.notes),
    )


def _cover(document: Document) -> str:
    starts = [provision.label_start for provision in document.provisions]
    ends = [*starts[1:], len(document.text)]
    return "".join(document.text[a:b] for a, b in zip(starts, ends, strict=True))


def main(folder: Path) -> int:
    """Print the table; the exit status is 1 where a file is not whole or miscounted."""
    started = perf_counter()
    found = list(rows(folder))
    table = Table("文件", "字数", "条（原文）", "条（解析）", "项", "节点", "完整", "提示")
    for row in found:
        counts = (row.characters, row.written, row.articles, row.items, row.nodes)
        table.add_row(row.name[:36], *map(str, counts), "是" if row.whole else "否", str(row.notes))
    Console(width=120).print(table)
    bad = [row.name for row in found if not row.ok]
    seconds = perf_counter() - started
    articles = sum(row.articles for row in found)
    print(f"{len(found)}个文件，{articles}条，{seconds:.1f}秒；有误：{bad or '无'}")
    return 1 if bad or not found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("用法：python -m evals.parse_table 文件夹")
    try:
        sys.exit(main(Path(sys.argv[1])))
    except AnzeError as error:
        sys.exit(str(error))
