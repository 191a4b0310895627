"""One question over several places, over HTTP and over the desk."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.api.app import create_app
from assistant.callers import LOCAL, Caller
from assistant.comparison import MAX_PLACES, Comparison, ComparisonQuestion
from assistant.desk import Desk, Door
from assistant.models import Status
from assistant.service import Assistant
from assistant.settings import Settings
from index.provision import Audience
from tests.api.test_rest import check_problem

COMPARE = "/api/v1/compare"
QUESTION = "政府常务会议多久听一次安全生产汇报？"


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def compare(assistant: Assistant, text: str, *places: str, **more: Any) -> Comparison:
    asked = ComparisonQuestion(question=text, places=places or None, **more)
    return Desk(assistant).compare(asked, LOCAL, Door.REST)


def test_each_place_is_answered_from_its_own_documents(http: httpx.Client) -> None:
    reply = http.post(COMPARE, json={"question": QUESTION, "places": ["上海市", "常州市"]})
    assert reply.status_code == 200, reply.text
    found = reply.json()
    assert [row["place"] for row in found["rows"]] == ["上海市", "常州市"]
    for row in found["rows"]:
        of = {c["document"]["jurisdiction"] for c in row["answer"]["citations"]}
        assert of == {row["place"]}
    assert found["summary"].startswith("上海市、常州市的文件都有规定")
    assert found["agreement"] == "open"
    assert found["index_version"] == http.get("/readyz").json()["index_version"]


def test_a_row_says_what_the_place_says_alone(http: httpx.Client) -> None:
    for place in ("常州市", "成都市"):
        alone = http.post("/api/v1/ask", json={"question": QUESTION, "jurisdiction": place})
        row = http.post(COMPARE, json={"question": QUESTION, "places": [place]}).json()["rows"][0]
        changing = ("id", "timings_ms")
        one, other = (
            {k: v for k, v in answer.items() if k not in changing}
            for answer in (row["answer"], alone.json())
        )
        assert one == other


def test_without_places_all_that_are_covered_are_asked(http: httpx.Client) -> None:
    documents = http.get("/api/v1/documents").json()["documents"]
    rows = http.post(COMPARE, json={"question": QUESTION}).json()["rows"]
    assert {row["place"] for row in rows} == {d["jurisdiction"] for d in documents}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("常州和成都的区长谁检查更频繁", ["常州市", "成都市"]),
        ("常州和广州的干部受到诫勉后多久不得提拔", ["常州市", "广州市"]),
        ("静安区长多久带队检查", ["上海市静安区"]),
        ("changzhou he chengdu quzhang duojiu kai yici hui", ["常州市", "成都市"]),
        ("浦东新区和常州怎么约谈", ["浦东新区", "常州市"]),
    ],
)
def test_places_named_in_the_question_are_the_ones_compared(
    assistant: Assistant, text: str, places: list[str]
) -> None:
    found = compare(assistant, text)
    assert [row.place for row in found.rows] == places


def test_a_place_named_in_the_question_leaks_into_no_row(assistant: Assistant) -> None:
    found = compare(assistant, "常州的区长有哪些职责", "成都市", "广州市")
    assert found.question == "区长有哪些职责"
    of = [{c.document.jurisdiction for c in row.answer.citations} for row in found.rows]
    assert of == [{"成都市"}, set()]


def test_a_document_named_in_the_question_leaks_into_no_row(assistant: Assistant) -> None:
    found = compare(assistant, "按常办〔2018〕30号，专项资金怎么安排", "成都市")
    assert {c.document.jurisdiction for c in found.rows[0].answer.citations} <= {"成都市"}


def test_the_first_line_tells_same_from_different_and_names_the_gaps(assistant: Assistant) -> None:
    same = compare(assistant, "区长多久开一次会研究安全生产", "常州市", "成都市", "广州市")
    assert same.agreement == "same"
    assert same.summary == "常州市、成都市在所问的这一点上一致；没有收录广州市的文件。"
    one = compare(assistant, "受到诫勉后多久不得提拔", "常州市", "成都市")
    assert one.agreement is None
    assert one.summary == "只有常州市的文件有规定；成都市的文件未写明。"


def test_the_same_place_by_two_names_is_one_row(assistant: Assistant) -> None:
    found = compare(assistant, QUESTION, "常州", "常州市")
    assert [row.place for row in found.rows] == ["常州市"]


def test_the_office_of_the_asker_holds_for_every_place(assistant: Assistant) -> None:
    found = compare(assistant, "我有哪些职责", "常州市", "成都市", role="区委书记")
    for row in found.rows:
        assert row.answer.answer.startswith("按“区委书记有哪些职责”理解。")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": "  "}, "question"),
        ({"question": "常州和成都"}, "question"),
        ({"question": "安" * 2001}, "question"),
        ({"question": "苏办〔2018〕1号第三条"}, "question"),
        ({"question": QUESTION, "places": []}, "places"),
        ({"question": QUESTION, "places": "常州市"}, "places"),
        ({"question": QUESTION, "places": ["常州市"] * (MAX_PLACES + 1)}, "places"),
        ({"question": QUESTION, "places": ["常州市", "月球背面"]}, "places[1]"),
        ({"question": QUESTION, "places": ["常州市", ""]}, "places[1]"),
        ({"question": QUESTION, "places": ["常州市", " "]}, "places[1]"),
        ({"question": QUESTION, "places": ["常州市", 7]}, "places[1]"),
        ({"question": QUESTION, "places": ["常州市\0"]}, "places[0]"),
        ({"question": QUESTION, "role": "宇航员"}, "role"),
        ({"question": QUESTION, "as_of": "2026年"}, "as_of"),
        ({"question": QUESTION, "jurisdiction": "常州市"}, "jurisdiction"),
    ],
)
def test_bad_input_is_told_in_chinese_with_its_field(
    http: httpx.Client, body: dict[str, Any], field: str
) -> None:
    check_problem(http.post(COMPARE, json=body), 422, field)


def test_the_call_is_in_the_schema(http: httpx.Client) -> None:
    schema = http.get("/openapi.json").json()
    assert "post" in schema["paths"][COMPARE]
    asked = schema["components"]["schemas"]["ComparisonQuestion"]["properties"]
    assert set(asked) == {"question", "places", "role", "as_of"}


def test_a_public_caller_compares_public_places_only(assistant: Assistant) -> None:
    public = Caller("somebody", Audience.PUBLIC)
    internal = {d.jurisdiction for d in assistant.documents().documents} - {
        d.jurisdiction for d in assistant.reader(Audience.PUBLIC).documents().documents
    }
    assert internal
    asked = ComparisonQuestion(question=QUESTION)
    found = Desk(assistant).compare(asked, public, Door.REST)
    assert not internal & {row.place for row in found.rows}
    assert not any(place in found.model_dump_json() for place in internal)


def test_every_place_is_recorded_as_a_question(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    app = create_app(assistant, settings.model_copy(update={"data": tmp_path}))
    with TestClient(app, "http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        found = client.post(COMPARE, json={"question": QUESTION, "places": ["常州", "成都"]}).json()
    with sqlite3.connect(tmp_path / "audit.db") as log:
        rows = log.execute("select id, jurisdiction from anze_answers").fetchall()
    assert sorted(rows) == sorted((row["answer"]["id"], row["place"]) for row in found["rows"])


def test_every_place_counts_against_the_rate(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    changes = {"data": tmp_path, "rate": "3/minute"}
    app = create_app(assistant, settings.model_copy(update=changes))
    with TestClient(app, "http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        body = {"question": QUESTION, "places": ["常州市", "成都市"]}
        assert client.post(COMPARE, json=body).status_code == 200
        refused = client.post(COMPARE, json=body)
    assert refused.status_code == 429
    assert re.search(r"提问太频繁，请在\d+秒后再试", refused.json()["detail"])


def test_rows_come_one_by_one(assistant: Assistant) -> None:
    asked = ComparisonQuestion(question=QUESTION, places=("常州市", "成都市"))
    events = [type(e).__name__ for e in Desk(assistant).comparing(asked, LOCAL, Door.PAGE)]
    assert events == ["Plan", "ComparisonRow", "ComparisonRow", "Comparison"]


def test_a_refusal_of_one_place_does_not_stop_the_others(assistant: Assistant) -> None:
    found = compare(assistant, QUESTION, "广州市", "常州市")
    assert [row.answer.status for row in found.rows] == [Status.REFUSED, Status.ANSWERED]
