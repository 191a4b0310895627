"""Query → the sentences and items that answer it, or none: here it is decided to refuse.

Ways that lead to an answer, tried in this order: a provision named by its address; the list that
governs what is asked (an office's duties, the cases of a rule); the sentence that says it. A
candidate must cover the question's words, rare words above all; a question for a period, a
frequency, a sum or a date must find one, and a question about a sanction must find that sanction.
What no candidate covers is refused, and what holds the words of the question but not the thing
that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.acts import lacks_the_very_thing
from assistant.asked import (
    asks_for_list,
    of_list,
    wants_counted,
    wants_headings,
    wants_number,
    wants_value_each,
)
from assistant.askings import Asking, askings
from assistant.attribute import lacks_what_is_asked
from assistant.bearers import ANOTHERS, fit
from assistant.beyond_search import of_known_lines
from assistant.candidates import Candidate, Finder, asked_of, candidates
from assistant.counted import case_of_accident, counting_rule
from assistant.decisive import whole_list
from assistant.definitions import definition, manners
from assistant.each import One, are_beside, are_joined, of_each, of_things
from assistant.evidence import Evidence, Group, Selection
from assistant.governing import in_full, list_answer, wants_headed
from assistant.known import is_asked_about
from assistant.library import Library
from assistant.listing import is_heading
from assistant.locate import resolve_in_question
from assistant.numbered import joined, numbered_item
from assistant.outline import named_by_number
from assistant.parallel import with_parallels
from assistant.query import Ask, Query, Scope
from assistant.sentences import (
    TRUSTED,
    VERY_SURE,
    Judged,
    answer_in_sentences,
    is_trusted,
    judge,
    shown,
)
from assistant.terms import coverage
from assistant.together import answered_together
from assistant.validity import about_documents
from index.address import Address, Level
from index.provision import Document, Provision
from index.subjects import offices_in
from index.units import Unit

#: How much worse than the best place's answer another place's may be where none was named.
_PLACES_ALIKE = 0.2
#: From this score of a sentence on a place's answer is shown whatever the best place's.
_LIKELY_ITSELF = 0.3
#: What is less likely than this and lacks what is asked for leaves it open.
_DOUBTFUL = 0.3
#: How much better a sentence must cover the question than a list does, to be shown instead.
_SENTENCE_BEATS_LIST = 0.15
#: How much less a likely sentence may cover than several that are to be shown instead.
_AS_MUCH = 0.05
#: From this probability of the best candidate on nothing else is shown instead.
_DECIDES = 0.7
#: From this on a sentence is shown instead of an unlikely list that it stands in and does not open.
_DECIDES_PART = 0.5
#: A list that is likelier than this may be what is asked for.
_UNLIKELY_LIST = 0.1
#: From this on what answers a part of a question is shown beside the answer to the whole.
_SURE_PART = 0.7
#: A part of a question must have a word of this weight to be looked for by itself.
_SAYS = 0.3
#: A list that is less likely than this, all its items too, is none that was asked for.
_UNHEARD_OF = 0.03
#: The same where so great a share of the questions most like it had no answer.
_IN_VAIN, _UNHEARD_OF_IN_VAIN = 0.7, 0.1
#: From this probability on a sentence is shown instead of a list that it is no part of, and, where
#: questions were asked before, though a rule says that it lacks what is asked for.
_SURE_OF_SENTENCE = 0.6
#: What stands around the rules: who issued them is said there, in no word for it.
_AROUND = frozenset({Level.PREFACE, Level.CLOSING})
#: 第五章标题, 第五章叫什么: the name of a part is asked for.
_ASKS_TITLE = re.compile("标题|题目|(?:章|部分|节)名|叫(?:什么|啥)|名(?:称|字)")


def select(query: Query, library: Library, further: Sequence[str] = ()) -> Selection:
    """The evidence for *query* in each of its places.

    Args:
        query: the question.
        library: what the caller may read.
        further: texts that say in other words what is looked for; they only rank what is judged.
    """
    if query.apart:
        library.index.embeddings.read_ahead([asked_of(one) for one in query.apart])
        found = [select(one, library, further) for one in query.apart]
        return with_parallels(query, _side_by_side(found), library)
    each = of_each(query)
    things = [] if each else of_things(query)
    parts = askings(query)
    known = bool(parts) and _was_asked_before(query, library)
    asked_apart = [part.query for part in parts] if known else []
    several = [*(one.query for one in (*each, *things)), *asked_apart]
    if several:
        library.index.embeddings.read_ahead([asked_of(one) for one in (*several, query)])
    if each:
        found = [_about(one, _select_one(one, library)) for one in each]
        answered = [bool(selection.groups) for selection in found]
        if all(answered) or (any(answered) and are_joined(query, each)):
            left = (one.words for one, has in zip(each, answered, strict=True) if not has)
            return replace(_merged(found), unanswered=tuple(left))
    found = _all_trusted(things, library)
    if found and _differ(found):
        return _merged(found)
    apart = [_select(one, Finder(one, library)) for one in asked_apart]
    sure = _sure_parts(parts, apart)
    whole = _select(query, Finder(query, library, further))
    if sure and len(sure) == len(parts) and not _tells_all(whole, parts):
        return _merged(list(sure.values()))
    if query.named_places:
        whole = with_parallels(query, whole, library)
    if not _speaks_of_any(each, whole):
        return replace(whole, groups=())
    return _in_parts(query, whole, parts, apart, library) if parts else whole


def _all_trusted(things: list[One], library: Library) -> list[Selection]:
    """What answers each of *things*; nothing where the scorer is not sure of each."""
    found: list[Selection] = []
    for one in things:
        own = _select_one(one, library)
        if not _is_trusted(own):
            return []
        found.append(own)
    return found


def _side_by_side(found: list[Selection]) -> Selection:
    """What was found in one place after another."""
    return Selection(
        tuple(group for one in found for group in one.groups),
        tuple(scope for one in found for scope in one.silent),
        tuple(provision for one in found for provision in one.nearby)[:3],
        tuple(dict.fromkeys(words for one in found for words in one.unanswered)),
    )


def _is_trusted(found: Selection, least: float = TRUSTED) -> bool:
    """Whether something was found in every place, and the scorer is sure of it."""
    sure = all(group.trust >= least for group in found.groups)
    return sure and bool(found.groups) and not found.silent


def _differ(found: Sequence[Selection]) -> bool:
    """Whether each of *found* says something that none before it says."""
    said: set[Evidence] = set()
    for one in found:
        own = {part for group in one.groups for part in group.evidence}
        if own <= said:
            return False
        said |= own
    return True


def _select_one(one: One, library: Library) -> Selection:
    return _select(one.query, Finder(one.query, library), of_post=one.of_post)


def _about(one: One, found: Selection) -> Selection:
    """*found* without what does not name the sanction that it is to be about."""
    kept = tuple(g for g in found.groups if _speaks_of_any([one], replace(found, groups=(g,))))
    return replace(found, groups=kept)


def _speaks_of_any(each: list[One], whole: Selection) -> bool:
    """Whether what was found names one of the sanctions set side by side, where any are."""
    named = [one.named for one in each if one.named is not None]
    said = " ".join(part.unit.text for part in _shown([whole]))
    return not named or not said or any(term.found_in(said) for term in named)


def _in_parts(
    query: Query,
    whole: Selection,
    parts: list[Asking],
    apart: list[Selection],
    library: Library,
) -> Selection:
    """The answer to a question of several parts, with what *whole* leaves out of it.

    A part that the answer to the whole speaks of is answered; any other is looked for by itself,
    and named where nothing is found.

    Args:
        query: the question.
        whole: what was found for all of it.
        parts: the things asked.
        apart: what was found for each of them, where questions were asked before; else empty.
        library: what the caller may read.
    """
    least = _SURE_PART if whole.groups else VERY_SURE
    sure = {
        n: one
        for n, one in _sure_parts(parts, apart).items()
        if _is_trusted(one, least) and _has_words(parts[n]) and not parts[n].is_unheard_of
    }
    found = [whole] if whole.groups else []
    if not _tells_all(whole, parts):
        found += [one for one in sure.values() if _differ([*found, one])]
    places = {group.scope.place for group in whole.groups}
    open_: list[Asking] = []
    for n, part in enumerate(parts):
        if n in sure:
            continue
        stated = about_documents(part.query)
        is_said = not part.asks_for_itself or (whole.groups and part.is_said_in(_shown([whole])))
        if is_said and not stated:
            open_.append(part)
            continue
        own = stated or (apart[n] if apart else _select(part.query, Finder(part.query, library)))
        kept = tuple(
            group
            for group in own.groups
            if (stated or part.is_said_in(group.evidence))
            and (query.named_places or not places or group.scope.place in places)
        )
        if kept:
            found.append(replace(own, groups=kept))
        elif part.is_unheard_of or not any(map(_is_likely, own.groups)):
            open_.append(part)
    if not found:
        return whole
    said = _shown(found)
    left = [part.words for part in open_ if not part.is_said_in(said)]
    return replace(_merged(found), unanswered=tuple(left))


def _tells_all(whole: Selection, parts: list[Asking]) -> bool:
    """Whether what answers the whole has every word of each part, and the scorer is sure of it.

    结果反馈给谁、通报给谁: one sentence says both, and 通报给谁 by itself would find another's.
    """
    said = _shown([whole])
    return _is_trusted(whole, _SURE_PART) and all(part.is_told_in(said) for part in parts)


def _sure_parts(parts: list[Asking], apart: list[Selection]) -> dict[int, Selection]:
    """What answers each of *parts* by itself, where the scorer is sure of it, by its number.

    Of a part without words of its own (组织部咋弄) it is a sentence: a list would be of the office.
    """
    return {
        n: one
        for n, one in enumerate(apart)
        if _is_trusted(one) and (_has_words(parts[n]) or len(_shown([one])) == 1)
    }


def _has_words(part: Asking) -> bool:
    """Whether the part says what it is about: a thing, or a post whose duties it asks for."""
    has_post = bool(part.query.bearers) and part.query.asks(Ask.LIST)
    return has_post or any(term.weight >= _SAYS for term in part.own)


def _was_asked_before(query: Query, library: Library) -> bool:
    """Whether questions were asked before about a place that is named."""
    ids = {document.id for scope in query.scopes for document in scope.documents}
    return query.named_places and library.known.has(ids)


def _is_likely(group: Group) -> bool:
    return group.likely is None or group.likely >= _DOUBTFUL


def _shown(found: list[Selection]) -> list[Evidence]:
    return [part for one in found for group in one.groups for part in group.evidence]


def _select(query: Query, finder: Finder, *, of_post: bool = False) -> Selection:
    groups, silent, nearby = [], [], []
    found = candidates_by_place(query, finder)
    if of_post:
        found = {place: _of_bearers(query, some) for place, some in found.items()}
    for scope in query.scopes:
        line = _of_known_lines(scope, query, finder)
        if line is not None:
            groups.append(line)
            continue
        group, near = _select_in(scope, query, found.get(scope.place, []))
        if group is not None and not _stands(query, group):
            near = [part.unit.provision for part in group.evidence[:1]]
            group = None
        if group is None:
            silent.append(scope)
            nearby.extend(near)
        else:
            groups.append(group)
    return Selection(_worthy(groups, query), tuple(silent), tuple(nearby[:3]))


def _of_known_lines(scope: Scope, query: Query, finder: Finder) -> Group | None:
    if query.bare_address or query.addresses or not query.named_places:
        return None
    return of_known_lines(scope, finder.known(scope), finder.index)


def _stands(query: Query, group: Group) -> bool:
    units = [part.unit for part in group.evidence]
    said = [f"{' '.join(u.provision.heading_path)} {u.text}" for u in units]
    is_rule = not all(u.provision.address.steps[0].level in _AROUND for u in units)
    if is_rule and lacks_the_very_thing(query, said):
        return False
    return bool(units) and (
        group.trust >= _SURE_OF_SENTENCE or not lacks_what_is_asked(query, group)
    )


def _of_bearers(query: Query, found: list[Candidate]) -> list[Candidate]:
    """Those of *found* that are not another's duty; all where every one is."""
    stretches = [c.stretch for c in found]
    fits = [fit(query, one.text, [one.lead, *one.above]) > ANOTHERS for one in stretches]
    return [c for c, suits in zip(found, fits, strict=True) if suits] or found


