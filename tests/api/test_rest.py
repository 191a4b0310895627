"""The HTTP contract, spoken to a real server over the real index."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.api.guard import MAX_BODY
from assistant.service import Assistant, Reader

ASK = "/api/v1/ask"
SEARCH = "/api/v1/search"


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


@pytest.mark.parametrize("typed", ["I", "For the", "An of"])
def test_small_english_words_are_no_empty_question(typed: str, http: httpx.Client) -> None:
    """Whoever types a search character by character begins with them."""
    assert http.get(SEARCH, params={"q": typed}).status_code == 200
    assert http.post(ASK, json={"question": typed}).json()["status"] == "refused"


def check_problem(response: httpx.Response, status: int, field: str | None = None) -> None:
    """A fault is told as problem details, in Chinese, with the field at fault."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem.get("field") == field, problem
    for key in ("title", "detail"):
        assert re.search(r"[\u4e00-\u9fff]", problem[key]), problem
    assert [fault["field"] for fault in problem.get("errors", [])][:1] == ([field] if field else [])


def test_an_answer_quotes_the_provisions_that_it_names(http: httpx.Client) -> None:
    reply = http.post(ASK, json={"question": "常州市受到诫勉处理多久不得提拔？"})
    assert reply.status_code == 200
    answer = reply.json()
    assert answer["status"] == "answered"
    assert answer["reason"] is None
    assert "6个月" in answer["answer"]
    numbers = {citation["n"] for citation in answer["citations"]}
    assert set(map(int, re.findall(r"\[(\d+)\]", answer["answer"]))) == numbers
    assert {n for s in answer["statements"] for n in s["citations"]} == numbers
    for citation in answer["citations"]:
        provision = http.get(f"/api/v1/provisions/{citation['provision_id']}").json()
        assert provision["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert provision["address"] == citation["address"]
    assert answer["index_version"] == http.get("/readyz").json()["index_version"]
    assert answer["timings_ms"]["total"] > 0


def test_a_place_that_is_not_covered_is_refused(http: httpx.Client) -> None:
    answer = http.post(ASK, json={"question": "广州市谁是安全生产第一责任人？"}).json()
    assert (answer["status"], answer["reason"]) == ("refused", "jurisdiction_not_covered")
    assert answer["citations"] == []
    assert "常州市" in answer["answer"]


def test_a_follow_up_is_read_with_what_was_said_before(http: httpx.Client) -> None:
    asked = "常州市受到诫勉处理多久不得提拔？"
    first = http.post(ASK, json={"question": asked}).json()
    history = [
        {"role": "user", "content": asked},
        {"role": "assistant", "content": first["answer"]},
    ]
    second = http.post(ASK, json={"question": "第二十五条呢？", "history": history}).json()
    assert second["status"] == "answered"
    assert {c["document"]["id"] for c in second["citations"]} == {"changzhou-2018"}


def test_the_place_given_is_the_place_answered_for(http: httpx.Client) -> None:
    body = {
        "question": "政府主要负责人有哪些职责？",
        "jurisdiction": "成都市",
        "as_of": "2026-11-21",
    }
    answer = http.post(ASK, json=body).json()
    assert {c["document"]["jurisdiction"] for c in answer["citations"]} == {"成都市"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n　"}, "question"),
        ({"question": "问" * 2001}, "question"),
        ({"question": 5}, "question"),
        ({"question": None}, "question"),
        ({"question": ["问"]}, "question"),
        ({"question": "职责\0"}, "question"),
        ({"question": "职责", "jurisdiction": "亚特兰蒂斯"}, "jurisdiction"),
        ({"question": "职责", "jurisdiction": 3}, "jurisdiction"),
        ({"question": "职责", "jurisdiction": "常州市\0"}, "jurisdiction"),
        ({"question": "职责", "role": "宇航员"}, "role"),
        ({"question": "职责", "role": 3}, "role"),
        ({"question": "职责", "role": "区长\0"}, "role"),
        ({"question": "职责", "role": "区" * 41}, "role"),
        ({"question": "职责", "as_of": "明天"}, "as_of"),
        ({"question": "职责", "as_of": 0}, "as_of"),
        ({"question": "职责", "as_of": "2026-13-01"}, "as_of"),
        ({"question": "职责", "history": "前文"}, "history"),
        ({"question": "职责", "history": [{"role": "user"}]}, "history[0].content"),
        ({"question": "职责", "history": [{"role": "system", "content": "x"}]}, "history[0].role"),
        (
            {"question": "职责", "history": [{"role": "user", "content": "x\0"}]},
            "history[0].content",
        ),
        ({"question": "职责", "history": [{"role": "user", "content": "x"}] * 41}, "history"),
        ({"question": "职责", "jurisdicton": "常州市"}, "jurisdicton"),
        ([], "body"),
        ("职责", "body"),
        (None, "body"),
    ],
)
def test_a_bad_body_is_refused_with_the_field_named(
    http: httpx.Client, body: Any, field: str
) -> None:
    content = json.dumps(body)
    headers = {"content-type": "application/json"}
    check_problem(http.post(ASK, content=content, headers=headers), 422, field)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{'question': 1}",
        b'{"question": "\xff\xfe"}',
        b'{"question": "\\ud800"}',
        b"[" * 5000,
        b'{"question": 1' + b"0" * 5000 + b"",
    ],
)
def test_malformed_json_is_refused(http: httpx.Client, content: bytes) -> None:
    reply = http.post(ASK, content=content, headers={"content-type": "application/json"})
    assert reply.status_code in {400, 422}
    check_problem(reply, reply.status_code, reply.json().get("field"))


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_content_type_is_refused(http: httpx.Client, kind: str) -> None:
    reply = http.post(ASK, content=b'{"question": "x"}', headers={"content-type": kind})
    check_problem(reply, 415, "body")


