"""The scripted endpoint beside the clients that are real: openai's and LangChain's."""

import json
import socket
import time

import httpx
import openai
import pytest
from langchain_openai import ChatOpenAI

from evals.scripted.asked import NEVER_ISSUED
from evals.scripted.endpoint import Endpoint
from evals.scripted.scripts import SCRIPTS, writing
from evals.scripted.writers import alters, claims, says

KEY = "sk-not-for-logs"
SYSTEM = "你只能引用编号资料。\n不得编造。"
SCHEMA = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
FIRST = "受到诫勉处理的，6个月内不得提拔或者重用。"
SECOND = "引咎辞职的，一年内不安排职务。"
USER = f"问题：多久不得提拔？\n\n[K7QM] {FIRST}\n[AB2D] {SECOND}"
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]
FOR_EVER = {
    "hangs",
    "drips",
    "drips_headers",
    "keeps_alive",
    "endless",
    "endless_thinking",
    "reasons_on",
}
HUGE = {"gzip_bomb", "huge_line", "huge_header"}


def client_of(endpoint, seconds=2.0):
    client = httpx.Client(trust_env=False, follow_redirects=True)
    return openai.OpenAI(
        base_url=endpoint.url, api_key=KEY, max_retries=0, timeout=seconds, http_client=client
    )


def streamed(client, **more):
    options = {"include_usage": True}
    chunks = client.chat.completions.create(
        model="small", messages=MESSAGES, stream=True, stream_options=options, **more
    )
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def replied(script, **more):
    with Endpoint.playing(script, pace=0.05) as endpoint:
        return streamed(client_of(endpoint), **more)


def test_a_good_model_copies_what_it_was_shown():
    assert replied("copyist") == f"{FIRST}[K7QM]\n{SECOND}[AB2D]\n"


def test_it_writes_json_where_json_is_wanted():
    said = json.loads(replied("copyist", response_format=SCHEMA))
    expected = [{"text": FIRST, "evidence": ["K7QM"]}, {"text": SECOND, "evidence": ["AB2D"]}]
    assert said == {"statements": expected}


def test_a_merger_joins_two_pieces_in_one_sentence():
    joined = "受到诫勉处理的，6个月内不得提拔或者重用；引咎辞职的，一年内不安排职务。"
    assert replied("merger") == f"{joined}[K7QM][AB2D]\n"


@pytest.mark.parametrize("streams", [True, False])
def test_langchain_reads_it_and_counts_its_tokens(streams):
    with Endpoint.playing("copyist") as endpoint:
        model = ChatOpenAI(base_url=endpoint.url, api_key=KEY, model="small", stream_usage=True)
        prompt = [("system", SYSTEM), ("user", USER)]
        chunks = list(model.stream(prompt)) if streams else [model.invoke(prompt)]
    assert "".join(c.content for c in chunks) == f"{FIRST}[K7QM]\n{SECOND}[AB2D]\n"
    used = next(c.usage_metadata for c in reversed(chunks) if c.usage_metadata)
    assert used["input_tokens"] == len(SYSTEM + USER)


def test_it_keeps_what_it_was_sent():
    with Endpoint.playing("copyist") as endpoint:
        streamed(client_of(endpoint))
        assert [model.id for model in client_of(endpoint).models.list()] == [endpoint.name]
    (asked,) = endpoint.received
    assert (asked.system, asked.question) == (SYSTEM, "多久不得提拔？")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in asked.content


def test_without_json_there_is_a_good_answer_where_json_is_refused():
    with Endpoint.playing("no_schema") as endpoint:
        with pytest.raises(openai.BadRequestError):
            streamed(client_of(endpoint), response_format=SCHEMA)
        assert streamed(client_of(endpoint)).startswith(FIRST)


@pytest.mark.parametrize(
    ("name", "status"), [("busy", 429), ("breaks", 500), ("unauthorised", 401), ("overloaded", 503)]
)
def test_a_status_is_what_its_name_says(name, status):
    with pytest.raises(openai.APIStatusError) as told:
        replied(name)
    assert told.value.status_code == status


@pytest.mark.parametrize("name", ["refused", "unanswered"])
def test_nobody_takes_the_call(name):
    with Endpoint.playing(name) as endpoint:
        with pytest.raises(openai.APIConnectionError) as told:
            streamed(client_of(endpoint, 0.5))
        assert isinstance(told.value, openai.APITimeoutError) == (name == "unanswered")
        endpoint.play("copyist")
        assert streamed(client_of(endpoint)).startswith(FIRST)


def test_a_model_that_hangs_lets_its_client_wait():
    started = time.monotonic()
    with Endpoint.playing("hangs") as endpoint, pytest.raises(openai.APITimeoutError):
        streamed(client_of(endpoint, 0.5))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("name", sorted(FOR_EVER - {"hangs"}))
def test_it_goes_on_longer_than_a_client_waits_between_two_bytes(name):
    """Only a limit for the whole reply ends these: every single read is quick."""
    with Endpoint.playing(name, pace=0.05) as endpoint, connected(endpoint) as connection:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            assert connection.recv(1 << 20)


@pytest.mark.parametrize(
    "name", sorted(SCRIPTS.keys() - FOR_EVER - HUGE - {"refused", "unanswered"})
)
def test_every_other_part_ends_by_itself(name):
    with Endpoint.playing(name) as endpoint, connected(endpoint) as connection:
        said = list(iter(lambda: connection.recv(1 << 20), b""))
    assert b"".join(said)


def test_a_bomb_is_small_on_the_wire():
    with Endpoint.playing("gzip_bomb") as endpoint, connected(endpoint, 10) as connection:
        assert len(b"".join(iter(lambda: connection.recv(1 << 20), b""))) < 2**20


def test_who_is_sent_elsewhere_can_be_seen_there():
    with Endpoint.playing("forwards") as endpoint:
        streamed(client_of(endpoint))
        (asked,) = endpoint.elsewhere.received
    assert asked.user == USER  # this client follows, and shows the question to a stranger


def connected(endpoint, seconds=0.5):
    """A connection on which a request was sent, and which waits *seconds* for each stretch."""
    body = json.dumps({"model": "m", "stream": True, "messages": MESSAGES}).encode()
    lines = ("POST /v1/chat/completions HTTP/1.1", "Host: x", "Connection: close")
    head = "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode()
    connection = socket.create_connection(("127.0.0.1", int(endpoint.address.rpartition(":")[2])))
    connection.settimeout(seconds)
    connection.sendall(head + body)
    return connection


@pytest.mark.parametrize(
    ("writer", "expected"),
    [
        (says("任期两年。{TOKENS}"), "任期两年。[K7QM][AB2D]"),
        (says('[{"evidence": ["{TOKEN}"]}]'), '[{"evidence": ["K7QM"]}]'),
        (claims("任期两年。"), "任期两年。[K7QM][AB2D]\n"),
        (alters("6个月", "两年"), f"{FIRST.replace('6个月', '两年')}[K7QM]\n{SECOND}[AB2D]\n"),
    ],
)
def test_a_hostile_model_says_what_it_is_told_under_good_tokens(writer, expected):
    assert replied(writing(writer, "hostile")) == expected


def test_a_model_prints_its_instructions_or_makes_up_tokens():
    assert replied("prints_prompt") == "你只能引用编号资料。[K7QM]\n不得编造。[K7QM]\n"
    assert f"[{NEVER_ISSUED}]" in replied("invents_token")
    assert replied("parrots") == "多久不得提拔？[K7QM][AB2D]\n"