def _merged(each: list[Selection]) -> Selection:
    """What was found for each thing asked about, together, place by place."""
    by_place: dict[str, Group] = {}
    for group in (group for selection in each for group in selection.groups):
        before = by_place.get(group.scope.place)
        known = before.evidence if before else ()
        evidence = tuple(dict.fromkeys((*known, *group.evidence)))
        by_place[group.scope.place] = Group(group.scope, evidence, group.score)
    silent = {scope.place: scope for selection in each for scope in selection.silent}
    left = tuple(scope for place, scope in silent.items() if place not in by_place)
    return Selection(tuple(by_place.values()), left)


def candidates_by_place(query: Query, finder: Finder) -> dict[str, list[Candidate]]:
    """What might answer, by place; nothing is looked for where an address says it all.

    Places that were named are judged each by itself; of unnamed ones the best decides.
    """
    if query.bare_address:
        return {}
    asked = [replace(query, scopes=(scope,)) for scope in query.scopes]
    if not query.named_places:
        asked = [query]
    found: dict[str, list[Candidate]] = {}
    for one in asked:
        within = [addressed(scope, one) for scope in one.scopes]
        places = candidates(one, finder, within)
        found |= {scope.place: place for scope, place in zip(one.scopes, places, strict=True)}
    return found


def _worthy(groups: list[Group], query: Query) -> tuple[Group, ...]:
    """The places shown: all that were named; of unnamed ones those that answer as well."""
    if query.named_places or not groups:
        return tuple(groups)
    best = max(group.score for group in groups)
    return tuple(
        group
        for group in groups
        if group.score >= best - _PLACES_ALIKE
        or (
            group.likely is not None
            and group.score >= _LIKELY_ITSELF
            and (group.trust >= TRUSTED or _speaks_of_office(query, group))
        )
    )


