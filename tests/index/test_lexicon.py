"""The word files: what they say is found, and a file that cannot be used says why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexicon.loading import LexiconError, check_unique, read_entries, read_sections
from index.lexicon.script import for_matching
from index.lexicon.terms import abbreviations, sanctions, search_words, synonyms, time_words


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("被诫勉几年", ["admonition"]),
        ("戒勉", ["admonition"]),
        ("免职了", ["dismissal"]),
        ("撤了", ["dismissal"]),
        ("判几年", ["criminal_liability"]),
        ("罚多少钱", ["fine"]),
        ("挨处分", ["discipline"]),
        ("记大过", ["major_demerit"]),
        ("通报批评", ["notice"]),
        ("约谈", ["summons_talk"]),
        ("一票否决", ["veto"]),
        ("调离岗位", ["removal_from_post"]),
        ("嘉奖", ["citation"]),
        ("天气", []),
    ],
)
def test_sanctions(text: str, ids: list[str]) -> None:
    assert [mention.term.id for mention in sanctions().find(text)] == ids


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("多久开一次会", ["frequency"]),
        ("每年几次", ["frequency"]),
        ("镇政府多久开会", ["frequency"]),
        ("多久能提拔", ["duration"]),
        ("多长时间不能提拔", ["duration"]),
        ("几年内", ["duration"]),
        ("几个月", ["duration"]),
        ("几次", ["count"]),
        ("什么时候施行", ["date"]),
        ("第几条", ["rank"]),
        ("How often", ["frequency"]),
    ],
)
def test_what_time_is_asked_for(text: str, asked: list[str]) -> None:
    assert [m.term.asks_for for m in time_words().find(text) if m.term.asks_for] == asked


def test_frequencies_can_be_compared() -> None:
    (half_yearly,) = time_words().find("每半年")
    (quarterly,) = time_words().find("每季度")
    assert (half_yearly.term.per_year, quarterly.term.per_year) == (2, 4)


@pytest.mark.parametrize(("text", "ids"), [("2 年", ["year"]), ("天宁区", []), ("两周", ["week"])])
def test_units_count_after_a_number(text: str, ids: list[str]) -> None:
    assert [mention.term.id for mention in time_words().find(text)] == ids


def test_set_phrases_have_their_long_forms() -> None:
    (mention,) = abbreviations().find("3个必须")
    assert mention.term.name == "三个必须"
    assert "管行业必须管安全" in mention.term.parts


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("升官", "提拔"), ("叫去谈话", "约谈"), ("瞒着不报", "瞒报"), ("不服", "申诉"),
        ("出事", "生产安全事故"), ("死了人", "人员伤亡"), ("举报电话", "热线"),
        ("经费", "专项资金"), ("一岗双责", "一岗双责"),
    ],
)  # fmt: skip
def test_search_words(text: str, word: str) -> None:
    assert any(word in found for found in search_words(text))


def test_there_are_enough_synonyms() -> None:
    assert len(synonyms()) >= 120


@dataclass(frozen=True)
class _Entry:
    name: str
    words: tuple[str, ...] = ()
    number: int | None = None


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{"name": "甲", "word": []}], "不认识的键“word”"),
        ([{"words": []}], "缺少“name”"),
        ([{"name": 3}], "类型不对"),
        ([{"name": " "}], "是空的"),
        ([{"name": "甲", "words": "乙"}], "文字的列表"),
        ([{"name": "甲", "words": ["乙", "乙"]}], "重复了“乙”"),
        ([{"name": "甲", "words": [True]}], "文字的列表"),
        ([{"name": "甲", "number": True}], "类型不对"),
        (["甲"], "键: 值"),
        ("甲", "应当是一个列表"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(entries: object, message: str) -> None:
    with pytest.raises(LexiconError, match=message) as caught:
        read_entries(_Entry, entries, "words.yaml")
    assert "words.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [("a: [", "不是合格的 YAML"), ("b: []", "顶层应当是 a"), ("- a", "顶层应当是 a")],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_sections(path, ("a",))
    with pytest.raises(LexiconError, match="读不出来"):
        read_sections(tmp_path / "absent.yaml", ("a",))


def test_an_id_may_stand_once() -> None:
    with pytest.raises(LexiconError, match="出现了两次"):
        check_unique(["a", "b", "a"], "words.yaml")


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_every_offset_stays(text: str) -> None:
    assert len(for_matching(text)) == len(text)
    search_words(text)
    sanctions().find(text)
    time_words().find(text)
