"""A real agent's client over streamable HTTP, against a real server over the real index."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from mcp.types import CallToolResult

from assistant.api.app import create_app
from assistant.service import Assistant, Reader

T = TypeVar("T")
ASKED = "常州市受到诫勉处理多久不得提拔？"
FIRST = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}


def with_client(server: str, do: Callable[[Client], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Client(f"{server}/mcp") as client:
            return await do(client)

    return asyncio.run(run())


def call(server: str, tool: str, **arguments: Any) -> CallToolResult:
    return with_client(server, lambda client: client.call_tool(tool, arguments))


def test_the_tools_say_what_they_do_and_that_they_only_read(server: str) -> None:
    tools = with_client(server, lambda client: client.list_tools()).tools
    assert [t.name for t in tools] == ["ask", "search", "get_provision", "list_documents"]
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert tool.output_schema["type"] == "object"
        assert "call" not in tool.input_schema["properties"]
        assert any(ord(character) > 0x4E00 for character in tool.description)


def test_an_answer_comes_with_its_citations(server: str) -> None:
    answer = call(server, "ask", question=ASKED).structured_content
    assert answer["status"] == "answered"
    citation = answer["citations"][0]
    found = call(server, "get_provision", provision_id=citation["provision_id"]).structured_content
    assert found["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_question_outside_is_refused_with_its_reason(server: str) -> None:
    answer = call(server, "ask", question="广州市谁是第一责任人？").structured_content
    assert (answer["status"], answer["reason"]) == ("refused", "jurisdiction_not_covered")


def test_provisions_are_found_and_documents_listed(server: str) -> None:
    found = call(server, "search", query="诫勉", jurisdiction="常州市", limit=2).structured_content
    assert 0 < len(found["results"]) <= 2
    assert {result["document"]["jurisdiction"] for result in found["results"]} == {"常州市"}
    assert len(call(server, "list_documents").structured_content["documents"]) == 5


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("ask", {"question": " "}, "问题是空的"),
        ("ask", {"question": 5}, "question 应是文字"),
        ("ask", {}, "缺少 question"),
        ("ask", {"question": "问" * 2001}, "最多 2000 个字"),
        ("ask", {"question": "职责\0"}, "空字符"),
        ("ask", {"question": "职责", "jurisdiction": "亚特兰蒂斯"}, "不认识的地方"),
        ("ask", {"question": "职责", "role": "宇航员"}, "不认识的岗位"),
        ("ask", {"question": "职责", "as_of": "明天"}, "日期应写成"),
        ("search", {"query": "职责", "limit": 51}, "limit 不能大于 50"),
        ("get_provision", {"provision_id": "changzhou-2018/100"}, "没有编号为"),
        ("search", {"query": "职责", "place": "常州市"}, "可用的参数：query、jurisdiction、limit"),
        ("list_documents", {"all": True}, "没有参数"),
        ("delete", {}, "没有这个工具"),
    ],
)
def test_a_fault_is_told_in_one_chinese_sentence(
    server: str, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    result = call(server, tool, **arguments)
    assert result.is_error
    assert sentence in result.content[0].text
    assert "Error" not in result.content[0].text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "attacker.example"}, 400),
        ({"host": "127.0.0.1.attacker.example"}, 400),
        ({"origin": "https://attacker.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "localhost"}, 200),
        ({"host": "[::1]:8000", "origin": "http://localhost:3000"}, 200),
    ],
)
def test_only_this_machine_is_heard(server: str, headers: dict[str, str], status: int) -> None:
    reply = httpx.post(f"{server}/mcp", json=FIRST, headers={**ACCEPT, **headers})
    assert reply.status_code == status, reply.text
    assert ("result" in reply.json()) is (status == 200)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_session_to_listen_to_or_to_end(server: str, method: str) -> None:
    reply = httpx.request(method, f"{server}/mcp", headers=ACCEPT)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_it_stands_at_one_address(server: str) -> None:
    assert httpx.post(f"{server}/mcp/", json=FIRST, headers=ACCEPT).status_code == 404


def test_the_application_may_be_started_again(assistant: Assistant) -> None:
    app = create_app(assistant)
    for _ in range(2):
        with TestClient(app, base_url="http://127.0.0.1") as client:
            assert client.post("/mcp", json=FIRST, headers=ACCEPT).status_code == 200


def test_an_unforeseen_fault_tells_the_agent_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(reader: object, question: object) -> None:
        raise RuntimeError(f"cannot read {question}")

    monkeypatch.setattr(Reader, "asking", fail)
    params = {"name": "ask", "arguments": {"question": "张三的电话"}}
    body = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}
    with TestClient(create_app(assistant), base_url="http://127.0.0.1") as client:
        told = client.post("/mcp", json=body, headers=ACCEPT).json()["result"]
    assert told["isError"]
    assert told["content"][0]["text"] == "服务器内部出错，已记入日志。请稍后再试。"
    assert "张三" not in caplog.text
    assert "RuntimeError" in caplog.text
