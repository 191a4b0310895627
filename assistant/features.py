"""What a candidate answer looks like to the scorer: a row of numbers, each with a meaning.

Two kinds of candidates share the rows: a sentence (or item, or clause), and a list that would be
shown whole. The numbers say how the question's words are covered, by letter and by meaning, whose
duty the text is, whether a value of the asked type stands in it, and how it compares with the other
candidates. No number knows a document or a word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from assistant.bearers import fit, fit_of_list, says_literally
from assistant.phrases import Phrases
from assistant.query import Ask, Query
from assistant.terms import CONTEXT_WORTH, Term
from assistant.values import TYPED, holds, is_exact, values, wanted
from index.lexical import tokens
from index.provision import Provision
from index.retriever import Matches
from index.subjects import offices_in

Vector = npt.NDArray[np.float32]

#: So many characters may stand between an asking word and what it asks for.
_BESIDE = 1
#: Below this share a term counts as not there.
_MISSING = 0.5
#: A term of at least this weight stands in no document of the edition.
_UNHEARD_OF = 0.95
#: Of the question's tokens, from the worst matched to the best, those that are looked at.
_QUANTILES = (0.1, 0.25, 0.5, 0.75)
_KINDS = tuple(Ask)
_MODAL = (
    re.compile("不得|不能|严禁|禁止|不予"),
    re.compile("应当|必须|要|负责"),
    re.compile("可以"),
)
_CASES = re.compile("下列|以下(?:情形|行为|情况)|之一的")
_CONDITION = re.compile("的，|情形|凡|因|如果|造成|发生")
_DEFINES = re.compile("是指|以下统称|以下简称|即：|即“|，即|包括")


@dataclass(frozen=True)
class Stretch:
    """A candidate's words and what stands around them.

    Args:
        provision: where it stands.
        text: the words by which it is judged: the sentence, or a list's heading and opening.
        lead: the words that open the list it is in, for an item; else empty.
        above: headings and opening words above it, nearest first.
        is_list: whether it would be shown with everything below it.
    """

    provision: Provision
    text: str
    lead: str
    above: Sequence[str]
    is_list: bool = False


@dataclass(frozen=True)
class Found:
    """How the search found the candidate's chunk.

    Args:
        position: the chunk's position in the index; -1 where it has none.
        matches: of the question's tokens with the chunk's; None where it was not found.
        start, end: the candidate in the chunk's embedded text.
        words_from: where the chunk's own words begin behind its context.
        score: the fused score, as a share of the best one in the place.
        similarity: cosine of question and chunk; 0 where not known.
        lexical: BM25 score as a share of the best one in the place.
    """

    position: int = -1
    matches: Matches | None = None
    start: int = 0
    end: int = 0
    words_from: int = 0
    score: float = 0.0
    similarity: float = 0.0
    lexical: float = 0.0


@dataclass(frozen=True)
class Weighing:
    """The question's tokens, grouped by the terms that they belong to.

    Args:
        by_term: for each term, the positions of its tokens; empty where it was cut otherwise.
        weights: the terms' weights.
        focus: which terms stand right beside an asking word (哪家报纸, 工资降几级): what is asked
            for itself, more than what it is asked about.
    """

    by_term: tuple[npt.NDArray[np.int64], ...]
    weights: tuple[float, ...]
    focus: tuple[int, ...] = ()

    @classmethod
    def of(cls, query: Query, asked: str, spans: npt.NDArray[np.int32]) -> Weighing:
        """The terms of *query* in *asked*, whose tokens stand at *spans* [tokens, 2]."""
        groups = []
        asking = [match.span() for match in Phrases.load().asking.finditer(asked)]
        focus = []
        for n, term in enumerate(query.terms):
            at = asked.lower().find(term.word)
            if at >= 0 and _is_beside(at, at + len(term.word), asking):
                focus.append(n)
            inside = (spans[:, 0] < at + len(term.word)) & (spans[:, 1] > at)
            groups.append(np.flatnonzero(inside) if at >= 0 else np.empty(0, np.int64))
        return cls(tuple(groups), tuple(term.weight for term in query.terms), tuple(focus))

    @cached_property
    def _said(self) -> tuple[list[npt.NDArray[np.int64]], list[float], float]:
        """The terms that have tokens: these, the terms' weights, and the sum of the weights."""
        weights = [w for w, g in zip(self.weights, self.by_term, strict=True) if len(g)]
        return [g for g in self.by_term if len(g)], weights, sum(weights)

    def soft(self, best: Vector) -> tuple[float, float]:
        """Mean by weight and minimum over the terms of their tokens' mean cosine."""
        groups, weights, total = self._said
        if not groups or not total:
            whole = _mean(best)
            return whole, whole
        means = [_mean(best[group]) for group in groups]
        mean = sum(m * w for m, w in zip(means, weights, strict=True)) / total
        return mean, min(means)

    def soft_focus(self, best: Vector) -> float:
        """The least mean cosine of a term that is asked for itself; 1 where there is none."""
        groups = [self.by_term[n] for n in self.focus if len(self.by_term[n])]
        return min((_mean(best[group]) for group in groups), default=1.0)


