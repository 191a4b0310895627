"""How verified statements are written: line by line under their place, or as a table of places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.models import Citation

_NOT_SAID = "未写明"


@dataclass(frozen=True)
class Said:
    """A verified statement.

    Args:
        prefix: the item's label, or empty.
        text: the sentence.
        numbers: of its citations.
    """

    prefix: str
    text: str
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        gap = " " if self.prefix and self.prefix[-1] not in "）、)" else ""
        return f"{self.prefix}{gap}{self.text}" + "".join(f"[{n}]" for n in self.numbers)


#: A place's name, or empty, and what is said of it.
Group = tuple[str, Sequence[Said]]


def titled_line(said: Said, heading: str) -> list[str]:
    """A statement on its line; above it the name of its place, unless that stands already."""
    return [f"【{heading}】", str(said)] if heading else [str(said)]


def table(
    groups: Iterable[Group], silent: Iterable[str], citations: Sequence[Citation]
) -> list[str]:
    """A Markdown table: place, what it says with the numbers behind, where that stands."""
    rows = [("地方", "规定", "依据"), ("---", "---", "---")]
    for heading, statements in groups:
        numbers = dict.fromkeys(n for statement in statements for n in statement.numbers)
        basis = _basis(citations[n - 1] for n in numbers)
        rows.append((heading, " ".join(map(str, statements)), basis))
    rows += [(place, _NOT_SAID, "—") for place in silent]
    return ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]


def _basis(citations: Iterable[Citation]) -> str:
    """The documents by their numbers, each with the addresses in it."""
    addresses: dict[str, list[str]] = {}
    for citation in citations:
        name = citation.document.number or citation.document.title
        name = name if citation.document.number or "《" in name else f"《{name}》"
        addresses.setdefault(name, []).append(citation.address)
    return "；".join(name + "、".join(found) for name, found in addresses.items())


def _cell(text: str) -> str:
    return text.replace("|", "｜").replace("\n", " ")
