"""What the page makes of answers: every text is data, nothing in it is markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest

from assistant.models import Answer, Citation, DocumentRef, Reason, Statement, Status
from index.provision import Authority, Standing
from ui.render import (
    Exchange,
    badge,
    basis,
    conversation,
    escape,
    plain_text,
    provision_url,
)
from ui.words import words_of

DOCUMENT = DocumentRef(
    id="x-2018",
    title="安全<b>办法",
    number="常办〔2018〕30号",
    issuer="",
    jurisdiction="常州市",
    issued_on=date(2018, 12, 14),
    standing=Standing.IN_FORCE,
    authority=Authority.NORMATIVE_DOCUMENT,
)
CITATION = Citation(
    n=1,
    provision_id="x-2018/30/i3",
    address="第三十条第（三）项",
    document=DOCUMENT,
    heading_path=("第五章 责任追究", "第三十条"),
    quote="<img src=x onerror=alert(1)>",
    start=2,
    end=9,
)


def answered(text: str, *, notices: tuple[str, ...] = ()) -> Answer:
    return Answer(
        id="1",
        status=Status.ANSWERED,
        answer=text,
        statements=(Statement(text=text, citations=(1,)),),
        citations=(CITATION,),
        notices=notices,
        index_version="v",
    )


def shown(exchanges: Sequence[Exchange]) -> str:
    """The conversation without what its buttons carry to be copied."""
    return re.sub(r' value="[^"]*"', "", conversation(exchanges))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "a&b"])
def test_questions_and_texts_are_escaped(text: str) -> None:
    made = conversation([Exchange(text, answered(f"{text}[1]")), Exchange(text, fault=text)])
    assert text not in made
    assert made.count(escape(text)) == 5  # a question, an answer, its copy; a question, a fault


def test_what_it_makes_is_one_line_that_markdown_leaves_alone() -> None:
    made = shown([Exchange("一\n\n# 二\n\n```", answered("甲\n\n* 乙[1]"))])
    assert "\n" not in made + basis(answered("甲"))
    assert made.startswith("<div")


def test_marks_of_citations_lead_to_the_words() -> None:
    made = shown([Exchange("问", answered("甲。[1]乙。[7]"))])
    assert 'href="/p/x-2018/30/i3?s=2&amp;e=9#mark"' in made
    assert "[7]" in made
    assert "[1]" not in made


def test_a_notice_stands_above_the_answer_and_only_there() -> None:
    notice = "这是征求意见稿，尚未生效。"
    made = shown([Exchange("问", answered(f"{notice}\n甲。[1]", notices=(notice,)))])
    assert made.count(notice) == 1
    assert made.index(notice) < made.index("甲。")


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_says_why_in_chinese(reason: Reason) -> None:
    answer = Answer(
        id="1", status=Status.REFUSED, reason=reason, answer="没有。", index_version="v"
    )
    made = shown([Exchange("问", answer)])
    assert "refusal" in made
    assert reason.value not in made


@pytest.mark.parametrize(
    ("standing", "authority", "word"),
    [
        (Standing.IN_FORCE, Authority.NORMATIVE_DOCUMENT, "现行有效"),
        (Standing.DRAFT, Authority.NORMATIVE_DOCUMENT, "征求意见稿"),
        (Standing.LAPSED, Authority.WORK_PLAN, "已过期"),
        (Standing.SUPERSEDED, Authority.LAW, "已被取代"),
        (Standing.IN_FORCE, Authority.PRESS_REPORT, "媒体报道"),
        (Standing.LAPSED, Authority.PRESS_REPORT, "媒体报道"),
    ],
)
def test_the_badge_names_the_standing(standing: Standing, authority: Authority, word: str) -> None:
    document = DOCUMENT.model_copy(update={"standing": standing, "authority": authority})
    assert word in badge(document)
    assert ("caution" in badge(document)) == (word != "现行有效")


def test_a_card_shows_document_place_and_exact_words() -> None:
    made = basis(answered("甲。[1]"))
    for part in ("常办〔2018〕30号", "第三十条第（三）项", "第五章 责任追究", "2018年12月14日"):
        assert part in made
    assert "&lt;img src=x onerror=alert(1)&gt;" in made
    assert "安全&lt;b&gt;办法" in made


def test_what_turns_the_writing_direction_is_dropped() -> None:
    assert escape("甲\u202e乙\x00\x1b丙") == "甲乙丙"


def test_addresses_of_provisions_are_quoted() -> None:
    assert provision_url("a/<b>?c") == "/p/a/%3Cb%3E%3Fc"


TABLE = (
    "| 地方 | 规定 | 依据 |\n| --- | --- | --- |\n"
    "| 常州市 | 每季度<b>至少1次。[1] | 常办〔2018〕30号第三十条 |\n"
    "| 成都市 | 未写明 | — |"
)


def test_a_table_of_places_is_a_table() -> None:
    made = shown([Exchange("问", answered(f"两地的规定不同，分别如下：\n{TABLE}\n此外。[1]"))])
    assert "|" not in made
    assert "---" not in made
    assert "\n" not in made
    assert made.count("<tr") == 3
    assert made.count("<td") == 4
    assert '<th role="rowheader" scope="row">常州市</th>' in made
    assert '<tr role="row" class="silent"><th role="rowheader" scope="row">成都市</th>' in made
    assert "</table><p>此外。" in made


def test_a_table_is_escaped_and_its_marks_are_links() -> None:
    made = shown([Exchange("问", answered(TABLE))])
    assert "每季度&lt;b&gt;至少1次。<a " in made
    assert 'href="/p/x-2018/30/i3?s=2&amp;e=9#mark"' in made
    assert "[1]" not in made


@pytest.mark.parametrize(
    "text",
    [
        "| 甲 | 乙 |",
        "| 甲 | 乙 |\n| --- | --- |",
        "| 甲 | 乙 |\n| --- | --- |\n丙",
        "甲\n| --- |\n乙",
        "| 甲 |\n| --- | --- |\n| 乙 | 丙 |",
        "|\n|\n|",
    ],
)
def test_bars_alone_make_no_table(text: str) -> None:
    made = shown([Exchange("问", answered(text))])
    assert "<table" not in made
    assert all(f"<p>{line}</p>" in made for line in text.split("\n"))


def test_lines_behind_a_table_that_do_not_fit_it_stay_lines() -> None:
    made = shown([Exchange("问", answered(f"{TABLE}\n| 丙 |\n丁"))])
    assert made.count("<tr") == 3
    assert "</table><p>| 丙 |</p><p>丁</p>" in made


@pytest.mark.parametrize(
    "line", ["按“常州诫勉<多久>”理解。", "“区长”按文件中的“政府主要负责人”查。"]
)
def test_how_the_question_was_read_is_said_in_passing(line: str) -> None:
    made = shown([Exchange("问", answered(f"{line}\n甲。[1]"))])
    assert f'<p class="aside">{escape(line)}</p><p>甲。' in made


def test_sums_and_verdicts_are_plain_paragraphs() -> None:
    total = "自2024年3月10日起算6个月，至2024年9月10日止（按所引条文推算）。[1]"
    made = shown([Exchange("问", answered(f"不对：文件写的是6个月。[1]\n{total}"))])
    assert "<p><b>不对：</b>文件写的是6个月。<a " in made
    assert "至2024年9月10日止<small>（按所引条文推算）</small>。<a " in made


def test_what_is_not_covered_stands_behind_the_answer():
    gap = "所问的“工资”，收录的文件中没有找到写明的条文，这部分无法回答。"
    made = shown([Exchange("问", answered(f"甲。[1]\n{gap}", notices=(gap,)))])
    assert made.index("甲。") < made.index(gap)
    assert made.count(gap) == 1


def test_a_citation_carries_its_official_form_to_be_copied() -> None:
    made = basis(answered("甲。[1]"))
    assert (
        'class="copy" value="《安全&lt;b&gt;办法》（常办〔2018〕30号）第三十条第（三）项：'
        "“&lt;img src=x onerror=alert(1)&gt;”" in made
    )


def test_an_answer_carries_its_text_and_its_basis_to_be_copied() -> None:
    made = conversation([Exchange("问", answered("甲。[1]\n乙。[1]"))])
    assert "甲。[1]&#10;乙。[1]&#10;&#10;依据：&#10;[1] 《" in made


def test_on_the_english_page_the_texts_are_marked_as_chinese() -> None:
    english = words_of("en")
    answer = answered("甲。[1]", notices=("注意。",))
    made = conversation([Exchange("问", answer)], english) + basis(answer, english)
    assert '<div class="said" lang="zh-CN"><p>甲。' in made
    assert '<span class="badge">In force</span>' in made
    assert "2018-12-14" in made
    assert "lang=" not in conversation([Exchange("问", answer)]) + basis(answer)


def test_a_table_is_copied_with_tabs() -> None:
    text = plain_text(answered(f"分别如下：\n{TABLE}\n此外。[1]"))
    assert text.startswith("分别如下：\n地方\t规定\t依据\n常州市\t每季度")
    assert "成都市\t未写明\t—\n此外。[1]\n\n依据：\n[1] 《" in text
