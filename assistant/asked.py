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

from assistant.askings import supposes
from assistant.meant import meant, wider_than_another, without_asides
from assistant.query import Ask, Query
from assistant.terms import Term
from assistant.values import wanted
from index.lexicon.offices import OfficeMention
from index.numerals import to_chinese, to_int
from index.provision import Document

#: A term lighter than this says nothing beside heavier ones, or beside an office.
_WEAK = 0.25
_PRINCIPALS = frozenset({"party_principal", "government_principal"})
_BESIDES = re.compile("加上|连同|以及|还有|外加|和|与|、|及")
_COUNTED_UP = re.compile(r"[\w]+(?:、[\w]+)+")
_ONLY_NAMES = re.compile(
    "(?:[光只仅说列报给看]|叫)[^，,。]{0,6}(?:名[字称儿]?(?![单录额])|标题|题目)|(?:名字|名称|标题|题目)[^，,。]{0,3}(?:是|叫|报|列|说|给|有|呢|$)|"
    "(?:都|各|分别)?叫(?:做|作)?(?:什么|啥)"
)
_NAMES = re.compile("^(?:名字|名称|名目|标题|题目)$")
_THINGS = "项|条|件|种|类|点|样|款|步|块|方面|个方面"
#: 一共几项, 有多少条: how many items there are is asked, and not which.
_HOW_MANY = re.compile(f"(?<!哪)(?<!那)(?<!这)(?:几|多少)(?:大|个)?(?:{_THINGS})")
#: 定了11项职责, 对吧: so many are said to be there.
_CLAIMED = re.compile(
    "(?:有|是|定了?|列了?|共|规定了?)(?:\\d{1,2}|[一二两三四五六七八九十]{1,3})(?:大)?[项条][^，,。？?]{0,4}"
    "(?:职责|任务|责任|制度|原则)"
)
_WHICH = re.compile("哪|列(?!了?(?:有|出)?(?:几|多少))|念|都是|分别|各是|说全|什么|啥|逐|名")
_COUNT = re.compile(
    f"([一二两三四五六七八九十]{{1,3}}|\\d{{1,2}})(?:大|个)?(?:{_THINGS}|个(?!月|人|小时|工作日|半))"
)
#: Words for the kind of list; what they name opens no list, or every one.
_KINDS_OF_LIST = re.compile(
    "^(?:行为|情形|情况|条件|事项|要求|内容|步骤|程序|流程|措施|手段|后果|做法|概念|角色|活儿|共同|全部|所有|"
    "征求意见稿?|意见稿|亲自|亲手|[一二两三四五六七八九十]句话|数量|数目|句话|一套|大家|大伙儿?|人人|个数|总数|"
    "法定|标准|方面|种类|类型|材料|规定|提出|明令|遇到|达到|做到|程度|手头|备齐|列全|职权|权限|权力|"
    "管理|管得[到着]|管不管得[到着]|摊子|差事|名堂|头一回|第一回|听说|新来|会怎样|怎么样|下场|步|块)$"
)
#: Beside a post they say of which rank it is: 区县一级党委, 基层党组织.
_OF_RANK = re.compile("^(?:[省市区县镇乡]{1,2}|街道|乡镇|基层|地方|本级|同级|下级|下面)(?:一?级)?$")
_DUTIES = re.compile("职责|职权|任务|[做干办][^，,。]{0,2}(?:哪|什么|啥)|要.{0,4}做")
_KEYWORDS = re.compile(r"^\S{1,10}(?:\s+\S{1,10})+$")
_ALL_UNDER_HEADING = re.compile(
    "要求|怎么|咋|做什么|做哪些|干什么|干哪些|抓[哪什啥]|哪些(?:事|工作|活|任务|举措)|措施|制度|安排|部署|块|方面|各做|步骤|程序|一是"
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
    Nature(
        re.compile("大家|大伙|人人|每个|都[得要该]|共同|一样的"), re.compile(r"共同(?!\w{0,4}外)")
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


_MANNERS = re.compile("方式|手段|形式|(?:处理|处罚|处置|惩罚|问责|追责|追究)的?(?:办法|方法|措施)")
_CASES = re.compile("(?:下列|以下)(?:情形|行为|情况)|(?:情形|行为|情况)之一")


def opened_as_asked(query: Query, opening: str) -> bool:
    """Whether *opening* opens the kind of list that is asked for."""
    return any(n.asked.search(query.core) and n.opened.search(opening) for n in _NATURES)


def asks_for_manners(query: Query) -> bool:
    """Whether the ways of doing a thing are asked for (哪几种方式), and not the cases of it."""
    asked = re.search("[哪几]|什么|多少", query.core) and _MANNERS.search(query.core)
    return bool(asked) and not re.search("情形|情况|行为", query.core)


def opens_cases_only(query: Query, opening: str) -> bool:
    """Whether manners (方式, 手段) are asked for and *opening* opens a list of cases."""
    return asks_for_manners(query) and bool(_CASES.search(opening))


def of_list(query: Query) -> Query:
    """*query* with only the words and the offices that a list must suit."""
    query = without_asides(query)
    bearers = meant(query)
    kept = [t for t in _behind_the_preamble(query) if not _KINDS_OF_LIST.search(t.word)]
    if wants_headings(query):
        kept = [t for t in kept if not _NAMES.search(t.word)]
    if bearers:
        kept = [t for t in kept if not _OF_RANK.search(t.word)]
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
    asked = [bool(_ASKS_SOMETHING.search(part)) for part in parts]
    supposed = [supposes(part) and any(asked[n + 1 :]) for n, part in enumerate(parts)]
    return parts if sum(asked) - sum(supposed) > 1 else []


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
        wider = wider_than_another(query.bearers)
        each = {ids: bearers for ids, bearers in each.items() if not ids <= wider} or each
    return [replace(query, bearers=bearers) for bearers in each.values()]


def listed_terms(query: Query) -> list[Term]:
    """The terms that the question counts up: 签责任书、通报、考核."""
    runs = " ".join(match[0] for match in _COUNTED_UP.finditer(query.core))
    found = [term for term in query.terms if term.word in runs.lower()]
    return found if len(found) > 1 else []


def without_speech(query: Query, documents: Iterable[Document]) -> Query:
    """*query* without verbs that the documents never use: ways of speaking, no subject of a rule.

    An unknown noun stays: it is what is asked about, and an answer without it is none.
    """
    if len(query.scopes) > 1:
        return query  # what another place's documents know is no way of speaking
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
    """Whether only the names of the items are asked for: 光说岗位名就行, 七项制度叫什么."""
    several = query.asks(Ask.LIST) or number_of_items(query) is not None
    said = _ONLY_NAMES.search(query.core)
    return said is not None and (several or said[0][0] in "都各分光只仅")


def wants_number(query: Query) -> bool:
    """Whether it is asked how many items a list has, and not which: 一共有几项, 是7项吧."""
    claimed = query.asks(Ask.YES_NO) and _CLAIMED.search(query.core)
    counts = _HOW_MANY.search(query.core) and not _WHICH.search(query.core)
    return bool(claimed or counts)


def number_of_items(query: Query) -> int | None:
    """How many items the question says that there are: 哪六项 means six."""
    counted = _COUNT.search(query.core)
    return to_int(counted[1]) if counted else None


def wants_counted(query: Query) -> bool:
    """Whether things are asked for by their number without 哪: 六项基本原则是什么."""
    said = re.search("是(?:什么|啥)|指什么|内容", query.core)
    return said is not None and number_of_items(query) is not None


def counts_up(query: Query, text: str) -> bool:
    """Whether running *text* counts up as many things as are asked for: 一是…二是…三是…."""
    number = number_of_items(query)
    return number is not None and number == len(re.findall("[一二三四五六七八九十]是", text))


def counted_so(query: Query, opening: str) -> bool:
    """Whether *opening* counts the very things that the question counts: 七项制度."""
    counted = _COUNT.search(query.core)
    thing = query.core[counted.end() : counted.end() + 2] if counted else ""
    if not counted or not re.fullmatch(r"[\u4e00-\u9fff]{2}", thing):
        return False
    number = to_int(counted[1])
    told = (
        f"(?<!\\d)(?:{number}|{to_chinese(number)})(?:大|个)?(?:{_THINGS})[^，。；]{{0,6}}{thing}"
    )
    return bool(re.search(told, opening))
