"""What a received file says about itself: title, number, issuer, date, kind and standing.

Guesses only. `anze import` prints them, a person may correct them in the front matter, and a
later import of the same file keeps what the person wrote.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from pypinyin import lazy_pinyin

from index.address import canonical_number
from index.lexicon.places import Gazetteer, Place
from index.lines import Kind, scan
from index.numerals import to_int
from index.provision import Audience, Authority, Metadata, Standing

_KINDS = (
    "法|条例|规定|办法|细则|决定|决议|解释|规则|意见|通知|清单|方案|要点|计划"  # of rules
    "|制度|规范|标准|通告|公告"
)
_TITLE = re.compile(
    rf"[^。；，：]{{3,60}}(?:{_KINDS})(?:（[^（）]{{1,12}}）|\([^()]{{1,12}}\))?(?:的(?:通知|函|公告))?"
)
_ISSUED = re.compile(
    r"(?:印发|发布|公布|征求)《(?P<title>[^《》]+(?:《[^《》]+》[^《》]*)*)》(?P<draft>（征求意见稿）)?"
)
_DAY = re.compile(r"(?P<y>[12]\d{3})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
_CHINESE_DAY = re.compile(
    r"(?P<y>[二一][〇○零一二三四五六七八九]{3})年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
_DRAFT = re.compile(r"征求意见稿|草案|送审稿|讨论稿")
_MARKING = r"(?:内部(?:资料|文件|材料)|绝密|机密|秘密)"
#: A marking that fills its line: 机密★1年, （内部资料，注意保存）.
_MARKED = re.compile(rf"[（(]?{_MARKING}[（(]?(?:\s*[★☆,，;；:： ].{{0,12}})?[）)]?")
_NOT_PUBLIC = re.compile(
    rf"^(?:.{{0,30}}[\s；;。])?(?:公开(?:方式|属性|形式)[：:]\s*不(?:予)?公开|密级[：:]\s*{_MARKING})",
    re.MULTILINE,
)
_PRESS = re.compile(r"本版撰稿|本报记者|记者[\s：:]|本报讯|责任编辑")
_PLAN_YEAR = re.compile(r"(?P<year>20\d\d)年(?:度)?[^。]{0,20}(?:工作)(?:意见|要点|计划|方案)")
_BEGINS = "(?:施行|实施|执行|生效)"
_EFFECTIVE = re.compile(rf"自(?P<day>[^，。]{{4,14}}日)起{_BEGINS}")
_TAKES_EFFECT_AT_ONCE = re.compile(rf"自(?:发布|公布|印发|下发)之日起{_BEGINS}")
_SINCE = re.compile(rf"\s*起?\s*{_BEGINS}")
#: A line of the history of adoption and amendment starts with its date.
_HISTORY = re.compile(rf"[（(]?(?:根据)?\s*(?:{_DAY.pattern}).*")
_ACT = re.compile("通过|批准|公布|发布|修订|修正|修改")
_AMENDED = re.compile("修订|修正|关于修改")
_ORDER_NAME = (
    "(?:[一-龥]{0,20}(?:国务院|主席|部|总局|局|委员会|政府))令第[〇○零一二三四五六七八九十百0-9]+号"
)
_ORDER = re.compile(rf"(?:^|(?<=[\s日（(]))(?:中华人民共和国)?(?P<number>{_ORDER_NAME})")
_TERM = re.compile(
    rf"(?:{_BEGINS}[，,。；;]?|本(?:法|条例|规定|办法|细则|意见|通知|方案|制度|规范|决定|清单|文件|规则))"
    r"\s*有效期(?:限)?(?:为|：|:)?\s*"
    r"(?:至(?P<until>[^，。]{6,12}日)|(?P<years>[0-9一二两三四五六七八九十]{1,3})年)"
)
_NOTICE = re.compile("关于(?:印发|发布|公布|下发)(?P<title>[^《》]{5,60}?)的通知$")
#: A field of a file's own data (number: …), which says nothing for the text below.
_FIELD = re.compile(r"\s*[A-Za-z][\w-]*\s*[:：]")
_FIRST_ARTICLE = re.compile(r"^\s*第[一1][章条]", re.MULTILINE)


def identify(text: str, source: str) -> Metadata:
    """Metadata guessed from a normalised *text*; *source* is the received file's name."""
    head = _head(text)
    title = _title(head, text) or source
    draft = bool(_DRAFT.search(title) or _DRAFT.search(head[:800]))
    number = _number(head)
    authority = _authority(title, number, text)
    issued_on = _issued_on(text, head, source)
    effective_on = _effective_on(text, head, issued_on)
    year = _PLAN_YEAR.search(title)
    plan_year = int(year["year"]) if year and authority is Authority.WORK_PLAN else None
    expires_on = (
        date(plan_year, 12, 31) if plan_year else _expires_on(text, effective_on or issued_on)
    )
    jurisdiction = _jurisdiction(title)
    return Metadata(
        id=_identifier(title, jurisdiction, issued_on, plan_year),
        title=title,
        number=number,
        issuer=_issuer(text, head),
        jurisdiction=jurisdiction,
        issued_on=issued_on,
        effective_on=effective_on,
        expires_on=expires_on,
        standing=_standing(draft, expires_on),
        authority=authority,
        audience=_audience(text),
        source=source,
    )


