"""The comparison as a table on the page, and as text to be pasted elsewhere."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.callers import LOCAL
from assistant.comparison import Comparison, ComparisonQuestion, ComparisonRow
from assistant.desk import Desk, Door
from assistant.models import Answer
from assistant.service import Assistant
from ui.side_by_side import (
    Shown,
    as_cells,
    as_markdown,
    as_rows,
    link,
    side_by_side,
    through_numbered,
)
from ui.words import words_of

ZH, EN = words_of("zh"), words_of("en")
QUESTION = "区长多久开一次会研究安全生产？"


@pytest.fixture(scope="module")
def whole(assistant: Assistant) -> Comparison:
    asked = ComparisonQuestion(question=QUESTION, places=("常州市", "成都市", "广州市"))
    return Desk(assistant).compare(asked, LOCAL, Door.PAGE)


@pytest.fixture(scope="module")
def shown(whole: Comparison) -> Shown:
    places = tuple(row.place for row in whole.rows)
    return Shown(QUESTION, whole.question, places, whole.rows, whole, link(ZH, QUESTION, places))


def answers(shown: Shown) -> list[Answer]:
    return through_numbered(shown.rows)


def test_a_number_names_one_card_in_the_whole_table(shown: Shown) -> None:
    page = side_by_side(shown, ZH)
    marks = re.findall(r'<a class="n" [^>]*><span class="vh">依据</span>(\d+)</a>', page)
    cards = re.findall(r'id="compared-(\d+)"', page)
    assert sorted(set(marks), key=int) == cards
    assert cards == [str(n + 1) for n in range(len(cards))]


def test_the_first_line_says_how_the_places_compare(shown: Shown) -> None:
    page = side_by_side(shown, ZH)
    assert page.index("常州市、成都市在所问的这一点上一致；没有收录广州市的文件。") < page.index(
        "<table"
    )


def test_a_gap_is_shown_as_a_gap_with_its_reason(shown: Shown) -> None:
    row = side_by_side(shown, ZH).partition("广州市</th>")[2].partition("</tr>")[0]
    assert "没有收录这个地方的文件" in row
    assert "不能用其他地方的规定代替" in row
    assert '<td role="cell">—</td>' in row


def test_places_that_have_not_answered_are_waited_for(shown: Shown) -> None:
    page = side_by_side(replace(shown, rows=shown.rows[:1], whole=None), ZH)
    assert "已完成 1 / 3" in page
    assert page.count("正在查找…") == 2
    assert "compared-1" not in page


def test_nothing_in_a_text_acts_as_markup(shown: Shown) -> None:
    evil = '<img src=x onerror="alert(1)">'
    answer = shown.rows[0].answer.model_copy(update={"answer": f"{evil}[1]"})
    row = ComparisonRow(place=evil, answer=answer)
    page = side_by_side(replace(shown, asked=evil, places=(evil,), rows=(row,)), ZH)
    assert "<img" not in page
    assert "\n" not in page


def test_the_link_carries_question_places_and_office() -> None:
    found = urlsplit(link(EN, "a & b?", ["常州市", "成都市"], "区长"))
    assert found.path == "/en/"
    assert parse_qs(found.query) == {
        "tab": ["compare"],
        "q": ["a & b?"],
        "place": ["常州市", "成都市"],
        "office": ["区长"],
    }


def test_the_table_copied_as_markdown_has_a_row_for_each_place(shown: Shown) -> None:
    lines = as_markdown(as_rows(shown, answers(shown), ZH)).split("\n")
    assert lines[0] == "| 地方 | 规定 | 出处 |"
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| 常州市", "| 成都市", "| 广州市"]
    assert (
        "《常州市党政领导干部安全生产责任制规定实施办法》（常办〔2018〕30号）第七条第（三）项"
        in lines[2]
    )
    assert "没有收录这个地方的文件 | —" in lines[4]


def test_bars_and_lines_in_a_cell_do_not_break_the_markdown_table() -> None:
    assert as_markdown([("a", "b"), ("x|y", "one\ntwo")]).split("\n")[2] == "| x\\|y | one<br>two |"


def test_the_table_copied_for_a_spreadsheet_reads_back(shown: Shown) -> None:
    rows = as_rows(shown, answers(shown), ZH)
    assert list(csv.reader(io.StringIO(as_cells(rows)), delimiter="\t")) == [list(r) for r in rows]


def test_a_cell_is_never_a_formula() -> None:
    assert as_cells([("=1+1", "@x")]) == "'=1+1\t'@x"


def test_in_english_the_surroundings_are_english_and_the_texts_marked_as_chinese(
    shown: Shown,
) -> None:
    page = side_by_side(shown, EN)
    assert "No documents of this place" in page
    bare = re.sub(r'<(\w+)[^>]* lang="zh-CN"[^>]*>.*?</\1>', "", page)
    bare = re.sub(r'(?:value|href)="[^"]*"', "", bare)
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]+>", "", bare))
