"""Evidence → draft in the regulation's own words: each statement is a stretch of a provision,
or follows from one by reckoning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from assistant.compose.leads import with_leads
from assistant.compose.notices import gaps, notices
from assistant.compose.opening import opening
from assistant.conclusions import asserts, conclusions, contradict, is_late
from assistant.draft import Draft, DraftGroup, DraftStatement, Quote
from assistant.evidence import Evidence, Group, Selection
from assistant.library import Library
from assistant.query import Ask, Query
from assistant.references import explanation, references
from assistant.terms import coverage
from index.subjects import offices_in
from index.units import Unit, sentences, whole

_STOPS = "。；！？：，、"
#: More sentences than these are a list: nothing is reckoned from one of them.
_FEW = 3
#: Of what kind of thing all are asked for: 哪些人员.
_OF_KIND = re.compile(r"哪(?:些|几[类种个家])(?P<kind>[\u4e00-\u9fff]{2})")
#: The share of the question that the opening words of a list cover when they are the answer.
_SAYS_IT = 0.9
#: A provision pointed to is quoted where it is no longer than this, else named.
_SHORT = 80
#: In an answer this points at a citation: a note's mark in the text is written another way.
_NUMBER = re.compile(r"\[(\d+)\]")
_IF_LATE = re.compile("逾期|过期|超过|未按|未在")
#: 不报会怎样 behind 最晚哪天报 asks for the sentence that stands behind the last day.
_ASKS_IF_NOT = re.compile(
    "(?:不|没|没有|晚)[^，,。？?不没]{1,4}(?:会|又|要|算)?(?:怎|咋|如何|什么后果|啥后果)"
)
#: What a row of a table holds at most.
_ROW_STATEMENTS, _ROW_LENGTH = 2, 150


def compose(query: Query, selection: Selection, library: Library) -> Draft:
    """The draft that says what *selection* holds, place by place."""
    # where a place that was named has no answer, the one that has says whose answer it is
    one_of_several = bool(selection.silent or query.uncovered)
    several = len(selection.groups) > 1 or not query.named_places or one_of_several
    groups = tuple(
        DraftGroup(
            (group.scope.place or "全国") if several else "",
            tuple(_statements(query, group, library)),
        )
        for group in selection.groups
    )
    silent = tuple(scope.place or "全国" for scope in selection.silent)
    return Draft(
        opening(query, selection),
        groups,
        notices(query, selection, library),
        gaps(query, selection),
        in_table=query.asks(Ask.COMPARE) and len(groups) > 1 and all(map(_fits_row, groups)),
        silent=silent if query.named_places else (),
    )


def _statements(query: Query, group: Group, library: Library) -> Iterator[DraftStatement]:
    evidence = with_leads(query, _only_opening(query, group.evidence), library)
    concluded = _concluded(query, evidence)
    judged = any(part.verdict for part in evidence)  # what a text is worth comes before its words
    yield from () if judged else concluded
    for part in evidence:
        yield _statement(part)
        late = any(is_late(s.text) and _quote(part.unit) in s.quotes for s in concluded)
        if late or _ASKS_IF_NOT.search(query.core):
            yield from map(_statement, _if_late(part.unit))
    yield from concluded if judged else ()
    if len(evidence) <= _FEW:
        yield from _explained(evidence, library)


def _only_opening(query: Query, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Of a list whose opening words alone say who it is, those; else all of *evidence*."""
    openings = tuple(takewhile(_opens, evidence))
    if not _asks_who(query) or len(evidence) < 2 or not openings:
        return evidence
    if not (query.terms or _offers_posts(query) or query.asks(Ask.BODY)):
        return evidence  # 不归他管吧: that a heading names the post says nothing of it
    words = openings[-1].unit.text
    of_kind = _OF_KIND.search(query.core)
    if of_kind and re.search(f"(?:下列|以下)[^，。；]*{of_kind['kind']}", words):
        return evidence  # 对下列公职人员进行监察： says nothing of which 人员
    posts = offices_in(words)
    asked = {mention.office.id for mention in query.offices if not mention.office.general}
    covered = coverage(query.terms, words) >= _SAYS_IT if query.terms else bool(asked & posts)
    return _naming(query, openings) if posts and covered else evidence


def _naming(query: Query, openings: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Of opening words of several sentences the one that names him, without what it opens."""
    if len(openings) > 1 and openings[-1].unit.text.endswith("："):
        return openings[-1:]  # the heading above names the post once more
    told = sentences(openings[-1].unit.provision)
    told = [s for s in told if s.end <= openings[-1].unit.end and offices_in(s.text)]
    if len(openings) > 1 or len(told) != 1 or told[0].text == openings[-1].unit.text:
        return openings
    return (Evidence(told[0]),)


def _asks_who(query: Query) -> bool:
    """Whether the answer is a post, asked for (谁) or offered (书记还是区长)."""
    asked = query.asks(Ask.BODY) or _offers_posts(query) or asserts(query.text)
    return asked and not query.asks(Ask.LIST)


def _offers_posts(query: Query) -> bool:
    return len(query.offices) > 1 and "还是" in query.text


def _opens(evidence: Evidence) -> bool:
    return evidence.opens or evidence.unit.text.endswith("：")


def _concluded(query: Query, evidence: Iterable[Evidence]) -> list[DraftStatement]:
    """What follows from the question and each sentence; nothing where they contradict."""
    units = [part.unit for part in evidence if not part.opens]
    if len(units) > _FEW:
        return []
    said = {
        sentence: DraftStatement(sentence, (_quote(unit),))
        for unit in units
        for sentence in conclusions(query.text, _quote(unit).words, query.as_of)
    }
    return [] if contradict(said) else list(said.values())


def _if_late(unit: Unit) -> Iterator[Evidence]:
    """The sentence behind a last day that says what holds when it has passed."""
    for sentence in sentences(unit.provision):
        if sentence.start >= unit.end and _IF_LATE.match(sentence.text):
            yield Evidence(sentence)
            return


def _explained(evidence: tuple[Evidence, ...], library: Library) -> Iterator[DraftStatement]:
    """What 前款 and the like mean: the words pointed to where they are few, else their address."""
    shown = {part.unit.provision.id for part in evidence}
    for part in evidence:
        provision, quote = part.unit.provision, _quote(part.unit)
        document = library.document(provision.document_id)
        for reference in references(document, provision, quote.words):
            target = reference.target
            if not reference.is_relative or target.id in shown:
                continue
            shown.add(target.id)
            if len(target.text) <= _SHORT:
                yield _statement(Evidence(whole(target), f"（{reference.words}）"))
            else:
                yield DraftStatement(explanation(reference), (quote,))


def _statement(evidence: Evidence) -> DraftStatement:
    quote = _quote(evidence.unit)
    end = "：" if _opens(evidence) else "。"
    words = _NUMBER.sub(r"〔\1〕", quote.words)
    text = f"{evidence.verdict}{words}{end}"
    if quote.words.endswith(("”", "）")) and evidence.unit.text.endswith(quote.words):
        text = f"{evidence.verdict}{words}" if "。" in quote.words[-3:] else text
    return DraftStatement(text, (quote,), evidence.label)


def _quote(unit: Unit) -> Quote:
    """The unit's words without the stop at their end, which the statement sets itself."""
    words = unit.text.rstrip(_STOPS)
    return Quote(unit.provision, unit.start, unit.start + len(words), words)


def _fits_row(group: DraftGroup) -> bool:
    lengths = [len(statement.text) for statement in group.statements]
    return 0 < len(lengths) <= _ROW_STATEMENTS and sum(lengths) <= _ROW_LENGTH
