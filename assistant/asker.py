"""The asker's office, put where the question speaks of the asker: 我有哪些职责 → 区长有哪些职责.

What the question names wins over what the asker is: 我想问分管副区长有哪些职责 is about the deputy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from assistant.errors import BadQuestion
from assistant.meant import asides
from assistant.names import Names, without_names
from assistant.query import Ask
from index.lexicon.offices import OfficeMention

_I = "(?:我本人|我们|我自己|咱们|俺们|本人|[我咱俺](?!们|本人|自己))"
#: 我市, 我们单位, 咱这里: whose place or house, not who.
_WHOSE = (
    "(?:[国省市区县州镇乡村社校院厂局处科]|街道|园区|开发区|单位|公司|企业|学校|医院|部门|办公室|班子|家"
    "|的?(?:朋友|同事|同学|亲戚|爸|妈|爱人|老公|老婆|丈夫|妻子|儿子|女儿|孩子|下属|部下|秘书|司机)"
    "|这[里边儿]|那[里边儿])"
)
#: 我想问, 我听说, 我举报: who speaks, not whom the question is about.
_SPEAKS = (
    "(?:现在|就|也|还|先|再|只|主要|今天)*(?:想|要|来|请|得)?(?:请教|咨询|知道|了解|确认|弄?清楚|问|查一?[下查]|核实|求证"
    "|搞[懂清]|举报|投诉|反映|发现|看到|听[说人过]|觉得|认为|以为|记得|记错|理解|没记错|猜|不懂|不明白|不太懂|写)"
)
_INTRODUCES = (
    "(?:就?是|作为|身为|担任|任(?!务)|当(?!着)|在(?!安全|这|任|什么|哪|岗)|给|帮|替|代"
    "|这个|这种|一个|手下|领导|老板|上级)"
)
#: 我这个岗位, 本岗位: the office itself.
_POST = "(?:岗位|职务|职位|位[子置])"
_SUBJECT = re.compile(
    f"(?:{_I}|本)(?:现在)?(?:的|这个?)?(?:工作)?{_POST}|{_I}(?!{_WHOSE}|{_SPEAKS}|{_INTRODUCES})"
)
#: 帮我, 告诉我, 自我: the asker as the one who is served; 让我交材料 surrounds the question.
_SERVED = re.compile("(?:帮|给|告诉|教|替|跟|自|忘|唯|发|请|叫|催|和)$")
_SERVED_FOR = re.compile(
    "(?:列|说|讲|念|看|查|找|整理|摘|发|解释|介绍|问|写|交|听|一[份个下条]|[，,。？?！!]|$)"
)
#: 我要向安委会报告: a body after the asker that something is done to.
_OBJECT = re.compile(
    f"{_I}[^，,。；;？?]{{0,8}}(?:向|对|给|跟|督促|指导|听取|支持|带领|配合|领导|召开|组织|检查|考核|调研|参加|主持|找)"
    "[^，,。；;？?的]{0,4}$"
)
#: Duties asked for.
_DUTIES = re.compile(
    "职责|责任|任务|义务|分内事|份内事|清单|[该应要都得](?:当|该)?(?:干|做|抓|管|尽|负|担)[哪什啥些点]"
    "|(?:干|做|抓|管)(?:些|点)?(?:什么|啥|哪)|(?:负责?|担|尽)(?:些|点)?(?:哪|什么|啥)"
)
#: A term of this weight says what is asked about besides duties.
_TELLING = 0.3
#: 那我呢, after a question about another.
_ALSO = re.compile(r"[我咱俺人们]呢[？?]?\s*$")
_POLITE = re.compile("(?:\\s|请|麻烦|帮|给|我|告诉|列|出|一下|看|查|说|讲|念|把|想|要|知道|了解)*")
_CLAUSE = re.compile(r"[^，,。；;！!？?：:]+")


@dataclass(frozen=True)
class Asker:
    """Who asks.

    Args:
        words: the office as given, without the place: 分管安全的副区长.
        names: what finds names and words.
    """

    words: str
    names: Names

    @classmethod
    def of(cls, role: str | None, names: Names) -> Asker | None:
        """The asker with the office *role*, repaired; None where none is given.

        Raises:
            BadQuestion: no office that the lexicon knows.
        """
        if role is None or not role.strip():
            return None
        found = names.offices.find(role)
        if not found:
            raise BadQuestion(
                f"不认识的岗位“{role.strip()}”。请写岗位的通常叫法，例如“区委书记”“区长”“分管安全的副区长”"
                "“应急局局长”，或留空。",
                "role",
            )
        return cls(role[found[0].start : max(mention.end for mention in found)], names)

    def put(self, text: str) -> str:
        """*text* with the office, where it speaks of the asker or asks for duties of nobody.

        Unchanged where it names the office that it is about.
        """
        ways = (self.for_himself, self._for_duties, partial(self.for_himself, beside=True))
        return next((put for put in (way(text) for way in ways) if put != text), text)

    def for_himself(self, text: str, *, beside: bool = False) -> str:
        """*text* with the office where it speaks of the asker (我要多久带队检查一次).

        Args:
            text: the question.
            beside: whether what only surrounds the question counts, too: 我刚上任，多久查一次.
        """
        bare = self._bare(text)
        how_often = Ask.FREQUENCY in self.names.phrases.kinds(bare)  # 我一年查几次: no more words
        if not (how_often or _DUTIES.search(bare) or _ALSO.search(bare) or self.names.terms(bare)):
            return text  # 我该交多少税: nothing that a rule on the office could be about
        named = self._named(bare)
        aside = [] if beside else asides(bare)
        for start, end in _subjects(bare):
            if any(low <= start < high for low, high in aside):
                continue
            if all(_is_object(bare, mention, end) for mention in named):
                left_from = self._end_of_aside(bare, end) if beside else end
                return text[:start] + self.words + text[left_from:]
        return text

    def _end_of_aside(self, bare: str, end: int) -> int:
        """Where what is only said of the asker ends (我刚上任，), for nothing is asked of that."""
        clause = next((m for m in _CLAUSE.finditer(bare) if m.start() < end <= m.end()), None)
        if clause is None or clause.end() == len(bare) or clause.end() == end:
            return end
        told = self.names.terms(bare[end : clause.end()])
        return end if any(term.weight > _TELLING for term in told) else clause.end() + 1

    def _for_duties(self, text: str) -> str:
        """*text* with the office where it asks for duties and names nobody (有哪些职责)."""
        bare = self._bare(text)
        if self._named(bare) or not self._asks_duties_only(bare):
            return text
        clause = next(m for m in _CLAUSE.finditer(bare) if _DUTIES.search(m[0]))
        polite = _POLITE.match(clause[0])
        at = clause.start() + (polite.end() if polite else 0)
        return text[:at] + self.words + text[at:]

    def _bare(self, text: str) -> str:
        return without_names(text, self.names.gazetteer.find(text), ())

    def _named(self, bare: str) -> list[OfficeMention]:
        return [m for m in self.names.offices.find(bare) if not m.office.general]

    def _asks_duties_only(self, bare: str) -> bool:
        """Whether nothing but duties are asked for: 有哪些职责, not 不履行职责怎么处理."""
        telling = (term for term in self.names.terms(bare) if term.weight > _TELLING)
        return bool(_DUTIES.search(bare)) and not any(telling)


def _subjects(bare: str) -> list[tuple[int, int]]:
    """Where *bare* speaks of the asker as one whom rules may concern; not in 帮我列一下."""
    return [
        match.span()
        for match in _SUBJECT.finditer(bare)
        if not (_SERVED.search(bare[: match.start()]) and _SERVED_FOR.match(bare[match.end() :]))
    ]


def _is_object(bare: str, mention: OfficeMention, after: int) -> bool:
    """Whether the office stands behind the asker as one that he does something to."""
    return mention.start >= after and bool(_OBJECT.search(bare[: mention.start]))
