"""Which whole answer is shown: what was found, or what known questions were answered with."""

import json

import pytest

from assistant.candidates import Finder
from assistant.evidence import Evidence, Group
from assistant.in_place import candidates_by_place
from assistant.known import Nearest
from assistant.library import Library
from assistant.models import Question
from assistant.proposals import proposals
from assistant.query import Ask
from assistant.scorer import Scorer
from assistant.sentences import judge
from assistant.settling import TREES, as_found, is_open, numbers, settled
from index.known.questions import Known, Likely, Near
from index.provision import Audience
from index.units import sentences

CHANGZHOU = "changzhou-2018"


@pytest.fixture(scope="module")
def document(assistant):
    return assistant.index.document(CHANGZHOU)


@pytest.fixture
def asked(assistant):
    """A question of 常州 with its candidates, judged."""

    def ask(words):
        library = assistant.library()
        query = assistant.understanding.read(Question(question=words), library)
        finder = Finder(query, library)
        (scope,) = query.scopes
        scored = judge(candidates_by_place(query, finder)[scope.place])
        return scope, query, finder.known(scope), scored

    return ask


def unit(document, provision, n=0):
    return list(sentences(document.by_id[f"{CHANGZHOU}/{provision}"]))[n]


def group(scope, *units):
    return Group(scope, tuple(Evidence(one) for one in units), 0.9, 0.9, 0.9)


def known(document, *units, text="q"):
    spans = tuple(((u.provision.start + u.start, u.provision.start + u.end),) for u in units)
    return Known(text, CHANGZHOU, spans, text.encode())


def said(answer):
    return " ".join(citation.quote for citation in answer.citations)


def test_what_was_found_stands_first_and_no_answer_is_weighed_too(asked, document):
    scope, *_ = asked("常州受到诫勉处理多久不得提拔")
    found = group(scope, unit(document, "12"))
    other = known(document, unit(document, "22"))
    nearest = Nearest([Near(0.9, other)], [], [Likely(0.8, Near(0.9, other))])
    first, second, last = proposals(found, nearest)
    assert first.is_found
    assert first.known is None
    assert second.known == other
    assert not last.spans


def test_what_was_found_is_not_weighed_twice(asked, document):
    scope, *_ = asked("常州受到诫勉处理多久不得提拔")
    bar = unit(document, "22")
    nearest = Nearest([Near(0.9, known(document, bar)), Near(0.8, Known("无", CHANGZHOU, ()))])
    weighed = proposals(group(scope, bar), nearest)
    assert [bool(one.spans) for one in weighed] == [True, False]
    assert weighed[0].known == known(document, bar)


def test_where_nothing_was_found_a_known_answer_may_be_shown(asked, document):
    silent, other = Known("无", CHANGZHOU, ()), known(document, unit(document, "22"))
    weighed = proposals(None, Nearest([Near(0.9, silent), Near(0.8, other)]))
    assert [(one.is_found, bool(one.spans)) for one in weighed] == [(True, False), (False, True)]
    assert weighed[0].known == silent


def test_the_trees_know_the_numbers(asked):
    scope, query, nearest, scored = asked("常州受到诫勉处理多久不得提拔")
    found = group(scope, scored[0][1].unit)
    rows = numbers(proposals(found, nearest), query, found, nearest, scored)
    assert set(Scorer.load(TREES).names) == set(rows[0])
    assert all(isinstance(value, (float, int)) for row in rows for value in row.values())
    assert json.loads(TREES.read_text())["names"] == sorted(rows[0])


def test_where_nothing_is_known_what_was_found_is_shown(asked):
    scope, query, nearest, scored = asked("常州受到诫勉处理多久不得提拔")
    found = group(scope, scored[-1][1].unit)
    assert settled(scope, query, found, Nearest(), scored) is found
    assert settled(scope, query, found, nearest, []) is found
    assert as_found(scope, query, found, nearest, scored) is found


def test_what_is_clearly_asked_for_is_shown_instead_of_another_sentence(asked, document):
    scope, query, nearest, scored = asked("常州受到诫勉处理多久不得提拔")
    wrong = group(scope, unit(document, "12"))
    shown = settled(scope, query, wrong, nearest, scored)
    assert "6个月内不得提拔" in " ".join(part.unit.text for part in shown.evidence)
    for part in shown.evidence:  # character for character from the provision
        assert part.unit.text in part.unit.provision.text


def test_a_list_gives_way_to_no_sentence_about_it(asked):
    """…主要职责包括： says nothing of what follows."""
    scope, query, nearest, scored = asked("常州党委主要负责人的职责有哪些")
    assert query.asks(Ask.LIST)
    items = next(c.evidence for _, c in scored if c.unit is None and len(c.evidence) > 3)
    found = Group(scope, items, 0.9)
    shown = settled(scope, query, found, nearest, scored)
    assert len(shown.evidence) >= 3


def test_who_holds_a_post_is_said_by_the_line_that_opens_its_duties(assistant):
    answer = assistant.ask(Question(question="常州区级安委会一把手由何人出任"))
    assert "主要负责人担任本级安全生产委员会主任" in said(answer)
    assert len(answer.citations) == 1


def test_where_nothing_was_found_what_is_clearly_asked_for_is_shown(asked):
    scope, query, nearest, scored = asked("常州受到诫勉处理多久不得提拔")
    shown = settled(scope, query, None, nearest, scored)
    assert "6个月内不得提拔" in " ".join(part.unit.text for part in shown.evidence)


def test_where_nothing_was_found_in_a_place_that_nobody_named_nothing_is_shown(assistant):
    library = assistant.library()
    query = assistant.understanding.read(Question(question="受到诫勉处理多久不得提拔"), library)
    finder = Finder(query, library)
    scope = next(s for s in query.scopes if s.documents[0].id == CHANGZHOU)
    scored = judge(candidates_by_place(query, finder)[scope.place])
    assert not is_open(query, None, finder.known(scope), scored)
    assert settled(scope, query, None, finder.known(scope), scored) is None


def test_a_sanction_that_the_text_does_not_have_is_not_answered_with_another(assistant):
    answer = assistant.ask(Question(question="常州撤职的几年内不得提拔"))
    assert answer.status.value == "refused"


@pytest.mark.parametrize(
    "words",
    [
        "成都的安全宣传窗口开在哪几家报纸和电视台？",
        "静安的安全宣传教育三年行动计划从哪一年算到哪一年？",
    ],
)
def test_what_was_asked_in_vain_before_is_refused_in_new_words(assistant, words):
    assert assistant.ask(Question(question=words)).status.value == "refused"


def test_it_is_answered_by_what_answered_such_questions_before(assistant):
    answer = assistant.ask(Question(question="常州的干部觉得处分冤枉，材料往哪儿递？"))
    assert "申诉" in said(answer)
    answer = assistant.ask(Question(question="成都管安全总协调的那位，一般得是什么身份的领导？"))
    assert "党委常委" in said(answer)


def test_of_an_internal_document_nothing_is_weighed_for_the_public(assistant):
    """What was asked of a document that one may not read is not known to him."""
    words = "湛江安委会向同级党工委报告几个月一次"
    view = assistant._served.now(Audience.PUBLIC)
    library = Library(view.index, Audience.PUBLIC, assistant.library().as_of)
    query = view.understanding.read(Question(question=words), library)
    finder = Finder(query, library)
    near = [finder.known(scope) for scope in query.scopes]
    asked = [one.near.known.document for n in near for one in n.by_answer]
    assert set(asked) <= {document.id for document in view.index.documents}