def _speaks_of_office(query: Query, group: Group) -> bool:
    """Whether a post or body that is named is in what was found; where none is, it is."""
    asked = {mention.office.id for mention in query.offices}
    units = (part.unit for part in group.evidence)
    said = " ".join(f"{' '.join(u.provision.heading_path)} {u.text}" for u in units)
    return not asked or bool(asked & offices_in(said))


def _select_in(
    scope: Scope, query: Query, found: list[Candidate]
) -> tuple[Group | None, list[Provision]]:
    within = addressed(scope, query)
    if query.bare_address:
        found_there = within or numbered_item(scope, query)
        return _titles(scope, query, found_there) or _in_full(scope, found_there), []
    scored = judge(found)
    names = named_by_number(scope, query)
    stated = names or definition(scope, query) or manners(scope, query)
    if stated is not None and (names or not _is_overruled(stated, scored)):
        return stated, []
    # 郊区2起: the rule for 郊区 decides, though another counts just as many
    sure = scored[:1] if scored and scored[0][0] >= VERY_SURE and is_trusted(*scored[0]) else []
    rule = counting_rule(query, sure) or counting_rule(query, scored)
    if rule is not None:
        unit, worth = rule
        return Group(scope, tuple(shown(scope, query, unit)), worth, worth), []
    sentence, nearby = answer_in_sentences(scope, query, scored)
    if sentence is not None:
        sentence = replace(sentence, trust=_trust(sentence, scored))
    listed = list_answer(scope, query, within) if _wants_list(query) else None
    support = None
    if listed is not None and not (wants_headings(query) or _is_outline(scope, listed)):
        support = _support(listed, scored)  # names alone are no candidate
    if listed is not None and support is not None:
        if sentence is not None and _is_preferred(query, sentence, listed, support, scored):
            return sentence, []
        is_heard_of = max(support.whole, support.part) >= _heard_of(scored)
        listed = replace(listed, trust=support.whole) if is_heard_of else None
    if listed is not None and (
        sentence is None
        or (
            listed.score >= sentence.score - _SENTENCE_BEATS_LIST
            and not _is_surer(sentence, listed, query)
        )
    ):
        return listed, []
    if listed is None and _asks_duties_only(query) and not (scored and is_trusted(*scored[0])):
        return None, nearby  # what the text says of others in passing is no list of duties
    whole = whole_list(query, sentence, scored)
    if whole is not None:
        return Group(scope, whole, sentence.score if sentence else 1.0), []
    several = answered_together(scope, query)
    if (
        several is not None
        and not _says_as_much(query, sentence, several)
        and (sentence is None or several.score >= sentence.score - _SENTENCE_BEATS_LIST)
    ):
        return several, []
    if sentence is None or (sentence.likely or 1.0) < _DOUBTFUL:
        return case_of_accident(scope, query) or sentence, nearby
    return sentence, nearby