def _mean(values: Vector) -> float:
    """The mean, 0 of nothing; NumPy's own takes thrice as long for so few."""
    return float(values.sum()) / len(values) if len(values) else 0.0


def _quantiles(values: Vector) -> list[float]:
    """The `_QUANTILES`, linear between two values, as NumPy's own in a tenth of its time."""
    if not len(values):
        return [0.0] * len(_QUANTILES)
    ordered = np.sort(values).tolist()
    last = len(ordered) - 1
    found = []
    for share in _QUANTILES:
        below = int(share * last)
        above = ordered[min(below + 1, last)]
        found.append(ordered[below] + (above - ordered[below]) * (share * last - below))
    return found


def _is_beside(start: int, end: int, asking: Sequence[tuple[int, int]]) -> bool:
    return any(0 <= start - b <= _BESIDE or 0 <= a - end <= _BESIDE for a, b in asking)


def of_question(query: Query) -> dict[str, float]:
    """The numbers that all candidates of a question share."""
    row = {f"asks_{kind.value}": float(kind in query.kinds) for kind in _KINDS}
    first = query.kinds[0] if query.kinds else Ask.OPEN
    row["asks_first"] = float(_KINDS.index(first))
    row["terms"] = float(len(query.terms))
    row["heaviest"] = max((term.weight for term in query.terms), default=0.0)
    row["unknown_terms"] = float(sum(term.weight > 0.95 for term in query.terms))
    row["deciding"] = float(sum(term.decides for term in query.terms))
    row["offices"] = float(len(query.offices))
    row["bearers"] = float(len(query.bearers))
    row["named_places"] = float(query.named_places)
    row["places"] = float(len(query.scopes))
    row["length"] = math.log1p(len(query.core))
    return row


def of_candidate(
    query: Query, stretch: Stretch, found: Found, weighing: Weighing
) -> dict[str, float]:
    """The numbers of one candidate, before it is compared with the others."""
    context = " ".join(stretch.above)
    row = _wording(query, stretch, context, weighing)
    row |= _meaning(found, weighing)
    row |= _value(query, stretch)
    row |= _shape(stretch)
    need = query.bearers
    suits = (
        fit_of_list(query, stretch.provision.heading, stretch.text, stretch.above, wider=True)
        if stretch.is_list
        else fit(query, stretch.text, stretch.above)
    )
    row["fit"] = suits
    row["misfit"] = float(bool(need) and suits < 0.75)
    row["literal"] = float(says_literally(query, stretch.text))
    row |= _offices(query, stretch, context)
    row["found"] = found.score
    row["similarity"] = found.similarity
    row["lexical"] = found.lexical
    row["rule"] = row["covered"] * max(suits, 0.5) + 0.1 * row["wording"] + 0.05 * row["literal"]
    return row


def _wording(query: Query, stretch: Stretch, context: str, weighing: Weighing) -> dict[str, float]:
    # Lists, not arrays: of so few numbers NumPy takes longer to begin than to reckon.
    weights = [term.weight for term in query.terms]
    decides = [n for n, term in enumerate(query.terms) if term.decides]
    here = _found(query, stretch.text)
    led = _greater(here, _found(query, stretch.lead)) if stretch.lead else here
    around = _found(query, context)
    anywhere = _greater(led, around)
    counts = [CONTEXT_WORTH * value for value in around]
    missing = [w for w, value in zip(weights, anywhere, strict=True) if value < _MISSING]
    focus = weighing.focus
    asked = _tokens(query.core)
    said = _tokens(stretch.text)
    shared = len(asked & said)
    return {
        "covered": _covered(_greater(here, counts), weights),
        "covered_here": _covered(here, weights),
        "covered_led": _covered(_greater(led, counts), weights),
        "missing": float(len(missing)),
        "missing_weight": sum(missing, 0.0),
        "missing_heaviest": max(missing, default=0.0),
        "unheard": sum((weight for weight in missing if weight >= _UNHEARD_OF), 0.0),
        "decided": float(all(anywhere[n] == 1 for n in decides)),
        "decided_here": float(all(here[n] == 1 for n in decides)),
        "focus": float(len(focus)),
        "focus_weight": max((weights[n] for n in focus), default=0.0),
        "focus_here": min((here[n] for n in focus), default=1.0),
        "focus_found": min((anywhere[n] for n in focus), default=1.0),
        "wording": shared / len(asked) if asked else 0.0,
        "wording_back": shared / len(said) if said else 0.0,
    }


