"""Cases read, run, compared and reported."""

import csv
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from rich.console import Console

from evals.case import BadCase, load, shipped_files
from evals.comparison import compare
from evals.page import page
from evals.report import write_reports
from evals.run import BadRun, digest, read_run, run, usable
from evals.served import Reply
from evals.summary import faults, summary, worst
from evals.terminal import show, show_comparison
from tests.evals.made import DOCUMENTS, REFUSAL, FakeAsker, case, cited, refused_case, reply

RIGHT = reply(cited("诫勉的，6个月内不得提拔"))
WRONG = reply(cited("每季度开会1次", "a/2"), answer="=<b>每季度</b>\x00")
CASES = [
    case("x-1", split="tune"),
    case("x-2", split="report", style="slip", question="<script>诫勉"),
    refused_case("x-3", split="report", history=[{"role": "user", "content": "先问的"}]),
    refused_case("x-4", split="tune", note="文中没有"),
]
REPLIES = {"x-1": RIGHT, "x-2": WRONG, "x-3": REFUSAL, "x-4": WRONG}


@pytest.fixture(scope="module")
def done():
    return run(CASES, FakeAsker(REPLIES, sure=0.8), workers=2)


def line(**changes):
    return json.dumps(json.loads(case().model_dump_json()) | changes, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "第 1 行不是题目：不是 JSON"),
        ("[1]", "第 1 行不是题目"),
        ('\n{"id": "x"}', "第 2 行不是题目：kind"),
        (line(surprise=1), "surprise"),
        (line(id="大"), "id"),
        (line() + "\n" + line(), "第 2 行：编号 x-1 用了两次"),
    ],
)
def test_a_file_that_holds_no_cases_is_told_with_its_line(tmp_path, text, said):
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCase, match=said) as error:
        load([path])
    assert "cases.jsonl" in str(error.value)


def test_the_shipped_cases_load():
    assert load(shipped_files())


def test_cases_that_the_edition_cannot_answer_are_left_out():
    elsewhere = case("y-1", gold=[{"document": "law", "text": "不在"}])
    lost = case("y-2", gold=[{"document": "a", "text": "没有这句"}])
    kept, skipped = usable([*CASES, elsewhere, lost], DOCUMENTS)
    assert kept == CASES
    assert [s.why for s in skipped] == ["没有收录 law", "a 里没有这段文字：没有这句"]


def test_a_run_holds_what_was_asked_said_and_scored(done):
    assert [r.case.id for r in done.results] == ["x-1", "x-2", "x-3", "x-4"]
    assert [r.scores.correct for r in done.results] == [True, False, True, False]
    assert done.index_version == "v"
    assert done.results[0].reply.confidence == 0.8
    assert done.cases_sha256 == digest(reversed(CASES))
    whole = summary("合计", done.results)
    assert whole.correct.value == 0.5
    assert whole.refusal_recall.value == 0.5
    assert [r.case.id for r in worst(done.results, 1)] == ["x-4"]


def test_a_fault_is_an_error_and_counts_as_wrong():
    found = run([CASES[0]], FakeAsker({"x-1": Reply(fault="HTTP 500：坏了")}))
    assert not found.results[0].scores.correct
    assert faults(found.results[0]) == ["没有回答：HTTP 500：坏了"]
    page(found)


def test_the_json_file_is_read_back_and_names_no_folder(done, tmp_path):
    path = tmp_path / "new" / "run.json"
    write_reports(done, None, 20, json_file=path)
    assert read_run(path) == done
    assert str(tmp_path) not in path.read_text()
    path.write_text("{}")
    with pytest.raises(BadRun, match=r"run\.json 不是一次评测的结果"):
        read_run(path)


def test_csv_has_one_row_a_case_and_no_formulas(done, tmp_path):
    write_reports(done, None, 20, csv_file=tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["correct"] for row in rows] == ["1", "0", "1", "0"]
    assert rows[1]["answer"].startswith("'=")
    assert rows[2]["precision"] == ""


def test_junit_counts_what_failed(done, tmp_path):
    write_reports(done, None, 20, junit_file=tmp_path / "run.xml")
    suites = ElementTree.parse(tmp_path / "run.xml").getroot()
    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in suites] == [
        ("调试题", "2", "1"),
        ("报告题", "2", "1"),
    ]


class Tags(HTMLParser):
    """Checks that tags close in the order in which they were opened."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.links += [value for key, value in attrs if key in {"src", "href"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag


def test_the_page_is_whole_by_itself_and_lets_no_markup_in(done):
    written = page(done, compare(done.results, done.results), 20)
    tags = Tags()
    tags.feed(written)
    assert tags.open == []
    assert tags.links == []
    assert "script" not in tags.seen
    assert {"svg", "article", "mark", "table"} <= set(tags.seen)
    assert "&lt;script&gt;诫勉" in written
    assert "应当拒答而作答" in written
    assert "prefers-color-scheme: dark" in written


def test_two_runs_are_compared_question_by_question(done):
    better = {"x-1": WRONG, "x-2": RIGHT, "x-3": REFUSAL, "x-4": REFUSAL, "x-5": REFUSAL}
    cases = [*CASES[:3], refused_case("x-4", split="tune"), refused_case("x-5")]
    new = run(cases, FakeAsker(better))
    found = compare(done.results, new.results)
    assert [c.id for c in found.became_right] == ["x-2", "x-4"]
    assert [c.id for c in found.became_wrong] == ["x-1"]
    assert (found.common, found.reworded, found.only_new) == (4, ("x-4",), ("x-5",))
    assert found.p == 1
    console = Console(record=True, width=120)
    show_comparison(found, console)
    assert "变对 2，变错 1" in console.export_text()


def test_the_terminal_shows_every_grouping(done):
    console = Console(record=True, width=120)
    show(done, done.results, console, 20)
    text = console.export_text()
    for words in ("调试题", "报告题", "period", "slip", "（应当拒答）", "合计", "✗ x-4"):
        assert words in text
