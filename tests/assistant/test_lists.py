"""Questions whose answer is a whole list: which list, all of it, and nothing of a neighbour."""

from __future__ import annotations

import pytest

from assistant.models import Answer, Question, Status
from assistant.service import Assistant


@pytest.fixture(scope="module")
def ask(assistant: Assistant):
    def ask(text: str, *before: str) -> Answer:
        turns = [{"role": "user", "content": words} for words in before]
        return assistant.ask(Question.model_validate({"question": text, "history": turns}))

    return ask


def cited(answer: Answer) -> list[str]:
    return [citation.provision_id for citation in answer.citations]


def items(parent: str, count: int) -> list[str]:
    return [f"{parent}/{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize("added", ["，至少写十条", "，给我列出十条", "[1]"])
def test_a_count_of_things_and_a_citation_s_mark_are_no_address(ask, added):
    asked = ask(f"成都的区委常委们共同要履行的安全职责有哪些{added}")
    assert cited(asked) == ["chengdu-2020/2/3", *items("chengdu-2020/2/3", 4)]


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("成都某区新来的区长问：安全这摊子我个人到底背了哪些任务？", items("chengdu-2020/2/2", 6)),
        (
            "成都那个2.0清单里，政府这一级（不是说区长个人）要干的有几条，都念给我听听",
            items("chengdu-2020/1/2", 6),
        ),
        (
            "总工会主席进了常委班子的，成都要求他在安全生产上做哪几件事",
            items("chengdu-2020/2/4/7", 3),
        ),
        ("成都的区委常委们共同要履行的安全职责有哪些", items("chengdu-2020/2/3", 4)),
        ("成都政法委書記負責哪些安全生產事項", items("chengdu-2020/2/4/4", 3)),
    ],
    ids=["asker", "not meant", "wider post beside it", "shared", "traditional"],
)
def test_the_duties_of_the_post_that_is_meant_are_given_whole_and_alone(ask, question, listed):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    parent = listed[0].rpartition("/")[0]
    assert [i for i in cited(answer) if i != parent] == listed


def test_shared_duties_come_with_a_post_s_own_where_they_are_asked_for(ask):
    answer = ask("帮成都一位组织部长整材料：他本岗的加上所有常委共同要担的，全部列出来")
    assert {*items("chengdu-2020/2/4/3", 5), *items("chengdu-2020/2/3", 4)} <= {*cited(answer)}


def test_a_post_that_is_only_likened_gets_the_sentence_that_says_so_and_the_list(ask):
    answer = ask("我是常州一个镇的党委书记，这个办法管得到我吗，管得到的话我头上都有哪些职责")
    assert "changzhou-2018/2/p2" in cited(answer)
    assert [i for i in cited(answer) if "/6/" in i] == [
        f"changzhou-2018/6/i{n}" for n in range(1, 7)
    ]


@pytest.mark.parametrize(
    ("question", "says", "not_a_word_of"),
    [
        ("静安消防部门2017年要抓啥", "三合一", "交警部门"),
        (
            "静安不算安监的那些行业主管部门，比如商务委文旅局，安全上要管什么",
            "产业政策",
            "四张清单",
        ),
        ("湛江开发区街道办主任在安委会里是啥角色，担什么责？", "第一责任人", "负总责"),
        ("湛江开发区各级安委会的统筹协调和督导职责有哪些？", "突击检查", "组织部门"),
    ],
    ids=["sentence", "examples", "clause", "heading"],
)
def test_running_text_is_cut_where_the_bearer_changes(ask, question, says, not_a_word_of):
    answer = ask(question)
    assert says in answer.answer
    assert not_a_word_of not in answer.answer


@pytest.mark.parametrize(
    ("question", "provision"),
    [
        ("湛江开发区那套安全检查和调研的制度，都提了哪些要求啊", "zhanjiang-2016/3/3"),
        ("静安搞标准化建设分哪三块，各做什么", "jingan-2017/4/3"),
        ("上海 一票否决 后果", "shanghai-2015/h5/h7"),
    ],
)
def test_sentences_under_a_heading_are_a_list_without_items(ask, question, provision):
    assert {*cited(ask(question))} == {provision}


@pytest.mark.parametrize(
    ("question", "provision"),
    [
        ("成都清单二（七）的第4条是啥内容", "chengdu-2020/2/7/4"),
        ("上海暂行规定里政府第7项职责，原话是？", "shanghai-2015/h3/7"),
        ("上海党委7项里的第五项", "shanghai-2015/h2/5"),
    ],
)
def test_an_item_is_found_by_its_number_within_the_list_that_is_named(ask, question, provision):
    assert cited(ask(question)) == [provision]


@pytest.mark.parametrize(
    "question",
    [
        "成都市教育局局长的安全生产岗位职责有哪些？",
        "成都的私企老板要履行哪些安全生产职责，清单里给列列",
    ],
)
def test_a_post_without_duties_in_the_text_gets_no_other_post_s(ask, question):
    assert ask(question).status is Status.REFUSED


def test_a_question_of_two_parts_is_answered_by_two_sentences_of_one_article(ask):
    answer = ask("常州这个办法适用于哪些人，哪些人参照执行？")
    assert cited(answer) == ["changzhou-2018/2/p1", "changzhou-2018/2/p2"]


def test_only_the_names_of_the_items_are_given_where_only_they_are_asked_for(ask):
    answer = ask("成都清单给哪些常委岗位单独写了职责？光说岗位名就行")
    assert cited(answer) == items("chengdu-2020/2/4", 7)
    assert "督促" not in answer.answer


def test_a_place_that_ends_where_the_post_begins_hides_no_post(assistant):
    answer = assistant.ask(Question(question="静安区长要干啥"))
    assert "四张清单" not in answer.answer
    assert "党政主要负责人" in answer.answer or answer.status is Status.REFUSED
