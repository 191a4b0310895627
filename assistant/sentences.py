"""The sentences of one place that say what was asked, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.asked import parts_of
from assistant.bearers import ANOTHERS, MENTIONED
from assistant.candidates import Candidate, lead_of_item
from assistant.decisive import all_bearers, prevailing, with_partner
from assistant.evidence import Evidence, Group
from assistant.governing import in_full
from assistant.known import is_asked_about
from assistant.listing import is_heading, whole_aspect
from assistant.query import Ask, Query, Scope
from assistant.scorer import ALONE, Scorer
from assistant.values import holds, values, wanted
from assistant.vetoes import CASES, REFERS_BACK, TELLING, has_what_is_asked, sanctions_asked
from index.address import Level
from index.lists import ITEMS
from index.provision import Document, Provision
from index.units import Unit, sentences, whole

#: Least probability of being right for a sentence to be shown at all; less where nothing was asked
#: before, since the trees for such places are less sure of what is right.
NEEDED, _NEEDED_ALONE = 0.2, 0.14
#: From this probability on the scorer's word counts for more than any rule here.
TRUSTED = 0.5
#: The same where nothing was asked before, of a sentence that is no opening of a list.
TRUSTED_ALONE = 0.6
#: The same for a list: a whole list is less often likely by chance.
TRUSTED_LIST = 0.5
#: More is needed where it says how often by 定期 only, or nothing of the office that is named.
_VAGUE_NEEDED, _VAGUE_NEEDED_ALONE = 0.25, 0.2
#: Another sentence of the same place is shown where it is nearly as likely as the best.
_ALIKE = 0.88
#: An item of a list of which several are shown may be so much less likely than the best.
_OF_LIST = 0.6
#: One with all that was asked and a value for it counts as at least so good.
_COMPLETE, _COMPLETE_NEEDED, _COMPLETE_SCORE = 0.95, 0.1, 0.5
#: One that says what the others leave open may be less likely.
_COMPLETING, _COMPLETING_NEEDED = 0.3, 0.2
#: The same where questions were asked before: the scorer knows better what completes.
_COMPLETING_KNOWN = 0.4
_MISSING = 0.5
#: From this on a sentence may lack what is asked about a sanction, and a number that is asked for.
VERY_SURE = 0.7
#: A sentence that lacks half of what was asked about a sanction needs to be likelier still.
_HALF = 0.55
_MOST_SENTENCES = 4
#: What stands below a heading is shown for it up to this length.
_LONGEST_PASSAGE = 600
_NEARBY_NEEDED = 0.05
#: …负责人主要职责： names what follows and says nothing of it.
_LABEL = re.compile("[^，。；]{2,30}(?:职责|责任|任务|要求|内容)[：:]?")
#: 第八条第二款, whose numbers answer nothing; and a number of things, of money or of time.
_CITES = re.compile("第[^第条款项，。；]{1,8}[条款项]")
_NUMBER = re.compile("[0-9二两三四五六七八九十百千万半]|一[个家次名人年月日天周层项倍]")
_OPENS_LIST = re.compile("(?:以下|下列|如下|具体)[^。]{0,20}")


#: A candidate with the probability that it is right.
Judged = tuple[float, Candidate]


def judge(found: Sequence[Candidate]) -> list[Judged]:
    """The candidates of a place with their probabilities, the likeliest first."""
    rows = [candidate.row for candidate in found]
    trees = Scorer.load() if any(map(is_asked_about, rows)) else Scorer.load(ALONE)
    likely = trees.probabilities(rows)
    return sorted(zip(likely.tolist(), found, strict=True), key=lambda pair: -pair[0])


def is_trusted(likely: float, candidate: Candidate) -> bool:
    """Whether the scorer's word counts for more than a rule.

    Where nothing was asked before, it does for sentences only: what opens a list of cases is likely
    for each of them (有下列行为之一的，处…罚款：), and which of them is asked for the rules tell.
    """
    unit = candidate.unit
    if not is_asked_about(candidate.row):
        return likely >= TRUSTED_ALONE and unit is not None and not opens_list(unit.text)
    if unit is None:
        of_another = candidate.row["offices"] and candidate.row["fit"] == ANOTHERS
        return likely >= (VERY_SURE if of_another else TRUSTED_LIST)
    return likely >= TRUSTED


def _may_be_exact(likely: float, candidate: Candidate) -> bool:
    """Whether it may hold the number or the sanction asked for, though no rule sees it there.

    Where nothing was asked before the scorer is sure of what speaks of the thing asked about, too:
    每吨提多少元 is not answered by 应当按照实际产量提取, where there is no number at all.
    """
    if candidate.unit is None or is_asked_about(candidate.row):
        return candidate.unit is None or likely >= VERY_SURE
    return bool(_NUMBER.search(_CITES.sub("", candidate.unit.text)))


def _is_very_sure(judged: Judged) -> bool:
    return judged[0] >= VERY_SURE and is_trusted(*judged)


def answer_in_sentences(
    scope: Scope, query: Query, scored: Sequence[Judged]
) -> tuple[Group | None, list[Provision]]:
    """The evidence in one place, or the nearest provision where nothing answers.

    Args:
        scope: the place.
        query: the question.
        scored: the place's candidates, the likeliest first.
    """
    nearby = [c.stretch.provision for p, c in scored[:1] if p >= _NEARBY_NEEDED]
    documents = {document.id: document for document in scope.documents}
    prevails = prevailing(query, scored)
    if prevails is not None:
        likely = next(p for p, c in scored if c.unit == prevails)
        return Group(scope, (Evidence(prevails),), max(likely, _COMPLETE_SCORE), likely), []
    if wanted(query.kinds) is not None or sanctions_asked(query):
        scored = _led_to_cases(scored)
    # 诫勉期间工资怎么发 names a sanction and asks for something else about it.
    open_on_sanction = query.asks(Ask.OPEN) and any(term.decides for term in query.terms)
    # a number or a sanction must be seen to be there, unless the scorer is sure
    exact = wanted(query.kinds) is not None or bool(sanctions_asked(query))
    unheard_of = names_unheard_of_sanction(scope, query)
    fitting = [
        (p, c)
        for p, c in scored
        if (is_trusted(p, c) and not unheard_of and (not exact or _may_be_exact(p, c)))
        or (
            (p >= VERY_SURE or not open_on_sanction or c.row["covered"] >= _HALF)
            and _may_answer(query, c, documents, p)
        )
    ]
    if not (fitting and _is_very_sure(fitting[0])):
        fitting = with_partner(query, fitting)
    if not fitting or not (query.terms or query.offices or is_trusted(*fitting[0])):
        return None, nearby
    if fitting[0][0] < _needed(fitting[0][1]):
        decides = _decides_of_all(query, fitting, scored)
        return (
            (Group(scope, (Evidence(decides),), NEEDED, NEEDED), []) if decides else (None, nearby)
        )
    best, first = fitting[0]
    if first.unit is None:
        return Group(scope, first.evidence, best, best), []
    if is_heading(documents[first.unit.provision.document_id], first.unit):
        passage = _below_heading(documents[first.unit.provision.document_id], first.unit)
        if passage and wanted(query.kinds) is None:
            return Group(scope, passage, best, best), []
    behind = None if _is_very_sure(fitting[0]) else _refers_back(query, first.unit, scored)
    several = all_bearers(query, scored, first.unit)
    units = several if len(several) > 1 else _chosen(query, fitting)
    chosen = [behind] if behind else _in_order(scope, units)
    told = [
        u
        for u in chosen
        if not is_heading(documents[u.provision.document_id], u) and not _LABEL.fullmatch(u.text)
    ]
    chosen = told or chosen
    if wanted(query.kinds) is None and not query.asks(Ask.BODY, Ask.YES_NO):
        chosen = [whole_aspect(unit, chosen) for unit in chosen]
    evidence = [e for unit in chosen for e in shown(scope, query, unit)]
    score = max(best, _COMPLETE_SCORE) if _is_complete(first) else best
    return Group(scope, tuple(dict.fromkeys(evidence)), score, best), []


def names_unheard_of_sanction(scope: Scope, query: Query) -> bool:
    """Whether a value is asked for of a sanction that the place's documents do not have.

    撤职的几年内不得提拔 is much like a question about 免职, and another's answer would be wrong.
    """
    texts = [document.text for document in scope.documents]
    asked = sanctions_asked(query) if wanted(query.kinds) is not None else []
    return any(max(map(term.found_in, texts), default=0.0) < 1 for term in asked)


def _below_heading(document: Document, heading: Unit) -> tuple[Evidence, ...]:
    """What stands below a heading that fits by itself: a heading alone says nothing."""
    provision = heading.provision
    headed = provision if provision.heading else document.by_id[provision.parent or ""]
    if len(headed.text) > _LONGEST_PASSAGE:
        return ()
    nodes = (headed, *document.below(headed))
    units = (unit for node in nodes for unit in sentences(node))
    return tuple(Evidence(unit) for unit in units if not is_heading(document, unit))


def _led_to_cases(scored: Sequence[Judged]) -> list[Judged]:
    """The candidates, with the case in the place of the words that open its list.

    有下列行为之一的，处…罚款： holds the sum, and one of the items below what is punished with it:
    the item answers, with those words before it.
    """
    opening = {
        candidate.unit.provision.id: likely
        for likely, candidate in scored
        if candidate.unit is not None
        and not candidate.unit.provision.is_leaf
        and CASES.search(candidate.unit.text)
    }
    best: dict[str, tuple[float, float, int]] = {}
    for n, (likely, candidate) in enumerate(scored):
        parent = candidate.unit.provision.parent if candidate.unit is not None else None
        if parent in opening:
            fits = likely + candidate.row["covered_here"] + candidate.row["soft_terms"]
            best[parent] = max(best.get(parent, (-1.0, 0.0, 0)), (fits, likely, n))
    case = {n: max(likely, opening[parent]) for parent, (_, likely, n) in best.items()}
    led = [(case.get(n, likely), candidate) for n, (likely, candidate) in enumerate(scored)]
    return sorted(led, key=lambda pair: -pair[0])


def _needed(candidate: Candidate) -> float:
    """The probability needed: less where all that was asked stands there, with a value for it."""
    row = candidate.row
    known = is_asked_about(row)
    if _is_vague(candidate) or (row["offices"] and not row["offices_around"]):
        return _VAGUE_NEEDED if known else _VAGUE_NEEDED_ALONE
    if _is_complete(candidate):
        return _COMPLETE_NEEDED
    return NEEDED if known else _NEEDED_ALONE


def _is_complete(candidate: Candidate) -> bool:
    row = candidate.row
    valued = row["needs_value"] and row["value_led"] and row["decided"] and not row["misfit"]
    return bool(valued and not _is_vague(candidate)) and row["covered"] >= _COMPLETE


def _is_vague(candidate: Candidate) -> bool:
    return bool(candidate.row["asks_frequency"] and not candidate.row["value_exact"])


def _chosen(query: Query, fitting: Sequence[tuple[float, Candidate]]) -> list[Unit]:
    """The best sentence, those as likely, and those that say what it leaves open.

    A question that asks two things (怎么申诉，期间停不停) is answered by two sentences: one that is
    less likely is shown too where it holds a word of the question that those before it lack.
    """
    best = fitting[0][0]
    chosen: list[Unit] = []
    if not _is_very_sure(fitting[0]) or any(p >= best * _ALIKE for p, _ in fitting[1:2]):
        of_value = _of_claimed_value(query, fitting)
        decides = of_value or (_deciding(query, fitting) if query.asks(Ask.YES_NO) else None)
        if decides is not None:
            return [decides]
    asks_who = query.asks(Ask.BODY) and not parts_of(query)  # one sentence names him
    least = _COMPLETING_KNOWN if is_asked_about(fitting[0][1].row) else _COMPLETING_NEEDED
    for likely, candidate in fitting:
        unit = candidate.unit
        if unit is None:
            continue
        alike = likely >= (max(best * _ALIKE, NEEDED) if chosen else best)
        alike = alike or _completes_list(likely, candidate, fitting[0], chosen)
        if len(chosen) >= _MOST_SENTENCES:
            # of a list that is sure, the fifth case belongs to it as the first four
            if alike and likely >= TRUSTED and len({_list_of(u) for u in (*chosen, unit)}) == 1:
                chosen.append(unit)
            continue
        completing = likely >= max(best * _COMPLETING, least)
        if alike or (completing and not asks_who and _completes(query, unit, chosen)):
            chosen.append(unit)
    return chosen


def _completes_list(
    likely: float, candidate: Candidate, best: Judged, chosen: Sequence[Unit]
) -> bool:
    """Whether it is of the list that all of several *chosen* are of, and as many were shown it.

    Of a question that other items answered, known questions say that this one answers it as well.
    """
    if candidate.unit is None or likely < _OF_LIST * best[0] or not is_asked_about(candidate.row):
        return False
    lists = {_list_of(unit) for unit in (*chosen, candidate.unit)}
    votes = best[1].row["known_votes"]
    return len(chosen) > 1 and len(lists) == 1 and 0 < votes <= candidate.row["known_votes"]


def _list_of(unit: Unit) -> str:
    """The provision that the unit is an item of, or a clause."""
    is_item = unit.provision.level in ITEMS
    return (unit.provision.parent if is_item else None) or unit.provision.id


def _of_claimed_value(query: Query, fitting: Sequence[Judged]) -> Unit | None:
    """The sentence that says how often, where the question claims how often and the best does not.

    一年查一次就行了吧 is decided by …不少于2次, and not by what else the post has to do.
    """
    if not query.asks(Ask.YES_NO) or wanted(query.kinds) is not None:
        return None
    best = fitting[0][1].unit
    if best is None or not values(Ask.FREQUENCY, query.core) or values(Ask.FREQUENCY, best.text):
        return None
    likely = max(fitting[0][0] * _COMPLETING, NEEDED)
    others = (c.unit for p, c in fitting[1:] if c.unit is not None and p >= likely)
    return next((unit for unit in others if values(Ask.FREQUENCY, unit.text)), None)


def _deciding(query: Query, fitting: Sequence[tuple[float, Candidate]]) -> Unit | None:
    """The sentence beside the best that holds what is doubted, which the best lacks; or None.

    申诉期间，不停止…执行 decides whether an appeal stays the decision, not the right to appeal.
    """
    best = fitting[0][1].unit
    for likely, candidate in fitting[1:]:
        unit = candidate.unit
        if unit is None or best is None:
            continue
        # of another provision only where it has all that is asked about, and the best nothing
        has_all = candidate.row["covered"] >= _COMPLETE and not fitting[0][1].row["covered"]
        is_near = unit.provision == best.provision or has_all
        if not is_near or likely < (_COMPLETE_NEEDED if has_all else _NEEDED_ALONE):
            continue
        lacking = [t for t in query.terms if not t.decides and t.found_in(best.text) < _MISSING]
        more = candidate.row["covered"] > fitting[0][1].row["covered"]
        if more and any(t.weight >= TELLING and t.found_in(unit.text) == 1 for t in lacking):
            return unit
    return None


def _refers_back(
    query: Query, best: Unit, scored: Sequence[tuple[float, Candidate]]
) -> Unit | None:
    """What decides a yes-or-no question of the things that *best* names: 以上方式，…可合并使用."""
    if not query.asks(Ask.YES_NO):
        return None
    lacking = [t for t in query.terms if not t.decides and t.found_in(best.text) < _MISSING]
    doubted = [term for term in lacking if term.weight >= TELLING]
    for _, candidate in scored:
        unit = candidate.unit
        if unit is None or unit.provision.parent != best.provision.parent:
            continue
        if REFERS_BACK.match(unit.text) and any(t.found_in(unit.text) == 1 for t in doubted):
            return unit
    return None


def _decides_of_all(
    query: Query, fitting: Sequence[Judged], scored: Sequence[Judged]
) -> Unit | None:
    """What decides of the things that a likely sentence names, where both say all that is asked.

    Neither alone does (通报和停职检查能不能一起用), so neither is likely.
    """
    for likely, candidate in fitting:
        if likely < _NEARBY_NEEDED or candidate.unit is None:
            continue
        behind = _refers_back(query, candidate.unit, scored)
        both = f"{candidate.unit.text} {behind.text if behind else ''}"
        if behind and all(term.found_in(both) == 1 for term in query.terms):
            return behind
    return None


def _completes(query: Query, unit: Unit, chosen: Sequence[Unit]) -> bool:
    said = " ".join(other.text for other in chosen)
    return any(
        term.weight >= TELLING and term.found_in(unit.text) == 1 and term.found_in(said) < _MISSING
        for term in query.terms
    )


def _may_answer(
    query: Query, candidate: Candidate, documents: dict[str, Document], likely: float
) -> bool:
    if candidate.unit is None:
        others = query.bearers and candidate.row["fit"] in (ANOTHERS, MENTIONED)
        return wanted(query.kinds) is None and not others
    document = documents[candidate.unit.provision.document_id]
    return has_what_is_asked(query, candidate.unit, document, likely)


def _in_order(scope: Scope, units: Iterable[Unit]) -> Sequence[Unit]:
    place = {document.id: n for n, document in enumerate(scope.documents)}
    return sorted(
        units, key=lambda u: (place[u.provision.document_id], u.provision.start + u.start)
    )


def opens_list(text: str) -> bool:
    """Whether *text* only says that a list follows."""
    return text.endswith(("：", "包括")) or bool(_OPENS_LIST.search(text))


def shown(scope: Scope, query: Query, unit: Unit) -> Iterator[Evidence]:
    """The unit; where it only opens a list, the list with it."""
    provision = unit.provision
    document = next(d for d in scope.documents if d.id == provision.document_id)
    opens = opens_list(unit.text) or query.asks(Ask.LIST)
    if query.asks(Ask.BODY, Ask.YES_NO) and not query.asks(Ask.LIST):
        opens = False  # who presides is said by the words that open the list of his duties
    if opens and not provision.is_leaf and unit.end >= len(provision.lead):
        yield from in_full(document, provision)
        return
    lead = lead_of_item(provision, document)
    need = wanted(query.kinds)
    in_lead = [t for t in sanctions_asked(query) if t.found_in(lead) > t.found_in(unit.text)]
    valued = need is not None and not holds(need, unit.text, query.core)
    if lead and (valued or ((need is not None or in_lead) and CASES.search(lead))):
        parent = document.by_id[provision.parent or ""]
        yield Evidence(whole(parent), opens=True)
        yield Evidence(unit, provision.label)
        return
    yield Evidence(unit)
    if opens and provision.level is Level.PARAGRAPH and provision.parent is not None:
        for item in _items_behind(document, provision):
            yield from in_full(document, item)


def _items_behind(document: Document, paragraph: Provision) -> Iterator[Provision]:
    """The items that stand right behind a paragraph and that it opens."""
    siblings = [document.by_id[i] for i in document.by_id[paragraph.parent or ""].children]
    for sibling in siblings[siblings.index(paragraph) + 1 :]:
        if sibling.level is Level.PARAGRAPH:
            if sibling.text.endswith("："):
                continue
            return
        yield sibling
