"""Evidence → draft in the regulation's own words: each statement is a stretch of a provision."""

from __future__ import annotations

import re

from assistant.draft import Draft, DraftGroup, DraftStatement, Quote
from assistant.evidence import Evidence, Group, Selection
from assistant.library import Library
from assistant.query import Query
from assistant.standing import caution
from assistant.units import Unit
from assistant.values import values, wanted
from index.provision import ILLEGIBLE

_STOPS = "。；！？：，、"


def compose(query: Query, selection: Selection, library: Library) -> Draft:
    """The draft that says what *selection* holds, place by place."""
    several = len(selection.groups) > 1 or not query.named_places
    groups = tuple(
        DraftGroup(
            (group.scope.place or "全国") if several else "",
            tuple(_statement(evidence) for evidence in group.evidence),
        )
        for group in selection.groups
    )
    return Draft(_opening(query, selection), groups, _notices(query, selection, library))


def _statement(evidence: Evidence) -> DraftStatement:
    quote = _quote(evidence.unit)
    end = "：" if evidence.opens else "。"
    text = f"{evidence.verdict}{quote.words}{end}"
    if quote.words.endswith(("”", "）")) and evidence.unit.text.endswith(quote.words):
        text = f"{evidence.verdict}{quote.words}" if "。" in quote.words[-3:] else text
    return DraftStatement(text, (quote,), evidence.label)


def _quote(unit: Unit) -> Quote:
    """The unit's words without the stop at their end, which the statement sets itself."""
    words = unit.text.rstrip(_STOPS)
    return Quote(unit.provision, unit.start, unit.start + len(words), words)


def _opening(query: Query, selection: Selection) -> str:
    """The first lines: which post was understood, and how several places compare."""
    return "\n".join(filter(None, (_understood(query, selection), _compared(query, selection))))


def _understood(query: Query, selection: Selection) -> str:
    """Which of the regulations' posts a spoken name was taken for, where they differ."""
    shown = " ".join(e.unit.text for group in selection.groups for e in group.evidence)
    names: dict[str, list[str]] = {}
    for mention in query.bearers:
        written = next((w for w in mention.office.as_written if w in shown), "")
        if mention.words not in shown and written:
            names.setdefault(mention.words, []).append(written)
    return "".join(f"“{words}”按文件中的“{'、'.join(w)}”查。" for words, w in names.items())


def _compared(query: Query, selection: Selection) -> str:
    """How the places compare, where there are several."""
    if len(selection.groups) < 2:
        return ""
    places = "、".join(group.scope.place or "全国" for group in selection.groups)
    found = [_values_of(group, query) for group in selection.groups]
    if all(found) and len(set(found)) == 1:
        return f"{places}的规定一致，分别如下："
    if all(found) and not frozenset.intersection(*found):
        return f"{places}的规定不同，分别如下："
    return f"{places}的文件都有规定，分别如下："


def _values_of(group: Group, query: Query) -> frozenset[str]:
    """The values of the type asked for, bare of 不少于 and the like: 至少1次 is 1次."""
    kind = wanted(query.kinds)
    if kind is None:
        return frozenset()
    said = (value for e in group.evidence for value in values(kind, e.unit.text))
    return frozenset(re.sub("^(?:不少于|不低于|至少)|(?:以内|之内|内)$", "", v) for v in said)


def _notices(query: Query, selection: Selection, library: Library) -> tuple[str, ...]:
    cited = dict.fromkeys(
        e.unit.provision.document_id for group in selection.groups for e in group.evidence
    )
    judged = {e.verdict for group in selection.groups for e in group.evidence}
    said = [caution(library.document(i).metadata, query.as_of) for i in cited]
    said = [sentence for sentence in said if sentence not in judged]
    if any(ILLEGIBLE in e.unit.text for group in selection.groups for e in group.evidence):
        said.append(f"引用的原文有文字缺损，缺损处以“{ILLEGIBLE}”标出，未作补改。")
    if query.uncovered:
        said.append(f"没有收录{'、'.join(query.uncovered)}的文件，这部分无法回答。")
    if query.missing_documents:
        said.append(f"没有收录{'、'.join(query.missing_documents)}，这部分无法回答。")
    if query.named_places and selection.groups and selection.silent:
        silent = "、".join(scope.place or "全国" for scope in selection.silent)
        said.append(f"{silent}的文件中没有找到直接写明这一点的条文。")
    for place, around in query.borrowed.items():
        said.append(f"没有收录{place}自己的文件，以下是{around}的规定。")
    return tuple(dict.fromkeys(sentence for sentence in said if sentence))