def _head(text: str) -> str:
    """What stands before the first numbered line: letterhead, title, history."""
    for line in scan(text):
        if line.kind not in {Kind.TEXT, Kind.RUN_IN}:
            return text[: line.start]
    return text[:1500]


def _title(head: str, text: str) -> str:
    issued = _ISSUED.search(head.replace("\n", ""))
    if issued:
        draft = "（征求意见稿）" if issued["draft"] or _DRAFT.search(head) else ""
        return _tight(issued["title"]).removesuffix(draft) + draft
    lines = [line for line in head.split("\n") if line]
    for line in lines[:12]:
        if _TITLE.fullmatch(line) and not line.startswith("抄送"):
            return _attached_title(_tight(line), text)
    return _tight(lines[0]) if lines else ""


def _attached_title(title: str, text: str) -> str:
    """Of a notice that only carries a document, that document's title, where it stands."""
    notice = _NOTICE.search(title)
    if notice is None:
        return title
    first_article = _FIRST_ARTICLE.search(text)
    before = text[: first_article.start()] if first_article else text
    for line in map(_tight, before.split("\n")):
        named = notice["title"].endswith(line) or line.endswith(notice["title"])
        if named and line != title and _TITLE.fullmatch(line):
            return line
    return title


def _tight(title: str) -> str:
    return re.sub(r"\s+", "", title)


def _number(head: str) -> str:
    for line in head.split("\n"):
        is_letterhead = len(line) < 30 and not _FIELD.match(line)
        number = canonical_number(line) if is_letterhead else None
        if number:
            return number
    for line in reversed(head.split("\n")):  # the last order is that of the text as it stands
        order = _ORDER.search(line)
        if order and (_HISTORY.fullmatch(line) or order[0] == line.strip("（）() ")):
            return order["number"]
    return ""


def _issuer(text: str, head: str) -> str:
    """Who signed: the line above a date that stands alone, else the letterhead."""
    lines = [line for line in text.split("\n") if line]
    for above, line in pairwise(lines):
        dated = _DAY.fullmatch(line.strip()) or _CHINESE_DAY.fullmatch(line.strip())
        if dated and 4 <= len(above) <= 40 and not re.search("[，。；：《]", above):
            return "" if _TITLE.fullmatch(above) else above
    first = head.partition("\n")[0]
    is_organ = re.search("(?:委员会|办公室|政府|局|厅)$", first)
    return first if is_organ and 4 <= len(first) <= 30 else ""


def _issued_on(text: str, head: str, source: str) -> date | None:
    acts = _acts(head)
    if acts and _AMENDED.search(head):
        return max(acts)  # the text is that of its last amendment
    for line in text.split("\n"):
        found = _DAY.fullmatch(line.strip()) or _CHINESE_DAY.fullmatch(line.strip())
        if found:
            return _day(found)
    if acts:
        return max(acts)
    named = re.search(r"(\d{4})-(\d{2})-(\d{2})", source)
    return _date(*(int(part) for part in named.groups())) if named else None


def _acts(head: str) -> list[date]:
    """The days of adoption, promulgation and amendment that the history lists."""
    days = []
    for line in head.split("\n"):
        if not _HISTORY.fullmatch(line):
            continue
        found = list(_DAY.finditer(line))
        ends = [match.start() for match in found[1:]] + [len(line)]
        for match, end in zip(found, ends, strict=True):
            after = line[match.end() : end]
            day = _day(match)
            if day and _ACT.search(after) and not _SINCE.match(after):
                days.append(day)
    return days


