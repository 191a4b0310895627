"""The line that is read to a caller: short, exact, and cut where one breathes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.service import Assistant
from ui.readaloud import MOST, ReadAloud, read_aloud, short_name, spoken

_NAMES = st.text("常州办法规定", max_size=40)
_ADDRESSES = st.text("第二十条（三）项·3", max_size=60)
_TEXTS = st.text("安全生产责任，、。；：（一）1.\n 的", max_size=200)
_MARKS = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 9)), max_size=5)


@given(
    st.text("常州办法规定", max_size=40), st.text("第二十条（三）项·3", max_size=60), _TEXTS, _MARKS
)
def test_a_line_is_short_and_its_words_are_the_provisions(
    name: str, address: str, text: str, marks: list[tuple[int, int]]
) -> None:
    spans = [(start, start + length) for start, length in marks if start + length <= len(text)]
    line = read_aloud(name, address, text, spans)
    assert len(str(line)) <= MOST
    assert line.words == text[line.start : line.end]
    assert "\n" not in line.words


def test_every_provision_of_the_edition_can_be_read_aloud(assistant: Assistant) -> None:
    for document in assistant.documents().documents:
        nodes = list(assistant.document(document.id).tree)
        while nodes:
            node = nodes.pop()
            nodes.extend(node.children)
            text = assistant.provision(node.provision_id).text
            line = read_aloud(short_name(document), node.address, text, ())
            assert 0 < len(str(line)) <= MOST
            assert line.words
            assert line.words in text


def _line(assistant: Assistant, provision_id: str, looked_for: str) -> ReadAloud:
    view = assistant.provision(provision_id)
    document = next(d for d in assistant.documents().documents if d.id == view.document.id)
    at = view.text.find(looked_for)
    marks = [(at, at + len(looked_for))] if at >= 0 else []
    return read_aloud(short_name(document), view.address, view.text, marks)


def test_the_line_says_what_was_looked_for(assistant: Assistant) -> None:
    line = _line(assistant, "changzhou-2018/30", "诫勉处理")
    assert str(line) == "常州实施办法第三十条：受到诫勉处理的，6个月内不得提拔或者重用"


def test_the_label_of_an_item_is_not_read(assistant: Assistant) -> None:
    line = _line(assistant, "changzhou-2018/20", "谎报")
    assert line.words == "对迟报、漏报、谎报或者瞒报生产安全事故负有领导责任的。"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("第二十条第（三）项", "第二十条第三项"),
        ("第二部分（四）第3项第（2）目", "第二部分第四点第三项第二目"),
        ("强化7项制度·约谈警示制度第一段", "强化7项制度，约谈警示制度第一段"),
    ],
)
def test_an_address_is_said_without_brackets(printed: str, said: str) -> None:
    assert spoken(printed) == said


def test_a_document_is_called_as_people_call_it(assistant: Assistant) -> None:
    names = {d.id: short_name(d) for d in assistant.documents().documents}
    assert names["changzhou-2018"] == "常州实施办法"
    assert names["chengdu-2020"] == "成都责任清单"
