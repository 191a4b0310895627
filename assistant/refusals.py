"""What a refusal says: one sentence on what is not there, one on what is covered and to try."""

from __future__ import annotations

from dataclasses import replace

from assistant.echo import echoed
from assistant.evidence import Selection
from assistant.library import Library
from assistant.locate import resolve_in_question
from assistant.models import Reason
from assistant.query import Query
from assistant.standing import titled
from index.address import Address, Level
from index.numerals import to_chinese
from index.provision import Document

#: How many documents a refusal names as lacking a provision.
_MOST_DOCUMENTS = 2


def refusal(reason: Reason, query: Query, selection: Selection | None, library: Library) -> str:
    """The text of a refusal for *reason*."""
    if reason is Reason.PERSONAL_DATA:
        return (
            "这里不提供、也不处理个人信息（姓名、电话、邮箱、证件号码等）。"
            "请只问文件中的职责和规定；举报安全隐患可拨打当地公布的安全生产热线。"
        )
    if reason is Reason.UNCLEAR:
        return "没有看出要问什么。请写出地方和事项，例如“常州受到诫勉处理多久不得提拔”。"
    covered = places_covered(library)
    if reason is Reason.JURISDICTION_NOT_COVERED:
        return (
            f"没有收录{'、'.join(query.uncovered)}的文件，不能用其他地方的规定代替。"
            f"{covered}请换成这些地方，或向当地有关部门核实。"
        )
    if reason is Reason.OUT_OF_SCOPE:
        return f"收录的文件不涉及这个问题。这里只回答安全生产责任方面的规定，{covered}"
    return f"{_what_is_missing(query, library)}{_nearby(selection, library)}{covered}"


def places_covered(library: Library) -> str:
    """The places that *library* has documents of, as a sentence."""
    places = dict.fromkeys(d.metadata.jurisdiction or "全国" for d in library.documents)
    return f"已收录：{'、'.join(places)}。"


def _what_is_missing(query: Query, library: Library) -> str:
    if query.missing_documents:
        missing = "、".join(map(echoed, query.missing_documents))
        return f"没有收录{missing}，无法引用原文。"
    absent = _absent_addresses(query)
    if absent:
        return absent
    places = "、".join(scope.place or "全国" for scope in query.scopes)
    where = f"{places}的" if query.named_places and places else ""
    is_told = query.about_asker or query.is_completed
    read = f"按“{echoed(query.read_as)}”理解，" if is_told else ""
    lacking = f"没有收录{'、'.join(query.uncovered)}的文件。" if query.uncovered else ""
    return f"{lacking}{read}收录的{where}文件没有写到所问的内容，因此不作回答。"


def _absent_addresses(query: Query) -> str:
    """Which provisions that were named do not exist, document by document; empty if all do."""
    documents = [document for scope in query.scopes for document in scope.documents]
    return "".join(absent_addresses(query, d) for d in documents[:_MOST_DOCUMENTS])


def absent_addresses(query: Query, document: Document) -> str:
    """Which provisions that were named *document* does not have; empty if it has all."""
    before = Address.first_words(query.text)
    absent = [
        Address(address.steps)
        for address in query.addresses
        if resolve_in_question(document, replace(address, document=""), before) is None
    ]
    if not absent:
        return ""
    return f"{titled(document.metadata)}{_extent(document)}没有{'、'.join(map(str, absent))}。"


def _extent(document: Document) -> str:
    articles = [p for p in document.provisions if p.level is Level.ARTICLE]
    if not articles:
        return "不分条，"
    return f"共{to_chinese(len(articles))}条，"


def _nearby(selection: Selection | None, library: Library) -> str:
    if selection is None or not selection.nearby:
        return ""
    places = {
        f"{titled(library.document(p.document_id).metadata)}{p.address}": None
        for p in selection.nearby
    }
    return f"内容较近、但没有回答这个问题的条款有：{'、'.join(places)}。"
