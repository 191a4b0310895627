"""Named texts out of what a model writes."""

import pytest

from assistant.llm.fields import read

NAMES = ("words", "provision")
BOTH = {"words": "诫勉 期限", "provision": "受到诫勉的，不得提拔。"}


@pytest.mark.parametrize(
    "reply",
    [
        '{"words": "诫勉 期限", "provision": "受到诫勉的，不得提拔。"}',
        '```json\n{"words": "诫勉\\n期限", "provision": "受到诫勉的，不得提拔。"}\n```',
        '<think>嗯</think>好：{"words": "诫勉 期限", "provision": "受到诫勉的，不得提拔。"}',
        "words：诫勉  期限\nprovision: 受到诫勉的，不得提拔。",
    ],
)
def test_texts_are_read_however_they_are_written(reply):
    assert read([reply], NAMES, 40) == BOTH


@pytest.mark.parametrize("reply", ["", "我不知道", "{", '{"words": 3, "provision": null}', "[]"])
def test_what_holds_no_text_gives_none(reply):
    assert read([reply], NAMES, 40) == {}


def test_half_a_reply_gives_what_is_there():
    assert read(['{"words": "诫勉 期限", "prov'], NAMES, 40) == {"words": "诫勉 期限"}


def test_no_more_is_read_than_can_be_kept():
    def endless():
        yield '{"words": "'
        for _ in range(1000):
            yield "诫勉"
        raise AssertionError("all of it was read")

    assert len(read(endless(), NAMES, 40)["words"]) == 40
