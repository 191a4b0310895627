"""What a document's letterhead, signature and imprint say of it: who issued it, when, its number.

They are no rules, so no search finds them; a question for them is answered from where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.evidence import Evidence, Group, Selection
from assistant.query import Query, Scope
from assistant.standing import chinese_date
from assistant.units import whole
from index.address import Level, canonical_number
from index.provision import Authority, Document, Provision

#: Ways to say that a document was issued, and gaps within a clause.
_ISSUED = "(?:印发|发布|颁布|制定|出台|下发|公布|签发|发文|发出|发的|印的|出的|定的)"
_GAP = "[^，。？?,.]{0,5}"
_BODY = "(?:谁|(?:哪一?[个家级]|哪些?|什么)(?:机关|部门|单位|机构|委员会|办公室)|哪一?[个家级])"
_TIME = "(?:什么时候|啥时候|何时|哪[天年月日]|哪一[天年日]|几[月号日])"
_ISSUER = re.compile(
    rf"{_BODY}{_GAP}{_ISSUED}|{_ISSUED}\s?的?(?:是|\s)?{_BODY}|{_ISSUED}的?(?:机关|单位|部门|主体)"
)
_DATE = re.compile(rf"{_TIME}{_GAP}{_ISSUED}|{_ISSUED}\s?的?(?:{_TIME}|日期|时间)|成文日期")
_NUMBER = re.compile("文号|发文字号|文件编?号|第?几号文|几号令")
_PUBLIC = re.compile(
    "公开方式|公开属性|公开类别|密级|涉密|保密"
    "|(?:能|可|可以|能不能|可不可以|是否|是不是|会不会|允许)(?:对外|向外|向社会)?公开"
    "|公开的?(?:吗|还是|不公开|没有)|不公开"
)
_SAYS_PUBLIC = re.compile(
    "公开方式|公开属性|公开类别|密级|^[（(]?(?:此件)?(?:不予|主动|依申请)?(?:不?公开)(?:发布)?[）)]?$"
)


def front_matter(query: Query) -> Selection | None:
    """The lines that say what is asked of the documents themselves; None where none does."""
    find = _wanted(query.text)
    if find is None:
        return None
    groups, silent = [], []
    for scope in query.scopes:
        evidence = tuple(_evidence(scope, find))
        if evidence:
            groups.append(Group(scope, evidence, 1.0))
        else:
            silent.append(scope)
    return Selection(tuple(groups), tuple(silent)) if groups else None


def _wanted(text: str) -> Callable[[Document], list[Provision]] | None:
    for asked, find in (
        (_PUBLIC, _publicness),
        (_NUMBER, _number),
        (_ISSUER, _signature),
        (_DATE, _date),
    ):
        if asked.search(text):
            return find
    return None


def _evidence(scope: Scope, find: Callable[[Document], list[Provision]]) -> Iterator[Evidence]:
    for document in scope.documents:
        if document.metadata.authority is Authority.PRESS_REPORT:
            continue  # its head is the newspaper's, not the regulation's
        yield from (Evidence(whole(provision)) for provision in find(document))


def _lines(document: Document) -> list[Provision]:
    """The paragraphs before the first numbered part and behind the last."""
    outside = {Level.PREFACE, Level.CLOSING}
    return [
        provision
        for provision in document.provisions
        if provision.parent and document.by_id[provision.parent].level in outside
    ]


def _publicness(document: Document) -> list[Provision]:
    return [line for line in _lines(document) if _SAYS_PUBLIC.search(line.lead.strip())][:1]


def _number(document: Document) -> list[Provision]:
    number = document.metadata.number
    if not number:
        return []
    return [
        line
        for line in _lines(document)
        if number in line.lead or (canonical_number(line.lead) or "").endswith(number)
    ][:1]


def _signature(document: Document) -> list[Provision]:
    """The issuers' names where they sign, with the date below them."""
    issuers = [name for name in (document.metadata.issuer or "").split("、") if name]
    lines = _lines(document)
    signed = [
        next((line for line in reversed(lines) if line.lead.strip() == name), None)
        for name in issuers
    ]
    found = [line for line in signed if line is not None]
    if len(found) < len(issuers):
        return []
    return [*found, *_date(document)]


def _date(document: Document) -> list[Provision]:
    issued = document.metadata.issued_on
    if issued is None:
        return []
    day = chinese_date(issued)
    dated = [line for line in _lines(document) if day in line.lead.replace(" ", "")]
    alone = [line for line in dated if line.lead.strip() == day]
    return (alone or dated)[:1]
