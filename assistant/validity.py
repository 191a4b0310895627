"""Questions about the documents themselves: is it in force, since when, which one is a draft.

They are answered from what is known about a document, with the sentence that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache

from assistant.colophon import of_colophon
from assistant.evidence import Evidence, Group, Selection
from assistant.query import Ask, Query, Scope
from assistant.standing import (
    sentence_of_standing,
    verdict,
    words_about_documents,
    words_of_standing,
)
from index.lexical import simplify
from index.provision import Authority, Document, Metadata, Standing

#: A word of so many characters may leave some of a name out.
_SHORT = 3
Kind = Callable[[Metadata, date], bool]


def _is_not_yet_in_force(metadata: Metadata, day: date) -> bool:
    return metadata.begins_after(day) or metadata.standing_on(day) is Standing.DRAFT


def _has(standing: Standing) -> Kind:
    return lambda metadata, day: metadata.standing_on(day) is standing


#: A word this heavy asks for something, unless it is one of the document's own names.
_TELLING = 0.55
#: The same where a day or a length is asked for: 许可证管几年 asks for none of the document's.
_TELLING_OF_TIME = 0.3
#: What people call the kinds of document, the most telling first.
_KINDS: tuple[tuple[str, Kind], ...] = (
    (
        "报道|报纸|新闻|媒体|(?:不是|并非|非)(?:正式)?(?:原文|原件|文件|规定)",
        lambda m, _: m.authority is Authority.PRESS_REPORT,
    ),
    (
        "征求意见|草案|草稿|讨论稿|(?:没|未|没有|不)(?:正式)?(?:生效|定稿|定下来|印发)",
        _is_not_yet_in_force,
    ),
    ("过期|过了期|失效|到期|作废|(?<=不再)(?:有效|管用)", _has(Standing.LAPSED)),
    ("废止|取代", _has(Standing.SUPERSEDED)),
    (
        "(?:只能|仅供|只供)参考|(?:不能|不可以|不得)(?:当|作为?|用作)[^，。？]{0,4}依据|不算数|不作数",
        lambda m, day: not m.binds_on(day),
    ),
    ("现行|有效|生效|管用", lambda m, day: m.binds_on(day)),
)
#: A character within a clause, and one that ends it; questions come with half-width marks.
_IN, _OUT = "[^，。？?,.]", "[，。？?,.]"
#: 哪些文件现行有效: nothing but the documents and their kind.
_ALL_OF_KIND = re.compile(
    rf"(?:现在|目前|那)?哪{_IN}{{0,2}}(?:文件|材料|份|稿)(?:现在|目前|是|还|都)*"
    rf"(?:{'|'.join(words for words, _ in _KINDS)})+的?[吗呢了]?[？?。]?"
)
_TIME = "(?:什么时候|啥时候|何时|哪[天年月日]|哪一[天年日]|几[月号日]|日期|哪年哪月)"
_BEGINS = re.compile(
    rf"{_TIME}{_IN}{{0,6}}(?:施行|生效|实施|执行|算数|作数)|(?:施行|生效|实施|执行)的?{_TIME}"
)
_ENDS = re.compile(
    rf"{_TIME}{_IN}{{0,6}}(?:废止|失效|到期|作废|过期|停用)|(?:废止|失效|到期)的?{_TIME}"
    r"|有效期|(?:管|有效|施行|执行|(?<!引)能?用|实施)(?:到|多久|几年|多少年|多长|多少个?月)"
)
#: 许可证有效期几年 is asked of what a document grants, though it be the document's own name.
_OF_LICENCE = re.compile(
    r"[证照]书?(?:的|一般|通常|\s)*(?:(?:能|可以)?(?:管|用)|有效|有几年|多久|几年)"
)

#: What is spoken of is a document, though it is not named: 哪几份, 现行的是哪些.
_OF_DOCUMENTS = re.compile("文件|材料|资料|文本|稿|份|草案|征求意见|生效|现行|废止")
_PLURAL = "(?:哪些|哪几|什么|啥|多少|几)"
_HOLDINGS = "(?:文件|材料|资料|文档)"
_HAVE = "(?:有|是|收录?了?|包[括含])"
#: Nothing but which documents there are: 你们收录了哪些文件, 文件都有哪些.
_LISTS = re.compile(
    r"(?:请问|你们?|您|咱们|系统|文件库|库|这里|这儿|这边|手[上头]|里面?|现在|目前|一共|总共|共|都|能|可以|[查看问到]|已经?|的|\s)*"
    rf"(?:{_HAVE}*{_PLURAL}[份个]?(?:(?:地方|城市|地区)的?)?{_HOLDINGS}(?:都?有)?"
    rf"|(?:收录了?的?)?(?:全部|所有)?的?{_HOLDINGS}都?{_HAVE}+{_PLURAL}[份个]?)"
    r"(?:可[查看问]|可以[查看问])?[吗呢啊呀了\s。？?]*"
)

#: What a text that does not bind is no good for: 能拿来追责吗.
_USED = re.compile(
    "(?:能|可以)(?:不能|不可以|否)?(?:直接|现在|马上)?(?:拿|用)(?:来|去|它|这个|这份|着)"
)
_PAPER = re.compile("文件|通知|稿|规定|意见|办法|清单|材料|东西|那[个份]|这[个份]")
#: Another text than the document itself: what it cites, or what it was made from.
_ANOTHER = re.compile(
    "引用|(?:依据|根据|参照|参考|照着)的|改(?:的|出来|自|成)|修订|底子|[上前老旧]一?[个份]?版|原来的"
)


def about_documents(query: Query) -> Selection | None:
    """The evidence on documents themselves, where nothing else is asked; else None.

    Where the document does not say since when it holds, or until when, nothing is selected.
    """
    if _LISTS.fullmatch(query.core) and not query.addresses:
        return _selection(query, lambda _: True)
    kind = _which(query.text)
    if kind is not None:
        return _selection(
            query,
            lambda document: kind(document.metadata, query.as_of),
            refuse=asks_which_documents(query.core),
        )
    if _asks_whether_usable(query):
        return _selection(query, lambda _: True)
    if query.bare_address:
        return None
    only_standing = (
        bool(query.named_places)
        and not query.addresses
        and asks_only_standing(query.core, map(_names, _documents(query)))
    )
    if not (only_standing or asks_only_about(query)):
        return None
    kinds = _kinds_named(query.text) if "哪" in query.text and not query.named_places else []
    if kinds and query.asks(Ask.STANDING):
        return _selection(query, lambda d: any(k(d.metadata, query.as_of) for k in kinds))
    if query.named_places and not only_standing:
        stated = of_colophon(query)
        if stated is not None:
            return stated
    asks_how_long = query.asks(Ask.PERIOD)  # 公开征求意见不少于几天 asks for no standing
    if not (
        only_standing
        or (query.asks(Ask.STANDING) and not asks_how_long)
        or (_asks_since_or_until(query) and asks_only_about(query, _TELLING_OF_TIME))
    ):
        return None
    named = [t.word for t in query.terms if any(t.word in _names(d) for d in _documents(query))]
    return _selection(
        query,
        lambda d: (
            all(word in _names(d) for word in named)
            and (only_standing or _is_known(query, d.metadata))
        ),
        refuse=True,
    )


def asks_which_documents(text: str) -> bool:
    """Whether *text* by itself asks which documents there are, or which of them hold.

    >>> asks_which_documents("哪份文件还没生效"), asks_which_documents("哪份文件规定了约谈")
    (True, False)
    """
    if _LISTS.fullmatch(text):
        return True
    if "哪" not in text or not _OF_DOCUMENTS.search(text):
        return False
    return _which(text) is not None or bool(_ALL_OF_KIND.fullmatch(text))


def asks_only_standing(text: str, names: Iterable[str]) -> bool:
    """Whether *text* asks nothing but whether documents hold, or are the text itself.

    Whatever is left of it without the words for that, for documents and for time must be short for
    one of their *names*.

    >>> asks_only_standing("2017年的安全生产工作意见,今天还有效吗?", ["2017年安全生产工作意见"])
    True
    >>> asks_only_standing("这份意见由谁执行?", ["2017年安全生产工作意见"])
    False
    """
    names = list(names)
    rest = _pattern("asked").sub("|", text)
    if rest == text:
        return False
    pieces = re.split(
        "[|，。？！、：；“”《》（）,.?!:;\"'()\\s]+", _pattern("about").sub("|", rest)
    )
    left = (word for piece in pieces for word in _pattern("beside").split(piece))
    telling = [word for word in left if word and not word.isdecimal()]
    return all(any(_is_short_for(word, name) for name in names) for word in telling)


def asks_only_about(query: Query, telling_from: float = _TELLING) -> bool:
    """Whether every word of weight is one of a document's names, or a word for a document.

    Args:
        query: the question.
        telling_from: the weight from which on a word asks for something, 0 to 1.
    """
    if _ANOTHER.search(query.core):
        return False
    titles = [_names(document) for document in _documents(query)]
    words = words_about_documents()
    telling = [term.word for term in query.terms if term.weight > telling_from]
    telling += [mention.words for mention in query.offices]
    return all(word in words or any(word in title for title in titles) for word in telling)


def _asks_whether_usable(query: Query) -> bool:
    """Whether it is asked if texts may be used for something, of which none binds."""
    if not (query.named_places and _USED.search(query.core) and _PAPER.search(query.core)):
        return False
    return not any(d.metadata.binds_on(query.as_of) for d in _documents(query))


def _asks_since_or_until(query: Query) -> bool:
    asks = _BEGINS.search(query.text) or _ENDS.search(query.text)
    return bool(asks and not _OF_LICENCE.search(query.text))


def _documents(query: Query) -> list[Document]:
    return [document for scope in query.scopes for document in scope.documents]


def _is_known(query: Query, metadata: Metadata) -> bool:
    """Whether the day that is asked for is known, if one is: since when, until when."""
    if _ENDS.search(query.text):
        return metadata.expires_on is not None
    known = metadata.effective_on or metadata.issued_on
    is_draft = metadata.standing_on(query.as_of) is Standing.DRAFT
    return known is not None or is_draft or not _BEGINS.search(query.text)


def _which(text: str) -> Kind | None:
    """The kind of document that *text* looks for (哪份是草案, 过期的是哪几份), or None."""
    for words, kind in _KINDS:
        asked_last = rf"(?:{words}){_IN}{{0,4}}(?:是|有)哪{_IN}{{0,6}}(?:{_OUT}|$)"
        is_one = rf"哪(?!一?[天年月日]){_IN}{{0,8}}(?:是|算|属于|已经?|还|没|不再|被)"
        asked_first = rf"{is_one}{_IN}{{0,8}}(?:{words}){_IN}{{0,3}}(?:{_OUT}|$)"
        if re.search(f"{asked_first}|{asked_last}", text):
            return kind
    return None


def _kinds_named(text: str) -> list[Kind]:
    """All kinds of document that *text* names (没定稿的、过了期的、不是原文的)."""
    return [kind for words, kind in _KINDS if re.search(words, text)]


def _names(document: Document) -> str:
    return simplify(" ".join((document.metadata.title, *document.metadata.aliases)))


def _selection(
    query: Query, wanted: Callable[[Document], bool], *, refuse: bool = False
) -> Selection | None:
    """The standing of the documents that are *wanted*; none are None, or nothing to *refuse*."""
    groups, silent = [], []
    for scope in query.scopes:
        evidence = tuple(_evidence(query, scope, wanted))
        if evidence:
            groups.append(Group(scope, evidence, 1.0))
        else:
            silent.append(scope)
    return Selection(tuple(groups), tuple(silent)) if groups or refuse else None


def _evidence(query: Query, scope: Scope, wanted: Callable[[Document], bool]) -> Iterator[Evidence]:
    for document in filter(wanted, scope.documents):
        unit = sentence_of_standing(document, query.as_of)
        if unit is not None:
            yield Evidence(unit, verdict=verdict(document.metadata, query.as_of))


def _is_short_for(word: str, name: str) -> bool:
    """Whether *word* stands in *name*, or, of so many, its characters in this order.

    安全工作 is short for 安全生产工作; two characters may stand apart in any name.
    """
    rest = iter(name)
    return word in name or (len(word) >= _SHORT and all(letter in rest for letter in word))


@lru_cache(maxsize=4)
def _pattern(section: str) -> re.Pattern[str]:
    """The words of a section, the longest first."""
    longest = sorted(words_of_standing()[section], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))
