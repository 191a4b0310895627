"""What is kept of questions and answers, and what callers think of them, over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update

from assistant.api.app import create_app
from assistant.api.calling import caller_of
from assistant.audit import printing
from assistant.audit.database import connect
from assistant.audit.log import AuditLog
from assistant.audit.tables import answers, feedback
from assistant.callers import LOCAL, Caller
from assistant.desk import Desk, Door
from assistant.errors import AuditUnavailable, SettingsError
from assistant.models import Answer, Question, Statement
from assistant.service import Assistant
from assistant.settings import Settings
from index.provision import Audience

ASKED = "常州受到诫勉处理多久不得提拔"
PUBLIC = Caller("窗口", Audience.PUBLIC)
Rows = list[Any]


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with an audit log of the test's own."""
    return settings.model_copy(update={"data": tmp_path})


@pytest.fixture
def http(assistant: Assistant, own: Settings) -> Iterator[TestClient]:
    with client_of(assistant, own) as client:
        yield client


def client_of(assistant: Assistant, settings: Settings) -> TestClient:
    app = create_app(assistant, settings)
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


def rows(settings: Settings, table: Any = answers) -> Rows:
    with connect(f"sqlite:///{settings.data / 'audit.db'}").connect() as connection:
        return list(connection.execute(select(table).order_by(table.c.at)))


