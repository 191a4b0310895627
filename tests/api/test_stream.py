"""An answer as server-sent events, from a real server over the real index."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.models import Event, Stage
from assistant.service import Assistant, Reader
from assistant.settings import Settings

STREAM = "/api/v1/ask/stream"
ASKED = "常州市受到诫勉处理多久不得提拔？"


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, each with its data."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


def same_but_for_time(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in {"id", "timings_ms"}}


@pytest.mark.parametrize("question", [ASKED, "区长有哪些安全生产职责？", "各地多久研究一次？"])
def test_an_answer_comes_in_steps_and_ends_as_ask_gives_it(
    http: httpx.Client, question: str
) -> None:
    reply = http.post(STREAM, json={"question": question})
    told = events(reply.text)
    stages = [data["stage"] for name, data in told if name == "stage"]
    assert stages == ["understanding", "searching", "composing", "verifying"]
    known = set()
    for name, data in told:
        if name == "citation":
            known.add(data["n"])
        elif name == "statement":
            assert set(data["citations"]) <= known
    name, answer = told[-1]
    assert name == "done"
    asked = http.post("/api/v1/ask", json={"question": question}).json()
    assert same_but_for_time(answer) == same_but_for_time(asked)
    assert [data for name, data in told if name == "statement"] == answer["statements"]
    assert [data for name, data in told if name == "citation"] == answer["citations"]


def test_a_refusal_comes_as_the_answer(http: httpx.Client) -> None:
    told = events(http.post(STREAM, json={"question": "广州市谁是第一责任人？"}).text)
    assert [name for name, _ in told] == ["stage", "done"]
    assert told[-1][1]["reason"] == "jurisdiction_not_covered"


def test_nothing_between_keeps_the_events_back(http: httpx.Client) -> None:
    headers = http.post(STREAM, json={"question": ASKED}).headers
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-cache"
    assert headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": " \n"}, "question"),
        ({"question": 5}, "question"),
        ({"question": "问" * 2001}, "question"),
        ({"question": "职责\0"}, "question"),
        ({"question": "职责", "jurisdiction": "亚特兰蒂斯"}, "jurisdiction"),
        ({"question": "职责", "as_of": 0}, "as_of"),
    ],
)
def test_a_bad_question_is_refused_before_any_event(
    http: httpx.Client, body: dict[str, Any], field: str
) -> None:
    reply = http.post(STREAM, json=body)
    assert (reply.status_code, reply.json()["field"]) == (422, field)
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_fault_in_the_middle_ends_the_stream_with_a_problem(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(reader: Reader, question: Any) -> Iterator[Event]:
        yield Stage.UNDERSTANDING
        yield Stage.SEARCHING
        raise RuntimeError(f"cannot read {question}")

    monkeypatch.setattr(Reader, "asking", fail)
    client = TestClient(create_app(assistant), base_url="http://127.0.0.1")
    told = events(client.post(STREAM, json={"question": "张三的电话"}).text)
    assert [name for name, _ in told] == ["stage", "stage", "error"]
    assert (told[-1][1]["status"], told[-1][1]["title"]) == (500, "服务器内部出错")
    assert "张三" not in str(told) + caplog.text


def test_what_must_be_known_first_comes_before_the_first_statement(http: httpx.Client) -> None:
    reply = http.post(STREAM, json={"question": "静安区领导多久带队检查一次"})
    names = [name for name, _ in events(reply.text)]
    assert names.index("notice") < names.index("citation") < names.index("statement")
    told = [data["notice"] for name, data in events(reply.text) if name == "notice"]
    assert told == events(reply.text)[-1][1]["notices"]


def test_an_answer_half_heard_is_finished_for_the_record(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    app = create_app(assistant, settings.model_copy(update={"data": tmp_path}))
    asyncio.run(_ask_and_hang_up(app, after=3))
    with sqlite3.connect(tmp_path / "audit.db") as database:
        [(kept,)] = database.execute("SELECT count(*) FROM anze_answers")
    assert kept == 1


async def _ask_and_hang_up(app: Any, after: int) -> None:
    """Ask as a server does for a caller who goes away *after* so many pieces."""
    gone = asyncio.Event()
    body = [{"type": "http.request", "body": json.dumps({"question": ASKED}).encode()}]
    got = []

    async def receive() -> Any:
        if body:
            return body.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        got.append(message)
        if len(got) > after:
            gone.set()

    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": STREAM, "headers": headers}
    more = {"query_string": b"", "http_version": "1.1", "scheme": "http"}
    await asyncio.wait_for(app({**scope, **more}, receive, send), timeout=20)
