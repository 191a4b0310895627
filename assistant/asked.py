"""What a question for a list is about, apart from how it is put.

A question for a whole list carries words that no list opens with: who asks, which post is not
meant, a word for the kind of list (情形, 步骤). They are taken away here, so that what is left must
be covered; the kind of list is kept as a pattern that the list's opening words should match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import jieba.posseg

from assistant.query import Ask, Query
from assistant.terms import Term
from assistant.values import wanted
from index.lexicon.offices import OfficeMention, Offices
from index.provision import Document

#: A term lighter than this says nothing beside heavier ones, or beside an office.
_WEAK = 0.25
_PRINCIPALS = frozenset({"party_principal", "government_principal"})
_BESIDES = re.compile("加上|连同|以及|还有|外加|和|与|、|及")
_COUNTED_UP = re.compile(r"[\w]+(?:、[\w]+)+")
_ONLY_NAMES = re.compile("(?:光|只|仅)(?:说|要|列|报|给|看)[^，,。]{0,6}(?:名|标题|题目|名称|名字)")
_NOT_MEANT = re.compile(
    r"(?:不是(?:说|指|问)?|不含|不包括|不算|而非|除了|除开|不同于)[^，,。；、：:]{0,2}$"
)
_AS_EXAMPLE = re.compile(r"(?:比如说?|例如|譬如|好比|诸如)[^，,。；：:]{0,12}$")
_HOLDS_ANOTHER = re.compile("^(?:里面?|内部?|中|班子里)")
_ASKS = re.compile("^(?:来|想|请)?(?:问|咨询)")
#: Words for the kind of list; what they name opens no list, or every one.
_KINDS_OF_LIST = re.compile(
    "^(?:行为|情形|情况|条件|事项|要求|内容|步骤|程序|流程|措施|手段|后果|做法|概念|角色|活儿|共同|全部|所有|"
    "法定|标准|方面|种类|类型|材料|规定|提出|明令|遇到|达到|做到|程度|手头|备齐|列全|职权|权限|权力|"
    "管理|管得[到着]|管不管得[到着]|摊子|差事|名堂|头一回|第一回|听说|新来|会怎样|怎么样|下场|步|块)$"
)
_DUTIES = re.compile("职责|职权|任务|[做干办][^，,。]{0,2}(?:哪|什么|啥)|要.{0,4}做")
_KEYWORDS = re.compile(r"^\S{1,10}(?:\s+\S{1,10})+$")
_ALL_UNDER_HEADING = re.compile(
    "要求|怎么|咋|做什么|做哪些|干什么|干哪些|措施|制度|安排|部署|块|方面|各做|步骤|程序|一是"
)
_ASKS_SOMETHING = re.compile(r"[哪啥谁几咋]|什么|怎|多[少久长]|吗|(\w)不\1|如何")
_COUNTS_THINGS = re.compile("(?:多少|几)个?(?:人|名|票|起|家|次|元|学时|出口|小时|天)")
_TO_EACH = re.compile(
    "分别|各自|各类|各种|各个|各部分|各级|各等级|每类|每种|[几两三四五]个等级|各给|各是|各为|各要"
)


@dataclass(frozen=True)
class Nature:
    """A kind of list.

    Args:
        asked: how a question asks for it.
        opened: how such a list opens.
    """

    asked: re.Pattern[str]
    opened: re.Pattern[str]


_NATURES = (
    Nature(
        re.compile("不许|不得|不准|不能[做干有]|不让|不允许|碰不得|[做干]不得|禁止|严禁|禁令"),
        re.compile("不得|禁止|严禁"),
    ),
    Nature(
        re.compile("情形|情况下|什么时候|哪种情况|什么情况|算.{0,8}事故|例外"),
        re.compile("(?:下列|以下)(?:情形|行为|情况)|之一的"),
    ),
    Nature(
        re.compile("条件|具备|备齐|符合|才算|程度|资格"),
        re.compile("(?:下列|以下)(?:条件|要求|标准)"),
    ),
    Nature(
        re.compile("步骤|程序|流程|怎么走|顺序"),
        re.compile("(?:下列|以下)(?:程序|步骤|规定)|程序"),
    ),
    Nature(re.compile("措施|手段"), re.compile("措施")),
    Nature(re.compile("材料|资料|手续"), re.compile("材料|资料|文件")),
    Nature(re.compile("内容|包括"), re.compile("内容|包括")),
    Nature(re.compile("算|指|所称|是什么"), re.compile("所称|是指|包括|为.{2,10}事故")),
    Nature(
        re.compile("职责|责任|任务|干啥|干什么|负责|管哪|管啥|做什么"),
        re.compile("职责|责任|义务|任务"),
    ),
)


def opened_as_asked(query: Query, opening: str) -> bool:
    """Whether *opening* opens the kind of list that is asked for."""
    return any(n.asked.search(query.core) and n.opened.search(opening) for n in _NATURES)


def of_list(query: Query) -> Query:
    """*query* with only the words and the offices that a list must suit."""
    bearers = _meant(query)
    kept = [t for t in _behind_the_preamble(query) if not _KINDS_OF_LIST.search(t.word)]
    heavy = [t for t in kept if t.weight >= _WEAK]
    terms = tuple(heavy if heavy or bearers else kept)
    if not bearers and query.asks(Ask.LIST):
        special = tuple(m for m in query.offices if not m.office.general)
        bearers = query.offices if not terms else special if _DUTIES.search(query.core) else ()
    return replace(query, bearers=bearers, terms=terms)


def wants_passage(query: Query) -> bool:
    """Whether all that stands under a heading is asked for, not one thing of it (哪几处)."""
    whole = bool(_ALL_UNDER_HEADING.search(query.core)) or is_keywords(query)
    return whole or query.kinds == (Ask.COMPARE,)


def parts_of(query: Query) -> list[str]:
    """The parts of a question that asks several things (怎么走，期间停不停); none of another."""
    parts = [part for part in re.split("[，,；;？?。]", query.core) if part.strip()]
    return parts if sum(bool(_ASKS_SOMETHING.search(part)) for part in parts) > 1 else []


def asks_for_list(query: Query) -> bool:
    """Whether no value is asked for but how many items there are: 有几条, not 多少人."""
    need = wanted(query.kinds)
    return need is None or (need is Ask.COUNT and not _COUNTS_THINGS.search(query.core))


def is_keywords(query: Query) -> bool:
    """Whether the question is some words with blanks between them."""
    return bool(_KEYWORDS.search(query.core))


def wants_value_each(query: Query) -> bool:
    """Whether a value is asked for each of several cases: 各部分最低保修多久."""
    return wanted(query.kinds) is not None and bool(_TO_EACH.search(query.core))


def _behind_the_preamble(query: Query) -> list[Term]:
    """The terms, without those before a colon where the question itself comes behind it."""
    terms = [term for term in query.terms if term.word.strip()]
    before, colon, behind = query.core.replace(":", "：").partition("：")
    if not colon or not re.search("[哪啥几]|什么|全部|列", behind) or re.search("[哪啥几]", before):
        return terms
    return [term for term in terms if term.word in behind.lower()]


def _meant(query: Query) -> tuple[OfficeMention, ...]:
    """The offices asked about, without those that are excluded, examples, or only asking."""
    only_named = {
        id(mention)
        for mention, (start, end) in _spans(query)
        if _only_mentioned(query.core, start, end)
    }
    for mentions in (query.bearers, query.offices):
        kept = tuple(mention for mention in mentions if id(mention) not in only_named)
        if kept and query.bearers:
            return kept
    return query.bearers


def _spans(query: Query) -> list[tuple[OfficeMention, tuple[int, int]]]:
    """The offices named, each with its place in ``query.core``."""
    found: list[tuple[OfficeMention, tuple[int, int]]] = []
    position, last = 0, (-1, -1)
    for mention in query.offices:
        if (mention.start, mention.end) != last:
            position = max(query.core.find(mention.words, position), 0)
            last = mention.start, mention.end
            span = position, position + len(mention.words)
            position = span[1]
        found.append((mention, span))
    return found


def _only_mentioned(text: str, start: int, end: int) -> bool:
    before, behind = text[:start], text[end:]
    return bool(
        _NOT_MEANT.search(before)
        or _AS_EXAMPLE.search(before)
        or _HOLDS_ANOTHER.search(behind)
        or _ASKS.search(behind)
    )


def each_bearer(query: Query) -> list[Query]:
    """The question for each post named by itself.

    Words that may mean one post or another (应急局长) stay together; 一把手 means two posts.
    """
    groups: dict[tuple[int, int, str], list[OfficeMention]] = {}
    for mention in query.bearers:
        apart = mention.office.id if mention.office.id in _PRINCIPALS else ""
        groups.setdefault((mention.start, mention.end, apart), []).append(mention)
    each = {frozenset(m.office.id for m in group): tuple(group) for group in groups.values()}
    if not _BESIDES.search(query.core):
        wider = _wider_than_another(query)
        each = {ids: bearers for ids, bearers in each.items() if not ids <= wider} or each
    return [replace(query, bearers=bearers) for bearers in each.values()]


def _wider_than_another(query: Query) -> set[str]:
    """Posts named that another post named belongs to: 工会主席 in 常委班子."""
    offices = Offices.load()
    return {o.id for mention in query.bearers for o in offices.broader(mention.office)}


def listed_terms(query: Query) -> list[Term]:
    """The terms that the question counts up: 签责任书、通报、考核."""
    runs = " ".join(match[0] for match in _COUNTED_UP.finditer(query.core))
    found = [term for term in query.terms if term.word in runs.lower()]
    return found if len(found) > 1 else []


def without_speech(query: Query, documents: Iterable[Document]) -> Query:
    """*query* without verbs that the documents never use: ways of speaking, no subject of a rule.

    An unknown noun stays: it is what is asked about, and an answer without it is none.
    """
    texts = [document.text for document in documents]
    kept = tuple(
        term
        for term in query.terms
        if not _is_verb(term.word) or any(v in text for v in term.variants for text in texts)
    )
    return replace(query, terms=kept) if kept or query.bearers else query


@lru_cache(maxsize=4096)
def _is_verb(word: str) -> bool:
    tokens = list(jieba.posseg.cut(word))
    return len(tokens) == 1 and tokens[0].flag in {"v", "d", "vd", "r", "c"}


def wants_headings(query: Query) -> bool:
    """Whether only the names of the items are asked for: 光说岗位名就行."""
    return bool(_ONLY_NAMES.search(query.core))