def test_a_large_body_is_refused(http: httpx.Client) -> None:
    body = b'{"question": "' + b"x" * MAX_BODY + b'"}'
    headers = {"content-type": "application/json"}
    check_problem(http.post(ASK, content=body, headers=headers), 413, "body")
    chunks = (body[at : at + 65536] for at in range(0, len(body), 65536))
    check_problem(http.post(ASK, content=chunks, headers=headers), 413, "body")


def test_search_finds_provisions(http: httpx.Client) -> None:
    reply = http.get(SEARCH, params={"q": "诫勉", "jurisdiction": "常州市", "limit": 3})
    assert reply.status_code == 200
    results = reply.json()["results"]
    assert 0 < len(results) <= 3
    assert {result["document"]["jurisdiction"] for result in results} == {"常州市"}
    for result in results:
        assert all(0 <= a < b <= len(result["text"]) for a, b in result["marks"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "问" * 2001}, "q"),
        ({"q": "职责\0"}, "q"),
        ({"q": "职责", "limit": "0"}, "limit"),
        ({"q": "职责", "limit": "51"}, "limit"),
        ({"q": "职责", "limit": "-1"}, "limit"),
        ({"q": "职责", "limit": "three"}, "limit"),
        ({"q": "职责", "limit": "1.5"}, "limit"),
        ({"q": "职责", "limit": "9" * 5000}, "limit"),
        ({"q": "职责", "jurisdiction": "亚特兰蒂斯"}, "jurisdiction"),
        ({"q": "职责", "place": "常州市"}, "place"),
    ],
)
def test_a_bad_search_is_refused_with_the_field_named(
    http: httpx.Client, query: dict[str, str], field: str
) -> None:
    check_problem(http.get(SEARCH, params=query), 422, field)


def test_documents_and_provisions_are_served(http: httpx.Client) -> None:
    documents = http.get("/api/v1/documents").json()["documents"]
    assert len(documents) == 5
    for summary in documents:
        document = http.get(f"/api/v1/documents/{summary['id']}").json()
        first = document["tree"][0]
        provision = http.get(f"/api/v1/provisions/{first['provision_id']}").json()
        assert provision["text"] == document["text"][first["start"] : first["end"]]
    article = http.get("/api/v1/provisions/changzhou-2018/30").json()
    assert article["address"] == "第三十条"
    assert article["previous"] == "changzhou-2018/29"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/documents/nowhere",
        "/api/v1/provisions/changzhou-2018/100",
        "/api/v1/provisions/changzhou-2018/%00",
        "/api/v1/provisions/",
        "/api/v1/nothing",
        "/docs",
        "/redoc",
        "/nothing",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://example.org/",
        "/assets/../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_what_is_not_there_is_not_found(http: httpx.Client, path: str) -> None:
    reply = http.get(path)
    assert reply.status_code in {403, 404}
    assert "root:" not in reply.text
    if path.startswith("/api"):
        check_problem(reply, 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", ASK, "POST"),
        ("DELETE", ASK, "POST"),
        ("POST", SEARCH, "GET"),
        ("PUT", "/healthz", "GET"),
        ("POST", "/p/changzhou-2018/30", "GET"),
    ],
)
def test_another_method_is_refused(
    http: httpx.Client, method: str, path: str, allowed: str
) -> None:
    reply = http.request(method, path)
    check_problem(reply, 405)
    assert reply.headers["allow"] == allowed


