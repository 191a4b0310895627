"""Lists as officials ask for them: by their number, their names, or a post said in other words."""

from __future__ import annotations

import pytest

from assistant.models import Answer, Question, Status
from assistant.service import Assistant


@pytest.fixture(scope="module")
def ask(assistant: Assistant):
    return lambda text: assistant.ask(Question.model_validate({"question": text}))


def cited(answer: Answer) -> list[str]:
    return [citation.provision_id for citation in answer.citations]


def quoted(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


def items(parent: str, count: int) -> set[str]:
    return {f"{parent}/{n}" for n in range(1, count + 1)}


@pytest.mark.parametrize(
    ("question", "parent", "count"),
    [
        ("成都，书记不算，其他常委大家都要做的有哪些", "chengdu-2020/2/3", 4),
        ("成都各区县一级党委作为一个班子有哪些安全职责", "chengdu-2020/1/1", 6),
        ("成都政府分管安全的负责人有哪些职责", "chengdu-2020/2/6", 6),
        ("成都不分管安全的那些副区长，就是管教育的这种，任务一条一条列给我", "chengdu-2020/2/7", 6),
        ("What must a Chengdu deputy mayor NOT in charge of safety do?", "chengdu-2020/2/7", 6),
        ("我是成都一个区委书记的秘书，书记在安全上要做哪些事，领导等着要", "chengdu-2020/2/1", 6),
    ],
    ids=["left out", "rank", "whose post", "example", "English not", "who asks"],
)
def test_a_post_said_in_other_words_gets_its_own_list(ask, question, parent, count):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert {*cited(answer)} - {parent} == items(parent, count)


@pytest.mark.parametrize(
    "question",
    [
        "常州人大常委会主任的安全职责",
        "常州法院院长的安全职责有哪些",
        "常州团委书记的安全职责",
        "成都人武部政委有什么安全职责",
    ],
)
def test_a_post_that_the_document_does_not_know_gets_no_neighbour_s_list(ask, question):
    assert ask(question).status is Status.REFUSED


def test_the_names_of_the_items_are_given_where_only_they_are_asked_for(ask):
    answer = ask("听说上海搞了七项制度，都叫啥名？")
    assert len(answer.citations) == 7
    assert "实施安全生产工作约谈警示制度" in quoted(answer)
    assert "突破年度死亡人数" not in quoted(answer)


def test_sections_that_are_counted_are_named_and_not_printed(ask):
    answer = ask("湛江开发区有哪六项责任保障措施？")
    assert len(answer.citations) == 6
    assert "实行安全生产例会制度" in quoted(answer)
    assert "每季度召开1次" not in quoted(answer)


def test_principles_that_are_counted_are_given_with_their_words(ask):
    answer = ask("安全生产责任体系的六项基本原则是什么？")
    assert len(answer.citations) >= 6
    assert "承担安全生产的主体责任" in quoted(answer)


def test_how_many_items_is_answered_by_the_sentence_that_states_it(ask):
    answer = ask("上海政府一共有多少项安全职责")
    assert len(answer.citations) == 1
    assert "11项职责" in answer.answer


def test_a_list_of_an_unnamed_place_must_fit_as_well_as_the_best(ask):
    answer = ask("哪些情形可以从轻追究领导责任")
    assert {i.split("/")[0] for i in cited(answer)} == {"changzhou-2018"}
    answer = ask("哪些情况会被约谈")
    assert {i.split("/")[0] for i in cited(answer)} == {"shanghai-2015", "zhanjiang-2016"}


def test_a_heading_alone_is_no_answer(ask):
    answer = ask("湛江 党政副职 责任")
    assert "定期研究部署安全生产工作" in quoted(answer)


def test_ways_are_no_cases_and_rewards_no_sanctions(ask):
    answer = ask("常州问责的方式一共有哪几种")
    assert cited(answer) == ["changzhou-2018/21/p1"]
    answer = ask("常州 干部 哪些表现 可表扬奖励")
    assert {*cited(answer)} <= {"changzhou-2018/18", "changzhou-2018/19"}


def test_what_a_short_name_stands_for_is_said_by_the_sentence_that_gives_it(ask):
    assert cited(ask("常州办法所称“党政领导干部”指哪些人？")) == ["changzhou-2018/2/p1"]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("静安五个要严是哪五个", "检查要严"),
        ("静安 5+2 整治 哪些领域", "人员密集场所"),
        ("静安四张清单是哪四张", "权力清单"),
    ],
)
def test_a_numbered_short_form_is_looked_for_as_a_whole(ask, question, says):
    assert says in quoted(ask(question))