def _trust(sentence: Group, scored: Sequence[Judged]) -> float:
    """How likely the likeliest candidate is where it is shown and questions were asked before."""
    likely, best = scored[0]
    shown_units = [part.unit for part in sentence.evidence]
    is_shown = best.unit in shown_units or best.evidence == sentence.evidence
    return likely if is_shown and is_asked_about(best.row) else 0.0


def _is_outline(scope: Scope, listed: Group) -> bool:
    """Whether nothing but headings is shown."""
    units = [part.unit for part in listed.evidence if not part.opens]
    return all(is_heading(_document_of(scope, unit.provision), unit) for unit in units)


def _is_overruled(stated: Group, scored: Sequence[Judged]) -> bool:
    """Whether the scorer is very sure of another sentence than was found by its form."""
    if not scored or scored[0][0] < VERY_SURE or not is_trusted(*scored[0]):
        return False
    units = {part.unit for part in stated.evidence}
    best = scored[0][1]
    return not units & ({best.unit} | {part.unit for part in best.evidence})


def _heard_of(scored: Sequence[Judged]) -> float:
    """What a list by the rules must be worth to the scorer; more where it was asked in vain."""
    in_vain = bool(scored) and scored[0][1].row["known_no"] >= _IN_VAIN
    return _UNHEARD_OF_IN_VAIN if in_vain else _UNHEARD_OF


