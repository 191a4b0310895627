"""Ranks articles of law for lay questions, and says how well: the public retrieval benchmark.

    python -m evals.ranking ARTICLES QUESTIONS --known KNOWN --out RANKED.jsonl --depth 100

ARTICLES has JSON lines (gzipped or not) with ``id law article content heading``, QUESTIONS with
``id query`` and, where they are to be measured, ``gold``; KNOWN is such a file with ``gold``: its
questions lead the new ones. RANKED gets a line a question with ``id`` and ``ranked``, the articles'
ids, best first. With ``gold`` in QUESTIONS a table says what each way of ranking finds. The first
run reads the articles, which takes long; what was read is kept in the folder ``--cache``.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter

import numpy as np
import torch

from assistant.settings import load_settings
from evals.articles import Library
from evals.fusion import Fusion
from evals.known import Asked, KnownQuestions, read_questions
from evals.signals import Desk, Positions, best, law_numbers
from index.embeddings import Dtype, SentenceEmbeddings

#: Where known questions are looked for: beside the articles.
KNOWN = "queries_train.jsonl"
#: k of reciprocal rank fusion, and how deep the rankings are that it joins.
_RRF_K, _RRF_DEPTH = 60, 100

Way = Callable[[str, int], Positions]


@dataclass(frozen=True)
class Figures:
    """How well some questions were ranked; shares are means over the questions.

    Args:
        recall_10, recall_100: the share of a question's articles among the first so many.
        mrr_10: 1 / the rank of the first right article, 0 beyond the tenth.
    """

    recall_10: float
    recall_100: float
    mrr_10: float


def figures(ranked: Sequence[Sequence[int]], questions: Sequence[Asked]) -> Figures:
    """The figures of one ranking a question; questions without gold are left out."""
    pairs = [(list(r), set(q.gold)) for r, q in zip(ranked, questions, strict=True) if q.gold]
    return Figures(
        fmean(len(gold & set(found[:10])) / len(gold) for found, gold in pairs),
        fmean(len(gold & set(found[:100])) / len(gold) for found, gold in pairs),
        fmean(_reciprocal(found[:10], gold) for found, gold in pairs),
    )


def _reciprocal(found: Sequence[int], gold: set[int]) -> float:
    return next((1 / rank for rank, position in enumerate(found, 1) if position in gold), 0.0)


def ways(desk: Desk) -> Mapping[str, Way]:
    """The ways of ranking that are compared, the whole one last."""
    library = desk.library
    alone = Desk(library, KnownQuestions((), desk.law_of, library.embeddings))
    by_itself, led = Fusion.open(is_led=False), Fusion.open()

    def lexical(question: str, depth: int) -> Positions:
        return best(library.lexical.scores(question), depth)

    def dense(question: str, depth: int) -> Positions:
        return best(library.vectors @ library.embeddings.read_query(question).vector, depth)

    def hybrid(question: str, depth: int) -> Positions:
        return _joined((lexical(question, _RRF_DEPTH), dense(question, _RRF_DEPTH)))[:depth]

    def late(question: str, depth: int) -> Positions:
        positions = hybrid(question, depth)
        reading = library.embeddings.read_query(question)
        return positions[best(desk.late(reading, positions), depth)]

    def unled(question: str, depth: int) -> Positions:
        return by_itself.rank(alone.candidates(question), depth)

    def whole(question: str, depth: int) -> Positions:
        return led.rank(desk.candidates(question), depth)

    found: dict[str, Way] = {
        "BM25": lexical,
        "dense": dense,
        "BM25 + dense, RRF": hybrid,
        "the same, by MaxSim": late,
        "fused": unled,
    }
    return {**found, "fused, led by known questions": whole} if desk.known.asked else found


def _joined(rankings: Sequence[Positions]) -> Positions:
    """Several rankings as one, by reciprocal ranks."""
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, position in enumerate(ranking.tolist(), 1):
            fused[position] = fused.get(position, 0.0) + 1 / (_RRF_K + rank)
    return np.array(sorted(fused, key=lambda position: (-fused[position], position)), np.int64)


def open_desk(
    articles: Path,
    known: Path | None,
    model: Path,
    cache: Path,
    dtype: Dtype = "float32",
    apart_from: Collection[str] = (),
) -> Desk:
    """The library of *articles* with the known questions, read with the encoder in *model*.

    Args:
        apart_from: texts of questions that are asked: none of them leads itself.
    """
    embeddings = SentenceEmbeddings.open(model, dtype=dtype)
    library = Library.open(articles, embeddings, cache)
    positions = {article.id: n for n, article in enumerate(library.articles)}
    asked = read_questions(known, positions) if known else ()
    asked = tuple(question for question in asked if question.text not in apart_from)
    return Desk(library, KnownQuestions(asked, law_numbers(library), embeddings))


def _measure(way: Way, questions: Sequence[Asked], depth: int) -> tuple[list[list[int]], str]:
    """The rankings and how long they took: p50 and p95 in milliseconds."""
    ranked, spent = [], []
    for question in questions:
        started = perf_counter()
        ranked.append(way(question.text, depth).tolist())
        spent.append(1000 * (perf_counter() - started))
    return ranked, f"{np.percentile(spent, 50):.0f} / {np.percentile(spent, 95):.0f}"


def _write(path: Path, desk: Desk, questions: Sequence[Asked], ranked: list[list[int]]) -> None:
    articles = desk.library.articles
    with path.open("w", encoding="utf-8") as file:
        for question, positions in zip(questions, ranked, strict=True):
            row = {"id": question.id, "ranked": [articles[n].id for n in positions]}
            file.write(json.dumps(row) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals.ranking",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument(
        "--known",
        type=Path,
        help=f"questions with gold that lead the others; {KNOWN} beside ARTICLES unless told",
    )
    parser.add_argument("--no-known", action="store_true", help="be led by no questions")
    parser.add_argument("--out", type=Path, help="where the ranked ids go")
    parser.add_argument("--depth", type=int, default=100, help="ids a question")
    parser.add_argument("--model", type=Path, help="the encoder's folder; ANZE_MODEL unless told")
    parser.add_argument("--cache", type=Path, default=Path("var/ranking"))
    parser.add_argument(
        "--dtype",
        choices=("float32", "bfloat16"),
        default="bfloat16" if torch.cpu._is_avx512_bf16_supported() else "float32",
        help="what the encoder computes in; bfloat16 where the processor has it",
    )
    parser.add_argument("--only-fused", action="store_true", help="the last way alone, no table")
    return parser.parse_args()


def _known(given: argparse.Namespace) -> Path | None:
    """The file of known questions: the one that was named, else the one that lies there."""
    if given.no_known or given.known is not None:
        return None if given.no_known else given.known
    beside = given.articles.parent / KNOWN
    return beside if beside.is_file() else None


def main() -> None:
    """Rank, write, print."""
    given = _arguments()
    model = given.model or load_settings().model
    texts = {json.loads(line)["query"] for line in given.questions.open(encoding="utf-8")}
    known = _known(given)
    desk = open_desk(given.articles, known, model, given.cache, given.dtype, texts)
    positions = {article.id: n for n, article in enumerate(desk.library.articles)}
    questions = read_questions(given.questions, positions)
    print(
        f"led by {len(desk.known.asked)} known questions" + (f" of {known.name}" if known else "")
    )
    compared = ways(desk)
    names = list(compared)[-1:] if given.only_fused else list(compared)
    print(f"{len(questions)} questions, {len(desk.library.articles):,} articles")
    print(f"{'':32} R@10  R@100 MRR@10  p50 / p95 ms")
    ranked: list[list[int]] = []
    for name in names:
        ranked, spent = _measure(compared[name], questions, given.depth)
        found = figures(ranked, questions) if any(q.gold for q in questions) else None
        shown = f"{found.recall_10:.3f} {found.recall_100:.3f} {found.mrr_10:.3f}" if found else ""
        print(f"{name:32} {shown}  {spent}", flush=True)
    if given.out:
        _write(given.out, desk, questions, ranked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"peak memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
