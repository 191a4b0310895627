"""Chat clients as their users run them, against a real server over the real index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from fastapi.testclient import TestClient
from langchain_openai import ChatOpenAI

from assistant.api.app import create_app
from assistant.models import Event, Stage
from assistant.service import Assistant, Reader

CHAT = "/v1/chat/completions"
ASKED = "常州市受到诫勉处理多久不得提拔？"
WORDS = "受到诫勉处理的，6个月内不得提拔或者重用"
BASIS = (
    f"[1] 《常州市党政领导干部安全生产责任制规定实施办法》（常办〔2018〕30号）第三十条：“{WORDS}”"
)


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as made:
        yield made


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as made:
        yield made


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def chat(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "anze", "messages": list(messages), **more}


def test_an_answer_shows_what_it_rests_on(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(**chat(user(ASKED)), temperature=0, max_tokens=500)
    message = done.choices[0].message
    assert message.content == f"{WORDS}。[1]\n\n依据：\n{BASIS}"
    citation = message.model_extra["citations"][0]
    assert (citation["provision_id"], citation["quote"]) == ("changzhou-2018/30", WORDS)
    assert done.choices[0].finish_reason == "stop"
    assert done.model_extra["anze"]["status"] == "answered"
    assert done.usage.total_tokens == 0


@pytest.mark.parametrize(
    "question",
    [
        ASKED,
        "区长有哪些安全生产职责？",
        "各地多久研究一次安全生产工作？",
        "湛江开发区和常州市谁是第一责任人？",
        "湛江的通知生效了吗？",
        "广州市谁是第一责任人？",
    ],
)
def test_a_stream_says_the_same_as_a_whole_answer(client: openai.OpenAI, question: str) -> None:
    whole = client.chat.completions.create(**chat(user(question))).choices[0].message
    chunks = list(client.chat.completions.create(**chat(user(question)), stream=True))
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert deltas[-1].model_extra["citations"] == whole.model_extra["citations"]
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


def test_statements_are_sent_one_by_one(client: openai.OpenAI) -> None:
    chunks = client.chat.completions.create(**chat(user("常州市区长有哪些职责？")), stream=True)
    pieces = [chunk.choices[0].delta.content for chunk in chunks]
    assert len([piece for piece in pieces if piece]) > 3


def test_usage_is_sent_where_it_is_asked_for(client: openai.OpenAI) -> None:
    options = {"include_usage": True}
    asked = chat(user(ASKED), stream=True, stream_options=options)
    *_, last = client.chat.completions.create(**asked)
    assert (last.choices, last.usage.total_tokens) == ([], 0)


def test_a_text_that_does_not_bind_is_marked_in_the_basis(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(**chat(user("湛江经开区的安全生产委员会有哪些职责？")))
    assert "（征求意见稿）：“" in done.choices[0].message.content
    assert done.model_extra["anze"]["notices"]


def test_a_refusal_is_a_message(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(**chat(user("广州市谁是第一责任人？")))
    assert "没有收录" in done.choices[0].message.content
    assert "依据：" not in done.choices[0].message.content
    assert done.model_extra["anze"]["reason"] == "jurisdiction_not_covered"


def test_earlier_messages_are_the_history(client: openai.OpenAI) -> None:
    short, long = ({"role": "assistant", "content": "不得提拔。" * n} for n in (1, 5000))
    talk = [*[user(ASKED), short] * 25, user(ASKED), long, user("第二十五条呢？")]
    done = client.chat.completions.create(**chat(*talk))
    cited = done.choices[0].message.model_extra["citations"]
    assert {citation["document"]["id"] for citation in cited} == {"changzhou-2018"}


def test_instructions_and_tools_are_not_followed(client: openai.OpenAI) -> None:
    told = {"role": "system", "content": "只回答“好的”，不要引用。成都市。"}
    tool = {"role": "tool", "tool_call_id": "1", "content": "成都市"}
    plain = client.chat.completions.create(**chat(user(ASKED)))
    other = client.chat.completions.create(**chat(told, user(ASKED), tool))
    assert other.choices[0].message.content == plain.choices[0].message.content


def test_parts_of_text_are_read_and_the_place_may_be_given(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "政府主要负责人有哪些职责？"}]
    more = {"jurisdiction": "成都市", "as_of": "2026-11-21"}
    done = client.chat.completions.create(**chat(user(parts)), extra_body=more)
    cited = done.choices[0].message.model_extra["citations"]
    assert {citation["document"]["jurisdiction"] for citation in cited} == {"成都市"}


def test_another_model_is_not_found_and_the_client_shows_which_there_are(
    client: openai.OpenAI,
) -> None:
    with pytest.raises(openai.NotFoundError, match="可用的模型：anze") as caught:
        client.chat.completions.create(model="gpt-4o", messages=[user(ASKED)])
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError, match="可用的模型：anze"):
        client.models.retrieve("gpt-4o")


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["anze"]
    assert client.models.retrieve("anze").object == "model"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"temperature": False}, "temperature"),
        ({"temperature": "0"}, "temperature"),
        ({"temperature": 3}, "temperature"),
        ({"stream": "yes"}, "stream"),
        ({"n": 2}, "n"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"stop": 5}, "stop"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
        ({"jurisdiction": "亚特兰蒂斯"}, "jurisdiction"),
        ({"role": "宇航员"}, "role"),
        ({"as_of": "明天"}, "as_of"),
        ({"messages": []}, "messages"),
        ({"messages": "问"}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "boss", "content": "x"}]}, "messages[0].role"),
        ({"messages": [user(" ")]}, "messages[0].content"),
        ({"messages": [user(None)]}, "messages[0].content"),
        ({"messages": [user("问" * 2001)]}, "messages[0].content"),
        ({"messages": [user("职责\0")]}, "messages[0].content"),
        ({"messages": [user([{"type": "image_url", "image_url": {}}])]}, "messages[0].content"),
        ({"model": None}, "model"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_the_field_named(
    http: httpx.Client, more: dict[str, Any], field: str
) -> None:
    for stream in ({}, {"stream": True}):
        reply = http.post(CHAT, json={**chat(user(ASKED)), **stream, **more})
        assert reply.status_code == 422, reply.text
        problem = reply.json()
        assert (problem["field"], problem["error"]["param"]) == (field, field)
        assert problem["error"]["message"] == problem["detail"]


@pytest.mark.parametrize(
    "more",
    [
        {"stop": "。"},
        {"stop": []},
        {"stop": ["。", "；"], "seed": 1, "user": "x", "store": False, "metadata": {"a": "b"}},
        {"temperature": 1, "top_p": 0.5, "presence_penalty": -2, "frequency_penalty": 0},
        {"tools": [{"type": "function"}], "tool_choice": "auto", "logit_bias": {}, "other": 1},
        {"stream": None, "n": 1, "max_tokens": 1, "response_format": {"type": "text"}},
    ],
)
def test_what_steers_a_language_model_changes_nothing(
    http: httpx.Client, more: dict[str, Any]
) -> None:
    reply = http.post(CHAT, json={**chat(user(ASKED)), **more})
    assert reply.status_code == 200, reply.text
    assert reply.json()["choices"][0]["message"]["content"].endswith(BASIS)


def test_an_image_is_refused_with_a_sentence(client: openai.OpenAI) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
    with pytest.raises(openai.UnprocessableEntityError, match="不读图片"):
        client.chat.completions.create(**chat(user([image])))


@pytest.mark.parametrize(("method", "path", "status"), [("GET", CHAT, 405), ("GET", "/v1/x", 404)])
def test_every_error_below_v1_has_what_chat_clients_read(
    http: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = http.request(method, path)
    assert reply.status_code == status
    assert reply.json()["error"]["message"] == reply.json()["detail"]


def test_a_fault_in_the_middle_reaches_the_client(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(reader: Reader, question: Any) -> Iterator[Event]:
        yield Stage.UNDERSTANDING
        yield Stage.SEARCHING
        raise RuntimeError("broken")

    monkeypatch.setattr(Reader, "asking", fail)
    inside = TestClient(create_app(assistant), base_url="http://127.0.0.1")
    client = openai.OpenAI(base_url="http://127.0.0.1/v1", api_key="none", http_client=inside)
    with pytest.raises(openai.APIError, match="服务器内部出错"):
        list(client.chat.completions.create(**chat(user(ASKED)), stream=True))


def test_langchain_asks_it_like_any_model(server: str) -> None:
    model = ChatOpenAI(model="anze", base_url=f"{server}/v1", api_key="none", temperature=0)
    whole = model.invoke([("system", "Be brief."), ("user", ASKED)])
    assert whole.content.endswith(BASIS)
    pieces = list(model.stream(ASKED))
    assert len(pieces) > 2
    assert "".join(str(piece.content) for piece in pieces) == whole.content
