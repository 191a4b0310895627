"""What a document says of itself outside its provisions: who issued it, when, under which number.

These are the lines at its head and its end (发文机关, 成文日期, 文号, 抄送, 公开方式). They hold
hardly a word of the question (哪天印发的？), so that no search finds them: their form tells them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.evidence import Evidence, Group, Selection
from assistant.query import Ask, Query, Scope
from assistant.standing import chinese_date, words_about_documents
from index.address import Level
from index.lexical import simplify
from index.provision import Authority, Document
from index.units import Unit, whole

Lines = Callable[[Document, Sequence[Unit]], list[Unit]]

_LONGEST_LINE = 60
_LONGEST_TITLE, _LONGEST_SALUTATION = 120, 300
_ISSUED = re.compile(
    "印发|发布|发文|发出|下发|制发|签发|颁布|颁发|出台|成文|落款|发的|(?<![提查看说])出来|出的|下的"
    "|(?<![坐定停])下来|问世"
)
_WHEN = r"(?:哪[天年]|哪一[天年]|什么时候|啥时候|何时|几月|几[号日](?!文)|日期|什么时间|多会儿)"
_IN = "[^，。？?,.]"
_ASKS_DAY = re.compile(rf"{_WHEN}")
#: Another text than this one, a person, a reason: 拿哪年印发的改的, 签发的领导住哪里, 为什么不公开.
_ANOTHER = re.compile(
    "改[出的自成]|修订|修改|底子|基础上|住|领导(?!干部|班子)|[老旧](?:的|版|清单|办法|规定|文件|意见)"
    "|[上前]一?[版稿次]|以前|之前|原来|从前|依据|根据|参照|参考|照着|样板|引用(?!时|的时候)"
    "|为什么|为啥|为何|怎么不|原因"
)
_ASKS_BODY = re.compile(f"谁|哪{_IN}{{0,4}}(?:单位|机关|部门|机构|办公室|家)|(?:机关|单位|机构)")
#: 是市纪委发的吧: whose it is, to be put right.
_CLAIMS_BODY = re.compile(
    r"(?:是|由)[^，。？?,.\d]{2,12}(?:自己|单独|联合|一家)?(?:印发|发布|下发|制发|颁布|发|出台?)的"
)
#: 2019年年初才印发的，对不对.
_CLAIMS_DAY = re.compile(rf"\d{{2,4}}年{_IN}{{0,8}}(?:印发|发布|下发|出台|颁布|出来|发的|出的)")
_DOUBTS = re.compile("吧|吗|对不|对么|是不是|是否|没错|真的")
_NUMBER = re.compile(
    "发?文号|几号文|多少号文|发?文字号|字号|(?:文件)?编号|第几号|多少号(?=来着|[？?]|$)"
)
_TITLE = re.compile(f"全名|全称|(?:标题|题目|名称|名字)(?:是|叫|为|全|{_IN}{{0,2}}什么)|叫什么名")
_OF_PAPER = re.compile("文件|办法|清单|意见|通知|规定|稿|[那这]份|材料|细则|号文")
#: 3.0版, 2017年那版: another edition than the one that is there.
_EDITION = re.compile(r"\d+\.\d+|(?:19|20)\d{2}(?=年?的?[那这]?一?[版份])")
_RECIPIENTS = re.compile(
    rf"主送|收文|收件|抬头|[送发](?:名单|对象|范围)|(?<!报)[发送](?:给|到)(?:了|的)?(?:谁|哪|什么|啥)"
    rf"|(?:发|下发|印发|转发|印)给(?:了|的)?{_IN}{{0,2}}(?:谁|哪|什么|啥)|发没发给|收没收到"
    rf"|(?:也|都|有没有|是否)?收到(?:了|这){_IN}{{0,8}}[吗没]"
)
_PUBLICITY = re.compile(
    "公开方式|公开属性|公开类别|密级|涉密|保密|公开的?还是|不公开|公不公开|(?:可以|能|能否|是|对外|主动)[^，。？?]{0,4}公开"
)
_SAYS_PUBLICITY = ("公开方式", "公开属性", "公开类别", "公开范围", "密级")
_COPIES = re.compile("抄送")
_ASKED = (_ISSUED, _ASKS_DAY, _NUMBER, _TITLE, _RECIPIENTS, _PUBLICITY, _COPIES)
#: Words that only ask for one of these lines, or only point at the document.
_OWN_WORDS = re.compile(
    f"{_ISSUED.pattern}|文号|字号|编号|公开|方式|抄送|日期|联合|机关|机构|名义|收件|对象|单位|版|份|函|稿|下面|征求"
    "|材料|报告|引[用文]?$|红头|名称|标题|正式|完整|新|办公室|区里|市里|局|党委|政府"
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
    if _TITLE.search(asked) and _OF_PAPER.search(query.text):
        wanted.append(_title)
    if _RECIPIENTS.search(asked) and not _COPIES.search(asked):
        return [*wanted, _recipients]
    if _ISSUED.search(asked):
        claims = _DOUBTS.search(asked) is not None
        whose = _ASKS_BODY.search(asked) or (claims and _CLAIMS_BODY.search(asked))
        when = _ASKS_DAY.search(asked) or (claims and _CLAIMS_DAY.search(asked))
        wanted += [_issuers] if whose else []
        wanted += [_day] if when else []
    if _PUBLICITY.search(asked):
        wanted.append(_publicity)
    if _COPIES.search(asked) and query.asks(Ask.BODY):
        wanted.append(_copies)
    return wanted


def _asks_no_more(query: Query) -> bool:
    """Whether every word that counts only points at the document, or asks for such a line."""
    own = simplify(
        " ".join(
            f"{m.title} {' '.join(m.aliases)} {m.number} {m.issuer} {m.issued_on or ''}"
            for scope in query.scopes
            for m in (document.metadata for document in scope.documents)
        )
    )
    rest = query.core
    if any(edition not in own for edition in _EDITION.findall(rest)):
        return False
    for pattern in _ASKED:
        rest = pattern.sub(" ", rest)
    about = words_about_documents()
    return all(
        term.weight < _TELLING
        or term.word not in rest
        or term.word in about
        or _is_made_of(term.word, own)
        or _OWN_WORDS.search(term.word)
        for term in query.terms
    )


def _is_made_of(word: str, text: str) -> bool:
    """Whether each pair of letters of *word* stands in *text*: 安全责任清单 in a longer title."""
    return all(word[n : n + 2] in text for n in range(max(len(word) - 1, 1)))


def _of(document: Document, wanted: Sequence[Lines]) -> Iterator[Unit]:
    lines = list(_lines(document))
    if document.metadata.authority is Authority.PRESS_REPORT:
        return  # its head is the newspaper's, not the regulation's
    for find in wanted:
        yield from find(document, lines)


def _lines(document: Document) -> Iterator[Unit]:
    """The lines before the first provision and behind the last."""
    for provision in document.provisions:
        parent = document.by_id.get(provision.parent or "")
        outside = parent is not None and parent.level in {Level.PREFACE, Level.CLOSING}
        if outside and provision.is_leaf and 0 < len(provision.text) <= _LONGEST_SALUTATION:
            yield whole(provision)


def _number(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    number = document.metadata.number
    return [line for line in lines if number and line.text == number][:1]


def _title(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    """The line that is the title, or the one of the covering letter that quotes it."""
    title = _bare(document.metadata.title)
    named = [line for line in lines if title in _bare(line.text)]
    short = [line for line in named if len(line.text) <= _LONGEST_TITLE]
    return sorted(short, key=lambda line: len(line.text))[:1]


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _recipients(_: Document, lines: Sequence[Unit]) -> list[Unit]:
    """The salutation: what a notice begins with, up to its colon."""
    addressed = (line for line in lines if line.text.endswith(("：", ":")) and "各" in line.text)
    return list(addressed)[:1]


def _issuers(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    """The issuers where they sign, at the end of the covering letter rather than at its head."""
    names = document.metadata.issuer.split("、")
    signed = {line.text: line for line in lines if line.text in names}
    return [signed[name] for name in names if name in signed]


def _day(document: Document, lines: Sequence[Unit]) -> list[Unit]:
    """The line with the day of issue; one that says 印发 before a bare date."""
    issued = document.metadata.issued_on
    lines = [line for line in lines if len(line.text) <= _LONGEST_LINE]
    dated = [line for line in lines if issued and chinese_date(issued) in line.text]
    if not dated and issued:
        dated = [line for line in lines if _DATE_ONLY.fullmatch(line.text)]
    return sorted(dated, key=lambda line: (not _DATE_ONLY.fullmatch(line.text), len(line.text)))[:1]


def _publicity(_: Document, lines: Sequence[Unit]) -> list[Unit]:
    return [line for line in lines if line.text.startswith(_SAYS_PUBLICITY)][:1]


def _copies(_: Document, lines: Sequence[Unit]) -> list[Unit]:
    return [line for line in lines if line.text.startswith("抄送")][:1]
