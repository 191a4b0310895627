"""What a model writes, whole or broken, in pieces of any size."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.reply import Reading, Sentence

LINES = "受到诫勉的，6个月内不得提拔。[AB23]\n受到免职的，1年内不安排职务。[CD45][EF67]\n"
OBJECT = json.dumps(
    {
        "statements": [
            {"text": "受到诫勉的，6个月内不得提拔。", "evidence": ["AB23"]},
            {"text": "受到免职的，1年内不安排职务。", "evidence": ["CD45", "EF67"]},
        ]
    },
    ensure_ascii=False,
)
BOTH = [
    Sentence("受到诫勉的，6个月内不得提拔。", ("AB23",)),
    Sentence("受到免职的，1年内不安排职务。", ("CD45", "EF67")),
]


def read(text: str, size: int = 3) -> list[Sentence]:
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    return list(Reading(pieces).sentences())


@given(st.integers(1, 40), st.sampled_from([LINES, OBJECT, f"```json\n{OBJECT}\n```"]))
def test_lines_and_json_are_read_alike_however_they_come(size: int, text: str) -> None:
    assert read(text, size) == BOTH


@given(st.text(max_size=200))
def test_nothing_that_a_model_writes_breaks_the_reading(text: str) -> None:
    assert all(isinstance(sentence, Sentence) for sentence in read(text))


def test_a_sentence_comes_before_the_next_one_is_written() -> None:
    written: list[str] = []

    def pieces() -> Iterator[str]:
        for line in LINES.splitlines(keepends=True):
            written.append(line)
            yield line

    assert next(Reading(pieces()).sentences()) == BOTH[0]
    assert len(written) == 1


def test_a_json_that_breaks_off_loses_the_sentence_under_way() -> None:
    assert read(OBJECT[: OBJECT.index("1年内") + 3]) == BOTH[:1]


def test_what_is_thought_aloud_is_passed_over() -> None:
    assert read(f"<think>先看[AB23]\n再看</think>\n{LINES}") == BOTH


def test_tokens_may_stand_in_front_or_together() -> None:
    assert read("[AB23] 受到诫勉的，6个月内不得提拔。\n") == BOTH[:1]
    assert read("1. 受到免职的，1年内不安排职务。【CD45、EF67】") == BOTH[1:]


def test_a_token_in_front_may_have_lost_its_brackets() -> None:
    assert read("AB23 受到诫勉的，6个月内不得提拔。\n") == BOTH[:1]


def test_a_sentence_without_a_token_is_read_as_that() -> None:
    assert read("好的，以下是回答：\n") == [Sentence("好的，以下是回答：", ())]


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "text",
    [
        json.dumps(json.loads(OBJECT), ensure_ascii=False, indent=2),
        json.dumps(json.loads(OBJECT)["statements"], ensure_ascii=False),
        json.dumps({"why": "想好了", **json.loads(OBJECT)}),
        f"好的，整理如下：\n\n```json\n{OBJECT}\n```\n希望对您有帮助。",
        f"好的：{OBJECT}",
        f"<think>\n也许[AB23]\n{OBJECT}</think>\n{OBJECT}",
    ],
)
def test_json_is_found_whatever_stands_around_it(size: int, text: str) -> None:
    assert [sentence for sentence in read(text, size) if sentence.tokens] == BOTH


@given(st.integers(20, len(OBJECT)))
def test_of_json_that_is_cut_off_the_whole_sentences_are_read(cut: int) -> None:
    reading = Reading([OBJECT[:cut]])
    told = list(reading.sentences())
    assert told == BOTH[: OBJECT[: min(cut, len(OBJECT) - 1)].count("}")]
    assert reading.is_cut == (cut < OBJECT.rindex("]") + 1)


@pytest.mark.parametrize(
    "text",
    ['{"statements": []}', '{"statements": 7}', "[]", "null", '{"statements": ' + "[" * 5_000],
)
def test_json_without_sentences_has_none(text: str) -> None:
    assert [sentence for sentence in read(text) if sentence.tokens] == []
