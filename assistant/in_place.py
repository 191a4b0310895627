"""One question → what answers it in each of its places.

Ways that lead to an answer, tried in this order: a provision named by its address; the list that
governs what is asked (an office's duties, the cases of a rule); the sentence that says it. A
candidate must cover the question's words, rare words above all; a question for a period, a
frequency, a sum or a date must find one, and a question about a sanction must find that sanction.
What no candidate covers is refused, and what holds the words of the question but not the thing
that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.acts import lacks_the_very_thing
from assistant.asked import (
    asks_for_list,
    of_list,
    wants_counted,
    wants_headings,
    wants_number,
    wants_value_each,
)
from assistant.attribute import lacks_what_is_asked
from assistant.bearers import ANOTHERS, fit
from assistant.beyond_search import of_known_lines
from assistant.by_address import addressed, document_of, provisions_in_full, titles
from assistant.candidates import Candidate, Finder, candidates
from assistant.counted import case_of_accident, counting_rule
from assistant.decisive import whole_list
from assistant.definitions import definition, manners
from assistant.evidence import Group, Selection
from assistant.governing import list_answer, wants_headed
from assistant.listing import is_heading
from assistant.numbered import at_an_end, numbered_item
from assistant.outline import named_by_number
from assistant.preference import (
    SURE_OF_SENTENCE,
    heard_of,
    is_overruled,
    is_preferred,
    is_surer,
    says_as_much,
    support_of,
)
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
from assistant.settling import Settle, as_found
from assistant.together import answered_together
from index.address import Level
from index.provision import Provision
from index.subjects import offices_in

#: How much worse than the best place's answer another place's may be where none was named.
_PLACES_ALIKE = 0.2
#: From this score of a sentence on a place's answer is shown whatever the best place's.
_LIKELY_ITSELF = 0.3
#: What is less likely than this and lacks what is asked for leaves it open.
DOUBTFUL = 0.3
#: How much better a sentence must cover the question than a list does, to be shown instead.
_SENTENCE_BEATS_LIST = 0.15
#: What stands around the rules: who issued them is said there, in no word for it.
_AROUND = frozenset({Level.PREFACE, Level.CLOSING})


def find(
    query: Query, finder: Finder, *, of_post: bool = False, settle: Settle = as_found
) -> Selection:
    """The evidence for *query*, asked as one thing, in each of its places.

    Args:
        query: the question.
        finder: finds what might answer it.
        of_post: whether it is about a post, of whose duties alone the answer may be.
        settle: tells what is shown of what was found and what was known before.
    """
    groups: dict[str, Group] = {}
    nearby: list[Provision] = []
    found = candidates_by_place(query, finder)
    if of_post:
        found = {place: _of_bearers(query, some) for place, some in found.items()}
    judged = {scope.place: judge(found.get(scope.place, [])) for scope in query.scopes}
    lines: set[str] = set()
    for scope in query.scopes:
        line = _of_known_lines(scope, query, finder)
        if line is not None:
            groups[scope.place] = line
            lines.add(scope.place)
            continue
        group, near = _select_in(scope, query, judged[scope.place])
        if group is not None and not _stands(query, group):
            near = [part.unit.provision for part in group.evidence[:1]]
            group = None
        if group is None:
            nearby.extend(near)
        else:
            groups[scope.place] = at_an_end(query, group)
    shown = {group.scope.place: group for group in _worthy(list(groups.values()), query)}
    open_ = [] if query.addresses else [s for s in query.scopes if s.place not in lines]
    for scope in open_:
        before = shown.pop(scope.place, None)
        group = settle(scope, query, before, finder.known(scope), judged[scope.place])
        if group is not None and group is not before and _lacks_act(query, group):
            group = before
        if group is not None:
            shown[scope.place] = group
    # of a place that nobody named it is not said that it is silent, if it only answered worse
    answered = shown if query.named_places else {**groups, **shown}
    silent = tuple(scope for scope in query.scopes if scope.place not in answered)
    in_order = tuple(shown[s.place] for s in query.scopes if s.place in shown)
    return Selection(in_order, silent, tuple(nearby[:3]))


def _of_known_lines(scope: Scope, query: Query, finder: Finder) -> Group | None:
    if query.bare_address or query.addresses or not query.named_places:
        return None
    return of_known_lines(scope, finder.known(scope), finder.index)


def _stands(query: Query, group: Group) -> bool:
    if not group.evidence or _lacks_act(query, group):
        return False
    return group.trust >= SURE_OF_SENTENCE or not lacks_what_is_asked(query, group)


def _lacks_act(query: Query, group: Group) -> bool:
    """Whether a rule is shown that has not the very act or length that is asked for."""
    units = [part.unit for part in group.evidence]
    is_rule = not all(u.provision.address.steps[0].level in _AROUND for u in units)
    return is_rule and lacks_the_very_thing(query, [unit.under_headings for unit in units])


def _of_bearers(query: Query, found: list[Candidate]) -> list[Candidate]:
    """Those of *found* that are not another's duty; all where every one is."""
    stretches = [c.stretch for c in found]
    fits = [fit(query, one.text, [one.lead, *one.above]) > ANOTHERS for one in stretches]
    return [c for c, suits in zip(found, fits, strict=True) if suits] or found


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
    said = " ".join(part.unit.under_headings for part in group.evidence)
    return not asked or bool(asked & offices_in(said))