def _day(match: re.Match[str]) -> date | None:
    year = match["y"]
    if not year.isdecimal():
        year = "".join(str(to_int(digit.replace("○", "〇"))) for digit in year)
    return _date(int(year), to_int(match["m"]), to_int(match["d"]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_in(text: str) -> date | None:
    found = _DAY.search(text) or _CHINESE_DAY.search(text)
    return _day(found) if found else None


def _effective_on(text: str, head: str, issued_on: date | None) -> date | None:
    tail = text[-2000:]
    stated = _EFFECTIVE.search(tail)
    day = _day_in(stated["day"]) if stated else None
    if day:
        return day
    for line in reversed(head.split("\n")):
        for match in _DAY.finditer(line) if _HISTORY.fullmatch(line) else ():
            if _SINCE.match(line, match.end()):
                return _day(match)
    if len(_acts(head)) > 1 and _AMENDED.search(head):
        return None  # 自公布之日 is the day of the first text, not that of an amendment
    return issued_on if _TAKES_EFFECT_AT_ONCE.search(tail) else None


def _expires_on(text: str, begins: date | None) -> date | None:
    """The end of the term that the text gives itself: 有效期五年, 有效期至2025年12月31日."""
    term = _TERM.search(text)
    if term is None:
        return None
    if term["until"]:
        return _day_in(term["until"])
    if begins is None:
        return None
    year = begins.year + to_int(term["years"])
    return _date(year, begins.month, begins.day) or _date(year, 2, 28)


def _audience(text: str) -> Audience:
    """Internal where a marking fills a line in the head or foot, or a field says so."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    marked = any(_MARKED.fullmatch(line) for line in (*lines[:15], *lines[-15:]))
    return Audience.INTERNAL if marked or _NOT_PUBLIC.search(text) else Audience.PUBLIC


def _authority(title: str, number: str, text: str) -> Authority:
    if _PRESS.search(text[-400:]) or _PRESS.search(text[:200]):
        return Authority.PRESS_REPORT
    if re.search("责任清单|职责清单", title):
        return Authority.DUTY_LIST
    if re.search("工作(?:意见|要点|计划)$|工作方案$|行动方案$", title):
        return Authority.WORK_PLAN
    if re.search("(?:(?<!办)法|修正案)(?:（[^（）]*）)?$", title):
        return Authority.LAW
    of_state_council = re.match("国务院关于.*(?:规定|办法|决定)", title)
    if re.search("条例(?:（[^（）]*）)?$", title) or of_state_council or "国务院令" in number:
        return Authority.REGULATION
    return Authority.NORMATIVE_DOCUMENT


def _standing(draft: bool, expires_on: date | None) -> Standing:
    if draft:
        return Standing.DRAFT
    return Standing.LAPSED if expires_on and expires_on < date.today() else Standing.IN_FORCE


def _jurisdiction(title: str) -> str:
    """The first division or listed zone named; of any other zone, the division it lies in."""
    gazetteer = Gazetteer.load()
    for mention in gazetteer.find(title):
        if mention.how not in {"name", "traditional"}:
            continue
        place: Place | None = mention.place
        if place not in gazetteer.places:
            place = next(iter(gazetteer.ancestors(mention.place)), None)
        if place:
            return gazetteer.full_name(place) if place.level == "county" else place.name
    return ""


def _identifier(
    title: str, jurisdiction: str, issued_on: date | None, plan_year: int | None
) -> str:
    """A short ASCII id: the place's pinyin and the year, or the title's where there is no place."""
    name = re.sub("[市省区县]$", "", jurisdiction) if jurisdiction else _short(title)
    name = name.rpartition("市")[2]
    pinyin = "".join(lazy_pinyin(re.sub(r"[^\u4e00-\u9fff]", "", name)))
    syllables = re.sub("[^a-z]", "", pinyin)[:32]
    year = plan_year or (issued_on.year if issued_on else None)
    return f"{syllables or 'document'}-{year}" if year else syllables or "document"


def _short(title: str) -> str:
    return re.sub("^中华人民共和国|（[^（）]*）", "", title)
