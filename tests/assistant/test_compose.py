"""What is said around the quotations: sums, verdicts, bearers, tables, standing, gaps."""

from datetime import date

import pytest

from assistant.compose.extractive import compose
from assistant.evidence import Evidence, Group, Selection
from assistant.library import Library
from assistant.models import Question, Turn
from assistant.query import Scope
from assistant.validity import about_documents
from assistant.verify import verify
from index.provision import Audience
from index.units import Unit

TODAY = date(2026, 11, 21)


@pytest.fixture
def library(assistant):
    return Library(assistant.index, Audience.INTERNAL, TODAY)


@pytest.fixture
def say(assistant, library):
    """The answer's lines to a question for which these words of these provisions were selected."""

    def say(asked, *selected, silent=(), history=()):
        turns = tuple(Turn(role="user", content=words) for words in history)
        question = Question(question=asked, history=turns, as_of=TODAY)
        query = assistant.understanding.read(question, library)
        groups = {}
        for provision_id, words in selected:
            provision = library.provision(provision_id)
            start = provision.text.index(words)
            unit = Unit(provision, start, start + len(words))
            document = library.document(provision.document_id)
            scope = Scope(document.metadata.jurisdiction, (document,))
            groups.setdefault(scope, []).append(Evidence(unit))
        found = tuple(Group(scope, tuple(parts), 1.0) for scope, parts in groups.items())
        scopes = tuple(Scope(place, ()) for place in silent)
        draft = compose(query, Selection(found, scopes), library)
        return verify(draft, library, query.text).lines

    return say


BAR = ("changzhou-2018/30", "受到诫勉处理的，6个月内不得提拔或者重用")


def test_a_sum_comes_first_and_cites_its_basis(say):
    first, second = say("2024年3月10日在常州受到诫勉，到哪天才能提拔", BAR)
    assert first == "自2024年3月10日起算6个月，至2024年9月10日止（按所引条文推算）。[1]"
    assert second == f"{BAR[1]}。[1]"


def test_a_false_premise_is_put_right_before_the_quotation(say):
    assert say("常州诫勉后两年不得提拔，对吧", BAR)[0] == "不对：文件写的是6个月。[1]"


def test_who_is_answered_with_the_post_that_stands_above_the_item(say):
    item = ("chengdu-2020/2/4/7/3", "督促、指导工会组织开展安全生产劳动竞赛及评选活动。")
    lead, said = say("成都的安全生产劳动竞赛由哪位常委督促", item)
    assert lead == "党委常委、工会主席岗位职责：[1]"
    assert said.endswith(f"{item[1]}[2]")


def test_a_case_is_shown_with_what_holds_in_it(say, library):
    words = "职责范围内发生较大或一般生产安全事故，但上年度安全生产综合考核为优秀等次的。"
    provision = next(
        p for p in library.document("changzhou-2018").provisions if p.is_leaf and words in p.text
    )
    lead, said = say("常州去年考核优秀能不能轻点处理", (provision.id, words))
    assert lead.startswith("对存在下列情形之一的，可以从轻、减轻追究")
    assert said.endswith("[2]")


def test_a_sentence_with_its_own_subject_needs_no_lead(say):
    words = "辖市、区政府原则上由担任本级党委常委的政府领导干部分管安全生产工作。"
    assert len(say("常州由谁分管安全生产工作", ("changzhou-2018/9", words))) == 1


def test_places_that_are_compared_stand_in_a_table(say):
    lines = say(
        "比较常州、成都和湛江开发区党委多久听取安全汇报",
        ("changzhou-2018/30", "受到诫勉处理的，6个月内不得提拔或者重用"),
        ("chengdu-2020/2/4/7/2", "依法对安全生产工作进行监督。"),
        silent=["湛江经济技术开发区"],
    )
    rows = [line for line in lines if line.startswith("|")]
    assert rows[0] == "| 地方 | 规定 | 依据 |"
    assert rows[2] == f"| 常州市 | {BAR[1]}。[1] | 常办〔2018〕30号第三十条 |"
    assert "[2]" in rows[3]
    assert rows[4] == "| 湛江经济技术开发区 | 未写明 | — |"


def test_the_year_that_a_plan_does_not_cover_is_named(say, library):
    provision = next(p for p in library.document("jingan-2017").provisions if "4处" in p.text)
    leaf = (
        provision
        if provision.is_leaf
        else library.document("jingan-2017").at(provision.start + provision.text.index("4处"))
    )
    sentence = next(s for s in leaf.text.split("。") if "4处" in s)
    lines = say("静安2017年、2018年挂牌督办的隐患有哪几处", (leaf.id, sentence))
    assert any("只管2017年，2018年的情况没有收录" in line for line in lines)
    assert "到期" in lines[0]


def test_what_was_read_after_repair_is_said(assistant, library, say, monkeypatch):
    lines = say("常州诫誉多久不得提拔", BAR)
    read = Question(question="常州诫誉多久不得提拔", as_of=TODAY)
    read_as = getattr(assistant.understanding.read(read, library), "read_as", "")
    assert (f"按“{read_as}”理解。" in lines) == bool(read_as)


@pytest.mark.parametrize(
    ("asked", "documents"),
    [
        ("哪份文件是媒体报道？", ["shanghai-2015"]),
        ("你手上的材料里，哪一份还没生效？", ["zhanjiang-2016"]),
        ("哪份已经过期了", ["jingan-2017"]),
        ("现行有效的是哪几份文件", ["changzhou-2018", "chengdu-2020"]),
        ("哪些单位在报道事故时要核实", None),
        ("哪些人要参加有效的演练", None),
        ("常州受到诫勉多久不得提拔", None),
    ],
)
def test_which_document_is_what(assistant, library, asked, documents):
    query = assistant.understanding.read(Question(question=asked, as_of=TODAY), library)
    found = about_documents(query)
    if documents is None:
        assert found is None
        return
    cited = [e.unit.provision.document_id for group in found.groups for e in group.evidence]
    assert sorted(cited) == sorted(documents)


def test_coming_into_force_shows_the_day_and_the_sentence(assistant):
    answer = assistant.ask(Question(question="常州的办法从什么时候开始施行", as_of=TODAY))
    assert "2018年12月14日" in answer.answer
    assert "自发布之日起施行" in answer.answer


@pytest.mark.parametrize(
    ("before", "asked", "place"),
    [
        ("常州追责决定要不要公开", "当事人不服可以向谁申诉", "常州市"),
        ("常州追责决定要不要公开", "成都的专项资金怎么设", "成都市"),
        ("责任追究决定要不要公开", "当事人不服可以向谁申诉", ""),
    ],
)
def test_the_place_that_was_talked_of_goes_on(assistant, library, before, asked, place):
    history = (Turn(role="user", content=before),)
    question = Question(question=asked, history=history, as_of=TODAY)
    query = assistant.understanding.read(question, library)
    places = [scope.place for scope in query.scopes]
    assert places == [place] if place else len(places) > 1


def test_half_of_a_question_is_about_the_asker_s_place(assistant, library):
    question = Question(
        question="考核不合格的区当年能评优吗？北京那边又怎么说", jurisdiction="上海市", as_of=TODAY
    )
    query = assistant.understanding.read(question, library)
    assert "上海市" in [scope.place for scope in query.scopes]
    assert query.uncovered == ("北京市",)
