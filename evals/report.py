"""The run as files: JSON, CSV, JUnit XML and a page."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from evals.comparison import Comparison
from evals.names import PART_NAMES
from evals.page import page
from evals.run import Result, Run, write_run
from evals.summary import faults

#: Characters that XML cannot hold.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def write_reports(
    run: Run,
    comparison: Comparison | None,
    worst: int,
    json_file: Path | None = None,
    csv_file: Path | None = None,
    junit_file: Path | None = None,
    html_file: Path | None = None,
) -> None:
    """Write the files that were asked for; folders are made where they are missing."""
    wanted = {
        json_file: partial(write_run, run),
        csv_file: partial(write_csv, run),
        junit_file: partial(write_junit, run),
        html_file: partial(write_page, run, comparison, worst),
    }
    for path, write in wanted.items():
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)


def write_csv(run: Run, path: Path) -> None:
    """One row a case, for a spreadsheet (with a byte order mark, which Excel needs)."""
    rows = [_row(result) for result in run.results]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


def _row(result: Result) -> Mapping[str, object]:
    case, reply, scores = result.case, result.reply, result.scores
    measures = scores.model_dump(exclude={"missing_facts", "unwanted"})
    return {
        "id": case.id,
        "part": result.part,
        "kind": case.kind,
        "style": case.style,
        "documents": " ".join(sorted({gold.document for gold in case.gold})),
        "question": _cell(case.question),
        "wanted": case.status,
        "status": reply.status or "fault",
        "reason": reply.reason or "",
        **{key: _number(value) for key, value in measures.items()},
        "milliseconds": result.milliseconds,
        "confidence": _number(reply.confidence),
        "cited": " ".join(dict.fromkeys(cited.provision_id for cited in reply.citations)),
        "faults": _cell("；".join(faults(result))),
        "answer": _cell(reply.answer),
    }


def _number(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return round(value, 4) if isinstance(value, float) else value


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def write_junit(run: Run, path: Path) -> None:
    """One test case a question, one suite a part, as continuous integration reads it."""
    root = ElementTree.Element("testsuites", name="anze eval")
    for part, name in PART_NAMES.items():
        results = [result for result in run.results if result.part == part]
        skipped = run.skipped if part == "tune" else ()
        if results or skipped:
            suite = _suite(name, results)
            suite.set("timestamp", run.started.isoformat(timespec="seconds"))
            root.append(suite)
            for case in skipped:
                element = ElementTree.SubElement(
                    suite, "testcase", name=case.id, classname="skipped"
                )
                ElementTree.SubElement(element, "skipped", message=_xml(case.why))
            suite.set("tests", str(len(results) + len(skipped)))
            suite.set("skipped", str(len(skipped)))
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _suite(name: str, results: list[Result]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=name)
    suite.set("failures", str(sum(_fails(result) for result in results)))
    suite.set("errors", str(sum(bool(result.reply.fault) for result in results)))
    suite.set("time", f"{sum(result.milliseconds for result in results) / 1000:.3f}")
    for result in results:
        suite.append(_test_case(result))
    return suite


def _fails(result: Result) -> bool:
    return not result.scores.correct and not result.reply.fault


def _test_case(result: Result) -> ElementTree.Element:
    case = result.case
    element = ElementTree.Element("testcase", name=_xml(f"{case.id} {case.question}"))
    element.set("classname", f"{case.kind}.{case.style}")
    element.set("time", f"{result.milliseconds / 1000:.3f}")
    if not result.scores.correct:
        tag = "error" if result.reply.fault else "failure"
        fault = ElementTree.SubElement(element, tag, message=_xml("；".join(faults(result))))
        fault.text = _xml(result.reply.answer)
    return element


def _xml(text: str) -> str:
    return text.translate(_NOT_XML)


def write_page(run: Run, comparison: Comparison | None, worst: int, path: Path) -> None:
    """The page that a person reads."""
    path.write_text(page(run, comparison, worst), encoding="utf-8")
