"""What a model writes, whole or broken, in pieces of any size."""

from __future__ import annotations

import json
from collections.abc import Iterator

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


def test_a_sentence_without_a_token_is_read_as_that() -> None:
    assert read("好的，以下是回答：\n") == [Sentence("好的，以下是回答：", ())]
