"""Ways to rank, side by side: on the shipped documents, a few articles and made-up provisions."""

import gzip
import json
from xml.etree import ElementTree

import pytest

from evals.articles import Library
from evals.bench import command
from evals.bench.chart import chart
from evals.bench.corpus import five_documents, laws
from evals.bench.forms import FORMS, Limits, Questions
from evals.bench.growth import Point, grow
from evals.bench.material import read_before, read_here
from evals.bench.measures import hit, ndcg, ranks, read_within, recall, reciprocal_rank
from evals.bench.recombined import blocks, source
from evals.bench.running import run
from evals.bench.stretch import Stretch
from evals.bench.systems import Stages, ablated, compared, staged
from evals.bench.tables import Report, markdown
from index.retriever import search

ARTICLES = [
    ("a1", "甲法", "第一条", "承租人可以转租。转租的，应当经出租人同意。"),
    ("a2", "甲法", "第二条", "租赁期限不得超过二十年。"),
    ("a3", "乙法", "第一条", "遗产按照下列顺序继承。"),
    ("a4", "乙法", "第二条", "拒不执行判决的，处以罚款。"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    rows = [
        {"id": name, "law": law, "article": number, "content": content, "heading": "第一章"}
        for name, law, number, content in ARTICLES
    ]
    with gzip.open(folder / command.ARTICLES, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    asked = {"id": "q1", "query": "租的房子能转租给别人吗", "gold": ["a1"]}
    (folder / command.QUESTIONS).write_text(json.dumps(asked) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def material(files, embeddings, tmp_path_factory):
    corpus = laws(files / command.ARTICLES, files / command.QUESTIONS)
    return read_here(corpus, tmp_path_factory.mktemp("work"), embeddings, lambda words: None)


def test_chunks_of_the_five_documents_stand_where_they_are_said_to_stand():
    corpus = five_documents()
    for chunk, place in zip(corpus.chunks, corpus.places, strict=True):
        assert corpus.texts[place.document][place.start : place.end] == chunk.text
    assert {"tune", "report"} == set(corpus.parts)


def test_articles_stand_in_their_law_as_in_a_file_of_it(material):
    corpus = material.corpus
    assert corpus.texts["甲法"].startswith("甲法\n第一章\n第一条　承租人可以转租。")
    place = corpus.places[1]
    assert corpus.texts[place.document][place.start : place.end] == "租赁期限不得超过二十年。"


def test_a_chunk_counts_that_lies_in_the_answer_or_holds_it_not_one_that_touches_it():
    answer = Stretch("a", 100, 200)
    assert Stretch("a", 120, 140).carries(answer)
    assert Stretch("a", 0, 500).carries(answer)
    assert not Stretch("a", 0, 140).carries(answer)
    assert not Stretch("b", 100, 200).carries(answer)


def test_measures_of_a_ranking_worked_out_by_hand():
    ranked = [Stretch("a", 0, 10), Stretch("a", 10, 20), Stretch("b", 0, 10)]
    gold = [[Stretch("a", 10, 20)], [Stretch("c", 0, 5), Stretch("b", 0, 10)]]
    found = ranks(ranked, gold)
    assert found == [2, 3]
    assert (recall(found, 2, 1), recall(found, 2, 2), recall(found, 2, 5)) == (0, 0.5, 1)
    assert (hit(found, 1), hit(found, 2)) == (0, 1)
    assert reciprocal_rank(found, 10) == 0.5
    assert ndcg(found, 2, 10) == pytest.approx((0.63093 + 0.5) / (1 + 0.63093), abs=1e-4)
    assert read_within(ranked, gold, 15) == pytest.approx(0.25)


def test_the_product_s_search_is_that_of_all_stages(material):
    index = material.index()
    for question in ("租的房子能转租给别人吗", "不执行判决罚多少", "谁先继承"):
        ours = [hit.position for hit in search(index, question)]
        assert staged(index, Stages(), question) == ours


def test_every_way_finds_the_article_and_tells_its_cost(material):
    for system in [*compared(material), *ablated(material)]:
        (row,) = run(material, system)
        assert row.measures["R@1"].value == 1, system.name
        assert row.part == "dev"
        assert row.disk > 0
        assert row.p95 >= row.p50 > 0


def test_texts_read_before_rank_as_those_read_here(files, material, embeddings, tmp_path):
    path = files / command.ARTICLES
    library = Library.open(path, embeddings, tmp_path / "cache", lambda words: None)
    before = read_before(material.corpus, library, tmp_path, embeddings, lambda words: None)
    question = material.corpus.asked[0].question
    assert staged(before.index(), Stages(), question) == staged(
        material.index(), Stages(), question
    )


def test_made_up_provisions_are_the_same_each_time_and_a_small_collection_begins_a_large_one(
    material,
):
    given = source(material.corpus, material.texts())
    (small,), (large, _) = list(blocks(given, 300)), list(blocks(given, 1_500))
    assert small.chunks == large.chunks[:300]
    assert (small.vectors == large.vectors[:300]).all()
    words = {sentence for law in given.sentences for sentence, _ in law}
    assert any(sentence in small.chunks[0].text for sentence in words)


def test_a_form_that_needs_more_than_it_may_take_is_said_to_break_and_the_others_go_on(
    material, embeddings, tmp_path
):
    texts = [material.corpus.asked[0].question]
    questions = Questions(texts, [embeddings.read_query(text) for text in texts])
    limits = Limits(seconds=60, disk=0.5, memory=4_000)
    given = source(material.corpus, material.texts())
    forms = [form for form in FORMS if form.folder in ("bm25", "tokens", "")]
    points = list(grow(given, questions, [200], limits, tmp_path, lambda words: None, forms))
    told = {point.form: point.broke for point in points}
    assert "MiB of disk" in told["token vectors"]
    assert told["ours, all stages"] == "lacks chroma, tokens"
    assert not told["BM25"]


def test_the_picture_shows_each_form_that_carried():
    points = [
        Point(form="BM25", size=size, p95=size / 1e5, disk=size / 1e3) for size in (10**3, 10**6)
    ]
    svg = chart([*points, Point(form="dense", size=10**6, broke="no room")])
    drawn = ElementTree.fromstring(svg)
    assert "BM25" in "".join(drawn.itertext())
    assert "dense" not in "".join(drawn.itertext())


def test_tables_say_what_broke_and_what_was_skipped():
    report = Report(
        begun="2026-11-22",
        machine="2 processors",
        model="m",
        grown=(Point(form="dense", size=10**6, broke="no room"),),
        skipped=("No articles.",),
    )
    text = markdown(report)
    assert "| 1,000,000 | — |" in text
    assert "no room" in text
    assert "* No articles." in text


def test_without_the_articles_it_says_so(tmp_path, capsys):
    options = ["--steps", "laws", "--benchmark", str(tmp_path / "none"), "--work", str(tmp_path)]
    assert command.main(options) == 0
    assert "skipped" in capsys.readouterr().out
