"""Sentences that answer by their form: what words stand for, and in which ways a thing is done.

以下统称党政领导干部 says what is meant; 采取通报、诫勉等方式问责 names ways.
"""

from __future__ import annotations

import re

from assistant.asked import asks_for_manners, of_list
from assistant.evidence import Evidence, Group
from assistant.listing import in_full
from assistant.query import Query, Scope
from assistant.terms import coverage
from index.lexical import simplify
from index.units import Unit, sentences

_ASKED = re.compile("所称|所说的|统称|简称|指(?:的是|的|代)?(?:哪|谁|什么|啥)")
_QUOTED = re.compile(r"[“\"‘「『]([^”\"’」』]{2,16})[”\"’」』]")
_MANNERS = re.compile(
    "(?:采取|采用|给予|通过|运用|用|以)([^，。；]*(?:、|或者)[^，。；]*)等?的?(?:方式|形式|手段)"
)
#: Least share of the question's weight that a sentence which names ways must cover.
_NEEDED = 0.6


def definition(scope: Scope, query: Query) -> Group | None:
    """The sentence that says what the words asked about stand for, or None.

    Args:
        scope: the place.
        query: the question; only one for what words stand for.
    """
    if not _ASKED.search(query.core):
        return None
    named = [*_QUOTED.findall(query.core), *(m.words for m in query.offices)]
    named += [term.word for term in query.terms]
    for words in dict.fromkeys(re.escape(word.strip()) for word in named if word.strip()):
        told = re.compile(
            f"以下(?:统称|简称|合称|并称)(?:为|：)?[“「]?{words}[”」）)]|"
            f"所称(?:的)?[“「]?{words}[”」]?(?:，|,|是指|包括|指)"
        )
        for document in scope.documents:
            for provision in document.provisions:
                for sentence in sentences(provision):
                    if told.search(simplify(sentence.text)):
                        opens = sentence.text.endswith("：") and not provision.is_leaf
                        shown = in_full(document, provision) if opens else [Evidence(sentence)]
                        return Group(scope, tuple(shown), 1.0)
    return None


def manners(scope: Scope, query: Query) -> Group | None:
    """The sentence that counts up the ways asked about (采取…等方式问责), or None.

    Args:
        scope: the place.
        query: the question; only one for ways: 哪几种方式.
    """
    terms = of_list(query).terms
    if not asks_for_manners(query) or not terms:
        return None
    # 对履职不力的干部，问责手段有哪几种: whom it befalls says a sentence before
    terms = tuple(term for term in terms if term.decides) or terms
    best: tuple[float, Unit] | None = None
    for document in scope.documents:
        for provision in document.provisions:
            for sentence in sentences(provision):
                said = sentence.text
                covered = coverage(terms, said) if _MANNERS.search(said) else 0.0
                if covered >= _NEEDED and (best is None or covered > best[0]):
                    best = covered, sentence
    return Group(scope, (Evidence(best[1]),), best[0]) if best else None
