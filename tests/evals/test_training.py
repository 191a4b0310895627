"""What the encoder learns from, and that it learns."""

import random
from functools import partial

import pytest
import torch
from sentence_transformers import SentenceTransformer

from evals.articles import Article
from evals.known import Asked
from evals.training import asking
from evals.training.encoder import Reader, loss_of, train
from evals.training.example import Candidated, Example, is_of
from evals.training.lessons import Lesson, Passage
from evals.training.statutes import held_out, of_structure
from index.embeddings import SentenceEmbeddings
from index.tokens import TokenIndex


def article(law, number, content, heading="第一章 总则"):
    return Article(f"{law}{number}", law, heading, number, content)


MINING = [
    article(
        "矿业法", "第一条", "开办矿山企业的，应当在开工前三十日提出安全设施设计，报有关部门批准。"
    ),
    article("矿业法", "第二条", "矿长应当取得安全资格证书，每年参加不少于二十学时的培训。"),
    article(
        "矿业法",
        "第三条",
        "违反本法第一条规定，未经批准擅自施工的，责令停止建设，并处罚款。",
        "第二章 违法责任",
    ),
    article(
        "矿业法",
        "第四条",
        "有下列情形之一的，吊销许可证：\n（一）隐瞒重大事故隐患不报的；\n（二）拒不执行停产整顿的监察指令的。",
        "第二章 违法责任",
    ),
]


def made(articles):
    return of_structure(articles, 100, random.Random(1))


def test_words_that_refer_to_an_article_ask_for_it():
    lessons = [x for x in made(MINING) if "擅自施工" in x.question]
    lesson = next(x for x in lessons if "开工前三十日" in x.right[0].text)
    assert lesson.question == "违反规定，未经批准擅自施工的，责令停止建设，并处罚款。"
    assert all("开工前三十日" not in wrong.text for wrong in lesson.wrong)


def test_an_item_asks_for_its_article_without_it():
    lesson = next(x for x in made(MINING) if x.question == "隐瞒重大事故隐患不报的；")
    assert "拒不执行" in lesson.right[0].text
    assert "隐瞒重大事故隐患" not in lesson.right[0].text


def test_a_heading_asks_for_an_article_that_does_not_show_it():
    lesson = next(x for x in made(MINING) if x.question == "矿业法 违法责任")
    assert "违法责任" not in lesson.right[0].text
    assert all("开工前" in w.text or "矿长" in w.text for w in lesson.wrong)


def test_a_law_that_is_kept_out_makes_no_lesson():
    assert of_structure(MINING, 100, random.Random(1), barred=["矿业法"]) == []


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_held_out_does_not_hang_on_the_order_of_the_questions(turned):
    articles = [article(f"法{n}", "第一条", "内容") for n in range(60)]
    asked = [Asked(f"Q{n}", f"问题{n}", (n % 60,)) for n in range(300)]
    asked = asked[::-1] if turned else asked
    new, others = held_out(asked, articles)
    assert not new & others
    assert 30 < len(new) < 130
    assert 10 < len(others) < 80
    laws = {articles[asked[n].gold[0]].law for n in new}
    assert {articles[q.gold[0]].law for n, q in enumerate(asked) if n not in new}.isdisjoint(laws)
    assert {asked[n].id for n in new} == HELD.setdefault("new", {asked[n].id for n in new})


HELD: dict[str, set[str]] = {}


def lesson(question, right, wrong):
    return Lesson(
        question,
        (Passage.whole("矿业法", right, is_right=True),),
        tuple(Passage.whole("矿业法", text, is_right=False) for text in wrong),
    )


def test_a_few_batches_make_what_is_said_to_be_right_nearer(model_path):
    torch.set_num_threads(1)
    first, second = "啥时候交设计", "当矿长一年学多少课时"
    texts = MINING[0].content, MINING[1].content
    crossed = [lesson(first, texts[1], texts[:1]), lesson(second, texts[0], texts[1:])]
    model = SentenceTransformer(str(model_path), device="cpu", local_files_only=True)
    mean = torch.zeros(model.get_embedding_dimension())
    model[0].model.to(torch.bfloat16)
    before = loss_of(crossed, Reader(model, mean), random.Random(0), 0.5).item()

    loss = partial(loss_of, pooled_weight=0.5)
    changes = train(model, crossed, loss, mean, epochs=5, batch=2, rate=2e-3, seconds=60)

    after = loss_of(crossed, Reader(model, mean), random.Random(0), 0.5).item()
    assert after < before / 2
    assert {name.rpartition(".")[2] for name in changes} == {"down", "up"}


def test_questions_come_nearer_to_passages_that_stay(model_path):
    torch.set_num_threads(1)
    texts = [f"矿业法\n{one.content}" for one in MINING[:2]]
    shelf = asking.Shelf(TokenIndex.of(SentenceEmbeddings.open(model_path).read_passages(texts)))

    def crossed(question, right):
        told = tuple(
            Candidated(int(n == right), n, 4, len(text), 4, False, {}, text)
            for n, text in enumerate(texts)
        )
        return asking.Stretches.of(Example(question, question, True, told), shelf)

    learnt = [crossed("啥时候交设计", 1), crossed("当矿长一年学多少课时", 0)]
    model = SentenceTransformer(str(model_path), device="cpu", local_files_only=True)
    mean = torch.zeros(model.get_embedding_dimension())
    model[0].model.to(torch.bfloat16)
    before = asking.loss_of(learnt, Reader(model, mean), random.Random(0)).item()
    train(model, learnt, asking.loss_of, mean, epochs=8, batch=2, rate=2e-3, seconds=60)
    assert asking.loss_of(learnt, Reader(model, mean), random.Random(0)).item() < before / 2


def test_an_example_teaches_only_where_right_and_wrong_are_told_apart(model_path):
    shelf = asking.Shelf(TokenIndex.of([]))
    right = Candidated(1, 0, 0, 4, 0, False, {}, "矿长")
    assert asking.Stretches.of(Example("a", "谁", True, (right,)), shelf) is None


def test_every_case_is_of_one_part():
    cases = [f"case-{n}" for n in range(200)]
    assert all(sum(is_of(case, f"{k}/3") for k in range(3)) == 1 for case in cases)
    assert not any(is_of(case, "") for case in cases)
    assert 40 < sum(is_of(case, "0/3") for case in cases) < 95