def test_everything_the_bearer_has_to_do_is_shown_from_running_text(ask):
    said = quoted(ask("湛江开发区镇里的党工委要干哪些安全的事"))
    assert "红线" in said
    assert "选好配强" in said


def test_aspects_counted_up_in_running_text_are_shown_with_all_that_is_said_of_each(assistant):
    answer = assistant.ask(Question(question="静安安全生产标准化建设那一年分哪三方面推进？"))
    told = [s.text for s in answer.statements if "是" in s.text[:2]]
    assert [words[:2] for words in told] == ["一是", "二是", "三是"]
    assert "完成对已达标企业的复评" in told[0]
    assert "安全管理制度和措施得到严格执行" in told[2]


def test_the_last_case_of_a_list_is_shown_though_it_reads_like_a_heading(assistant):
    answer = assistant.ask(Question(question="什么情况下上海的区县长会被叫去约谈警示？"))
    assert "其他不履行安全生产工作职责，安全监管不力的情形" in answer.answer


def test_a_fifth_thing_set_side_by_side_is_answered_as_the_first(assistant):
    asked = "诫勉、调离岗位、责令辞职、免职、降职之后，提拔任用各受多长时间的限制？"
    answer = assistant.ask(Question(question=asked))
    for said in (
        "6个月内不得提拔或者重用",
        "受到调离岗位处理的",
        "责令辞职或免职处理的",
        "降职处理的",
    ):
        assert said in answer.answer


def test_the_names_of_so_many_things_are_the_headings_below_them(assistant):
    answer = assistant.ask(Question(question="听说上海为了把责任压实搞了七项制度，都叫啥名？"))
    assert "实施安全生产年度责任签约承诺制度" in answer.answer
    assert "一票否决" in answer.answer


def test_names_of_one_kind_side_by_side_are_each_explained(assistant):
    answer = assistant.ask(Question(question="上海 属地监管原则 分工监管原则"))
    assert "市委、市政府负责本市安全生产工作的总体领导" in answer.answer
    assert "行业业务主管部门根据职责分工" in answer.answer


def test_duties_of_a_post_are_told_beside_a_part_that_no_text_answers(assistant):
    asked = "成都的工会主席在安全这块该做哪几件事，搞劳动竞赛的奖金标准是多少"
    answer = assistant.ask(Question(question=asked))
    assert "依法对安全生产工作进行监督" in answer.answer
    assert "奖金" in answer.answer


@pytest.mark.parametrize(
    ("question", "parent", "numbers"),
    [
        ("成都政府一把手的职责，给我前三条", "chengdu-2020/2/2", [1, 2, 3]),
        ("成都分管安全的副市长职责的最后两项", "chengdu-2020/2/6", [5, 6]),
        ("成都党委主要负责人职责，末尾一条是啥", "chengdu-2020/2/1", [6]),
    ],
)
def test_the_first_or_last_items_of_a_list_are_shown_alone(ask, question, parent, numbers):
    told = {p for p in cited(ask(question)) if p.startswith(f"{parent}/")}
    assert told == {f"{parent}/{n}" for n in numbers}


@pytest.mark.parametrize(
    "question",
    ["成都政府分管安全的负责人前十条职责", "成都政府分管安全的负责人前几年有哪些职责"],
    ids=["more than there are", "no items"],
)
def test_where_there_are_no_more_items_the_list_is_whole(ask, question):
    assert items("chengdu-2020/2/6", 6) <= set(cited(ask(question)))


def test_so_many_things_are_no_article_where_there_are_none(ask):
    """十一条 is an article in 常州; a report without articles has eleven things of some kind."""
    answer = ask("上海政府十一条安全的活儿都有哪些")
    assert items("shanghai-2015/h3", 11) <= {*cited(answer)} or "第十一条" not in answer.answer
    assert cited(ask("常州十一条怎么说"))[0].startswith("changzhou-2018/11")
    assert ask("上海第十一条怎么说").status is Status.REFUSED
