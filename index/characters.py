"""Rules about single characters: strays, pinyin notes, lost text, machine-made traditional."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

from index.edits import (
    CJK_PUNCTUATION,
    HAN,
    Edit,
    Line,
    Step,
    alternatives,
    changed,
    in_order,
    rewrite,
)
from index.provision import ILLEGIBLE

_PRIVATE_USE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_SELECTORS = "\ufe00-\ufe0f\U000e0000-\U000e01ff"
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
_INVISIBLE += "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc"
_STRAY = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    f"{_PRIVATE_USE}{_SELECTORS}{_INVISIBLE}]+"
)
_TABBED_NUMBER = re.compile(r"^\s*([0-9０-９]{1,3})\s*\t\s*(?=\S)")
#: 3．4 at the start of a line is item 3, beginning with a digit: full-width points count items.
_POINTED_NUMBER = re.compile(r"^\s*([0-9]{1,3}|[０-９]{1,3}(?![．][０-９]))．\s*")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]+|(?<=[0-9０-９])．(?=[0-9０-９])")
#: The one ideographic space that means something: it ends the head of a ■ item.
_RUN_IN_HEAD = re.compile(r"^■ [^\u3000■]*[^\s■]\u3000\s*(?=\S)")
_WIDE_BLANK = re.compile(r"\s{2,}|[^\S ]")


def clean_characters(lines: list[Line]) -> Step:
    """Rule 1: strays go, blanks become single, letters and digits half-width, all in NFC."""
    return in_order(
        lines,
        [
            lambda lines: rewrite(lines, "stray_character", _STRAY, ""),
            lambda lines: rewrite(lines, "tabbed_number", _TABBED_NUMBER, r"\1. "),
            lambda lines: rewrite(lines, "half_width", _POINTED_NUMBER, r"\1. "),
            lambda lines: rewrite(lines, "half_width", _WIDE, _narrow),
            _composed,
            _single_blanks,
        ],
    )


def _narrow(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _composed(lines: list[Line]) -> Step:
    composed, edits = [], []
    for line in lines:
        text = unicodedata.normalize("NFC", _without_radicals(line.text))
        if text != line.text:
            edits.append(Edit("composed", line.source, line.text, text))
        composed.append(line.saying(text))
    return Step(composed, edits)


def _without_radicals(text: str) -> str:
    """PDF files often give ⼀ (a radical) where 一 (the character) is meant."""
    return "".join(
        unicodedata.normalize("NFKC", c) if "\u2f00" <= c <= "\u2fd5" else c for c in text
    )


def _single_blanks(lines: list[Line]) -> Step:
    """Blanks at the ends of a line go without an edit: nobody can see them."""
    stripped = [line.saying(line.text.strip()) for line in lines]
    return rewrite(stripped, "blank", _WIDE_BLANK, _one_blank)


def _one_blank(match: re.Match[str]) -> str:
    head = _RUN_IN_HEAD.match(match.string)
    return "\u3000" if head and match.end() == head.end() else " "


_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿếềê"
_SYLLABLE = rf"(?=[a-zü]*[{_TONES}])[a-zü{_TONES}]{{1,6}}"
#: The second form is what is left of a note whose bracket and character are lost.
_PINYIN = re.compile(
    rf"(?<=[{HAN}])[（(][ ]?{_SYLLABLE}[ ]?[）)]|(?<={ILLEGIBLE}){_SYLLABLE}[ ]?[）)]",
    re.IGNORECASE,
)


def drop_pinyin(lines: list[Line]) -> Step:
    """Rule 2: 産(chǎn) → 産. Only a tone mark tells a note from a label or a formula."""
    return rewrite(lines, "pinyin", _PINYIN, "")


_CHINESE = HAN + CJK_PUNCTUATION
_RESIDUE = rf"(?:{_SYLLABLE}[ ]?[）)])?"
_REPLACED = re.compile(rf"\ufffd{_RESIDUE}", re.IGNORECASE)
_QUESTION_MARKS = re.compile(
    rf"(?:(?<=[{_CHINESE}])|^(?=\?+[{HAN}]))(?:\?{_RESIDUE})+", re.IGNORECASE
)
_LOST_ONE = re.compile(rf"\?{_RESIDUE}", re.IGNORECASE)
_CLAUSE = re.compile("[，。；？！,;!?]")


@cache
def _interrogative() -> re.Pattern[str]:
    return re.compile(alternatives("interrogatives"))


def mark_lost_text(lines: list[Line]) -> Step:
    """Rule 3: each character that came as ``?`` is marked; a real question mark is widened."""
    lines, lost = rewrite(lines, "lost_text", _REPLACED, ILLEGIBLE)
    marked, edits = [], lost
    for line in lines:
        rewritten, made = rewrite([line], "lost_text", _QUESTION_MARKS, _widen_or_mark)
        edits += [_named(edit) for edit in made]
        marked += rewritten
    return Step(marked, edits)


def _named(edit: Edit) -> Edit:
    meant = edit.before.replace("?", "？") == edit.after
    return Edit("full_width", edit.line, edit.before, edit.after) if meant else edit


def _widen_or_mark(match: re.Match[str]) -> str:
    if _is_question(match):
        return "？" * len(match[0])
    return _LOST_ONE.sub(ILLEGIBLE, match[0])


def _is_question(match: re.Match[str]) -> bool:
    if match[0].strip("?"):  # a damaged pinyin note
        return False
    before, after = match.string[: match.start()], match.string[match.end() :].lstrip()
    if not before or after[:1] in tuple("，,、；;：:"):  # no question ends like that
        return False
    if _interrogative().search(_CLAUSE.split(before)[-1]):
        return True
    return len(match[0]) == 1 and (not after or after[0] in "”’」』）)》")


#: Above this share of traditional characters a text is taken for one converted by machine;
#: texts that quote an old name stay far below, converted ones lie above a quarter.
_PREDOMINANT = 0.15


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _stranded_zhu() -> re.Pattern[str]:
    zhu = sorted(alternatives("zhu_words").split("|"))
    before = "".join(f"(?<!{word[0]})" for word in zhu if word[1] == "著")
    after = "".join(word[1] for word in zhu if word[0] == "著")
    return re.compile(f"{before}著(?![{after}])")


def simplify(lines: list[Line]) -> Step:
    """Rule 4: a text made traditional by machine is turned back, as a whole or not at all."""
    if _traditional_share("".join(line.text for line in lines)) < _PREDOMINANT:
        return Step(lines, [])
    simplified, edits = [], []
    for line in lines:
        text = _stranded_zhu().sub("着", _simplified(line.text))
        edits += _conversion_edits(line, text)
        simplified.append(line.saying(text))
    return Step(simplified, edits)


def _traditional_share(text: str) -> float:
    han = re.sub(f"[^{HAN}]|{ILLEGIBLE}", "", text)
    turned = sum(a != b for a, b in zip(han, _simplified(han), strict=False))
    return turned / max(1, len(han))


def _simplified(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted


def _conversion_edits(line: Line, text: str) -> list[Edit]:
    if len(text) == len(line.text):
        return changed(line, "simplified", text)
    return [Edit("simplified", line.source, line.text, text)]
