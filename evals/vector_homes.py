"""The vectors in a folder beside a Chroma server: ``python -m evals.vector_homes``.

    python -m evals.vector_homes [--laws FOLDER] [--size 20000] [--readers 1 3] [--rounds 3]

Writes the same chunks both ways, at the size of the edition and, where --laws is given, at --size,
and lets so many processes at once answer the shipped questions by `index.retriever.search`. A row
gives p50 and p95 of the whole search and of its nearest neighbours alone, in milliseconds, and how
many questions found the same twenty chunks in the same order as from the folder, and which share
of the exact nearest fifty was found, over all questions and for the worst.

The larger size is made of --laws by recombination: some provisions are read by the encoder, put in
a row in random order, and windows of that row of tokens are the chunks. Their token vectors are
those that were read and a window's vector is their mean, which is how the encoder makes its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles
from time import perf_counter

import numpy as np

from assistant.settings import load_settings
from evals.chroma_run import chroma_run
from evals.latency import questions
from index.chunk import Chunk, chunk_document
from index.edition import read_edition
from index.embeddings import Reading, SentenceEmbeddings
from index.home import home_at
from index.lexical import LexicalIndex
from index.normalise import decode, normalise
from index.parse import parse
from index.provision import Metadata
from index.retriever import search
from index.store import FORMAT, VECTORS, Index, Manifest
from index.tokens import TokenIndex
from index.vectors import VectorIndex, Vectors

#: Provisions that the encoder reads for the larger size, and tokens of a window.
_READ, _WINDOW = 600, (40, 120)
_FOUND, _NEAREST = 20, 50
_SEED = 20261122
_COLUMNS = [
    "检索单元",
    "向量在",
    "进程",
    "检索p50",
    "p95",
    "近邻p50",
    "p95",
    "相同",
    "前50",
    "最差",
    "每进程内存",
    "服务内存",
]


@dataclass(frozen=True)
class Corpus:
    """Texts, and what the encoder made of them."""

    texts: list[str]
    readings: list[Reading]


@dataclass(frozen=True)
class Measured:
    """What one reading process found.

    Args:
        search, nearest: milliseconds of each question.
        found: the chunks of each question.
        shares: of the exact nearest fifty that were found, for each question.
        megabytes: of memory, at most.
    """

    search: list[float]
    nearest: list[float]
    found: list[list[int]]
    shares: list[float]
    megabytes: float


def main(given: argparse.Namespace) -> None:
    """Print the table."""
    settings = load_settings()
    embeddings = SentenceEmbeddings.open(settings.model, threads=settings.threads or None)
    documents = read_edition(settings.edition)
    texts = [chunk.embedded for document in documents for chunk in chunk_document(document)]
    print(f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|", sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder) / "edition", read(texts, embeddings), given)
        if given.laws:
            base = read(random.Random(_SEED).sample(list(laws(given.laws)), _READ), embeddings)
            compare(Path(folder) / "laws", recombined(base, given.size), given)


def laws(folder: Path) -> Iterator[str]:
    """What the encoder would read of the regulations below *folder*."""
    for path in sorted(folder.rglob("*.md")):
        text = normalise(decode(path.read_bytes())).text
        document = parse(Metadata(id="x", title=path.stem), text)
        yield from (chunk.embedded for chunk in chunk_document(document))


def read(texts: list[str], embeddings: SentenceEmbeddings) -> Corpus:
    """The corpus of *texts* as the encoder has it."""
    return Corpus(texts, embeddings.read_passages(texts))


def recombined(base: Corpus, size: int) -> Corpus:
    """*size* windows over the tokens of *base*, one text after another."""
    chance = random.Random(_SEED)
    row = "\n".join(base.texts)
    starts = np.cumsum([0, *(len(text) + 1 for text in base.texts)])[:-1]
    tokens = np.concatenate([reading.tokens for reading in base.readings])
    spans = np.concatenate(
        [r.spans + int(start) for r, start in zip(base.readings, starts, strict=True)]
    )
    texts, readings = [], []
    for _ in range(size):
        count = chance.randint(*_WINDOW)
        first = chance.randrange(len(tokens) - count)
        window, there = tokens[first : first + count], spans[first : first + count]
        begin = int(there[0, 0])
        mean = window.mean(axis=0)
        texts.append(row[begin : int(there[-1, 1])])
        readings.append(Reading(mean / np.linalg.norm(mean), window, there - begin))
    return Corpus(texts, readings)


def compare(folder: Path, corpus: Corpus, given: argparse.Namespace) -> None:
    """Write *corpus* both ways, and print a row for each way and number of readers."""
    with chroma_run(folder / "server") as (url, process):
        for place in ("", url):
            started = perf_counter()
            write(folder / _name(place), corpus, place)
            took = perf_counter() - started
            where = "服务" if place else "文件夹"
            print(f"{len(corpus.texts)} 个写入{where}：{took:.1f} 秒", file=sys.stderr, flush=True)
        expected = None
        for readers in given.readers:
            for place in ("", url):
                measured = read_at_once(folder / _name(place), place, readers, given.rounds)
                expected = expected or measured[0].found
                memory = _resident(process.pid) if place else None
                print(row(len(corpus.texts), place, measured, expected, memory), flush=True)


def _name(place: str) -> str:
    return "on-server" if place else "embedded"


def write(folder: Path, corpus: Corpus, place: str) -> None:
    """The parts of an index that `search` reads, the vectors at *place*."""
    folder.mkdir(parents=True)
    (folder / "texts.json").write_text(json.dumps(corpus.texts), encoding="utf-8")
    LexicalIndex.build(corpus.texts).save(folder / "bm25")
    TokenIndex.of(corpus.readings).save(folder / "tokens")
    ids = [str(n) for n in range(len(corpus.texts))]
    vectors = np.stack([reading.vector for reading in corpus.readings])
    np.save(folder / "vectors.npy", vectors)
    VectorIndex.build(folder / VECTORS, ids, vectors, home=home_at(place), version="measured")


def read_at_once(folder: Path, place: str, readers: int, rounds: int) -> list[Measured]:
    """What *readers* processes found that began when all of them were ready."""
    command = [sys.executable, "-m", "evals.vector_homes", "--read", str(folder)]
    command += ["--chroma", place, "--rounds", str(rounds)]
    pipe = subprocess.PIPE
    with ExitStack() as running:
        processes = [
            running.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
            for _ in range(readers)
        ]
        for process in processes:
            assert process.stdout
            process.stdout.readline()
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate()[0] for process in processes]
    return [Measured(**json.loads(output)) for output in outputs]


def answer(folder: Path, place: str, rounds: int) -> None:
    """Be one of the readers: say when ready, wait, search, print what was measured."""
    settings = load_settings()
    index = _open(folder, place, SentenceEmbeddings.open(settings.model, threads=1))
    search(index, "安全生产")
    print("ready", flush=True)
    sys.stdin.readline()
    spent, nearest, found = [], [], []
    for text in questions() * rounds:
        started = perf_counter()
        hits = search(index, text, _FOUND)
        spent.append((perf_counter() - started) * 1000)
        vector = index.embeddings.embed_query(text)
        started = perf_counter()
        index.vectors.nearest(vector, _NEAREST)
        nearest.append((perf_counter() - started) * 1000)
        found.append([hit.position for hit in hits])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes on Linux
    measured = Measured(
        spent, nearest, found, _shares(index, np.load(folder / "vectors.npy")), memory
    )
    print(json.dumps(vars(measured)))


def _shares(index: Index, vectors: Vectors) -> list[float]:
    """Which share of the exact nearest fifty is found, for each question."""
    shares = []
    for text in questions():
        vector = index.embeddings.embed_query(text)
        exact = set(np.argsort(-(vectors @ np.array(vector)))[:_NEAREST].tolist())
        found = {position for position, _ in index.vectors.nearest(vector, _NEAREST)}
        shares.append(len(found & exact) / len(exact))
    return shares


def _open(folder: Path, place: str, embeddings: SentenceEmbeddings) -> Index:
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    size, dimension = len(texts), embeddings.dimension
    return Index(
        Manifest("", FORMAT, "", embeddings.name, embeddings.digest, dimension, 0, 0, size, ""),
        (),
        tuple(Chunk(str(n), str(n), 0, len(text), "", text) for n, text in enumerate(texts)),
        LexicalIndex.open(folder / "bm25"),
        VectorIndex.open(folder / VECTORS, embeddings, dimension, home=home_at(place)),
        TokenIndex.open(folder / "tokens"),
        embeddings,
    )


def row(
    size: int,
    place: str,
    measured: Sequence[Measured],
    expected: Sequence[list[int]],
    memory: float | None,
) -> str:
    """A row of the table.

    Args:
        size: how many chunks.
        place: of the vectors.
        measured: by each reader.
        expected: what was found from the folder.
        memory: of the Chroma server, in megabytes.
    """
    same = [
        found == there for one in measured for found, there in zip(one.found, expected, strict=True)
    ]
    shares = [share for one in measured for share in one.shares]
    cells = [
        f"{size:,}",
        "服务" if place else "文件夹",
        str(len(measured)),
        *_figures(ms for one in measured for ms in one.search),
        *_figures(ms for one in measured for ms in one.nearest),
        f"{sum(same)}/{len(same)}",
        f"{fmean(shares):.3f}",
        f"{min(shares):.2f}",
        f"{max(one.megabytes for one in measured):,.0f} MB",
        "" if memory is None else f"{memory:,.0f} MB",
    ]
    return f"| {' | '.join(cells)} |"


def _figures(spent: Iterable[float]) -> tuple[str, str]:
    cuts = quantiles(spent, n=20)
    return f"{cuts[9]:.1f}", f"{cuts[18]:.1f}"


def _resident(pid: int) -> float:
    """Megabytes that a process has in memory now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="向量存在文件夹里和存在 Chroma 服务上，各要多久。")
    parser.add_argument("--laws", type=Path, help="法规文件夹；给出时另量一个大的规模")
    parser.add_argument("--size", type=int, default=20_000, help="大的规模有多少检索单元")
    parser.add_argument("--readers", type=int, nargs="+", default=[1, 3], help="同时读的进程数")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--chroma", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        answer(given.read, given.chroma, given.rounds)
    else:
        main(given)
