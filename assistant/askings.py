"""A question that asks several things in turn, as one question about each.

诫勉了几个月不能提拔？工资要降多少？ is two questions about one sanction: what the documents say is
answered, and what they do not say is named. A clause that asks nothing belongs to the one it stands
before; what an asking leaves unsaid (whose 工资) it takes over from the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.evidence import Evidence
from assistant.phrases import Phrases
from assistant.query import Ask, Query, bearers
from assistant.terms import Term
from assistant.values import holds, wanted
from index.lexicon.offices import OfficeMention
from index.subjects import offices_in

_MOST = 4
_STOPS = r"[，,；;？?。！!]"
_ASKS = re.compile(
    r"[哪啥谁几咋]|什么|怎|多[少久长大高]|[吗呢]|(\w)不\1|(\w)没\2|没有$|如何|是否|何时"
)
#: 哪个单位没配够人，要罚多少 supposes somebody: the clause sets the case and asks nothing.
_SUPPOSES = re.compile(
    "^(?:要是|如果|假如|万一)?[^，,哪谁]{0,8}(?:哪[个家位里]?|谁)[^哪谁什怎几多吗呢]*"
    "(?:没|未|不(?!少于)|被|出了|出事|发生|要是|敢)[^哪谁什怎几多吗呢]*$"
)
#: 别的处分没有: told, not asked.
_NONE_OTHER = re.compile("(?:任何|别的|其他|其它)[^，,]*(?:没有?|无)$")
_ALSO = re.compile("^(?:那么?|还有|另外|再有|再问|以及|然后|并且|而且|同时|又|还要|还)+")
_INSTEAD = re.compile("^(?:那么?|还有|另外)?(?P<other>[^哪啥谁几咋什怎多]{2,12})呢$")
#: From this weight on a word is something that is asked about.
_TELLING = 0.45
#: From this weight on a word must stand there for its part to be told.
_TOLD = 0.3
_UNHEARD_OF = 0.95


@dataclass(frozen=True)
class Asking:
    """One of the things asked.

    Args:
        words: the asker's words for it.
        query: the question for it alone.
        own: the terms that it has and the first asking lacks; of the first, all.
        posts: those that it asks about instead of the first's (教育局长呢).
    """

    words: str
    query: Query
    own: tuple[Term, ...]
    posts: tuple[OfficeMention, ...] = ()

    @property
    def things(self) -> tuple[Term, ...]:
        """What it asks about itself, of weight enough that an answer must speak of it."""
        return tuple(term for term in self.own if term.weight >= _TELLING)

    @property
    def asks_for_itself(self) -> bool:
        """Whether it has words enough to be looked for without the others."""
        return bool(self.things or self.posts)

    @property
    def is_unheard_of(self) -> bool:
        """Whether it asks about a thing that no document names (工资)."""
        return any(term.weight >= _UNHEARD_OF for term in self.own)

    def is_said_in(self, evidence: Iterable[Evidence]) -> bool:
        """Whether *evidence* speaks of all that it asks about, with a value where one is asked."""
        said = " ".join(part.unit.under_headings for part in evidence)
        need = wanted(self.query.kinds)
        if need is not None and not holds(need, said, self.query.core):
            return False
        if not {mention.office.id for mention in self.posts} <= offices_in(said):
            return False
        return all(term.found_in(said) for term in self.things)

    def is_told_in(self, evidence: Iterable[Evidence]) -> bool:
        """Whether *evidence* has every word that it asks about, the weighty ones whole."""
        said = " ".join(part.unit.under_headings for part in evidence)
        words = [term for term in self.own if term.weight >= _TOLD]
        return (
            bool(words)
            and self.is_said_in(evidence)
            and all(term.found_in(said) == 1 for term in words)
        )


def askings(query: Query) -> list[Asking]:
    """The things that *query* asks one after the other; empty where it asks one."""
    parts = _parts(query.core)
    if not 1 < len(parts) <= _MOST or query.addresses:
        return []
    first = _asking(query, parts[0], None)
    return [first, *(_asking(query, part, first) for part in parts[1:])]


def _parts(core: str) -> list[str]:
    """The clauses that ask something, each with those before it that ask nothing."""
    parts: list[str] = []
    waiting = ""
    clauses = [clause for clause in re.split(_STOPS, core) if clause.strip()]
    for clause in clauses:
        pieces = clause.split("、")
        for piece in pieces if all(map(_ASKS.search, pieces)) else [clause]:
            waiting = f"{waiting}，{piece.strip()}".strip("， ")
            if _NONE_OTHER.search(piece) or (clauses[-1] is not clause and supposes(piece)):
                continue
            if _ASKS.search(piece) and not (parts and _asks_where_only(piece)):
                parts.append(waiting)
                waiting = ""
    return parts


def supposes(words: str) -> bool:
    """Whether a clause with 哪个 or 谁 in it only sets the case: 哪个单位没配够人."""
    return bool(_SUPPOSES.search(words.strip()))


def _asks_where_only(words: str) -> bool:
    """Whether *words* ask only how the text puts it (监察法怎么写的), which adds no question."""
    return Phrases.load().kinds(words) == (Ask.TEXT,)


def _asking(query: Query, words: str, first: Asking | None) -> Asking:
    own = tuple(term for term in query.terms if term.word in words.lower())
    offices = tuple(mention for mention in query.offices if mention.words in words)
    kinds = Phrases.load().kinds(words)
    if first is None:
        asked = replace(
            query,
            core=words,
            kinds=kinds,
            terms=own,
            offices=offices,
            bearers=bearers(offices, kinds, own),
        )
        return Asking(words, asked, own)
    instead = _INSTEAD.match(words)
    if instead:
        return _of_another(first, instead["other"], own, offices)
    name = _ALSO.sub("", words).strip("，、 ")
    takes_over = not any(term.decides for term in own)
    subject = tuple(t for t in first.query.terms if t.decides and t not in own and takes_over)
    terms = (*subject, *(own or first.own))
    theirs = offices or first.query.offices
    post = () if offices or subject else theirs[:1]
    led = "".join((*(term.word for term in subject), *(mention.words for mention in post)))
    asked = replace(
        query,
        core=f"{led}，{name}" if led else name,
        kinds=kinds,
        terms=terms,
        offices=theirs,
        bearers=bearers(theirs, kinds, terms),
    )
    return Asking(name, asked, tuple(term for term in own if term not in first.own))


def _of_another(
    first: Asking, other: str, own: tuple[Term, ...], offices: tuple[OfficeMention, ...]
) -> Asking:
    """What was asked first, of another: 教育局长呢."""
    before = first.query
    rest = before.core
    for mention in before.offices:
        rest = rest.replace(mention.words, "")
    terms = own or before.terms
    asked = replace(
        before,
        core=f"{other}{rest}",
        terms=terms,
        offices=offices,
        bearers=bearers(offices, before.kinds, terms),
    )
    return Asking(other, asked, own, offices)