def ask(http: TestClient, question: str = ASKED, **more: Any) -> dict[str, Any]:
    reply = http.post("/api/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def judge(http: TestClient, answer_id: str, **more: Any) -> Any:
    return http.post("/api/v1/feedback", json={"answer_id": answer_id, "helpful": False, **more})


def as_caller(http: TestClient, caller: Caller) -> None:
    http.app.dependency_overrides[caller_of] = lambda: caller  # type: ignore[attr-defined]


def test_an_answer_is_recorded_with_what_it_rests_on(http: TestClient, own: Settings) -> None:
    given = ask(http, jurisdiction="常州市", role="区长", as_of="2026-11-21")
    (row,) = rows(own)
    assert (row.id, row.question, row.answer) == (given["id"], ASKED, given["answer"])
    assert (row.caller, row.door, row.status, row.reason) == ("local", "rest", "answered", None)
    assert (row.jurisdiction, row.role, str(row.as_of)) == ("常州市", "区长", "2026-11-21")
    assert (row.index_version, row.mode) == (given["index_version"], "extractive")
    assert row.embedding_model
    assert row.timings_ms == given["timings_ms"]
    first = given["citations"][0]
    assert row.citations[0]["provision_id"] == first["provision_id"]
    assert (row.citations[0]["start"], row.citations[0]["end"]) == (first["start"], first["end"])
    assert abs(datetime.now(UTC) - row.at) < timedelta(minutes=1)


def test_a_refusal_is_recorded_with_its_reason(http: TestClient, own: Settings) -> None:
    ask(http, "广州市谁是安全生产第一责任人？")
    (row,) = rows(own)
    assert (row.status, row.reason, row.citations) == ("refused", "jurisdiction_not_covered", [])


def test_personal_data_is_not_recorded(http: TestClient, own: Settings) -> None:
    data = "王伟 13800138000，邮箱 wang@example.org，身份证110101199003078515"
    card = "卡号6222 0212 3456 7890 123"
    history = [{"role": "user", "content": data}, {"role": "assistant", "content": card}]
    given = ask(http, f"{ASKED}？我是{data}，{card}", history=history)
    judge(http, given["id"], comment=f"打我电话：{data}，{card}")
    for path in own.data.glob("audit.db*"):
        kept = path.read_bytes().decode("utf-8", errors="replace")
        for secret in ("王伟", "13800138000", "wang@", "19900307", "7890 123"):
            assert secret not in kept, secret
    assert "已隐去" in rows(own)[0].question
    assert ASKED in rows(own)[0].question


def test_a_search_is_not_recorded(http: TestClient, own: Settings) -> None:
    http.get("/api/v1/search", params={"q": "诫勉"})
    http.get("/api/v1/provisions/changzhou-2018/30")
    assert rows(own) == []


def test_only_the_owner_of_the_machine_s_account_may_read_the_file(
    http: TestClient, own: Settings
) -> None:
    ask(http)
    files = list(own.data.glob("audit.db*"))
    assert len(files) == 3  # the database, what is not in it yet, and its index
    assert not any(file.stat().st_mode & 0o077 for file in files)


def test_an_answer_that_cannot_be_recorded_is_not_given(http: TestClient, own: Settings) -> None:
    with connect(f"sqlite:///{own.data / 'audit.db'}").begin() as connection:
        connection.execute(text("DROP TABLE anze_feedback"))
        connection.execute(text("DROP TABLE anze_answers"))
    reply = http.post("/api/v1/ask", json={"question": ASKED})
    assert reply.status_code == 503
    assert "审计数据库" in reply.json()["detail"]
    assert "6个月" not in reply.text
    assert "anze_audit_failures_total 1.0" in http.get("/metrics").text


def test_whoever_stops_listening_halfway_is_on_record(assistant: Assistant, own: Settings) -> None:
    desk = Desk(assistant, AuditLog.open(own))
    events = desk.asking(Question(question=ASKED), PUBLIC, Door.REST)
    while not isinstance(next(events), Statement):
        pass
    events.close()  # type: ignore[attr-defined]
    (row,) = rows(own)
    assert (row.caller, row.status) == ("窗口", "answered")


def test_the_record_comes_before_the_answer(assistant: Assistant, own: Settings) -> None:
    desk = Desk(assistant, AuditLog.open(own))
    for event in desk.asking(Question(question=ASKED), LOCAL, Door.MCP):
        assert len(rows(own)) == isinstance(event, Answer)


@pytest.mark.parametrize("place", ["file/audit", "locked/audit"])
def test_a_place_that_cannot_be_written_is_told_at_start(
    assistant: Assistant, own: Settings, place: str
) -> None:
    (own.data / "file").write_text("in the way")
    if place.startswith("locked"):
        (own.data / place).mkdir(parents=True)
        (own.data / place / "audit.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(AuditUnavailable, match="审计数据库"):
        create_app(assistant, own.model_copy(update={"data": own.data / place}))


@pytest.mark.parametrize(
    ("url", "said"),
    [("nonsense", "不是数据库地址"), ("oracle://x/y", "缺少驱动程序"), ("sqlite://", "给出文件")],
)
def test_a_wrong_address_of_the_database_is_told_at_start(
    assistant: Assistant, own: Settings, url: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        create_app(assistant, own.model_copy(update={"audit_url": url}))


def test_tables_of_an_older_version_are_brought_up_to_date(
    assistant: Assistant, own: Settings
) -> None:
    kept = ask(client_of(assistant, own))["id"]
    with connect(f"sqlite:///{own.data / 'audit.db'}").begin() as connection:
        connection.execute(text("ALTER TABLE anze_answers DROP COLUMN role"))
        connection.execute(text("UPDATE anze_schema SET version = 1"))
    http = client_of(assistant, own)
    assert judge(http, kept).status_code == 200
    assert ask(http, role="区长")["status"] == "answered"


def test_tables_of_another_version_are_refused(assistant: Assistant, own: Settings) -> None:
    create_app(assistant, own)
    with connect(f"sqlite:///{own.data / 'audit.db'}").begin() as connection:
        connection.execute(text("UPDATE anze_schema SET version = 99"))
    with pytest.raises(AuditUnavailable, match="第 99 版"):
        create_app(assistant, own)


def test_what_is_too_old_goes_at_start_and_once_a_day(
    http: TestClient, assistant: Assistant, own: Settings
) -> None:
    def age() -> None:
        with log.engine.begin() as connection:
            connection.execute(update(answers).values(at=datetime.now(UTC) - timedelta(181)))

    log = AuditLog.open(own)
    assert log is not None
    judge(http, ask(http)["id"])
    age()
    client_of(assistant, own)
    assert rows(own) == rows(own, feedback) == []
    ask(http)
    age()
    ask(http)  # the same day: nothing is swept
    assert len(rows(own)) == 2
    Desk(assistant, log).ask(Question(question=ASKED), LOCAL, Door.REST)  # swept never before
    assert len(rows(own)) == 2


def test_several_at_once_are_all_recorded(http: TestClient, own: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = {answer["id"] for answer in pool.map(lambda _: ask(http), range(24))}
    assert {row.id for row in rows(own)} == given
    assert len(given) == 24


def test_feedback_is_kept_and_a_second_one_replaces_it(http: TestClient, own: Settings) -> None:
    given = ask(http)
    first = judge(http, given["id"], comment="没有说到处分")
    assert first.status_code == 200
    assert first.json()["status"] == "recorded"
    assert first.json()["answer_id"] == given["id"]
    second = judge(http, given["id"], helpful=True)
    assert second.json()["id"] == first.json()["id"]
    (row,) = rows(own, feedback)
    assert (row.id, row.helpful, row.comment) == (first.json()["id"], True, None)


def test_nobody_judges_or_learns_of_another_caller_s_answer(http: TestClient) -> None:
    given = ask(http)
    as_caller(http, PUBLIC)
    theirs, none = judge(http, given["id"]), judge(http, "0" * 32)
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json()
    assert judge(http, ask(http)["id"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"helpful": True}, "answer_id"),
        ({"answer_id": 5}, "answer_id"),
        ({"answer_id": ""}, "answer_id"),
        ({"answer_id": "x" * 65}, "answer_id"),
        ({"helpful": "yes"}, "helpful"),
        ({"helpful": 1}, "helpful"),
        ({"helpful": None}, "helpful"),
        ({"comment": "长" * 2001}, "comment"),
        ({"comment": "空\0"}, "comment"),
        ({"score": 3}, "score"),
    ],
)
def test_bad_feedback_is_refused_with_the_field_named(
    http: TestClient, body: dict[str, Any], field: str
) -> None:
    whole = {"answer_id": "x", "helpful": True} | body
    if len(body) == 1 and "helpful" in body and field == "answer_id":
        del whole["answer_id"]
    reply = http.post("/api/v1/feedback", json=whole)
    assert (reply.status_code, reply.json()["field"]) == (422, field)


def test_without_a_log_answers_are_given_and_feedback_is_not_taken(
    assistant: Assistant, own: Settings
) -> None:
    http = client_of(assistant, own.model_copy(update={"audit_url": "none"}))
    reply = judge(http, ask(http)["id"])
    assert reply.status_code == 503
    assert "没有开启审计记录" in reply.json()["detail"]
    assert not (own.data / "audit.db").exists()


def metric(http: TestClient, line: str) -> float:
    found = [x for x in http.get("/metrics").text.splitlines() if x.startswith(line + " ")]
    assert len(found) == 1, line
    return float(found[0].rpartition(" ")[2])


def test_answers_are_counted(http: TestClient) -> None:
    given = ask(http)
    ask(http, "广州市谁是安全生产第一责任人？")
    judge(http, given["id"])
    http.get("/api/v1/provisions/changzhou-2018/30")
    http.get("/wp-login.php")
    labels = 'caller="local",door="rest",mode="extractive"'
    for line, value in {
        f'anze_answers_total{{{labels},reason="",status="answered"}}': 1,
        f'anze_answers_total{{{labels},reason="jurisdiction_not_covered",status="refused"}}': 1,
        'anze_answer_stage_seconds_count{stage="total"}': 2,
        "anze_answer_citations_sum": len(given["citations"]),
        "anze_audit_write_seconds_count": 2,
        'anze_feedback_total{helpful="false"}': 1,
        'anze_http_requests_total{method="POST",route="/api/v1/ask",status="2xx"}': 2,
        'anze_http_requests_total{method="GET",route="other",status="4xx"}': 1,
        "anze_index_documents": 5,
    }.items():
        assert metric(http, line) == value, line
    route = "/api/v1/provisions/{provision_id:path}"
    assert f'route="{route}"' in http.get("/metrics").text
    assert "诫勉" not in http.get("/metrics").text
    assert f'version="{given["index_version"]}"' in http.get("/metrics").text


def test_two_applications_count_apart(assistant: Assistant, own: Settings) -> None:
    one, other = client_of(assistant, own), client_of(assistant, own)
    ask(one)
    assert metric(one, "anze_audit_write_seconds_count") == 1
    assert metric(other, "anze_audit_write_seconds_count") == 0


def test_only_an_internal_caller_reads_the_counts(http: TestClient) -> None:
    as_caller(http, PUBLIC)
    reply = http.get("/metrics")
    assert reply.status_code == 403
    assert reply.headers["content-type"] == "application/problem+json"
    as_caller(http, replace(PUBLIC, audience=Audience.INTERNAL))
    assert http.get("/metrics").status_code == 200


def test_a_record_is_listed_with_how_far_its_clock_is_from_utc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        moment = datetime(2026, 11, 22, 8, 30, 5, 123, tzinfo=UTC)
        assert printing.local(moment) == "2026-11-22 16:30:05+08:00"
    finally:
        monkeypatch.undo()
        time.tzset()