def test_files_cannot_be_uploaded(http: httpx.Client) -> None:
    check_problem(http.post("/gradio_api/upload", files={"files": b"x"}), 404)


def test_health_and_readiness(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    ready = http.get("/readyz").json()
    assert (ready["status"], ready["documents"]) == ("ready", 5)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "attacker.example"}, 400),
        ({"host": "127.0.0.1.attacker.example"}, 400),
        ({"host": "[::1"}, 400),
        ({"host": ""}, 400),
        ({"origin": "https://attacker.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_another_site_cannot_speak_through_the_browser(
    http: httpx.Client, headers: dict[str, str], status: int
) -> None:
    check_problem(http.post(ASK, json={"question": "职责"}, headers=headers), status)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:8000", "LOCALHOST"])
def test_the_names_of_this_machine_are_accepted(http: httpx.Client, host: str) -> None:
    assert http.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/nothing", "/p/changzhou-2018/30"])
def test_every_reply_has_the_safety_headers(http: httpx.Client, path: str) -> None:
    headers = http.get(path).headers
    policy = headers["content-security-policy"]
    scripts = next(p for p in policy.split("; ") if p.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_description_of_the_api_is_complete(http: httpx.Client) -> None:
    description = http.get("/openapi.json").json()
    assert set(description["paths"]) == {
        ASK,
        SEARCH,
        "/api/v1/compare",
        "/api/v1/documents",
        "/api/v1/duties",
        "/api/v1/sanctions",
        "/api/v1/documents/{document_id}",
        "/api/v1/provisions/{provision_id}",
        "/api/v1/feedback",
        "/healthz",
        "/metrics",
        "/readyz",
        "/api/v1/ask/stream",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{model}",
    }
    for path in description["paths"].values():
        for call in path.values():
            assert "application/problem+json" in call["responses"]["4XX"]["content"]


def test_the_page_is_chinese_and_names_no_other_host(http: httpx.Client) -> None:
    page = http.get("/").text
    assert '<html lang="zh-CN"' in re.sub(r"\s+", " ", page)
    assert "<title>安责</title>" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]+', page)
    assert not re.findall(r"gradio\.app|githubusercontent", page)


def test_a_provision_is_read_in_its_document(http: httpx.Client) -> None:
    words = http.get("/api/v1/provisions/changzhou-2018/30").json()["text"]
    page = http.get("/p/changzhou-2018/30", params={"s": 0, "e": 9}).text
    assert f'<mark id="mark">{words[:9]}</mark>' in page
    assert "第二十九条" in page
    assert "第三十一条" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("s=5&e=5", 422),
        ("s=9&e=3", 422),
        ("s=0&e=9999999", 422),
        ("s=-1&e=3", 422),
        ("s=a&e=b", 422),
        ("s=1", 422),
        ("s=１&e=３", 422),
        ("s=" + "9" * 5000 + "&e=1", 422),
    ],
)
def test_a_mark_outside_the_provision_is_refused(
    http: httpx.Client, query: str, status: int
) -> None:
    reply = http.get(f"/p/changzhou-2018/30?{query}")
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/html")
    assert "打不开这条规定" in reply.text


def test_an_unknown_provision_is_named_without_acting_as_markup(http: httpx.Client) -> None:
    reply = http.get("/p/<script>alert(1)</script>/30")
    assert reply.status_code == 404
    assert "<script>" not in reply.text


def test_an_unforeseen_fault_tells_nobody_what_was_asked(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(reader: object, question: object) -> None:
        raise RuntimeError(f"cannot read {question}")

    app = create_app(assistant)
    monkeypatch.setattr(Reader, "asking", fail)
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    with caplog.at_level(logging.DEBUG):
        reply = client.post(ASK, json={"question": "张三的电话"})
    check_problem(reply, 500)
    assert "张三" not in reply.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert "fail" in caplog.text
