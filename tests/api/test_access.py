"""Who gets in, and what he may read there: keys and audiences over a running server."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from assistant.keys import digest_of
from tests.api.house import INTERNAL_DOCUMENT, QUESTION, House
from tests.api.test_rest import ASK, SEARCH, check_problem
from ui.theme import static_paths

OPEN = {"/healthz", "/readyz", "/login", *static_paths()}
SHUT = [
    ("GET", "/en/"),
    ("POST", "/api/v1/ask/stream"),
    ("GET", "/v1/models"),
    ("GET", "/"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/p/changzhou-2018/30"),
    ("GET", "/openapi.json"),
    ("POST", ASK),
    ("GET", f"{SEARCH}?q=诫勉"),
    ("GET", "/api/v1/documents"),
    ("GET", f"/api/v1/documents/{INTERNAL_DOCUMENT}"),
    ("GET", "/api/v1/provisions/changzhou-2018/30"),
    ("GET", "/metrics"),
    ("POST", "/mcp"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/logout"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data?session_hash=x"),
    ("GET", "/gradio_api/heartbeat/x"),
    ("GET", "/gradio_api/info"),
    ("GET", "/a/route/nobody/thought/of"),
    ("GET", "/healthz/../api/v1/documents"),
    ("GET", "//healthz"),
    ("GET", "/login/"),
]


@pytest.mark.parametrize(("method", "path"), SHUT)
def test_nothing_answers_without_a_key(house: House, method: str, path: str) -> None:
    with house.client() as http:
        reply = http.request(method, path, json=QUESTION if method == "POST" else None)
    check_problem(reply, 401)
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_what_the_login_needs_is_open(house: House) -> None:
    with house.client() as http:
        for path in OPEN:
            assert http.get(path).status_code == 200, path


def test_a_key_opens_by_either_header(house: House, public_key: str) -> None:
    with house.client() as http:
        for headers in ({"authorization": f"bearer {public_key}"}, {"x-api-key": public_key}):
            assert http.get("/api/v1/documents", headers=headers).status_code == 200


@pytest.mark.parametrize("key", ["wrong", "密钥".encode().decode("latin-1"), "x" * 9000])
def test_a_wrong_key_opens_nothing(house: House, key: str) -> None:
    with house.client() as http:
        for headers in ({"authorization": f"Bearer {key}"}, {"x-api-key": key}):
            raw = {name: value.encode("latin-1") for name, value in headers.items()}
            check_problem(http.get("/api/v1/documents", headers=raw), 401)


def test_the_digest_in_the_file_is_no_key(house: House, public_key: str) -> None:
    with house.client(digest_of(public_key)) as http:
        check_problem(http.get("/api/v1/documents"), 401)
    assert public_key not in house.path.read_text()


def test_a_key_is_good_through_its_last_day_and_no_longer(house: House) -> None:
    today = date.today()
    last = house.new_key("last-day", until=today)
    over = house.new_key("over", until=today - timedelta(days=1))
    with house.client(last) as http:
        assert http.get("/api/v1/documents").status_code == 200
    with house.client(over) as http:
        check_problem(http.get("/api/v1/documents"), 401)


def test_a_public_key_does_not_see_what_is_internal(
    house: House, public_key: str, internal_key: str
) -> None:
    def ids(key: str | None) -> set[str]:
        with house.client(key) as http:
            documents = http.get("/api/v1/documents").json()["documents"]
        return {document["id"] for document in documents}

    assert INTERNAL_DOCUMENT in ids(internal_key)
    assert ids(public_key) == ids(internal_key) - {INTERNAL_DOCUMENT}
    for path in (f"/api/v1/documents/{INTERNAL_DOCUMENT}", f"/p/{INTERNAL_DOCUMENT}"):
        for key, status in ((public_key, 404), (internal_key, 200)):
            with house.client(key) as http:
                assert http.get(path).status_code == status


def test_readiness_tells_a_stranger_what_a_public_reader_sees(
    house: House, public_key: str, internal_key: str
) -> None:
    def seen(key: str | None) -> Any:
        with house.client(key) as http:
            return http.get("/readyz").json()

    assert seen(None) == seen("wrong") == seen(public_key)
    assert seen(internal_key)["documents"] == seen(None)["documents"] + 1


def test_a_removed_key_stops_at_once(house: House) -> None:
    with house.client(house.new_key("leaving")) as http:
        assert http.post(ASK, json=QUESTION).status_code == 200
        house.remove("leaving")
        check_problem(http.post(ASK, json=QUESTION), 401)


def test_a_key_file_that_breaks_leaves_the_last_good_keys(
    house: House, public_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = house.path.read_bytes()
    with house.client(public_key) as http:
        for broken in (b"{", b'{"keys": [{"name": "x"}]}', b""):
            house.path.write_bytes(broken)
            assert http.get("/api/v1/documents").status_code == 200
        assert "继续使用原来的密钥" in caplog.text
        house.path.unlink()
        check_problem(http.get("/api/v1/documents"), 401)
        house.path.write_bytes(good)
        assert http.get("/api/v1/documents").status_code == 200


def test_every_door_answers_a_public_key_from_public_documents_alone(
    house: House, public_key: str, internal_key: str
) -> None:
    title = "湛江经济技术开发区党政办公室关于进一步完善安全生产责任体系的通知"
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "list_documents", "arguments": {}},
    }
    chat = {"model": "anze", "messages": [{"role": "user", "content": f"《{title}》生效了吗"}]}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("/api/v1/ask/stream", {"question": f"《{title}》生效了吗"}),
        ("/v1/chat/completions", chat),
        ("/mcp", call),
    ]
    accepts = {"accept": "application/json, text/event-stream"}
    for path, body in calls:
        for key, sees in ((internal_key, True), (public_key, False)):
            with house.client(key) as http:
                reply = http.post(path, json=body, headers=accepts)
            assert reply.status_code == 200, reply.text
            assert (INTERNAL_DOCUMENT in reply.text) == sees, path