def _select_in(
    scope: Scope, query: Query, scored: Sequence[Judged]
) -> tuple[Group | None, list[Provision]]:
    within = addressed(scope, query)
    if query.bare_address:
        found_there = within or numbered_item(scope, query)
        return titles(scope, query, found_there) or provisions_in_full(scope, found_there), []
    stated = _stated_in(scope, query, scored)
    if stated is not None:
        return stated, []
    sentence, nearby = answer_in_sentences(scope, query, scored)
    if sentence is not None:
        sentence = replace(sentence, trust=_trust(sentence, scored))
    listed = list_answer(scope, query, within) if _wants_list(query) else None
    support = None
    if listed is not None and (wants_headings(query) or _is_outline(scope, listed)):
        listed = replace(listed, is_reckoned=True)
    elif listed is not None:
        support = support_of(listed, scored)  # names alone are no candidate
    if listed is not None and support is not None:
        if sentence is not None and is_preferred(query, sentence, listed, support, scored):
            return sentence, []
        is_heard_of = max(support.whole, support.part) >= heard_of(scored)
        listed = replace(listed, trust=support.whole) if is_heard_of else None
    if listed is not None and (
        sentence is None
        or (
            listed.score >= sentence.score - _SENTENCE_BEATS_LIST
            and not is_surer(sentence, listed, query)
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
        and not says_as_much(query, sentence, several)
        and (sentence is None or several.score >= sentence.score - _SENTENCE_BEATS_LIST)
    ):
        return several, []
    if sentence is None or (sentence.likely or 1.0) < DOUBTFUL:
        return case_of_accident(scope, query) or sentence, nearby
    return sentence, nearby


def _stated_in(scope: Scope, query: Query, scored: Sequence[Judged]) -> Group | None:
    """What is known by its form (names, a definition), or by the numbers of the question."""
    names = named_by_number(scope, query)
    stated = names or definition(scope, query) or manners(scope, query)
    if stated is not None and (names or not is_overruled(stated, scored)):
        return replace(stated, is_reckoned=bool(names))
    # 郊区2起: the rule for 郊区 decides, though another counts just as many
    sure = scored[:1] if scored and scored[0][0] >= VERY_SURE and is_trusted(*scored[0]) else []
    rule = counting_rule(query, sure) or counting_rule(query, scored)
    if rule is None:
        return None
    unit, worth = rule
    return Group(scope, tuple(shown(scope, query, unit)), worth, worth, is_reckoned=True)


def _trust(sentence: Group, scored: Sequence[Judged]) -> float:
    """How likely the likeliest candidate is where it is shown."""
    likely, best = scored[0]
    shown_units = [part.unit for part in sentence.evidence]
    is_shown = best.unit in shown_units or best.evidence == sentence.evidence
    return likely if is_shown else 0.0


def _is_outline(scope: Scope, listed: Group) -> bool:
    """Whether nothing but headings is shown."""
    units = [part.unit for part in listed.evidence if not part.opens]
    return all(is_heading(document_of(scope, unit.provision), unit) for unit in units)


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
