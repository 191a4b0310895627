"""Where a provision points in its own document: 本办法第二十条, 前款, 本条第（三）项."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.address import Address, Level, Step
from index.numerals import to_int
from index.provision import Document, Provision

#: What stands before an address that lies in the same document, or in the same article.
_OWN = re.compile(
    "(?:本|该)?(?:办法|规定|规则|条例|细则|意见|通知|方案|制度|清单|法)$"
    "|^$|[，。；：、按照依据根违反有对因]$"
)
_HERE = re.compile("(?:本|该)(?P<level>条|款)$")
_BEFORE = re.compile("(?<!以)(?P<far>前(?P<many>[一两二三四五])?|上一?)(?P<level>条|款|项)(?!件)")
_NAMED = re.compile("》[^，。；]{0,12}$")
_LEVELS = {"条": (Level.ARTICLE,), "款": (Level.PARAGRAPH,), "项": (Level.ITEM, Level.SUBITEM)}


@dataclass(frozen=True)
class Reference:
    """A place in a provision's words that points to another provision.

    Args:
        words: as written (前款, 本办法第二十条).
        target: where it points.
        is_relative: whether only the neighbourhood tells where (前款), not an address.
    """

    words: str
    target: Provision
    is_relative: bool


def references(document: Document, provision: Provision, text: str) -> list[Reference]:
    """What *text*, words of *provision*, points to in its own document, in order.

    What points into another document (《安全生产法》第五条) is left out, and so is a reference that
    fits no provision or several.
    """
    found = [*_addressed(document, provision, text), *_neighbours(document, provision, text)]
    kept = {r.target.id: r for _, r in sorted(found, key=lambda pair: pair[0])}
    return [r for r in kept.values() if r.target.id != provision.id]


def _addressed(
    document: Document, provision: Provision, text: str
) -> Iterator[tuple[int, Reference]]:
    for address, start, end in Address.find_spans(text):
        before = text[:start]
        here = _HERE.search(before)
        if _NAMED.search(before) or not (here or _OWN.search(before)):
            continue
        target = _resolved(document, provision, address.steps, inside=bool(here))
        if target is not None:
            own = re.search("(?:本|该)[^，。；、本该]{1,4}$", before)
            words = f"{own[0] if own else ''}{text[start:end]}"
            yield start, Reference(words, target, is_relative=False)


def _resolved(
    document: Document, provision: Provision, steps: tuple[Step, ...], *, inside: bool
) -> Provision | None:
    if not inside:
        return document.resolve(Address(steps))
    article = _nearest(document, provision, Level.ARTICLE)
    return document.resolve(article.address.within(*steps)) if article else None


def _neighbours(
    document: Document, provision: Provision, text: str
) -> Iterator[tuple[int, Reference]]:
    """前款, 前项, 前两款 point to what stands right before; of several the first is given."""
    for match in _BEFORE.finditer(text):
        own = _nearest(document, provision, *_LEVELS[match["level"]])
        many = to_int(match["many"]) if match["many"] else 1
        target = _earlier(document, own, many) if own is not None and many == 1 else None
        if target is not None:
            yield match.start(), Reference(match[0], target, is_relative=True)


def _nearest(document: Document, provision: Provision, *levels: Level) -> Provision | None:
    nodes = (provision, *document.above(provision))
    return next((node for node in nodes if node.level in levels), None)


def _earlier(document: Document, provision: Provision, steps: int) -> Provision | None:
    """The provision of the same level that stands *steps* before, below the same parent."""
    level, parent = provision.level, provision.parent
    peers = [p for p in document.provisions if p.parent == parent and p.level is level]
    place = peers.index(provision) - steps
    return peers[place] if place >= 0 else None


def explanation(reference: Reference) -> str:
    """What a reference points to, in a sentence."""
    return f"“{reference.words}”指{reference.target.address}。"


def explanations(document: Document, provision: Provision, text: str) -> tuple[str, ...]:
    """A sentence for each reference that only the neighbourhood explains; an address is plain."""
    found = references(document, provision, text)
    return tuple(explanation(reference) for reference in found if reference.is_relative)
