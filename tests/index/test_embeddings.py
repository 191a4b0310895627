"""The embedding model behaves as LangChain Embeddings and knows rules by their meaning."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from safetensors.numpy import save_file

from index.embeddings import EmbeddingsError, SentenceEmbeddings

ROOT = Path(__file__).resolve().parents[2]
RULES = [
    "受到诫勉处理的，6个月内不得提拔或者重用。",
    "每季度至少召开1次安全生产专题会议，研究解决安全生产重大问题。",
    "党委和政府主要负责人是本地区安全生产第一责任人。",
    "燃气经营者应当对用户的燃气设施定期进行入户安全检查。",
]


@pytest.fixture(scope="module")
def model(model_path: Path) -> SentenceEmbeddings:
    return SentenceEmbeddings.open(model_path)


def copy_without_card(model_path: Path, folder: Path) -> Path:
    """The same model without our card, its large file linked rather than copied."""
    shutil.copytree(
        model_path, folder, ignore=shutil.ignore_patterns("anze-model.json", "*.safetensors")
    )
    (folder / "model.safetensors").symlink_to(model_path / "model.safetensors")
    return folder


def test_importing_loads_nothing_heavy_and_leaves_the_environment() -> None:
    script = (
        "import os, sys; before = dict(os.environ); import index.embeddings; "
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules); "
        "assert before == dict(os.environ)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_it_is_langchain_embeddings_with_an_identity(
    model: SentenceEmbeddings, model_path: Path
) -> None:
    card = json.loads((model_path / "anze-model.json").read_text())
    assert isinstance(model, Embeddings)
    assert (model.name, model.digest) == ("multilingual-e5-small-zh", card["sha256"])
    assert model.dimension == 384


def test_vectors_have_length_one_and_plain_numbers(model: SentenceEmbeddings) -> None:
    vectors = model.embed_documents(RULES)
    query = model.embed_query("谁是第一责任人？")
    assert [len(vector) for vector in [*vectors, query]] == [384] * 5
    assert type(vectors[0][0]) is type(query[0]) is float
    assert np.linalg.norm([*vectors, query], axis=1) == pytest.approx(1, abs=1e-5)


def test_array_of_passages_is_float32(model: SentenceEmbeddings) -> None:
    vectors = model.embed_passages(RULES)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert vectors.tolist() == model.embed_documents(RULES)


def test_question_and_passage_go_in_with_different_prompts(model: SentenceEmbeddings) -> None:
    query, passage = model.embed_query(RULES[0]), model.embed_documents(RULES[:1])[0]
    assert 0.8 < np.dot(query, passage) < 0.999


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("挨了诫勉多久不能升职？", 0),
        ("安全生产会议多长时间开一次？", 1),
        ("谁对一个地方的安全生产负总责？", 2),
        ("誰是安全生產第一責任人？", 2),
        ("煤气公司要不要上门检查", 3),
    ],
)
def test_question_is_nearest_to_its_rule(
    model: SentenceEmbeddings, question: str, rule: int
) -> None:
    scores = model.embed_passages(RULES) @ np.array(model.embed_query(question))
    assert int(scores.argmax()) == rule


def test_order_is_kept_whatever_the_lengths(model_path: Path) -> None:
    model = SentenceEmbeddings.open(model_path, batch_size=3)
    texts = [RULES[n % 4][: 3 + 5 * n] * (1 + n % 3) for n in range(11)]
    alone = np.concatenate([model.embed_passages([text]) for text in texts])
    assert model.embed_passages(texts) == pytest.approx(alone, abs=1e-5)


def test_progress_is_told_after_each_batch(model_path: Path) -> None:
    model = SentenceEmbeddings.open(model_path, batch_size=3)
    told: list[tuple[int, int]] = []
    model.embed_passages(RULES * 2, progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 8), (6, 8), (8, 8)]


def test_nothing_and_empty_texts_are_accepted(model: SentenceEmbeddings) -> None:
    assert model.embed_documents([]) == []
    assert model.embed_passages([]).shape == (0, 384)
    assert np.isfinite(model.embed_query("")).all()


def test_text_beyond_the_models_length_is_not_read(model: SentenceEmbeddings) -> None:
    long = "安全生产责任，" * 600
    vectors = model.embed_passages([long, long + "燃气"])
    assert vectors[0] == pytest.approx(vectors[1], abs=1e-5)


def test_threads_may_share_one_model(model: SentenceEmbeddings) -> None:
    questions = [f"{rule}第{n}条" for n in range(4) for rule in RULES]
    expected = [model.embed_query(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(model.embed_query, questions)) == pytest.approx(
            np.array(expected), abs=1e-5
        )


def test_bfloat16_gives_almost_the_same_unit_vectors(
    model: SentenceEmbeddings, model_path: Path
) -> None:
    vectors = SentenceEmbeddings.open(model_path, dtype="bfloat16").embed_passages(RULES)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors * model.embed_passages(RULES)).sum(axis=1).min() > 0.99


def test_opening_leaves_the_environment(model_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    before = dict(os.environ)
    SentenceEmbeddings.open(model_path)
    assert dict(os.environ) == before


def test_any_folder_of_the_library_will_do(
    model: SentenceEmbeddings, model_path: Path, tmp_path: Path
) -> None:
    folder = copy_without_card(model_path, tmp_path / "tuned")
    other = SentenceEmbeddings.open(folder)
    assert other.name == "tuned"
    assert other.embed_passages(RULES) == pytest.approx(model.embed_passages(RULES), abs=1e-6)
    assert SentenceEmbeddings.open(folder).digest == other.digest != model.digest


def test_model_without_prompts_gets_none(model_path: Path, tmp_path: Path) -> None:
    folder = copy_without_card(model_path, tmp_path / "bare")
    with_prompts = SentenceEmbeddings.open(folder)
    (folder / "config_sentence_transformers.json").write_text("{}")
    bare = SentenceEmbeddings.open(folder)
    assert bare.embed_query(RULES[0]) == pytest.approx(bare.embed_documents(RULES[:1])[0], abs=1e-6)
    assert bare.embed_query("query: 诫勉") == pytest.approx(
        with_prompts.embed_query("诫勉"), abs=1e-5
    )
    assert bare.digest != with_prompts.digest


def test_questions_may_be_read_otherwise_over_the_same_passages(
    model_path: Path, tmp_path: Path
) -> None:
    folder = copy_without_card(model_path, tmp_path / "asymmetric")
    alike = SentenceEmbeddings.open(folder)
    layer = "encoder.layer.11.output.dense"
    draw = np.random.default_rng(0)
    up, down = draw.normal(0, 0.1, (384, 2)), draw.normal(0, 0.1, (2, 1536))
    changes = {f"{layer}.up": up.astype(np.float16), f"{layer}.down": down.astype(np.float16)}
    save_file(changes, folder / "questions.safetensors")
    otherwise = SentenceEmbeddings.open(folder)
    assert otherwise.digest == alike.digest, "an index of the passages stays good"
    assert (otherwise.embed_passages(RULES) == alike.embed_passages(RULES)).all()
    assert np.dot(otherwise.embed_query(RULES[0]), alike.embed_query(RULES[0])) < 0.99
    read = otherwise.read_query(RULES[0])
    assert read.vector == pytest.approx(otherwise.embed_query(RULES[0]), abs=1e-6)
    (folder / "questions.safetensors").write_bytes(b"damaged")
    with pytest.raises(EmbeddingsError, match="无法加载"):
        SentenceEmbeddings.open(folder)


def test_missing_model_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsError, match=r"python -m index\.weights"):
        SentenceEmbeddings.open(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_damaged_model_says_so(model_path: Path, tmp_path: Path, name: str) -> None:
    folder = copy_without_card(model_path, tmp_path / "damaged")
    (folder / name).unlink()
    (folder / name).write_text("{")
    with pytest.raises(EmbeddingsError, match="无法加载"):
        SentenceEmbeddings.open(folder)


def test_batch_size_below_one_is_refused(model_path: Path) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        SentenceEmbeddings.open(model_path, batch_size=0)
