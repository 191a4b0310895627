"""What a document says of itself outside its provisions: who issued it, when, under which number.

These are the lines at its head and its end (发文机关, 成文日期, 文号, 抄送, 公开方式). They hold
hardly a word of the question (哪天印发的？), so that no search finds them: their form tells them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.evidence import Evidence, Group, Selection
from assistant.query import Ask, Query, Scope
from assistant.standing import chinese_date
from index.address import Level
from index.lexical import simplify
from index.provision import Authority, Document
from index.units import Unit, whole

Lines = Callable[[Document, Sequence[Unit]], list[Unit]]

_LONGEST_LINE = 60
_ISSUED = re.compile("印发|发布|发文|发出|下发|制发|签发|颁布|颁发|出台|成文|落款|发的")
_ASKS_DAY = re.compile(
    r"哪[天年]|哪一[天年]|什么时候|啥时候|何时|几月|几[号日](?!文)|日期|什么时间|多会儿"
)
#: Another text than this one, or a person: 拿哪年印发的改的, 签发的领导住哪里.
_ANOTHER = re.compile("改[出的自]|修订|修改|底子|基础上|住|领导")
_ASKS_BODY = re.compile("谁|哪[^，。？?]{0,4}(?:单位|机关|部门|机构|办公室|家)")
_NUMBER = re.compile("文号|几号文|多少号文|发文字号|文件编号|第几号")
_PUBLICITY = re.compile(
    "公开方式|公开属性|公开类别|密级|涉密|保密|公开的?还是|不公开|公不公开|(?:可以|能|能否|是|对外|主动)[^，。？?]{0,4}公开"
)
_SAYS_PUBLICITY = ("公开方式", "公开属性", "公开类别", "公开范围", "密级")
_COPIES = re.compile("抄送")
#: Words that only ask for one of these lines, or only point at the document.
_OWN_WORDS = re.compile(
    f"{_ISSUED.pattern}|文号|字号|编号|公开|方式|抄送|日期|联合|机关|单位|版|份|函|稿|下面|征求"
)
#: From this weight on a word asks for something else.
_TELLING = 0.3
_DATE_ONLY = re.compile(r"(?:\d{4}|[〇零一二三四五六七八九]{4})年.{1,3}月.{1,3}日(?:印发)?")


def of_colophon(query: Query) -> Selection | None:
    """The lines in which the documents of a named place say what is asked of them, or None."""
    wanted = _wanted(query)
    if not wanted or not query.named_places or query.bare_address or not _asks_no_more(query):
        return None
    found = {
        scope.place: tuple(line for document in scope.documents for line in _of(document, wanted))
        for scope in query.scopes
    }
    groups = tuple(
        Group(scope, tuple(map(Evidence, found[scope.place])), 1.0)
        for scope in query.scopes
        if found[scope.place]
    )
    silent: tuple[Scope, ...] = tuple(s for s in query.scopes if not found[s.place])
    return Selection(groups, silent) if groups else None


def _wanted(query: Query) -> list[Lines]:
    """Which of the lines the question asks for."""
    asked, wanted = query.core, list[Lines]()
    if _ANOTHER.search(asked):
        return wanted
    if _NUMBER.search(asked):
        wanted.append(_number)
    if _ISSUED.search(asked):
        wanted += [_issuers] if _ASKS_BODY.search(asked) else []
        wanted += [_day] if _ASKS_DAY.search(asked) else []
    if _PUBLICITY.search(asked):
        wanted.append(_publicity)
    if _COPIES.search(asked) and query.asks(Ask.BODY):
        wanted.append(_copies)
    return wanted


def _asks_no_more(query: Query) -> bool:
    """Whether every word that counts only points at the document, or asks for such a line."""
    names = " ".join(
        f"{document.metadata.title} {' '.join(document.metadata.aliases)}"
        for scope in query.scopes
        for document in scope.documents
    )
    own = simplify(names)
    return all(
        term.weight < _TELLING or term.word in own or _OWN_WORDS.search(term.word)
        for term in query.terms
    )


def _of(document: Document, wanted: Sequence[Lines]) -> Iterator[Unit]:
    lines = list(_lines(document))
    if document.metadata.authority is Authority.PRESS_REPORT:
        return  # its head is the newspaper's, not the regulation's
    for find in wanted:
        yield from find(document, lines)


def _lines(document: Document) -> Iterator[Unit]:
    """The short lines before the first provision and behind the last."""
    for provision in document.provisions:
        parent = document.by_id.get(provision.parent or "")
        outside = parent is not None and parent.level in {Level.PREFACE, Level.CLOSING}
        if outside and provision.is_leaf and 0 < len(provision.text) <= _LONGEST_LINE:
            yield whole(provision)


def _number(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    number = document.metadata.number
    return [line for line in lines if number and line.text == number][:1]


def _issuers(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    """The issuers where they sign, at the end of the covering letter rather than at its head."""
    names = document.metadata.issuer.split("、")
    signed = {line.text: line for line in lines if line.text in names}
    return [signed[name] for name in names if name in signed]


def _day(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    """The line with the day of issue; one that says 印发 before a bare date."""
    issued = document.metadata.issued_on
    dated = [line for line in lines if issued and chinese_date(issued) in line.text]
    if not dated and issued:
        dated = [line for line in lines if _DATE_ONLY.fullmatch(line.text)]
    return sorted(dated, key=lambda line: (not _DATE_ONLY.fullmatch(line.text), len(line.text)))[:1]


def _publicity(_: Document, lines: Sequence[Unit]) -> list[Unit]:
    return [line for line in lines if line.text.startswith(_SAYS_PUBLICITY)][:1]


def _copies(_: Document, lines: Sequence[Unit]) -> list[Unit]:
    return [line for line in lines if line.text.startswith("抄送")][:1]
