"""What known questions say of candidates, and that only what a caller may read is known to him."""

from datetime import date

import pytest

from assistant import known
from assistant.evidence import Evidence
from assistant.library import Library
from assistant.models import Question
from assistant.select import select
from assistant.worth import PASSABLE, RIGHT, WRONG, of_list, of_sentence
from index.known.questions import Known, KnownQuestions, Near
from index.provision import Audience
from index.units import sentences

CHANGZHOU = "changzhou-2018"


@pytest.fixture(scope="module")
def document(assistant):
    return assistant.index.document(CHANGZHOU)


def units(document, provision):
    return list(sentences(document.by_id[f"{CHANGZHOU}/{provision}"]))


def span(unit):
    start = unit.provision.start + unit.start
    return start, start + len(unit.text)


def near(likeness, *parts):
    return Near(likeness, Known(f"q{likeness}", CHANGZHOU, tuple((span(u),) for u in parts)))


def sentence(unit):
    return unit, ()


def test_a_sentence_that_answered_a_question_like_this_has_its_votes(document):
    bar, other = units(document, "30")[0], units(document, "12")[0]
    nearest = known.Nearest([near(0.9, bar), near(0.8, other)], [near(0.7, bar)])
    right, wrong = known.numbers(nearest, [sentence(bar), sentence(other)])
    assert right["known"] == 0.9
    assert right["known_behind"] == 0
    assert right["known_votes"] > wrong["known_votes"] > 0
    assert right["known_votes"] + wrong["known_votes"] == pytest.approx(1)
    assert wrong["known_behind"] == pytest.approx(0.1)
    assert (right["known_words_votes"], wrong["known_words_votes"]) == (1, 0)


def test_a_question_without_an_answer_votes_for_none(document):
    bar = units(document, "30")[0]
    nearest = known.Nearest([near(0.9), near(0.8, bar)], [near(0.5)])
    (row,) = known.numbers(nearest, [sentence(bar)])
    assert row["known_no"] > row["known_votes"]
    assert row["known_nearest_no"] == row["known_nearest"] == 0.9
    assert row["known_words_no"] == 1


def test_where_nothing_was_asked_every_number_says_so(document):
    rows = known.numbers(known.Nearest(), [sentence(units(document, "30")[0])])
    assert rows == [known.nothing_known()]
    assert set(rows[0].values()) == {-1.0}


def test_the_worth_of_sentences_and_lists(document):
    listed = [units(document, f"6/i{n}") for n in range(1, 7)]
    parts = [[(CHANGZHOU, *span(unit))] for item in listed for unit in item]
    evidence = [Evidence(unit) for item in listed for unit in item]
    assert of_list(evidence, parts) == RIGHT
    assert of_list(evidence[: len(evidence) // 5], parts) == WRONG
    assert of_sentence(evidence[0].unit, parts) == PASSABLE
    assert of_sentence(evidence[0].unit, parts[:1]) == RIGHT
    bar = units(document, "30")[0]
    assert of_sentence(bar, parts) == WRONG
    assert of_sentence(bar, parts, allowed=[(CHANGZHOU, *span(bar))]) == PASSABLE


def test_a_sentence_is_right_that_holds_the_clause_which_answers(assistant):
    jingan = assistant.index.document("jingan-2017")
    clause = "推动实施老旧燃气管线改造，加大对新占压点的治理力度"
    start = jingan.text.index(clause)
    (unit,) = (
        unit
        for provision in jingan.provisions
        for unit in sentences(provision)
        if clause in unit.text
    )
    assert len(clause) < 0.35 * len(unit.text)
    assert of_sentence(unit, [[(jingan.id, start, start + len(clause))]]) == RIGHT
    assert of_sentence(unit, [[(jingan.id, start, start + 4)]]) == WRONG


@pytest.mark.parametrize(
    ("asked", "said", "most"),
    [
        ("上海的政府得把安全放进哪些规划、计划里头", "国民经济和社会发展规划及年度计划", 2),
        ("上海的规定里，第一责任人是谁来当", "各级政府主要负责人是本地区安全生产工作第一责任人", 2),
        ("上海这个规定，管得着哪些单位", "还纳入了街道乡镇、产业园区管理机构", 2),
    ],
)
def test_what_the_scorer_is_sure_of_is_shown_whatever_the_rules_say(assistant, asked, said, most):
    answer = assistant.ask(Question(question=asked))
    assert any(said in citation.quote for citation in answer.citations), answer.answer
    assert len(answer.citations) <= most


def test_a_public_reader_knows_nothing_of_internal_documents(pair):
    internal = [document.id for document in pair.internal]
    everything = pair.whole.index.known
    public = pair.with_internal.library().known
    assert len(public) == len(pair.without.library().known) < len(everything)
    question = "第一责任人是谁"
    vector = pair.whole.index.embeddings.read_query(question).vector
    assert everything.nearest_by_meaning(everything.read(question, vector), internal, 3)
    assert not public.nearest_by_meaning(public.read(question, vector), internal, 3)


def test_without_known_questions_the_text_alone_answers(assistant):
    """What is proved to be said is found where nobody has asked before, too."""
    library = Library(
        assistant.index, Audience.INTERNAL, date.today(), KnownQuestions.of([], [], None)
    )
    question = Question(question="常州受到诫勉处理多久不得提拔")
    query = assistant.understanding.read(question, library)
    (group,) = select(query, library).groups
    assert "6个月内不得提拔" in group.evidence[0].unit.text
