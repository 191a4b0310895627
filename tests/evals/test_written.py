"""What a run says of the language model, and which cases stand for all."""

from collections import Counter
from datetime import date

from evals.case import load, shipped_files
from evals.run import ask_one
from evals.sample import sample
from evals.written import written
from tests.evals.made import DOCUMENTS, FakeAsker, case, cited, reply

QUOTE = cited("诫勉的，6个月内不得提拔")
TRACE = {"model": "小模型", "prompt": "0123456789ab", "tokens_in": 100, "tokens_out": 20}


def results(*traces):
    replies = {
        f"x-{n}": reply(QUOTE, trace=trace, timings_ms={"model": 1000.0})
        for n, trace in enumerate(traces, 1)
    }
    asker = FakeAsker(replies)
    return [ask_one(case(name), asker, DOCUMENTS, date(2026, 11, 1)) for name in replies]


def test_a_run_without_a_model_says_nothing_of_one():
    assert written(results(None)) is None


def test_a_run_with_a_model_says_what_was_shown_and_what_it_cost():
    fell = TRACE | {"dropped": 2, "replaced": 1, "fault": "unproven", "tokens_in": 300}
    found = written(results(TRACE | {"used": 1}, fell, None))
    assert found is not None
    assert (found.asked, found.shown, found.used, found.replaced, found.dropped) == (2, 1, 1, 1, 2)
    assert (found.tokens_in, found.p50, found.faults) == (200, 1000, {"unproven": 1})
    assert "问了 2 题，其中 1 题" in found.sentence()


def test_a_sample_holds_every_kind_with_its_share_and_is_always_the_same():
    cases = [c for c in load(shipped_files()) if c.part == "report"]
    chosen = sample(cases, 60)
    assert len(chosen) == 60
    assert chosen == sample(reversed(cases), 60)
    kinds, whole = Counter(c.kind for c in chosen), Counter(c.kind for c in cases)
    assert all(abs(kinds[k] - whole[k] * 60 / len(cases)) <= 1 for k in whole)


def test_a_sample_of_more_than_there_are_is_all_of_them():
    assert sample([case("x-2"), case("x-1")], 9) == [case("x-1"), case("x-2")]
