"""Personal data in texts, questions and logs: where it stands, and texts without it.

Numbers of public services (12345, 12350, 119) are nobody's and stay. The search sees through
full-width digits, blanks and invisible characters, since it runs before those are cleaned.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from index.edits import HAN, Edit, Line, Step, alternatives, words
from index.persons import names_near

CONTACT, PHONE, EMAIL, IDENTITY_CARD = "contact", "phone", "email", "identity_card"
PERSON = "person"
HIDDEN_CONTACT = "〔联系方式已隐去〕"
HIDDEN_CARD = "〔证件号码已隐去〕"
HIDDEN_ACCOUNT = "〔银行账号已隐去〕"
HIDDEN_PLATE = "〔车牌号码已隐去〕"
HIDDEN_PERSON = "〔姓名已隐去〕"
_HIDDEN = f"{HIDDEN_ACCOUNT}|{HIDDEN_PLATE}"
Span = tuple[int, int, str]

_SEPARATOR = r"[ \t\-‐-―－.]?"
_MOBILE = re.compile(
    rf"(?<![\d.])(?:\+?86{_SEPARATOR})?1[3-9]\d{_SEPARATOR}\d{{4}}{_SEPARATOR}\d{{4}}(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<![\d.])(?:[(（]0\d{{2,3}}[)）]|0\d{{2,3}}){_SEPARATOR}\d{{3,4}}{_SEPARATOR}\d{{4}}"
    r"(?:(?:[-－]|转)\d{1,5})?(?!\d)"
)
_QUANTITY = re.compile(r"\s*(?:元|[万亿][元吨人户]|吨|人次|[平立]方|[%％]|号(?!码)|\.\d)")
_CARD = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:"
    r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?![\dA-Za-z])"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]+\s?(?:@|\(at\)|\[at\])\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*"
    r"\.[A-Za-z]{2,}"
)
#: Bank cards have 16 to 19 digits, in one or in groups of four.
_ACCOUNT = re.compile(
    r"(?<![\dA-Za-z.])(?:\d{16,19}|\d{4}(?:[ \t\u00a0\-－]\d{4}){3}(?:[ \t\u00a0\-－]?\d{1,3})?)"
    r"(?![\dA-Za-z])"
)
#: 苏D12345, 苏D·12345, 苏DD12345 (new energy), 苏D1234学.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-Z][ ·•.．\-]?[A-HJ-NP-Z0-9]{4}(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳])(?![A-Za-z0-9])"
)
_PUBLIC = re.compile(r"1\d{2}|12\d{3}|95\d{3}")
_LABEL_REACH = 40  # characters before a number among which its label stands
_FOLDED_AWAY = {"Cf", "Cc", "Co", "Cs", "Mn", "Cn"}


def find_personal_data(text: str) -> list[Span]:
    """Where *text* holds personal data: ``(start, end, kind)`` in order, without overlaps.

    Kinds are ``contact`` (a person or several data together), ``phone``, ``email``,
    ``identity_card`` and ``person`` (a name that stands beside one of these).

    >>> find_personal_data("拨打12350，或致电13800138000。")
    [(11, 22, 'phone')]
    """
    folded, places = _fold(text)
    spans = _merged(folded, sorted(_candidates(folded)))
    return [
        (places[start], places[_closing(folded, start, end) - 1] + 1, kind)
        for start, end, kind in spans
    ]


def _closing(text: str, start: int, end: int) -> int:
    """*end*, moved behind the bracket that closes one opened inside the span."""
    opened = len(re.findall("[（(]", text[start:end])) - len(re.findall("[）)]", text[start:end]))
    return end + 1 if opened > 0 and text[end : end + 1] in {")", "）"} else end


def _fold(text: str) -> tuple[str, list[int]]:
    """*text* with plain digits and no invisible characters, and where each came from."""
    folded, places = [], []
    for place, character in enumerate(text):
        if character not in "\n\t\r" and unicodedata.category(character) in _FOLDED_AWAY:
            continue
        narrow = unicodedata.normalize("NFKC", character)
        folded.append(narrow if len(narrow) == 1 and character not in "（）：，；" else character)
        places.append(place)
    return _uncut("".join(folded), places)


_CUT = re.compile(r"(?P<head>[A-Za-z0-9@._%+\-]+)(?P<end>\n[ \t]*)(?=(?P<tail>[A-Za-z0-9@._\-]+))")
_LENGTHS = {7, 8, 11, 15, 18}  # of telephone numbers and identity cards


def _uncut(text: str, places: list[int]) -> tuple[str, list[int]]:
    """*text* without those line ends that cut a number or an address in two."""
    ends = [
        match.span("end")
        for match in _CUT.finditer(text)
        if _is_cut(match["head"], match["tail"], text[match.end() + len(match["tail"]) :][:1])
    ]
    for start, end in reversed(ends):
        text, places = text[:start] + text[end:], places[:start] + places[end:]
    return text, places


def _is_cut(head: str, tail: str, after: str) -> bool:
    whole = head + tail
    if "@" in whole:
        return bool(_EMAIL.fullmatch(whole.rstrip(".")))
    digits = re.sub(r"\D", "", whole)
    if not whole.replace("-", "").isdecimal() or after in tuple("、．)）年月\t"):
        return False
    return len(digits) in _LENGTHS or (digits[0] == "0" and 10 <= len(digits) <= 12)


def _candidates(text: str) -> Iterator[Span]:
    data = [*_cards(text), *_mails(text), *_numbers(text), *_labelled(text)]
    yield from data
    yield from _persons(text, data)
    yield from _contact_blocks(text, data)


def _cards(text: str) -> Iterator[Span]:
    yield from ((*match.span(), IDENTITY_CARD) for match in _CARD.finditer(text))


def _mails(text: str) -> Iterator[Span]:
    yield from ((*match.span(), EMAIL) for match in _EMAIL.finditer(text))


def _numbers(text: str) -> Iterator[Span]:
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _LABEL_REACH) : match.start()]
            amount = _QUANTITY.match(text, match.end()) or before.endswith("〕")
            if not amount and not _is_public(match[0]) and not _code_label().search(before):
                yield (*match.span(), PHONE)


@cache
def _code_label() -> re.Pattern[str]:
    """索引号： and the like, with what of the code may stand before a stretch of digits."""
    return re.compile(
        rf"(?<!微信)(?<!QQ)(?<!手机)(?<!支付宝)(?:{_labels('code_labels')})"
        r"[ \t]*(?:[：:]|为|是)?[ \t]*[A-Za-z0-9/\-]*$",
        re.IGNORECASE,
    )


def _is_public(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return digits in words("public_numbers") or bool(_PUBLIC.fullmatch(digits))


@cache
def _labels(*names: str) -> str:
    """The labels of the named lists, also where they are letter-spaced: 电 话."""
    return re.sub(f"(?<=[{HAN}])(?=[{HAN}])", "[ \\t]*", alternatives(*names))


@cache
def _labelled_pattern() -> re.Pattern[str]:
    number = rf"[(（+]?\d(?:{_SEPARATOR}[()（）]?\d){{4,13}}(?:转\d+)?"
    return re.compile(
        rf"(?:{_labels('contact_labels')})(?:号码|号)?\s*"
        rf"(?:[：:]\s*(?:[{HAN}]{{2,4}}[ ，,：:]*)?|为|是)?\s*"
        rf"(?P<numbers>{number}(?:\s*[、，,/；;]?\s*{number})*)(?![\d年]|月)",
        re.IGNORECASE,
    )


def _labelled(text: str) -> Iterator[Span]:
    """Numbers after 电话：, whatever their length; public ones in such a list stay."""
    for match in _labelled_pattern().finditer(text):
        numbers = re.split(r"\s*[、，,/；;]\s*", match["numbers"])
        if not all(map(_is_public, numbers)):
            yield (*match.span(), PHONE)


@cache
def _person_pattern() -> re.Pattern[str]:
    name = rf"[{HAN}·]{{2,5}}?"
    return re.compile(
        rf"(?:{_labels('person_labels')})(?:及电话)?\s*[：:]\s*{name}"
        rf"(?:[、，, /]\s*{name})*(?=[\s，,；;。、（(）)\d：:]|电话|手机|$)"
    )


def _persons(text: str, data: list[Span]) -> Iterator[Span]:
    yield from ((*match.span(), CONTACT) for match in _person_pattern().finditer(text))
    accounts = [(*match.span(), CONTACT) for match in re.finditer(_HIDDEN, text)]
    for start, end, _ in [*data, *accounts]:
        yield from ((*name, PERSON) for name in names_near(text, start, end))


_PARENTHESIS = re.compile(r"[（(](?:[^（）()]|[（(][^（）()]{0,60}[）)]){0,200}[）)]")
_LINE = re.compile(r"[^\n]+")


@cache
def _contact_label() -> re.Pattern[str]:
    return re.compile(_labels("contact_labels", "mail_labels", "person_labels"), re.IGNORECASE)


def _contact_blocks(text: str, data: list[Span]) -> Iterator[Span]:
    """The whole parenthesis, or the whole short line, that is there only to give contact data."""
    persons = [span for span in data if span[2] != IDENTITY_CARD]
    for match in _PARENTHESIS.finditer(text):
        label = _contact_label().search(match[0])
        if label and _holds(match.span(), persons):
            yield (*match.span(), CONTACT)
    for match in _LINE.finditer(text):
        opens = _contact_label().match(match[0].strip(" \u3000\t（("))
        if opens and len(match[0]) <= 160 and _holds(match.span(), persons):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield start, match.start() + len(match[0].rstrip()), CONTACT


def _holds(span: tuple[int, int], data: list[Span]) -> bool:
    return any(span[0] <= start and end <= span[1] for start, end, _ in data)


@cache
def _labels_between() -> re.Pattern[str]:
    names = _labels("contact_labels", "mail_labels", "person_labels")
    return re.compile(rf"(?:[\s，,、；;：:/]|{names})*[（(]?", re.IGNORECASE)


def _merged(text: str, spans: list[Span]) -> list[Span]:
    """Overlapping spans as one, and data with nothing but labels between them as one."""
    merged: list[Span] = []
    for start, end, kind in spans:
        if merged and (
            start <= merged[-1][1]
            or (
                "\n" not in text[merged[-1][1] : start]
                and _labels_between().fullmatch(text, merged[-1][1], start)
            )
        ):
            before = merged.pop()
            same = before[2] if (before[0], before[1]) == (start, end) or before[2] == kind else ""
            merged.append((before[0], max(before[1], end), same or CONTACT))
        else:
            merged.append((start, end, kind))
    return merged


def hide(text: str) -> str:
    """*text* with its personal data replaced; for logs and for whatever leaves the house.

    Besides what `find_personal_data` finds, number plates and numbers as long as a bank card's are
    replaced. In the edition they stay: there such a number is a document's.

    >>> hide("卡号 6222 0212 3456 7890 123，电话 13800138000")
    '卡号 〔银行账号已隐去〕，〔联系方式已隐去〕'
    """
    text = _ACCOUNT.sub(_hidden_account, text)
    for start, end in reversed(_plates(text)):
        text = text[:start] + HIDDEN_PLATE + text[end:]
    return _replaced(text, lambda hidden, _: hidden)


def _plates(text: str) -> list[tuple[int, int]]:
    folded, places = _fold(text)
    return [(places[m.start()], places[m.end() - 1] + 1) for m in _PLATE.finditer(folded.upper())]


def _hidden_account(match: re.Match[str]) -> str:
    return match[0] if _CARD.fullmatch(_fold(match[0])[0]) else HIDDEN_ACCOUNT


_MARKS = {IDENTITY_CARD: HIDDEN_CARD, PERSON: HIDDEN_PERSON}


def _replaced(text: str, write: Callable[[str, Span], str]) -> str:
    for span in reversed(find_personal_data(text)):
        start, end, kind = span
        hidden = _MARKS.get(kind, HIDDEN_CONTACT)
        text = text[:start] + write(hidden, span) + text[end:]
    return text


def hide_personal_data(lines: list[Line]) -> Step:
    """Rule 9, the first to run: what it finds is in no text and no edit from here on."""
    text = "\n".join(line.text for line in lines)
    edits: list[Edit] = []

    def write(hidden: str, span: Span) -> str:
        start, end, _ = span
        source = lines[text[:start].count("\n")].source
        edits.append(Edit("personal_data", source, f"〔已隐去 {end - start} 字〕", hidden))
        return hidden + "\n" * text[start:end].count("\n")

    hidden = _replaced(text, write).split("\n")
    kept = [line.saying(new) for line, new in zip(lines, hidden, strict=True)]
    return Step(kept, edits[::-1])
