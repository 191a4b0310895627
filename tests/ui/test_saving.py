"""Conversations as files: what stands in them, read back."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn

from assistant.models import Answer, Reason, Status
from tests.ui.test_render import TABLE, answered
from ui.render import Exchange
from ui.saving import Conversation, as_markdown, as_word, file_name
from ui.words import words_of

ZH = words_of("zh")
DAY = date(2026, 11, 22)
REFUSED = Answer(
    id="2",
    status=Status.REFUSED,
    reason=Reason.NO_PROVISION,
    answer="文件没有写到。",
    index_version="v",
)
TALK = Conversation(
    [Exchange("多久？", answered("六个月。[1]")), Exchange("天气？", REFUSED)],
    DAY,
    "常州市",
    "区政府分管负责人",
)


def word_of(conversation: Conversation) -> tuple[list[str], list[list[list[str]]]]:
    """The paragraphs and the tables of the Word file."""
    document = Document(io.BytesIO(as_word(conversation, ZH)))
    tables = [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]
    return [paragraph.text for paragraph in document.paragraphs], tables


def test_the_word_file_holds_all_that_was_asked_and_answered() -> None:
    paragraphs, _ = word_of(TALK)
    assert paragraphs == [
        "安全生产责任问答",
        "日期：2026年11月22日",
        "我在：常州市",
        "我是：区政府分管负责人",
        "答案摘自收录文件，供查阅，以文件原文为准。",
        "1. 多久？",
        "六个月。[1]",
        "依据",
        "[1] 《安全<b>办法》（常办〔2018〕30号）第三十条第（三）项（现行有效）",
        "<img src=x onerror=alert(1)>",
        "2. 天气？",
        "文件没有写到。",
    ]


def test_the_word_file_says_when_it_was_made_and_by_what() -> None:
    about = Document(io.BytesIO(as_word(TALK, ZH))).core_properties
    for moment in (about.created, about.modified):
        assert moment is not None
        assert datetime.now(UTC) - moment.replace(tzinfo=UTC) < timedelta(minutes=1)
    assert about.title == "安全生产责任问答"
    assert about.author == about.last_modified_by == ZH["brand"]


def test_every_style_of_the_word_file_has_a_chinese_face() -> None:
    document = Document(io.BytesIO(as_word(TALK, ZH)))
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert used == {"Title", "Caption", "Heading 1", "Normal", "Heading 2", "Quote"}
    for name in used:
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in {"宋体", "黑体"}
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_a_table_of_places_is_a_table_in_word_and_in_markdown() -> None:
    talk = Conversation([Exchange("比较", answered(f"分别如下：\n{TABLE}\n此外。[1]"))], DAY)
    paragraphs, [rows] = word_of(talk)
    assert rows[0] == ["地方", "规定", "依据"]
    assert rows[2] == ["成都市", "未写明", "—"]
    assert "此外。[1]" in paragraphs
    marked = as_markdown(talk, ZH).decode()
    assert "| 地方 | 规定 | 依据 |\n| --- | --- | --- |\n| 常州市 |" in marked
    assert "| 成都市 | 未写明 | — |\n\n此外。[1]" in marked


def test_markdown_holds_the_same() -> None:
    lines = as_markdown(TALK, ZH).decode().splitlines()
    for line in (
        "# 安全生产责任问答",
        "- 日期：2026年11月22日",
        "- 我在：常州市",
        "## 1. 多久？",
        "六个月。[1]",
        "**依据**",
        "## 2. 天气？",
        "文件没有写到。",
    ):
        assert line in lines


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("<img src=x>", r"\<img src=x\>"),
        ("**粗** `码` # 题", r"\*\*粗\*\* \`码\` \# 题"),
    ],
)
def test_nothing_that_was_typed_is_markup_in_markdown(typed: str, kept: str) -> None:
    made = as_markdown(Conversation([Exchange(typed, REFUSED)], DAY), ZH).decode()
    assert f"## 1. {kept}" in made


def test_what_word_cannot_hold_is_left_out() -> None:
    talk = Conversation([Exchange("甲\x00\x1b\u202e乙\n丙", fault="坏了\x0b。")], DAY, "", "\x07长")
    paragraphs, _ = word_of(talk)
    assert "1. 甲乙 丙" in paragraphs
    assert "坏了。" in paragraphs


def test_the_file_is_named_after_the_day() -> None:
    assert file_name(TALK, "docx", ZH) == "安责问答-20261122.docx"
