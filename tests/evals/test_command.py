"""``anze eval`` as its user runs it, and the two ways to an assistant."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from assistant.api.app import create_app
from assistant.cli import app
from evals import command
from evals.case import Case
from evals.in_process import InProcess
from evals.over_http import OverHttp, Unreachable
from evals.run import read_run, run
from tests.api.house import running
from tests.conftest import ROOT
from tests.evals.made import REFUSAL, FakeAsker, case, cited, refused_case, reply

RIGHT = reply(cited("诫勉的，6个月内不得提拔"))
CASES = [case("x-1", split="tune"), refused_case("x-2", split="report")]
SERVED = Case.model_validate(
    {
        "id": "s-1",
        "kind": "period",
        "question": "常州受到诫勉处理多久不得提拔",
        "gold": [{"document": "changzhou-2018", "text": "受到诫勉处理的，6个月内不得提拔或者重用"}],
        "facts": [["6个月"]],
    }
)


@pytest.fixture
def evaluate(tmp_path, monkeypatch):
    """Runs the command against an assistant that answers as told."""
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(c.model_dump_json() for c in CASES), encoding="utf-8")

    def evaluate(*options, replies=None):
        asker = FakeAsker(replies or {"x-1": RIGHT, "x-2": RIGHT})
        monkeypatch.setattr("evals.in_process.InProcess.open", lambda settings: asker)
        return CliRunner().invoke(app, ["eval", str(path), *map(str, options)])

    return evaluate


def test_below_the_bar_the_status_is_1(evaluate):
    assert evaluate().exit_code == 1
    assert "没有及格：正确 1 / 2" in evaluate().output
    assert evaluate("--bar", 0.5).exit_code == 0
    assert evaluate("--part", "tune").exit_code == 0
    assert evaluate("--part", "report").exit_code == 1
    assert evaluate("--kind", "period").exit_code == 0
    assert evaluate(replies={"x-1": RIGHT, "x-2": REFUSAL}).exit_code == 0
    assert "没有可以评测的题目" in evaluate("--kind", "none").output


def test_files_are_written_and_an_old_run_is_compared(evaluate, tmp_path):
    names = {"--json": "a.json", "--csv": "a.csv", "--junit": "a.xml", "--html": "a.html"}
    evaluate(*(word for key, name in names.items() for word in (key, tmp_path / name)))
    assert all((tmp_path / name).stat().st_size for name in names.values())
    again = evaluate("--compare", tmp_path / "a.json", replies={"x-1": RIGHT, "x-2": REFUSAL})
    assert "变对  x-2" in again.output
    assert len(read_run(tmp_path / "a.json").results) == 2


def test_a_fault_of_the_user_is_told_in_one_sentence(tmp_path):
    (tmp_path / "bad.jsonl").write_text("{}")
    for words in (["bad.jsonl"], ["--url", "http://127.0.0.1:9"], ["--compare", "none.json"]):
        done = subprocess.run(
            [sys.executable, "-m", "evals.command", "eval", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )
        assert done.returncode == 1
        assert done.stderr.startswith("出错了："), done.stderr


def test_the_command_line_loads_nothing_heavy_to_show_its_help():
    check = (
        "import sys, evals.command; "
        "print([m for m in ('torch','chromadb','pydantic','httpx','jinja2','rich.table') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
    assert command.app is app


@pytest.fixture(scope="module")
def served(assistant, settings, tmp_path_factory):
    """The address of the API over the assistant that is open already."""
    own = settings.model_copy(update={"data": tmp_path_factory.mktemp("served")})
    with running(create_app(assistant, own)) as url:
        yield url


def test_over_http_the_same_is_measured_as_in_process(served, assistant):
    within = run([SERVED], InProcess(assistant))
    with OverHttp.open(served) as asker:
        without = run([SERVED], asker)
    for found in (within, without):
        assert found.results[0].scores.correct
        assert found.results[0].milliseconds > 0
    assert within.results[0].scores == without.results[0].scores
    assert within.index_version == without.index_version
    assert within.results[0].reply.citations == without.results[0].reply.citations


def test_what_the_server_does_not_take_in_is_a_fault(served, assistant):
    wrong = SERVED.model_copy(update={"jurisdiction": "没有的地方"})
    with OverHttp.open(served) as asker:
        assert "HTTP 422" in asker.ask(wrong).fault
        assert asker.confidence(SERVED) is None
    assert InProcess(assistant).ask(wrong).fault


def test_a_confidence_is_taken_where_the_assistant_explains_itself(assistant, monkeypatch):
    class Explanation:
        confidence = 0.5

    monkeypatch.setattr(type(assistant), "explain", lambda *_: Explanation(), raising=False)
    assert InProcess(assistant).confidence(SERVED) == 0.5


def test_an_address_that_is_none_is_told():
    with pytest.raises(Unreachable, match="http://"):
        OverHttp.open("127.0.0.1:8000").__enter__()


def test_cases_round_trip_as_json():
    assert Case.model_validate(json.loads(SERVED.model_dump_json())) == SERVED
