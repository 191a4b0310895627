"""What is said aloud about the evidence: that a text does not bind, that half is not covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.echo import echoed
from assistant.evidence import Selection
from assistant.library import Library
from assistant.numbered import joined
from assistant.query import Query
from assistant.refusals import absent_addresses
from assistant.standing import caution, titled
from index.provision import ILLEGIBLE, Metadata

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|\D|$)")


def notices(query: Query, selection: Selection, library: Library) -> tuple[str, ...]:
    """The sentences that stand before the substance."""
    evidence = [e for group in selection.groups for e in group.evidence]
    cited = dict.fromkeys(e.unit.provision.document_id for e in evidence)
    documents = [library.document(i).metadata for i in cited]
    judged = {e.verdict for e in evidence}
    said = [caution(metadata, query.as_of) for metadata in documents]
    said = [sentence for sentence in said if sentence not in judged]
    if any(ILLEGIBLE in e.unit.text for e in evidence):
        said.append(f"引用的原文有文字缺损，缺损处以“{ILLEGIBLE}”标出，未作补改。")
    answered = {group.scope.place for group in selection.groups}
    for place, around in query.borrowed.items():
        follows = f"，以下是{around}的规定" if around in answered else ""
        said.append(f"没有收录{place}自己的文件{follows}。")
    said.extend(_other_years(query, documents))
    return tuple(dict.fromkeys(sentence for sentence in said if sentence))


def gaps(query: Query, selection: Selection) -> tuple[str, ...]:
    """The sentences behind the substance: what of the question the answer leaves out."""
    return tuple(dict.fromkeys(_not_covered(query, selection)))


def _not_covered(query: Query, selection: Selection) -> Iterator[str]:
    if query.leaves_out_contact:
        yield "联系方式等个人信息，这里不提供，这部分不作回答。"
    if query.uncovered:
        yield f"没有收录{'、'.join(query.uncovered)}的文件，这部分无法回答。"
    if query.missing_documents:
        missing = "、".join(map(echoed, query.missing_documents))
        yield f"没有收录{missing}，这部分无法回答。"
    if query.named_places and selection.groups and selection.silent:
        silent = "、".join(scope.place or "全国" for scope in selection.silent)
        yield f"{silent}的文件中没有找到直接写明这一点的条文。"
    yield from _absent(query, selection)
    if selection.unanswered:
        asked = "、".join(f"“{echoed(words)}”" for words in selection.unanswered)
        yield f"所问的{asked}，收录的文件中没有找到写明的条文，这部分无法回答。"


def _absent(query: Query, selection: Selection) -> Iterator[str]:
    """Provisions that were named beside others and do not exist: 第二十六条和第五十条."""
    if len(query.addresses) < 2 or query.missing_documents:
        return
    for group in selection.groups:
        cited = {part.unit.provision.document_id for part in group.evidence}
        for document in group.scope.documents:
            if document.id in cited and joined(document, query.addresses) is None:
                yield absent_addresses(query, document)


def _other_years(query: Query, documents: Iterable[Metadata]) -> Iterator[str]:
    """Years of the question outside the term of a cited text that is for certain years only."""
    asked = sorted({int(year) for year in _YEAR.findall(query.text)})
    for metadata in documents:
        if metadata.expires_on is None or metadata.effective_on is None:
            continue
        first, last = metadata.effective_on.year, metadata.expires_on.year
        outside = "、".join(f"{year}年" for year in asked if not first <= year <= last)
        if outside:
            term = f"{first}年" if first == last else f"{first}年至{last}年"
            yield f"{titled(metadata)}只管{term}，{outside}的情况没有收录，无法回答。"
