"""Questions and the texts in which their answers stand.

Questions stand by themselves: what is asked on from earlier turns, with a place or an office set
beside it, in pinyin or in English, is for `assistant.understand`, not for a ranking.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.models import Status
from evals.articles import Article, read_articles
from evals.bench.stretch import Stretch
from evals.case import Case, Place, load, shipped_files, span
from index.chunk import Chunk, chunk_document
from index.edition import SHIPPED, read_edition
from index.provision import Document

_NOT_CHINESE = frozenset({"pinyin", "english"})
_LARGE = 20_000


@dataclass(frozen=True)
class Asked:
    """A question and what answers it.

    Args:
        id: of the case.
        question: as typed.
        part: ``tune``, ``report`` or ``dev``.
        gold: entries to be found, each a stretch and those that say the same.
    """

    id: str
    question: str
    part: str
    gold: tuple[tuple[Stretch, ...], ...]


@dataclass(frozen=True)
class Corpus:
    """Texts to rank and questions to them.

    Args:
        name: shown in tables.
        texts: the whole documents by id, for those who cut them by themselves.
        chunks: our cut.
        places: where each chunk stands.
        asked: the questions.
    """

    name: str
    texts: Mapping[str, str]
    chunks: tuple[Chunk, ...]
    places: tuple[Stretch, ...]
    asked: tuple[Asked, ...]

    @property
    def parts(self) -> list[str]:
        """The parts that the questions belong to."""
        return sorted({asked.part for asked in self.asked}, reverse=True)

    @property
    def is_large(self) -> bool:
        """Whether the encoder takes too long over it to read it in several ways."""
        return len(self.chunks) > _LARGE


def five_documents(sample: int | None = None) -> Corpus:
    """The shipped edition and the cases on it, *sample* of each part or all."""
    documents = {document.id: document for document in read_edition(SHIPPED)}
    chunks = [c for document in documents.values() for c in chunk_document(document)]
    asked = [asked_of(case, documents) for case in load(shipped_files()) if stands_alone(case)]
    return Corpus(
        "five documents",
        {document.id: document.text for document in documents.values()},
        tuple(chunks),
        tuple(_place(chunk, documents[chunk.document_id]) for chunk in chunks),
        tuple(_sampled(asked, sample)),
    )


def without_context(corpus: Corpus) -> Corpus:
    """The same chunks without title and headings in front."""
    return replace(corpus, chunks=tuple(replace(chunk, context="") for chunk in corpus.chunks))


def stands_alone(case: Case) -> bool:
    """Whether the case has an answer and says by itself, in Chinese, what is asked."""
    answered = case.status is Status.ANSWERED and case.checked
    alone = not (case.history or case.role or case.jurisdiction)
    return answered and alone and case.style not in _NOT_CHINESE


def asked_of(case: Case, documents: Mapping[str, Document]) -> Asked:
    """The question of *case* with the stretches that answer it.

    Raises:
        ValueError: a stretch does not stand in *documents*.
    """
    entries = ((gold, *gold.alternatives) for gold in case.gold)
    gold = tuple(tuple(_stretch(place, documents) for place in entry) for entry in entries)
    return Asked(case.id, case.question, case.part, gold)


def _stretch(place: Place, documents: Mapping[str, Document]) -> Stretch:
    found = span(place, documents)
    if found is None:
        raise ValueError(f"not in {place.document}: {place.text[:40]}")
    return Stretch(place.document, *found)


def _place(chunk: Chunk, document: Document) -> Stretch:
    start = document.by_id[chunk.provision_id].start
    return Stretch(document.id, start + chunk.start, start + chunk.end)


def _sampled(asked: Sequence[Asked], sample: int | None) -> list[Asked]:
    if sample is None:
        return list(asked)
    draw = random.Random(0)
    parts = sorted({one.part for one in asked})
    groups = [[one for one in asked if one.part == part] for part in parts]
    return [one for group in groups for one in draw.sample(group, min(sample, len(group)))]


def laws(articles: Path, questions: Path, others: int | None = None) -> Corpus:
    """The benchmark's articles and its questions for choosing.

    Args:
        articles, questions: its files; articles may be gzipped.
        others: how many articles beside those asked for; None for all.
    """
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    wanted = {gold for row in rows for gold in row["gold"]}
    kept = _some(list(read_articles(articles)), wanted, others)
    texts, places = _laws(kept)
    where = {article.id: place for article, place in zip(kept, places, strict=True)}
    name = "articles of law" if others is None else f"articles of law, {len(kept):,} of them"
    return Corpus(
        name,
        texts,
        tuple(_chunk(article) for article in kept),
        tuple(places),
        tuple(
            Asked(row["id"], row["query"], "dev", tuple((where[gold],) for gold in row["gold"]))
            for row in rows
        ),
    )


def _some(articles: list[Article], wanted: set[str], others: int | None) -> list[Article]:
    if others is None:
        return articles
    rest = [article.id for article in articles if article.id not in wanted]
    drawn = set(random.Random(0).sample(rest, min(others, len(rest)))) | wanted
    return [article for article in articles if article.id in drawn]


def _laws(articles: Iterable[Article]) -> tuple[dict[str, str], list[Stretch]]:
    """The laws as one text each, as a file of it would read, and where the articles stand."""
    texts: dict[str, str] = {}
    places = []
    heading = ""
    for article in articles:
        before = texts.get(article.law, f"{article.law}\n")
        head = f"{article.heading}\n" if article.heading and article.heading != heading else ""
        heading = article.heading
        opened = f"{before}{head}{article.number}　"
        texts[article.law] = f"{opened}{article.content}\n"
        places.append(Stretch(article.law, len(opened), len(opened) + len(article.content)))
    return texts, places


def _chunk(article: Article) -> Chunk:
    """An article as a chunk; its embedded text is that of the article."""
    context = article.embedded.removesuffix(article.content).rstrip("\n")
    return Chunk(article.id, article.id, 0, len(article.content), context, article.content)
