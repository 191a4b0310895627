"""Sentences and clauses of a provision: the smallest stretches that can carry a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.address import Level
from index.provision import Provision
from index.subjects import acts_first, named_first

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?[”’）]*")
#: 推进“四级五覆盖”，即：“四级”是指…；“五覆盖”是指…: what follows explains what stands before.
_EXPLAINS = re.compile("即：")
#: …的，责令改正；逾期不改正的，处…: the case stands at the head of the sentence.
_GOES_ON = re.compile(
    "逾期|情节|造成|构成|拒不|(?:没?有)?违法所得|对(?:单位|个人|其|直接|有关)|并|可以|尚|后果"
)
#: What begins so leans on what stands before: 对主要负责人处三万元罚款; 有关部门应当配合.
_LEANS = re.compile("[对也并均还但]|有关|其他|不?予以?|给予|接到|收到|发现|经|可以|要")
_CLAUSE = re.compile(r"[^；]+；?")
_CONDITION = re.compile(r"^(?:对|凡|因|如|在|有下列|受到|同时|单独|经)|^[^，；]{2,60}的(?:，|；?$)")
#: A clause that cannot stand alone is shown with its sentence as long as that is no longer.
_LONGEST_SENTENCE = 160
#: An item of two parts says one thing; one of so many says several.
_SEVERAL = 3
_ITEMS = frozenset({Level.ITEM, Level.SUBITEM, Level.POINT, Level.SUBPOINT})


@dataclass(frozen=True)
class Unit:
    """A stretch of a provision that can be quoted as a statement.

    Args:
        provision: where it stands.
        start, end: the stretch in the provision's text.
    """

    provision: Provision
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words, character for character."""
        return self.provision.text[self.start : self.end]

    @property
    def under_headings(self) -> str:
        """The words behind the headings above their provision, outermost first."""
        return f"{' '.join(self.provision.heading_path)} {self.text}"


def sentences(provision: Provision) -> list[Unit]:
    """The sentences of the provision's own words, without those of its children."""
    return [_trimmed(provision, m.start(), m.end()) for m in _SENTENCE.finditer(provision.lead)]


def clauses(sentence: Unit) -> list[Unit]:
    """What of *sentence* can stand alone, cut at semicolons; the sentence where nothing can.

    受到诫勉处理的，6个月内不得提拔 stands alone: it says to whom it applies. So do 党委负责人负总责
    and 政府负责人是第一责任人 beside each other, each with a subject of its own, and 督促企业投保
    where no part of several has one: it is the list's. 及时研究解决重大问题 does not where its
    subject is at the head of the sentence.
    """
    parts = at_semicolons(sentence)
    if _EXPLAINS.search(parts[0].text) or any(_GOES_ON.match(part.text) for part in parts[1:]):
        return [sentence]
    if len(parts) > 1 and all(_CONDITION.search(part.text) for part in parts):
        return parts
    if len(parts) > 1 and (len(sentence.text) > _LONGEST_SENTENCE or _are_alike(parts)):
        return parts
    return [sentence]


def _are_alike(parts: list[Unit]) -> bool:
    """Whether each part names who it binds, or each begins with what is to be done."""
    if any(_LEANS.match(part.text) for part in parts[1:]):
        return False
    named = [named_first(part.text) is not None for part in parts]
    if any(named):
        return all(named)
    of_list = parts[0].provision.level in _ITEMS and len(parts) >= _SEVERAL
    return of_list and all(acts_first(part.text) for part in parts)


def at_semicolons(sentence: Unit) -> list[Unit]:
    """The parts of *sentence* between semicolons, whether they can stand alone or not."""
    return [
        _trimmed(sentence.provision, sentence.start + m.start(), sentence.start + m.end())
        for m in _CLAUSE.finditer(sentence.text)
    ]


def _trimmed(provision: Provision, start: int, end: int) -> Unit:
    words = provision.text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Unit(provision, start, end)


def whole(provision: Provision) -> Unit:
    """The provision's own words as one unit."""
    return _trimmed(provision, 0, len(provision.lead))
