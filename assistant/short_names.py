"""What people call a law for short: 易制毒条例 for 易制毒化学品管理条例, or 突发事件法.

A short name is made of pieces of the title, in its order, and ends in what the title ends in. No
list of such names is kept: they follow from the titles of the edition.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.lexical import simplify
from index.provision import Document

#: A piece of a title has at least so many characters, what is short of its kind so many at most.
_PIECE, _LONGEST = 2, 16
#: So many characters must stand before what names end in: 法 ends many words, 规定 is one.
_LEAST = {"条例": _PIECE, "法": 3}
_LEAST_OF_OTHERS = 4
_KIND = re.compile("(?<![办方违依司执立合非])法(?![律院人规定治制宝])|条例|规定|办法|规则|细则")
_OWN_KIND = re.compile(f"^(?P<stem>.+?)(?P<kind>{_KIND.pattern})$")
_IN_BRACKETS = re.compile("（[^（）]*）|\\([^()]*\\)")
_PLACE_END = "(?:经济特区|[省市区县州盟旗])?"


@dataclass(frozen=True)
class ShortName:
    """A document called by a short name at [start, end) of a text."""

    document: Document
    start: int
    end: int


def short_names(
    text: str, documents: Iterable[Document], places: Collection[str] | None = None
) -> Iterator[ShortName]:
    """The documents that *text* calls by short names.

    Of several that a name fits, those are meant whose titles begin with it; else it must fit one.

    Args:
        text: in simplified characters, with blanks for names that are known already.
        documents: those of the edition.
        places: the jurisdictions that the text names, of which a local document must be one; those
            whose names stand in it unless given.
    """
    known = list(documents)
    if places is None:
        all_places = {d.metadata.jurisdiction for d in known} - {""}
        places = {place for place in all_places if _stem_of_place(place) in text}
    local = [d for d in known if d.metadata.jurisdiction in places]
    nationwide = [d for d in known if not d.metadata.jurisdiction]
    for kind in _KIND.finditer(text):
        for among in (local, nationwide) if places else (known,):
            found = _meant(text, kind, among)
            yield from found
            if found:
                break


def _meant(text: str, kind: re.Match[str], documents: Iterable[Document]) -> list[ShortName]:
    """Which of *documents* are called by the longest short name that ends with *kind*."""
    begun = re.search(f"[\u4e00-\u9fff]{{0,{_LONGEST}}}$", text[: kind.start()])
    run = begun[0] if begun else ""
    for length in range(len(run), _PIECE - 1, -1):
        name = run[-length:]
        fits = [(d, at) for d in documents if (at := _fits(name, kind[0], d)) is not None]
        from_start = [d for d, at in fits if at == 0]
        named = from_start or ([d for d, _ in fits] if len(fits) == 1 else [])
        if named:
            return [ShortName(d, kind.start() - length, kind.end()) for d in named]
    return []


def _fits(name: str, kind: str, document: Document) -> int | None:
    """Where in the title's stem *name* begins; None where it is no short name of the document."""
    title = _stem_and_kind(document.metadata.title, document.metadata.jurisdiction)
    least = _LEAST.get(kind, _LEAST_OF_OTHERS)
    if title is None or title[1] != kind or len(name) < least:
        return None
    stem = title[0]
    if _abbreviates(name, stem):
        return 0
    if kind == "法":
        return None
    if kind != "条例":  # 安全生产规定 is any; 主体责任规定 is what …主体责任规定 ends in
        return stem.rindex(name) if stem.endswith(name) else None
    starts = (at for at in range(1, len(stem)) if _abbreviates(name, stem[at:]))
    return next(starts, None)


def _abbreviates(name: str, stem: str) -> bool:
    """Whether *name* begins as *stem* does and goes on in pieces of it, in their order."""
    for length in range(len(name), _PIECE - 1, -1):
        if not stem.startswith(name[:length]):
            continue
        rest, behind = name[length:], stem[length:]
        if not rest:
            return True
        if any(_abbreviates(rest, behind[at:]) for at in range(len(behind) - _PIECE + 1)):
            return True
    return False


def _stem_of_place(jurisdiction: str) -> str:
    return re.sub("(?<=..)[省市区县州盟旗]$", "", jurisdiction)


@lru_cache(maxsize=4096)
def _stem_and_kind(title: str, jurisdiction: str) -> tuple[str, str] | None:
    """A title without the country, the place and what stands in brackets, parted: (消防, 条例)."""
    bare = re.sub("^中华人民共和国", "", _IN_BRACKETS.sub("", simplify(title)))
    if jurisdiction:
        place = _stem_of_place(simplify(jurisdiction))
        bare = re.sub(f"^{re.escape(place)}{_PLACE_END}(?:人民政府)?", "", bare)
    found = _OWN_KIND.match(bare)
    return (found["stem"], found["kind"]) if found else None
