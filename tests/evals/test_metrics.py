"""The measures, on examples made by hand and on whatever comes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Reason, Status
from evals import metrics
from evals.score import cited_passages, expected_passages, score
from evals.served import Reply
from evals.spans import characters, pieces, widen
from tests.evals.made import DOCUMENTS, REFUSAL, TEXT, case, cited, refused_case, reply

TODAY = date(2026, 11, 22)
FIRST = "诫勉的，6个月内不得提拔"
SECOND = "免职的，1年内不得重用"
MEETING = "每季度开会1次"
sets = st.frozensets(st.tuples(st.just("a"), st.integers(0, 60)))


def scored(wanted, said):
    return score(wanted, said, DOCUMENTS, TODAY)


def test_the_gold_sentence_and_nothing_else_is_right():
    found = scored(case(), reply(cited(FIRST)))
    assert found.correct
    assert (found.precision, found.recall, found.fact_recall) == (1, 1, 1)
    assert found.length == len(FIRST)


def test_noise_costs_precision_and_omission_recall():
    noisy = scored(case(), reply(cited(FIRST), cited(MEETING, "a/2")))
    assert noisy.recall == 1
    assert noisy.precision == pytest.approx(11 / 18)
    assert not noisy.correct
    half = scored(case(facts=[]), reply(cited("6个月内不得")))
    assert half.precision == 1
    assert half.recall == pytest.approx(6 / 11)
    assert not half.correct


def test_a_clause_may_be_cited_with_the_sentence_that_holds_it():
    found = scored(case(gold=[{"document": "a", "text": "6个月内"}]), reply(cited(FIRST)))
    assert found.precision == 1


def test_one_of_the_alternatives_suffices_and_each_may_be_cited():
    gold = [
        {
            "document": "a",
            "text": "诫勉的，6个月内不得提拔。",
            "alternatives": [{"document": "a", "text": "免职的，1年内不得重用。"}],
        }
    ]
    for words in ([FIRST], [SECOND], [FIRST, SECOND]):
        found = scored(case(gold=gold, facts=[]), reply(*(cited(w) for w in words)))
        assert (found.precision, found.recall, found.correct) == (1, 1, True)


def test_what_is_allowed_costs_nothing_and_need_not_be_cited():
    wanted = case(allowed=[{"document": "a", "text": "每季度开会1次。"}])
    assert scored(wanted, reply(cited(FIRST), cited(MEETING, "a/2"))).correct
    assert scored(wanted, reply(cited(FIRST))).correct


@pytest.mark.parametrize(
    "changes",
    [
        {"quote": "诫勉的，9个月内不得提拔"},
        {"start": 1, "end": 13},
        {"provision_id": "a/9"},
        {"provision_id": "z/1"},
        {"end": 99},
        {"start": -13},
    ],
)
def test_a_quotation_that_is_not_the_text_is_fabricated(changes):
    found = scored(case(), reply(cited(FIRST), cited(FIRST).model_copy(update=changes)))
    assert found.fabricated == 1
    assert not found.correct


def test_facts_have_alternatives_and_are_found_across_marks_and_widths():
    assert scored(case(facts=[["半年", "6 个月"]]), reply(cited(FIRST))).correct
    assert metrics.missing_facts("６个[1]\n月", [["6个月"]]) == ()
    found = scored(case(facts=[["6个月"], ["半年", "两年"]]), reply(cited(FIRST)))
    assert found.missing_facts == ("半年／两年",)
    assert found.fact_recall == 0.5
    assert not found.correct


def test_words_that_must_not_stand_there():
    found = scored(case(absent=["提拔"]), reply(cited(FIRST)))
    assert found.unwanted == ("提拔",)
    assert not found.correct


def test_refusals():
    assert scored(refused_case(), REFUSAL).correct
    assert not scored(refused_case(), reply(cited(FIRST))).correct
    assert not scored(case(), REFUSAL).correct
    assert not scored(refused_case(), Reply(fault="HTTP 500")).correct
    wrong_reason = scored(refused_case(reasons=["unclear"]), REFUSAL)
    assert wrong_reason.correct
    assert wrong_reason.reason_right is False
    assert metrics.reason_right(Reason.UNCLEAR, ()) is None
    pairs = [(True, True), (True, False), (False, True), (False, False), (False, True)]
    assert metrics.refusal_precision(pairs) == (1, 3)
    assert metrics.refusal_recall(pairs) == (1, 2)


def test_wrong_place_address_and_standing():
    other = cited("每半年开会1次", "b/1")
    found = scored(case(), reply(cited(FIRST, address="第九条"), other))
    assert (found.wrong_place, found.wrong_address, found.wrong_standing) == (1, 1, 1)
    said = scored(case(), reply(other, notices=("这是征求意见稿。",)))
    assert said.wrong_standing == 0
    assert scored(refused_case(), reply(other)).wrong_place == 0


def test_passages_show_what_is_missing_and_what_is_noise():
    said = reply(cited("6个月内不得提拔"), cited(MEETING, "a/2"))
    (gold,) = expected_passages(case(), said, DOCUMENTS)
    assert gold.pieces == (("诫勉的，", False), ("6个月内不得提拔。", True))
    assert (gold.title, gold.address) == ("甲办法", "第一条")
    right, noise = cited_passages(case(), said, DOCUMENTS)
    assert right.pieces == (("6个月内不得提拔", True),)
    assert noise.pieces == ((MEETING, False),)


@given(st.text("甲。\n乙", max_size=30), st.data())
def test_widening_reaches_whole_sentences_and_stops_there(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    begin, stop = widen(text, start, end)
    assert 0 <= begin <= start
    assert end <= stop <= len(text)
    assert begin == 0 or text[begin - 1] in "。\n"
    assert widen(text, begin, stop)[0] == begin


@given(st.integers(0, 45), st.integers(0, 45), sets)
def test_pieces_put_together_are_the_stretch(start, end, marked):
    cut = pieces("a", TEXT, start, end, marked)
    assert "".join(words for words, _ in cut) == TEXT[start:end]


@given(sets, sets, sets)
def test_precision_and_recall_stay_in_range_and_grow_with_what_is_right(cited_, right, more):
    precision = metrics.citation_precision(cited_, right)
    assert precision is None or 0 <= precision <= 1
    if precision is not None:
        assert metrics.citation_precision(cited_, right | more) >= precision
    gold = [[right], [right, more]]
    recall = metrics.citation_recall(cited_, gold)
    assert recall is None or 0 <= recall <= 1
    assert metrics.citation_recall(right, [[right]]) in {None, 1}


@given(sets, st.lists(st.lists(sets, min_size=1, max_size=3), max_size=3))
def test_citing_everything_recalls_everything(some, gold):
    every = some.union(*(stretch for entry in gold for stretch in entry))
    assert metrics.citation_recall(every, gold) in {None, 1}


def test_punctuation_weighs_nothing():
    assert characters("a", "甲，乙。\n1", 0, 6) == {("a", 0), ("a", 2), ("a", 5)}


@given(
    st.sampled_from(Status),
    st.sampled_from([*Status, None]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 3),
)
def test_correct_means_every_condition_holds(wanted, got, recall, precision, faults):
    correct = metrics.is_correct(wanted, got, recall, precision, faults)
    if wanted is Status.REFUSED:
        assert correct is (got is wanted)
    else:
        good = recall >= 0.9 and precision >= 0.75 and faults == 0
        assert correct is (got is wanted and good)