def _greater(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [max(pair) for pair in zip(one, other, strict=True)]


def _offices(query: Query, stretch: Stretch, context: str) -> dict[str, float]:
    """How many of the posts and bodies named are, by any of their names, here and around."""
    asked: dict[tuple[int, int], set[str]] = {}
    for mention in query.offices:
        asked.setdefault((mention.start, mention.end), set()).add(mention.office.id)
    here = offices_in(stretch.text)
    around = here | offices_in(f"{context} {stretch.lead}")
    count = max(len(asked), 1)
    return {
        "offices_here": sum(bool(ids & here) for ids in asked.values()) / count,
        "offices_around": sum(bool(ids & around) for ids in asked.values()) / count,
    }


def _found(query: Query, text: str) -> list[float]:
    """How far *text* holds each term, 0 to 1."""
    return [_found_term(term, text) for term in query.terms]


@lru_cache(maxsize=65536)
def _found_term(term: Term, text: str) -> float:
    return term.found_in(text)


@lru_cache(maxsize=8192)
def _tokens(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _covered(found: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    held = sum(value * weight for value, weight in zip(found, weights, strict=True))
    return held / total if total else 1.0


_SPREAD = tuple(f"soft_{round(100 * share)}" for share in _QUANTILES)
_SOFT = (*_SPREAD, "soft", "soft_terms", "soft_least", "soft_around", "soft_context", "soft_focus")


def _meaning(found: Found, weighing: Weighing) -> dict[str, float]:
    if found.matches is None:
        return dict.fromkeys(_SOFT, 0.0)
    here = found.matches.best(found.start, found.end)
    context = found.matches.best(0, found.words_from)
    around = np.maximum(here, context)
    terms, least = weighing.soft(around)
    return {
        **dict(zip(_SPREAD, _quantiles(around), strict=True)),
        "soft": _mean(here),
        "soft_terms": terms,
        "soft_least": least,
        "soft_around": _mean(around),
        "soft_context": _mean(context),
        "soft_focus": weighing.soft_focus(around),
    }


def _value(query: Query, stretch: Stretch) -> dict[str, float]:
    need = wanted(query.kinds)
    led = f"{stretch.text} {stretch.lead}"
    row = dict(_kinds_in(stretch.text))
    row["needs_value"] = float(need is not None)
    row["value"] = float(need is None or holds(need, stretch.text, query.core))
    row["value_led"] = float(need is None or holds(need, led, query.core))
    row["value_exact"] = float(is_exact(need, stretch.text))
    return row


@lru_cache(maxsize=8192)
def _kinds_in(text: str) -> tuple[tuple[str, float], ...]:
    """For each kind of value whether *text* has one."""
    return tuple((f"has_{kind.value}", float(bool(values(kind, text)))) for kind in TYPED)


def _shape(stretch: Stretch) -> dict[str, float]:
    row = dict(_shape_of(stretch.text))
    row["depth"] = float(len(stretch.provision.address.steps))
    row["item"] = float(bool(stretch.lead))
    row["leaf"] = float(stretch.provision.is_leaf)
    row["is_list"] = float(stretch.is_list)
    row["items"] = float(len(stretch.provision.children))
    return row


@lru_cache(maxsize=8192)
def _shape_of(text: str) -> tuple[tuple[str, float], ...]:
    """What the words alone show, whatever is asked."""
    modal = ((f"modal_{n}", float(bool(p.search(text)))) for n, p in enumerate(_MODAL))
    return (
        *modal,
        ("size", math.log1p(len(text))),
        ("opens", float(text.rstrip().endswith("："))),
        ("cases", float(bool(_CASES.search(text)))),
        ("condition", float(bool(_CONDITION.search(text)))),
        ("defines", float(bool(_DEFINES.search(text)))),
    )


#: Compared with the other candidates of the place, and of all places: the gap to the best.
_COMPARED = ("rule", "soft", "soft_terms", "soft_around", "covered", "wording", "found")
_COMPARED_EVERYWHERE = ("rule", "soft", "soft_terms", "soft_around", "covered", "similarity")


def compare(rows: Sequence[dict[str, float]]) -> None:
    """Add to each row how it stands among the candidates of its place."""
    for name in _COMPARED if rows else ():
        column = np.array([row[name] for row in rows])
        ranks = (-column).argsort(kind="stable").argsort(kind="stable")
        for row, value, rank in zip(rows, column, ranks, strict=True):
            row[f"{name}_gap"] = float(column.max() - value)
            row[f"{name}_rank"] = float(min(rank, 20))


def compare_everywhere(rows: Sequence[dict[str, float]]) -> None:
    """Add to each row how far it is from the best of all places."""
    for name in _COMPARED_EVERYWHERE if rows else ():
        best = max(row[name] for row in rows)
        for row in rows:
            row[f"{name}_behind"] = best - row[name]
