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
from index.lexicon.places import Gazetteer
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
_INTERNAL = re.compile(r"公开方式[：:]\s*(?:不公开|不予公开)|内部(?:资料|文件)|机密|秘密[★☆]")
_PRESS = re.compile(r"本版撰稿|本报记者|记者[\s：:]|本报讯|责任编辑")
_PLAN_YEAR = re.compile(r"(?P<year>20\d\d)年(?:度)?[^。]{0,20}(?:工作)(?:意见|要点|计划|方案)")
_EFFECTIVE = re.compile(r"自(?P<day>[^，。]{4,14}日)起(?:施行|实施|执行|生效)")
_TAKES_EFFECT_AT_ONCE = re.compile(r"自(?:发布|公布|印发|下发)之日起(?:施行|实施|执行|生效)")


def identify(text: str, source: str) -> Metadata:
    """Metadata guessed from a normalised *text*; *source* is the received file's name."""
    head = _head(text)
    title = _title(head) or source
    draft = bool(_DRAFT.search(title) or _DRAFT.search(head[:800]))
    authority = _authority(title, text)
    issued_on = _issued_on(text, head, source)
    year = _PLAN_YEAR.search(title)
    plan_year = int(year["year"]) if year and authority is Authority.WORK_PLAN else None
    jurisdiction = _jurisdiction(title)
    return Metadata(
        id=_identifier(title, jurisdiction, issued_on, plan_year),
        title=title,
        number=_number(head),
        issuer=_issuer(text, head),
        jurisdiction=jurisdiction,
        issued_on=issued_on,
        effective_on=_effective_on(text, issued_on),
        expires_on=date(plan_year, 12, 31) if plan_year else None,
        standing=_standing(draft, plan_year),
        authority=authority,
        audience=Audience.INTERNAL if _INTERNAL.search(text) else Audience.PUBLIC,
        source=source,
    )


def _head(text: str) -> str:
    """What stands before the first numbered line: letterhead, title, history."""
    for line in scan(text):
        if line.kind not in {Kind.TEXT, Kind.RUN_IN}:
            return text[: line.start]
    return text[:1500]


def _title(head: str) -> str:
    issued = _ISSUED.search(head.replace("\n", ""))
    if issued:
        draft = "（征求意见稿）" if issued["draft"] or _DRAFT.search(head) else ""
        return _tight(issued["title"]).removesuffix(draft) + draft
    lines = [line for line in head.split("\n") if line]
    for line in lines[:12]:
        if _TITLE.fullmatch(line) and not line.startswith("抄送"):
            return _tight(line)
    return _tight(lines[0]) if lines else ""


def _tight(title: str) -> str:
    return re.sub(r"\s+", "", title)


def _number(head: str) -> str:
    for line in head.split("\n"):
        number = canonical_number(line) if len(line) < 30 else None
        if number:
            return number
    return ""


def _issuer(text: str, head: str) -> str:
    """Who signed: the line above a date that stands alone, else the letterhead."""
    lines = [line for line in text.split("\n") if line]
    for above, line in pairwise(lines):
        if _DAY.fullmatch(line) and 4 <= len(above) <= 40 and not re.search("[，。；：《]", above):
            return above
    first = head.partition("\n")[0]
    is_organ = re.search("(?:委员会|办公室|政府|局|厅)$", first)
    return first if is_organ and 4 <= len(first) <= 30 else ""


def _issued_on(text: str, head: str, source: str) -> date | None:
    history = [day for match in _DAY.finditer(head) if (day := _day(match))]
    if history and re.search("修订|修正|《关于修改", head):
        return max(history)  # the text is that of its last amendment
    for line in text.split("\n"):
        found = _DAY.fullmatch(line.strip()) or _CHINESE_DAY.fullmatch(line.strip())
        if found:
            return _day(found)
    if history:
        return max(history)
    named = re.search(r"(\d{4})-(\d{2})-(\d{2})", source)
    return date(*(int(part) for part in named.groups())) if named else None


def _day(match: re.Match[str]) -> date | None:
    year = match["y"]
    if not year.isdecimal():
        year = "".join(str(to_int(digit.replace("○", "〇"))) for digit in year)
    try:
        return date(int(year), to_int(match["m"]), to_int(match["d"]))
    except ValueError:
        return None


def _effective_on(text: str, issued_on: date | None) -> date | None:
    tail = text[-2000:]
    stated = _EFFECTIVE.search(tail)
    day = _DAY.search(stated["day"]) if stated else None
    if day:
        return _day(day)
    return issued_on if _TAKES_EFFECT_AT_ONCE.search(tail) else None


def _authority(title: str, text: str) -> Authority:
    if _PRESS.search(text[-400:]) or _PRESS.search(text[:200]):
        return Authority.PRESS_REPORT
    if re.search("责任清单|职责清单", title):
        return Authority.DUTY_LIST
    if re.search("工作(?:意见|要点|计划)$|工作方案$|行动方案$", title):
        return Authority.WORK_PLAN
    if re.search("法(?:（[^（）]*）)?$", title) and not title.endswith("办法"):
        return Authority.LAW
    if re.search("条例(?:（[^（）]*）)?$", title) or title.startswith("国务院"):
        return Authority.REGULATION
    return Authority.NORMATIVE_DOCUMENT


def _standing(draft: bool, plan_year: int | None) -> Standing:
    if draft:
        return Standing.DRAFT
    return Standing.LAPSED if plan_year and plan_year < date.today().year else Standing.IN_FORCE


def _jurisdiction(title: str) -> str:
    gazetteer = Gazetteer.load()
    named = [m.place for m in gazetteer.find(title) if m.how in {"name", "traditional"}]
    if not named:
        return ""
    return gazetteer.full_name(named[0]) if named[0].level == "county" else named[0].name


def _identifier(
    title: str, jurisdiction: str, issued_on: date | None, plan_year: int | None
) -> str:
    """A short ASCII id: the place's pinyin and the year, or the title's where there is no place."""
    name = re.sub("[市省区县]$", "", jurisdiction) if jurisdiction else _short(title)
    name = name.rpartition("市")[2]
    syllables = "".join(lazy_pinyin(re.sub(r"[^\u4e00-\u9fff]", "", name)))[:32]
    year = plan_year or (issued_on.year if issued_on else None)
    return f"{syllables or 'document'}-{year}" if year else syllables or "document"


def _short(title: str) -> str:
    return re.sub("^中华人民共和国|（[^（）]*）", "", title)
