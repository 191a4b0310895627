"""Whose duty a sentence or a list is, and whether that is the office asked about.

The nearest words decide: the subject of the sentence itself, else the heading or opening words
right above it, else those further up. A post that a text does not name is looked for under the
wider one that it belongs to (统战部部长 among 党委常委会其他成员).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import jieba.posseg

from assistant.query import Query
from index.lexicon.offices import Offices
from index.provision import Document, Provision
from index.subjects import offices_in

OWN, SHARED, OPENED, MENTIONED, WIDER, ANOTHERS = 1.0, 0.93, 0.95, 0.8, 0.78, 0.5
_DUTY_VERB = re.compile(
    r"(?<![主重需首])要(?![求点素])|应当|应(?!急)|必须|担任|负责(?!人|同志)|不得|可以|是|对(?!口)|按照|根据|在(?!职|岗)|向|每"
)
_OPENS_WITH_VERB = re.compile("要|应当|必须|不得")
_STARTS_ACTING = re.compile(
    "落实|强化|加强|完善|健全|推动|推进|督促|指导|明确|规范|深化|统筹|组织(?!部)"
)
_SUBJECT_WITHIN = 60
_WIDER_STEP, WIDER_LEAST = 0.04, 0.62


def subject(sentence: str) -> str:
    """The bearer at the head of the sentence, before 要, 应当, 负责 …; empty where none is."""
    if _OPENS_WITH_VERB.match(sentence):
        return ""  # 要明确园区企业的准入要求: the bearer is that of the sentence before
    verb = _DUTY_VERB.search(sentence, 1, _SUBJECT_WITHIN)
    head = sentence[: verb.start()] if verb else ""
    first = next(iter(Offices.load().find(head)), None)
    if first is None or _STARTS_ACTING.match(head[: first.start]):
        return ""
    return "" if _has_verb(head[: first.start]) else head


@lru_cache(maxsize=4096)
def _has_verb(words: str) -> bool:
    """Whether *words* hold a verb, so that what follows is its object: 督促政府领导班子成员."""
    return any(token.flag.startswith("v") for token in jieba.posseg.cut(words))


def fit(query: Query, sentence: str, above: Iterable[str], *, wider: bool = True) -> float:
    """How well a text suits the office asked about, 0.5 to 1; 1 where none is asked about.

    Args:
        query: the question.
        sentence: the text itself; its subject is looked at first.
        above: headings and opening words above it, nearest first.
        wider: whether a wider post counts.
    """
    asked = {mention.office.id for mention in query.bearers}
    if not asked:
        return OWN
    broader = _broader(query) if wider else {}
    own, above = subject(sentence), tuple(above)
    for n, words in enumerate((own, *above)):
        named = offices_in(words)
        if named & asked:
            return OWN
        if own and not n and asked & _nearest_named(above):
            return SHARED  # among the duties of the post an item that another body takes part in
        if named & broader.keys():
            return max(broader[office] for office in named & broader.keys())
        if named:
            break
    mentioned = asked & offices_in(sentence) or any(m.words in sentence for m in query.bearers)
    return MENTIONED if mentioned else ANOTHERS


def _nearest_named(above: Iterable[str]) -> frozenset[str]:
    """The offices in the nearest words above that name any."""
    return next(filter(None, map(offices_in, above)), frozenset())


def _broader(query: Query) -> dict[str, float]:
    """The wider posts, and what their provisions are worth: the nearest most."""
    offices = Offices.load()
    return {
        office.id: max(WIDER - _WIDER_STEP * distance, WIDER_LEAST)
        for mention in query.bearers
        for distance, office in reversed(list(enumerate(offices.broader(mention.office))))
    }


def fit_of_list(
    query: Query, heading: str, opening: str, above: Iterable[str], *, wider: bool
) -> float:
    """As `fit`, for a list: the heading decides, else any office that the opening words name.

    A heading that names the office among others (党委、政府的责任) suits less than one of its own.
    """
    asked = {mention.office.id for mention in query.bearers}
    headed = offices_in(heading)
    if asked and not headed and asked & offices_in(opening):
        return OPENED
    shared = SHARED if asked and headed & asked and headed - asked else OWN
    return shared * fit(query, "", (heading, opening, *above), wider=wider)


def above(document: Document, provision: Provision) -> Sequence[str]:
    """Headings and short opening words above *provision*, nearest first, its own heading too."""
    words = [provision.heading]
    for parent in document.above(provision):
        words.append(f"{parent.heading} {parent.lead if len(parent.lead) < 120 else ''}")
    return [text for text in words if text.strip()]


def says_literally(query: Query, text: str) -> bool:
    """Whether *text* holds the very words that the question names an office by."""
    return any(mention.words in text for mention in query.offices)
