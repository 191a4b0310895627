"""Sentences and clauses of a provision: the smallest stretches that can carry a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.provision import Provision

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?[”’）]*")
#: 推进“四级五覆盖”，即：“四级”是指…；“五覆盖”是指…: what follows explains what stands before.
_EXPLAINS = re.compile("即：")
#: …的，责令改正；逾期不改正的，处…: the case stands at the head of the sentence.
_GOES_ON = re.compile(
    "逾期|情节|造成|构成|拒不|(?:没?有)?违法所得|对(?:单位|个人|其|直接|有关)|并|可以|尚|后果"
)
_CLAUSE = re.compile(r"[^；]+；?")
_CONDITION = re.compile(r"^(?:对|凡|因|如|在|有下列|受到|同时|单独|经)|^[^，；]{2,60}的，")
#: A clause that cannot stand alone is shown with its sentence as long as that is no longer.
_LONGEST_SENTENCE = 160


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


def sentences(provision: Provision) -> list[Unit]:
    """The sentences of the provision's own words, without those of its children."""
    return [_trimmed(provision, m.start(), m.end()) for m in _SENTENCE.finditer(provision.lead)]


def clauses(sentence: Unit) -> list[Unit]:
    """What of *sentence* can stand alone, cut at semicolons; the sentence where nothing can.

    受到诫勉处理的，6个月内不得提拔 stands alone: it says to whom it applies. 及时研究解决重大问题
    does not: its subject is at the head of the sentence.
    """
    parts = at_semicolons(sentence)
    if _EXPLAINS.search(parts[0].text) or any(_GOES_ON.match(part.text) for part in parts[1:]):
        return [sentence]
    if len(parts) > 1 and all(_CONDITION.search(part.text) for part in parts):
        return parts
    if len(parts) > 1 and len(sentence.text) > _LONGEST_SENTENCE:
        return parts
    return [sentence]


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
