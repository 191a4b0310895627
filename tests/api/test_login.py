"""The page behind its login: sessions, their end, and what each caller sees."""

from __future__ import annotations

import json
import os
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.service import Assistant
from assistant.settings import Settings
from tests.api.house import INTERNAL_DOCUMENT, QUESTION, House
from tests.api.test_rest import ASK, check_problem


def test_a_browser_is_led_to_the_login_and_back(house: House, public_key: str) -> None:
    accepts = {"accept": "text/html,application/xhtml+xml"}
    with httpx.Client(base_url=house.url, headers=accepts) as http:
        led = http.get("/p/changzhou-2018/30?s=0&e=9")
        assert led.status_code == 303
        form = http.get(led.headers["location"])
        assert "访问密钥" in form.text
        assert "返回" not in form.text  # there is nowhere to go back to before the login
        assert 'value="/p/changzhou-2018/30?s=0&amp;e=9"' in form.text
        fields = {"key": public_key, "next": "/p/changzhou-2018/30?s=0&e=9"}
        done = http.post("/login", data=fields, headers={"origin": house.url})
        assert (done.status_code, done.headers["location"]) == (303, fields["next"])
        cookie = done.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert http.get(fields["next"]).status_code == 200
        assert http.get("/login?next=/p/changzhou-2018").headers["location"] == "/p/changzhou-2018"


@pytest.mark.parametrize(
    "elsewhere",
    ["//attacker.example", "https://attacker.example", "/\\attacker.example", "/\t/x", "x", ""],
)
def test_the_login_leads_to_no_other_site(house: House, public_key: str, elsewhere: str) -> None:
    with house.client() as http:
        done = http.post("/login", data={"key": public_key, "next": elsewhere})
        assert done.headers["location"] == "/"


def test_a_session_ends_with_the_logout(house: House, public_key: str) -> None:
    with house.browser(public_key) as http:
        stolen = dict(http.cookies)
        assert http.get("/api/v1/documents").status_code == 200
        assert http.post("/logout").headers["location"] == "/login"
        assert not http.cookies
    with httpx.Client(base_url=house.url, cookies=stolen) as http:
        check_problem(http.get("/api/v1/documents"), 401)


def test_the_page_leads_to_the_logout(house: House, public_key: str) -> None:
    with house.browser(public_key) as browser:
        assert 'href=\\"/logout\\"' in json.dumps(browser.get("/config").json())
        asked = browser.get("/logout")
        assert '<form class="login" method="post" action="/logout">' in asked.text
        assert browser.get("/api/v1/documents").status_code == 200, "looking ends no session"


def test_a_session_ends_with_its_key(house: House) -> None:
    with house.browser(house.new_key("short")) as http:
        house.remove("short")
        check_problem(http.get("/api/v1/documents"), 401)
        house.new_key("short")  # another key of the same name
        check_problem(http.get("/api/v1/documents"), 401)


def test_a_session_lasts_over_a_restart(
    house: House, assistant: Assistant, settings: Settings, public_key: str
) -> None:
    with house.browser(public_key) as http:
        cookies = dict(http.cookies)
    folder = house.path.parent / "data"
    again = settings.model_copy(update={"keys": house.path, "data": folder})
    other = TestClient(create_app(assistant, again), "http://127.0.0.1", cookies=cookies)
    assert other.get("/api/v1/documents").status_code == 200
    for file in folder.iterdir():
        assert cookies["anze_session"].encode() not in file.read_bytes()


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://127.0.0.1:1",
        "http://localhost",
        "https://attacker.example",
        "http://[",
    ],
)
def test_another_page_cannot_write_with_the_cookie(
    house: House, public_key: str, origin: str | None
) -> None:
    with house.browser(public_key) as http:
        del http.headers["origin"]
        headers = {"origin": origin} if origin else {}
        check_problem(http.post(ASK, json=QUESTION, headers=headers), 403)
        assert http.post(ASK, json=QUESTION, headers={"origin": house.url}).status_code == 200


def test_a_wrong_key_at_the_login_is_told_and_guessing_is_slowed(house: House) -> None:
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=house.url, transport=elsewhere) as http:
        replies = [http.post("/login", data={"key": f"guess {n}"}) for n in range(12)]
    assert replies[0].status_code == 401
    assert "访问密钥不对" in replies[0].text
    assert "guess" not in replies[0].text
    assert replies[0].headers["content-type"].startswith("text/html")
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["retry-after"]) > 0
    assert "试得太频繁" in replies[-1].text


def ask_the_page(http: httpx.Client, function: str, data: list[Any]) -> str:
    """What the page's framework answers when its script calls *function*."""
    config = http.get("/config").json()
    index = next(fn["id"] for fn in config["dependencies"] if fn["api_name"] == function)
    body = {"data": data, "fn_index": index, "session_hash": os.urandom(5).hex()}
    http.post("/gradio_api/queue/join", json=body).raise_for_status()
    where = {"session_hash": body["session_hash"]}
    with http.stream("GET", "/gradio_api/queue/data", params=where) as stream:
        lines = [line for line in stream.iter_lines() if line.startswith("data:")]
    return "".join(json.dumps(json.loads(line[5:]), ensure_ascii=False) for line in lines)


def test_the_page_shows_each_caller_what_he_may_read(
    house: House, public_key: str, internal_key: str
) -> None:
    for key, sees in ((internal_key, True), (public_key, False)):
        with house.browser(key) as http:
            assert "湛江" not in http.get("/").text
            assert "湛江" not in http.get("/config").text
            assert ("湛江" in ask_the_page(http, "greet", [])) == sees
            answer = ask_the_page(http, "ask", ["湛江的通知生效了吗", "", "", None])
            assert (f"/p/{INTERNAL_DOCUMENT}" in answer) == sees
            assert ("没有收录" in answer) != sees


def test_the_page_says_when_it_is_asked_too_often(house: House) -> None:
    with house.browser(house.new_key("page", rate="1/minute")) as http:
        assert "提问太频繁" not in ask_the_page(http, "ask", [QUESTION["question"], "", "", None])
        assert "提问太频繁，请在" in ask_the_page(http, "ask", [QUESTION["question"], "", "", None])


def test_a_heartbeat_passes_with_the_cookie(house: House, public_key: str) -> None:
    with (
        house.browser(public_key) as http,
        http.stream("GET", "/gradio_api/heartbeat/abc") as stream,
    ):
        assert stream.status_code == 200
