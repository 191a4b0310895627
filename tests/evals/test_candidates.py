"""Feedback becomes candidate cases, which count only when a person has looked at them."""

import json

import pytest
from typer.testing import CliRunner

from assistant.audit.log import AuditLog
from assistant.callers import LOCAL
from assistant.desk import Desk, Door
from assistant.models import Feedback, Question, Turn
from evals.case import load, problems
from evals.command import app
from evals.in_process import InProcess
from evals.run import run

ASKED = "常州受到诫勉处理多久不得提拔"


@pytest.fixture
def anze(assistant, settings, tmp_path, monkeypatch):
    """The command line over a log with a helpful answer and a refusal that did not help."""
    own = settings.model_copy(update={"data": tmp_path})
    log = AuditLog.open(own)
    desk = Desk(assistant, log)
    history = (Turn(role="user", content="你好"),)
    asked = Question(question=ASKED, history=history, jurisdiction="常州市", role="区长")
    for question, helpful, comment in (
        (asked, True, None),
        (Question(question="常州罚款多少"), False, "应说明文件里没有"),
    ):
        answer = desk.ask(question, LOCAL, Door.PAGE)
        desk.judge(Feedback(answer_id=answer.id, helpful=helpful, comment=comment), LOCAL)
    monkeypatch.setenv("ANZE_DATA", str(tmp_path))

    def anze(*words):
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    return anze


def test_feedback_becomes_cases_that_wait_for_a_person(anze, assistant, tmp_path):
    path = tmp_path / "candidates.jsonl"
    assert "2 道待核对的题" in anze("feedback", "export", path)
    answered, refused = load([path])
    documents = {document.id: document for document in assistant.index.documents}
    assert problems(answered, documents) == problems(refused, documents) == []
    assert (answered.question, answered.kind) == (ASKED, "period")
    assert (answered.jurisdiction, answered.role) == ("常州市", "区长")
    assert answered.history[0].content == "你好"
    assert answered.gold[0].text == "受到诫勉处理的，6个月内不得提拔或者重用"
    assert (answered.split, answered.checked) == ("tune", False)
    assert refused.status == "refused"
    assert "应说明文件里没有" in refused.note
    assert refused.id.removeprefix("feedback-") in refused.note


def test_only_what_did_not_help_is_exported_where_that_is_wanted(anze, tmp_path):
    path = tmp_path / "candidates.jsonl"
    anze("feedback", "export", path, "--unhelpful", "--since", "2026-01-01")
    assert [case.question for case in load([path])] == ["常州罚款多少"]
    anze("feedback", "export", path, "--since", "2100-01-01")
    assert load([path]) == []


def test_nothing_is_measured_by_a_case_that_nobody_has_checked(anze, assistant, tmp_path):
    path = tmp_path / "candidates.jsonl"
    anze("feedback", "export", path)
    done = run(load([path]), InProcess(assistant))
    assert done.results == ()
    assert {skipped.why[:7] for skipped in done.skipped} == {"还没有人核对（"}
    lines = path.read_text(encoding="utf-8").replace('"checked":false', '"checked":true')
    path.write_text(lines, encoding="utf-8")
    assert len(run(load([path]), InProcess(assistant)).results) == 2


def test_feedback_and_records_are_listed_and_shown(anze):
    listed = anze("feedback", "list")
    assert "没帮助  常州罚款多少  ——应说明文件里没有" in listed
    assert len(json.loads(anze("feedback", "list", "--json", "--unhelpful"))) == 1
    assert anze("audit", "list").count("local/page") == 2
    assert anze("audit", "list", "--status", "refused").count("local/page") == 1
    assert anze("audit", "list", "--caller", "别人").strip() == "没有记录。"
    (found,) = json.loads(anze("audit", "list", "--status", "answered", "--json"))
    shown = anze("audit", "show", found["id"])
    assert f"问题：{ASKED}" in shown
    assert "changzhou-2018/30" in shown


def test_what_was_kept_is_purged_with_its_feedback(anze):
    assert "删除了 0 条" in anze("audit", "purge", "--before", "2026-01-01")
    assert "删除了 2 条" in anze("audit", "purge", "--before", "2100-01-01")
    assert anze("audit", "list").strip() == "没有记录。"
    assert anze("feedback", "list").strip() == "没有反馈。"


def test_a_wrong_day_and_a_wrong_id_are_told(anze):
    for words in (("list", "--since", "昨天"), ("show", "nothing")):
        done = CliRunner().invoke(app, ["audit", *words])
        assert done.exit_code == 1
        assert "昨天" in str(done.exception) or "nothing" in str(done.exception)
