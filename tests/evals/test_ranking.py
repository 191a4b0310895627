"""Ranking articles for lay questions: `evals.ranking` and what stands below it."""

import gzip
import json
import sys

import numpy as np
import pytest

from evals import articles, ranking
from evals.fusion import Fusion
from evals.known import Asked, KnownQuestions, read_questions
from evals.signals import SIGNALS, Desk, law_numbers
from index.embeddings import SentenceEmbeddings

LAWS = {
    "劳动合同法": [
        "用人单位自用工之日起即与劳动者建立劳动关系。",
        "建立劳动关系，应当订立书面劳动合同。",
        "劳动者提前三十日以书面形式通知用人单位，可以解除劳动合同。",
        "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。",
    ],
    "道路交通安全法": [
        "机动车经公安机关交通管理部门登记后，方可上道路行驶。",
        "饮酒后驾驶机动车的，处暂扣六个月机动车驾驶证，并处罚款。",
        "行人应当在人行道内行走，没有人行道的靠路边行走。",
    ],
    "著作权法": [
        "中国公民的作品，不论是否发表，依照本法享有著作权。",
        "创作作品的自然人是作者。",
        "作者的署名权、修改权、保护作品完整权的保护期不受限制。",
    ],
}


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranking")
    rows = [
        {"id": f"{law[:2]}{n}", "law": law, "article": f"第{n}条", "heading": "", "content": words}
        for law, contents in LAWS.items()
        for n, words in enumerate(contents, 1)
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "articles.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    known = {"id": "K1", "query": "公司一直拖着不发工资怎么办", "gold": ["劳动4"]}
    (folder / "known.jsonl").write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    asked = [
        {"id": "Q1", "query": "喝酒开车怎么罚？", "gold": ["道路2"]},
        {"id": "Q2", "query": "想辞职要提前多久说？", "gold": ["劳动3"]},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in asked)
    (folder / "asked.jsonl").write_text(lines, "utf-8")
    return folder


@pytest.fixture(scope="module")
def library(material, embeddings):
    return articles.Library.open(
        material / "articles.jsonl.gz", embeddings, material / "cache", lambda _: None
    )


def test_what_was_read_in_another_precision_is_not_taken_for_it(
    material, library, model_path, tmp_path
):
    brief = SentenceEmbeddings.open(model_path, dtype="bfloat16")
    for encoder in (library.embeddings, brief):
        articles.Library.open(material / "articles.jsonl.gz", encoder, tmp_path, lambda _: None)
    assert len(list(tmp_path.iterdir())) == 2


def led(library, *asked):
    numbers = law_numbers(library)
    return Desk(library, KnownQuestions(asked, numbers, library.embeddings))


def signal(desk, question, position, name):
    found = desk.candidates(question)
    row = found.positions.tolist().index(position)
    return found.signals[row, SIGNALS.index(name)]


def test_the_command_ranks_and_measures(material, model_path, monkeypatch, capsys):
    command = ["ranking", "articles.jsonl.gz", "asked.jsonl", "--known", "known.jsonl"]
    command += ["--cache", "cache", "--out", "ranked.jsonl", "--depth", "5"]
    monkeypatch.chdir(material)
    monkeypatch.setattr(sys, "argv", [*command, "--model", str(model_path)])
    ranking.main()
    rows = [json.loads(line) for line in (material / "ranked.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["Q1", "Q2"]
    assert [row["ranked"][0] for row in rows] == ["道路2", "劳动3"]
    assert all(len(set(row["ranked"])) == 5 for row in rows)
    assert "1.000" in capsys.readouterr().out


def test_a_question_like_a_known_one_is_led_to_its_article(library):
    question = "老板不给工钱"
    unled = signal(led(library), question, 3, "asked")
    asked = led(library, Asked("K1", "公司一直拖着不发工资怎么办", (3,)))
    assert unled == 0 < signal(asked, question, 3, "asked")
    assert signal(asked, question, 0, "law") > signal(asked, question, 5, "law")


def test_a_question_is_not_led_by_itself_in_training(library):
    desk = led(library, Asked("K1", "公司一直拖着不发工资怎么办", (3,)))
    found = desk.candidates("公司一直拖着不发工资怎么办", barred=(0,))
    assert not found.signals[:, SIGNALS.index("asked")].any()


def test_a_build_that_was_stopped_goes_on(material, embeddings, tmp_path, monkeypatch):
    read = []

    def stopped(path, texts, *rest):
        if len(read) == 2:
            raise KeyboardInterrupt
        read.append(path.name)
        original(path, texts, *rest)

    original = articles._read_part
    monkeypatch.setattr(articles, "PART", 4)
    monkeypatch.setattr(articles, "_read_part", stopped)
    path = material / "articles.jsonl.gz"
    with pytest.raises(KeyboardInterrupt):
        articles.Library.open(path, embeddings, tmp_path, lambda _: None)
    monkeypatch.setattr(
        articles, "_read_part", lambda path, *rest: (read.append(path.name), original(path, *rest))
    )
    library = articles.Library.open(path, embeddings, tmp_path, lambda _: None)
    assert len(read) == len(set(read)) == 3
    texts = [article.embedded for article in library.articles]
    expected = embeddings.embed_passages(texts)
    assert np.allclose(library.vectors, expected, atol=1e-5)


def test_an_article_that_is_not_there_is_told(material):
    with pytest.raises(KeyError):
        read_questions(material / "known.jsonl", {})


def test_weights_learnt_of_other_signals_are_refused(tmp_path):
    path = tmp_path / "ranking.json"
    path.write_text('{"signals": ["mood"]}')
    with pytest.raises(ValueError, match="重新训练"):
        Fusion.open(path)


def test_figures_are_means_over_the_questions():
    questions = [Asked("a", "", (1, 2)), Asked("b", "", (7,)), Asked("c", "", ())]
    found = ranking.figures([[5, 1, *range(10, 25), 2], [8], [1]], questions)
    assert (found.recall_10, found.recall_100, found.mrr_10) == (0.25, 0.5, 0.25)