@dataclass(frozen=True)
class Support:
    """What the scorer thinks of a list that the rules chose.

    Args:
        whole: the probability of the likeliest list that is much the same.
        part: that of the likeliest sentence in it.
        opens: whether that sentence opens it.
    """

    whole: float
    part: float
    opens: bool


def _support(listed: Group, scored: Sequence[Judged]) -> Support | None:
    """What the scorer thinks of *listed*; None where nothing was asked before."""
    if not scored or not is_asked_about(scored[0][1].row):
        return None
    units = {part.unit for part in listed.evidence}
    ids = {unit.provision.id for unit in units}
    whole, part, opens = 0.0, 0.0, False
    for likely, candidate in scored:
        if candidate.unit is None:
            own = {e.unit for e in candidate.evidence}
            if 2 * len(own & units) >= max(len(own), len(units)):
                whole = max(whole, likely)
        elif candidate.unit.provision.id in ids and likely > part:
            part, opens = (
                likely,
                candidate.unit.provision.id == listed.evidence[0].unit.provision.id,
            )
    return Support(whole, part, opens)


def _is_preferred(
    query: Query, sentence: Group, listed: Group, support: Support, scored: Sequence[Judged]
) -> bool:
    """Whether the scorer is sure of another list, or of a part of what is *listed* and not of it.

    政府要把安全写进哪些规划 asks what one of the government's duties says, not for all of them.
    """
    likely, best = scored[0]
    if not is_trusted(likely, best) and likely < _DECIDES_PART:
        return False
    if best.unit is None:
        units = {part.unit for part in listed.evidence}
        if are_beside(query) and {e.unit for e in best.evidence} <= units:
            return False  # the list of one of the posts asked about
        return likely >= _DECIDES or support.whole < _UNHEARD_OF
    if len(listed.evidence) <= len(sentence.evidence) or support.whole >= _UNLIKELY_LIST:
        return False
    return likely >= _DECIDES or (likely >= _DECIDES_PART and not support.opens)


