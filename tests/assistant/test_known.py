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


def test_a_public_reader_knows_nothing_of_internal_documents(pair):
    internal = [document.id for document in pair.internal]
    everything = pair.whole.index.known
    public = pair.with_internal.library().known
    assert len(public) == len(pair.without.library().known) < len(everything)
    question = "第一责任人是谁"
    vector = pair.whole.index.embeddings.read_query(question).vector
    alike = everything.likeness(question, vector)
    assert everything.nearest(alike.by_meaning, internal, 3)
    alike = public.likeness(question, vector)
    assert not public.nearest(alike.by_meaning, internal, 3)


def test_without_known_questions_the_text_alone_answers(assistant):
    """What is proved to be said is found where nobody has asked before, too."""
    library = Library(
        assistant.index, Audience.INTERNAL, date.today(), KnownQuestions.of([], [], None)
    )
    question = Question(question="常州受到诫勉处理多久不得提拔")
    query = assistant.understanding.read(question, library)
    (group,) = select(query, library).groups
    assert "6个月内不得提拔" in group.evidence[0].unit.text
