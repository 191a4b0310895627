"""A law that nothing here was written for: imported, indexed and asked about as it comes."""

import pytest

from assistant.models import Question, Status
from assistant.service import Assistant
from assistant.settings import Settings
from index.building import build
from index.ingest import import_file
from index.store import Index
from tests.shared import needs, shared

pytestmark = needs("laws")


@pytest.fixture(scope="module")
def over_the_law(embeddings, model_path, tmp_path_factory):
    root = tmp_path_factory.mktemp("unseen")
    (law,) = shared("laws").rglob("生产安全事故报告和调查处理条例*.md")
    import_file(law, root / "edition")
    build(root / "index", root / "edition", embeddings)
    settings = Settings(edition=root / "edition", index=root / "index", model=model_path)
    return Assistant(settings, Index.open(settings.index, embeddings))


@pytest.mark.parametrize(
    ("question", "articles", "words"),
    [
        ("单位负责人接到事故报告后几小时内上报", ["9"], "1小时内"),
        ("事故调查报告多少日内提交", ["29"], "60日内"),
        ("特别重大事故死多少人", ["3"], "30人以上死亡"),
        ("谎报瞒报事故对主要负责人罚多少", ["36"], "60%至100%"),
        ("迟报漏报事故罚款多少", ["35"], "40%至80%"),
        ("第四十条写了什么", ["40"], ""),
    ],
)
def test_it_is_answered_from_the_article_that_says_it(over_the_law, question, articles, words):
    answer = over_the_law.ask(Question(question=question))
    assert answer.status is Status.ANSWERED
    assert {c.provision_id.split("/")[1] for c in answer.citations} == set(articles)
    assert words in answer.answer


@pytest.mark.parametrize(
    "question", ["第一百条写了什么", "事故调查组一天补助多少钱", "诫勉多久不得提拔"]
)
def test_what_it_does_not_say_is_refused(over_the_law, question):
    assert over_the_law.ask(Question(question=question)).status is Status.REFUSED


@pytest.fixture(scope="module")
def over_three_laws(embeddings, model_path, tmp_path_factory):
    root = tmp_path_factory.mktemp("three")
    for title in ("重大行政决策程序暂行条例", "乡镇煤矿管理条例", "安全生产许可证条例"):
        (law,) = shared("laws").rglob(f"{title}*.md")
        import_file(law, root / "edition")
    build(root / "index", root / "edition", embeddings)
    settings = Settings(edition=root / "edition", index=root / "index", model=model_path)
    return Assistant(settings, Index.open(settings.index, embeddings))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        # 征求意见 is what is asked about here, and no standing of a document
        ("重大决策公开征求意见一般不少于多少天？", "一般不少于30日"),
        # what the title names is granted, and has a period of its own
        ("安全生产许可证有效期几年", "有效期为3年"),
        # a definition with its cases, and not what two other sentences say of such matters
        ("县政府哪些事算重大行政决策事项？", "重大公共政策和措施"),
    ],
)
def test_what_the_scorer_is_sure_of_is_said_of_any_law(over_three_laws, question, words):
    answer = over_three_laws.ask(Question(question=question))
    assert answer.status is Status.ANSWERED
    assert words in answer.answer


def test_a_sure_sentence_without_any_number_does_not_say_how_much(over_three_laws):
    question = Question(question="乡镇煤矿维简费每吨提多少元？")
    assert over_three_laws.ask(question).status is Status.REFUSED
