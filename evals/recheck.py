"""A second look at an answer, knowing nothing of `assistant.verify`: is it what the edition says?

Written apart from the verifier on purpose, from the edition's files and the answer as it is served:
each quotation is a stretch of its provision, each statement cites, and numbers, periods, offices,
prohibitions and denials in a statement stand in the words that it cites, and the other way round.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from assistant.models import Answer, Citation, DocumentRef, Statement
from index.numerals import to_int
from index.provision import Document

Edition = Mapping[str, Document]

_NUMERAL = "〇零一二三四五六七八九十百千万两0-9"
_UNIT = "个?工作日|个?小时|个?月|年|日|天|周|季度|次|起|人|名|万元|亿元|元|%|条|款|项|倍|级|分钟"
_QUANTITY = re.compile(rf"(?P<number>[{_NUMERAL}]+(?:\.\d+)?)(?P<unit>{_UNIT})")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_OFFICES = re.compile(
    "书记|市长|区长|县长|镇长|主任|部长|局长|主席|常委|党委|党组|政府|安委会|安全生产委员会|纪委|监委|组织部|"
    "主要负责人|分管负责人|第一责任人|领导干部|班子成员|办公室|法院|检察院|公安"
)
#: Words that turn a rule into another one. The longer of two that begin alike comes first.
_FORCE = re.compile(
    "不得|不准|不予|不应|不能|不可|不必|不需|不用|不停止|不再|禁止|严禁|免予|免于|免除|无须|无需|"
    "没有|尚未|未|不|无|应当|必须|可以|视为|废止|失效|取消|豁免|作废|暂停"
)
_DENIED = re.compile("(?:不得|不予|不能|不应|禁止|严禁|不|未|无)([\u4e00-\u9fff]{2})")
#: So many characters in a row of which no two stand together in what is cited: they are invented.
_INVENTED = 5
#: What stands in front of what was worked out, and which of it is to be worked out again here.
_SUM = re.compile("自(?P<from>[^起]+)起算(?P<term>[^，]+)，至(?P<to>[^止]+)止（按所引条文推算）")
_VERDICT = re.compile("(?:不对|对)：文件写的是(?P<value>[^。]+)。")
_POINTER = re.compile("“(?P<words>[^”]+)”指(?P<address>[^。]+)。")
_COUNTED = re.compile("(?P<had>[^，]+)，(?:没有超过|超过了|达到|未达到)“(?P<said>[^”]+)”的[^。]*。")
_LATE = re.compile("(?P<day>[^在]+)在所引条文写的(?P<limit>[^日]+日)")
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
#: How a text that does not bind has to be called.
_CALLED = {
    "draft": "征求意见|尚未生效|草案",
    "lapsed": "过期|到期|失效|不是现行",
    "superseded": "取代|废止",
}


def unverified(answer: Answer, edition: Edition, asked: str) -> list[str]:
    """What in *answer* cannot be shown to be so, in words; empty where all of it can.

    Args:
        answer: as served.
        edition: the documents by id, read from the edition's own files.
        asked: the question with its history; days and counts to reckon with may come from there.
    """
    found = list(_of_form(answer))
    found += [fault for c in answer.citations for fault in _of_citation(c, edition)]
    if not found:
        cited = {citation.n: citation for citation in answer.citations}
        for statement in answer.statements:
            quotes = [cited[n] for n in statement.citations]
            found += _of_statement(statement, quotes, edition, asked)
    return found


def _of_form(answer: Answer) -> Iterator[str]:
    numbers = {citation.n for citation in answer.citations}
    if answer.status == "refused" and (answer.citations or answer.statements):
        yield "a refusal cites"
    for statement in answer.statements:
        if not statement.citations:
            yield f"no citation: {statement.text}"
        elif not numbers.issuperset(statement.citations):
            yield f"a citation that is not there: {statement.text}"
    body = re.sub(r"“[^”]*”", "", answer.answer) if answer.status == "answered" else ""
    for cited in re.findall(r"\[(\d+)\]", body):
        if int(cited) not in numbers:
            yield f"[{cited}] points at nothing"
    if answer.status == "answered" and not answer.statements:
        yield "an answer without a statement"
    said = _plain(answer.answer)
    for statement in answer.statements:
        if _plain(statement.text) not in said:
            yield f"a statement that the answer does not hold: {statement.text}"


def _of_citation(citation: Citation, edition: Edition) -> Iterator[str]:
    document = edition.get(citation.document.id)
    provision = document.by_id.get(citation.provision_id) if document else None
    if document is None or provision is None:
        yield f"no such provision: {citation.provision_id}"
        return
    if provision.text[citation.start : citation.end] != citation.quote or not citation.quote:
        yield f"not the words of {citation.provision_id}: {citation.quote}"
    if citation.address != str(provision.address):
        yield f"not the address of {citation.provision_id}: {citation.address}"
    yield from _of_reference(citation.document, document)


def _of_reference(shown: DocumentRef, document: Document) -> Iterator[str]:
    metadata = document.metadata
    for name in ("title", "number", "issuer", "jurisdiction", "issued_on", "authority"):
        if getattr(shown, name) != getattr(metadata, name):
            yield f"not the {name} of {document.id}: {getattr(shown, name)}"


def _of_statement(
    statement: Statement, quotes: list[Citation], edition: Edition, asked: str
) -> Iterator[str]:
    words = _plain("\n".join(citation.quote for citation in quotes))
    claim, reckoned = _reckoned(statement.text, words, asked)
    yield from reckoned
    claim, pointers = _pointers(claim, quotes, edition)
    yield from pointers
    claim = _plain(_without_standing(claim, quotes, edition))
    yield from (f"{q} is not quoted: {statement.text}" for q in _lacking(claim, words))
    yield from (f"“{run}” stands nowhere: {statement.text}" for run in _invented(claim, words))
    for word in sorted(_turned(claim, words)):
        yield f"the denial in “{word}” is gone: {statement.text}"


def _lacking(claim: str, words: str) -> list[str]:
    """Quantities, numbers, offices and words of force in *claim* that *words* do not hold."""
    held = set(_quantities(words))
    lacking = [f"{n:g}{unit}" for n, unit in _quantities(claim) if (n, unit) not in held]
    numbers = {value for value, _ in held} | {float(n) for n in _DIGITS.findall(words)}
    lacking += [n for n in _DIGITS.findall(claim) if float(n) not in numbers]
    lacking += [office for office in set(_OFFICES.findall(claim)) if office not in words]
    lacking += [force for force in set(_FORCE.findall(claim)) if force not in words]
    return lacking


def _invented(claim: str, words: str) -> Iterator[str]:
    """Runs of *claim* without a pair of neighbours that are neighbours in *words*, too."""
    for stretch in re.findall(r"\w+", claim):
        held = [stretch[i : i + 2] in words for i in range(len(stretch) - 1)]
        marks = "".join("x" if pair else "-" for pair in held)
        for run in re.finditer(f"-{{{_INVENTED - 1},}}", marks):
            yield stretch[run.start() : run.end() + 1]


def _turned(claim: str, words: str) -> set[str]:
    """What *words* only deny and *claim* says without a denial in front of it."""
    turned = set()
    for match in _DENIED.finditer(words):
        verb = match[1]
        if len(re.findall(verb, words)) > len(re.findall(f"[不未无][^，。；]{{0,3}}{verb}", words)):
            continue  # it is said without a denial, too
        plain = re.sub(f"(?:不|未|无|禁止|严禁)[^，。；]{{0,3}}{verb}", "", claim)
        if verb in plain and match[0] not in claim:
            turned.add(match[0])
    return turned


def _quantities(text: str) -> list[tuple[float, str]]:
    found = []
    for match in _QUANTITY.finditer(text):
        found.append((_value(match["number"]), match["unit"].removeprefix("个")))
    return found


def _value(numeral: str) -> float:
    try:
        return float(numeral) if re.fullmatch(r"[\d.]+", numeral) else float(to_int(numeral))
    except ValueError:
        return -1.0


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _reckoned(text: str, words: str, asked: str) -> tuple[str, list[str]]:
    """*text* without what was worked out, and what of that does not come out the same here."""
    wrong = []
    known = words + _plain(asked)
    for match in _SUM.finditer(text):
        if _plain(match["term"]) not in words and not _within(match["term"], words):
            wrong.append(f"{match['term']} is not quoted: {text}")
        start, end = _days(match["from"]), _days(match["to"])
        if start and end and end != _after(start, _plain(match["term"])):
            wrong.append(f"the sum is another: {text}")
        if not _within(match["from"], known):
            wrong.append(f"{match['from']} was not asked: {text}")
    for match in _VERDICT.finditer(text):
        if not _within(match["value"], words) and _plain(match["value"]) not in words:
            wrong.append(f"{match['value']} is not quoted: {text}")
    for match in _COUNTED.finditer(text):
        if _plain(match["said"]) not in words or not _within(match["had"], known):
            wrong.append(f"the count is not quoted or not asked: {text}")
    for match in _LATE.finditer(text):
        if _plain(match["limit"]) not in words:
            wrong.append(f"{match['limit']} is not quoted: {text}")
    is_reckoned = any(p.search(text) for p in (_SUM, _VERDICT, _COUNTED, _LATE))
    return ("" if is_reckoned else text), wrong


def _within(said: str, words: str) -> bool:
    """Whether every number of *said* stands in *words*."""
    held = {_value(numeral) for numeral in re.findall(f"[{_NUMERAL}]+", words)}
    held |= {value for value, _ in _quantities(words)} | {float(n) for n in _DIGITS.findall(words)}
    said = _plain(said)
    numbers = [v for v, _ in _quantities(said)] + [float(n) for n in _DIGITS.findall(said)]
    return all(number in held for number in numbers)


def _days(text: str) -> date | None:
    match = _DAY.fullmatch(_plain(text))
    return date(int(match[1]), int(match[2]), int(match[3])) if match and match[1] else None


def _after(day: date, term: str) -> date | None:
    """The day a term after *day*; None where the term is none of years, months, weeks, days."""
    amounts = _quantities(term)
    if len(amounts) != 1:
        return None
    number, unit = int(amounts[0][0]), amounts[0][1]
    if unit in {"日", "天", "周"}:
        return day + timedelta(days=number * (7 if unit == "周" else 1))
    months = number * {"月": 1, "季度": 3, "年": 12}.get(unit, 0)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) if months else None


def _pointers(text: str, quotes: list[Citation], edition: Edition) -> tuple[str, list[str]]:
    """*text* without what 前款 and the like point to, and what of that is not there."""
    wrong = []
    for match in _POINTER.finditer(text):
        said = {str(p.address) for c in quotes for p in edition[c.document.id].provisions}
        words = "\n".join(citation.quote for citation in quotes)
        if match["address"] not in said or match["words"] not in words:
            wrong.append(f"it points elsewhere: {match[0]}")
    return _POINTER.sub("", text), wrong


def _without_standing(text: str, quotes: list[Citation], edition: Edition) -> str:
    """*text* without sentences on a cited document's standing that its metadata bear out."""
    for citation in quotes:
        metadata = edition[citation.document.id].metadata
        text = text.replace(metadata.standing_note or "\0", "")
        called = _CALLED.get(citation.document.standing.value, "现行有效")
        for sentence in re.findall("[^。]+。?", text):
            if metadata.title in sentence and re.search(called, sentence):
                text = text.replace(sentence, "")
    return text
