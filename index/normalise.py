"""Received file → text of the edition, every change recorded.

A line of the result is one paragraph, item, heading or title line. The rules are general: none
knows the wording of a document, what they know of the trade is in ``lexicon/normalise.yaml``.
They are run until nothing changes, so that normalising a normalised text gives it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from index.characters import clean_characters, drop_pinyin, mark_lost_text, simplify
from index.edits import Edit, Line, Rule, Step, in_order
from index.errors import BadDocument
from index.pages import drop_page_marks
from index.privacy import find_personal_data, hide_personal_data
from index.typography import (
    close_wrapped_titles,
    drop_comments,
    drop_marks,
    tidy_blanks,
    widen_punctuation,
)
from index.unbreak import join_broken_lines

__all__ = [
    "Edit",
    "Normalised",
    "RuleSummary",
    "decode",
    "find_personal_data",
    "normalise",
    "summarise",
]

#: Personal data first: from then on they are in no line that an edit could show. Lost text before
#: the traditional characters, whose share the question marks would change; page numbers before the
#: marks, since - 3 - looks like an item; joining last, when
#: marks and labels have their one form.
RULES: tuple[Rule, ...] = (
    hide_personal_data,
    clean_characters,
    drop_page_marks,
    drop_comments,
    drop_marks,
    drop_pinyin,
    mark_lost_text,
    simplify,
    widen_punctuation,
    tidy_blanks,
    close_wrapped_titles,
    join_broken_lines,
)
_MOST_ROUNDS = 50  # three are usual


@dataclass(frozen=True)
class Normalised:
    """A clean text and what was done to get it.

    Args:
        text: lines separated by one line end, the last one ended too; empty if nothing is left.
        edits: the changes, rule by rule.
    """

    text: str
    edits: tuple[Edit, ...]


def normalise(raw: str) -> Normalised:
    """Cleans *raw*, the decoded text of a received file."""
    lines = _split(raw)
    edits: list[Edit] = []
    for _ in range(_MOST_ROUNDS):
        if not lines:
            break
        before = [line.text for line in lines]
        lines, made = _one_round(lines)
        edits += made
        if [line.text for line in lines] == before:
            break
    return Normalised("".join(f"{line.text}\n" for line in lines), tuple(map(_safe, edits)))


def _one_round(lines: list[Line]) -> Step:
    """All rules once. The lines forget how they stood in the file, as the result's will."""
    lines, edits = in_order(lines, RULES)
    return Step([Line.received(line.text, line.source) for line in lines], edits)


def _split(raw: str) -> list[Line]:
    received = re.split("\r\n|\r|\n", raw)
    return [
        Line.received(part, number)
        for number, text in enumerate(received, start=1)
        for part in re.split("[\v\f\x1c-\x1e\x85\u2028\u2029]", text)
    ]


def _safe(edit: Edit) -> Edit:
    """The edit, with its words hidden where joining has put personal data together in them."""
    if edit.rule == "personal_data" or not find_personal_data(edit.before + "\n" + edit.after):
        return edit
    hidden = f"〔已隐去 {len(edit.before)} 字〕"
    return Edit(edit.rule, edit.line, hidden, hidden)


# ---- reading bytes ---------------------------------------------------------------------------

_EMPTY = "文件是空的，没有可以导入的文字。"
_OTHER_FORMATS = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word、Excel 或压缩包",
    b"\xd0\xcf\x11\xe0": "旧版 Word 或 Excel",
    b"{\\rtf": "RTF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
}


def decode(data: bytes) -> str:
    """The text of a received file: UTF-8, UTF-16 with its mark, or GB 18030.

    Raises:
        BadDocument: the bytes are no text in any of these.
    """
    if not data.strip():
        raise BadDocument(_EMPTY)
    for opening, name in _OTHER_FORMATS.items():
        if data.startswith(opening):
            raise BadDocument(f"这是{name}文件，不是纯文本。请先另存为 UTF-8 编码的文本再导入。")
    text = _decoded(data)
    if text is None or re.search("[\x00-\x08\x0e-\x1a]", text):
        raise BadDocument("文件不是可以识别的文本（支持 UTF-8、UTF-16、GB 18030 编码）。")
    if not text.strip():
        raise BadDocument(_EMPTY)
    return text


def _decoded(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None if marked else _damaged_utf8(data) or _gb18030(data)


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes, which GB 18030 would read as quite other characters."""
    text = data.decode("utf-8-sig", errors="replace")
    beyond_ascii = sum(character > "\x7f" for character in text)
    return text if text.count("\ufffd") * 6 < beyond_ascii else None


def _gb18030(data: bytes) -> str | None:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return None


# ---- the report ------------------------------------------------------------------------------

_DESCRIPTIONS = {
    "personal_data": "隐去个人信息",
    "stray_character": "删去不可见字符、控制字符和私用区字符",
    "tabbed_number": "编号后的制表符改为“. ”",
    "half_width": "全角数字、字母改为半角",
    "composed": "统一字符的编码形式",
    "page_mark": "删去页码、页眉和页脚",
    "markup": "删去排版标记",
    "bullet": "删去项目符号",
    "run_in_head": "统一带小标题的项目",
    "pinyin": "删去汉字后的注音",
    "lost_text": "标出缺失的字（□）",
    "simplified": "繁体转为简体",
    "full_width": "半角标点改为全角",
    "blank": "删去或统一空格",
    "wrapped_title": "合上标题中因换行产生的空格",
    "broken_line": "接上被截断的行",
}


class RuleSummary(NamedTuple):
    """How often a rule changed something, with up to three examples (第5行：前 → 后)."""

    rule: str
    description: str
    times: int
    examples: tuple[str, ...]


def summarise(edits: Iterable[Edit]) -> list[RuleSummary]:
    """The edits by rule, for the report of ``anze import``."""
    by_rule: dict[str, list[Edit]] = {rule: [] for rule in _DESCRIPTIONS}
    for edit in edits:
        by_rule.setdefault(edit.rule, []).append(edit)
    return [
        RuleSummary(rule, _DESCRIPTIONS.get(rule, rule), len(made), _examples(made))
        for rule, made in by_rule.items()
        if made
    ]


def _examples(edits: list[Edit]) -> tuple[str, ...]:
    distinct: dict[tuple[str, str], Edit] = {}
    for edit in edits:
        distinct.setdefault((edit.before, edit.after), edit)
    shown = list(distinct.values())[:3]
    return tuple(f"第{edit.line}行：{edit.before} → {edit.after}" for edit in shown)