def _says_as_much(query: Query, sentence: Group | None, several: Group) -> bool:
    """Whether a likely sentence has by itself what several of another article have together."""
    if sentence is None or (sentence.likely or 0.0) < _SURE_OF_SENTENCE:
        return False
    elsewhere = {part.unit.provision.id for part in several.evidence}
    if any(part.unit.provision.id in elsewhere for part in sentence.evidence):
        return False
    said = " ".join(part.unit.text for part in sentence.evidence)
    return coverage(query.terms, said) >= several.score - _AS_MUCH


def _is_surer(sentence: Group, listed: Group, query: Query) -> bool:
    """Whether the scorer is sure of a sentence that is no part of the list.

    A list that governs the few words of 政府每年还得一块报什么 by its bearer alone is none of what
    was asked where a sentence says it.
    """
    if query.asks(Ask.LIST, Ask.TEXT) and not query.asks(Ask.BODY):
        return False
    top = listed.evidence[0].unit.provision.id
    ids = {top, *(part.unit.provision.id for part in listed.evidence)}
    is_part = any(part.unit.provision.id in ids for part in sentence.evidence)
    return not is_part and (sentence.likely or 0.0) >= _SURE_OF_SENTENCE


# --- by address


def addressed(scope: Scope, query: Query) -> list[Provision]:
    together = [joined(document, query.addresses) for document in scope.documents]
    if any(together):
        return [provision for provision in together if provision is not None]
    before = Address.first_words(query.text)
    resolved = [
        resolve_in_question(document, replace(address, document=""), before)
        for document in scope.documents
        for address in query.addresses
    ]
    return [provision for provision in resolved if provision is not None]


def _titles(scope: Scope, query: Query, found: list[Provision]) -> Group | None:
    """The headings of *found*, where nothing but these is asked for: 第五章的标题."""
    if not _ASKS_TITLE.search(query.core):
        return None
    headed = [p for p in found if p.heading and p.text.startswith(p.heading)]
    titles = tuple(Evidence(Unit(p, 0, len(p.heading))) for p in headed)
    return Group(scope, titles, 1.0) if titles else None


def _in_full(scope: Scope, found: list[Provision]) -> Group | None:
    evidence = [
        part for provision in found for part in in_full(_document_of(scope, provision), provision)
    ]
    return Group(scope, tuple(evidence), 1.0) if evidence else None


def _document_of(scope: Scope, provision: Provision) -> Document:
    return next(d for d in scope.documents if d.id == provision.document_id)


# --- lists


def _wants_list(query: Query) -> bool:
    if not asks_for_list(query):
        return wants_value_each(query)
    asks_one_thing = query.asks(Ask.BODY, Ask.YES_NO, Ask.DEFINITION, Ask.WHEN)
    duties = bool(query.bearers) and not of_list(query).terms and not asks_one_thing
    named = wants_headings(query) or wants_number(query) or wants_counted(query)
    return query.asks(Ask.LIST) or duties or named or wants_headed(query)


def _asks_duties_only(query: Query) -> bool:
    """Whether a post's duties are asked for and nothing else."""
    asked = of_list(query)
    others = query.asks(Ask.BODY, Ask.YES_NO, Ask.DEFINITION, Ask.WHEN, Ask.TEXT)
    return query.asks(Ask.LIST) and bool(asked.bearers) and not asked.terms and not others
