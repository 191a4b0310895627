"""``python -m evals.bench``: which corpora, which sizes, and where the figures go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from os import cpu_count
from pathlib import Path

from rich.console import Console

from assistant.settings import load_settings
from evals.articles import Library
from evals.bench.chart import chart
from evals.bench.corpus import Corpus, five_documents, laws, without_context
from evals.bench.cost import load
from evals.bench.forms import Limits, Questions
from evals.bench.growth import Point, grow
from evals.bench.material import Material, read_before, read_here
from evals.bench.peer import paper_qa
from evals.bench.recombined import source
from evals.bench.running import Measured, run
from evals.bench.stock import RECIPES, langchain
from evals.bench.systems import System, ablated, compared, ours
from evals.bench.tables import Report, drawn, grids, markdown
from index.embeddings import SentenceEmbeddings

ARTICLES, QUESTIONS = "articles.jsonl.gz", "queries_dev.jsonl"
#: Everything, and what a few minutes allow.
_SIZES, _QUICK_SIZES = (1_000, 10_000, 55_000, 200_000, 1_000_000), (1_000, 5_000, 20_000)
_QUICK_SAMPLE, _QUICK_OTHERS = 60, 500
_BARE = "ours without title and headings"
#: Questions that each form is asked.
_ASKED = 100


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="samples and small sizes: some minutes")
    add("--steps", default="five,laws,growth", help="which of five, laws, growth (default: all)")
    add("--only", action="append", metavar="NAME", help="only this system; may be repeated")
    add("--sample", type=int, help="questions of each part of the five documents")
    add("--others", type=int, help="articles beside those asked for (default: all)")
    add("--sizes", type=_sizes, help="numbers of provisions, e.g. 1000,55000,1000000")
    add("--seconds", type=float, default=3_600, help="most a form may take to build (3,600)")
    add("--disk", type=float, default=10_000, help="most MiB that one form may write (10,000)")
    add("--memory", type=float, default=8_000, help="most MiB that one form may hold (8,000)")
    add("--benchmark", type=Path, default=Path("../shared/retrieval"), help="the articles' folder")
    add("--cache", type=Path, default=Path("var/ranking"), help="where articles read are kept")
    add("--work", type=Path, default=Path("var/bench"), help="where indexes are built and kept")
    add("--peers", type=Path, default=Path("var/bench/peers"), help="packages of peers")
    add("--dtype", choices=("float32", "bfloat16"), default="float32", help="of the encoder")
    add("--markdown", type=Path, help="write the tables there")
    add("--json", type=Path, help="write the figures there")
    add("--chart", type=Path, help="write the picture there (SVG)")
    return parser


def _sizes(words: str) -> tuple[int, ...]:
    return tuple(int(word) for word in words.split(","))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for and print it; 0 when it was measured."""
    given = parser().parse_args(arguments)
    console = Console(width=160)
    bench = Bench(given, console)
    report = bench.report()
    for grid in grids(report):
        console.print(drawn(grid))
        console.print()
    console.print(report.machine, highlight=False)
    _write(given, report)
    return 0


def _write(given: argparse.Namespace, report: Report) -> None:
    written: dict[Path | None, Callable[[], str]] = {
        given.markdown: partial(markdown, report),
        given.json: partial(report.model_dump_json, indent=1),
        given.chart: partial(chart, report.grown),
    }
    for path, text in written.items():
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(), encoding="utf-8")


class Bench:
    """One run of the command."""

    def __init__(self, given: argparse.Namespace, console: Console) -> None:
        self._given = given
        self._console = console
        self._skipped: list[str] = []
        self._settings = load_settings()
        self._embeddings = SentenceEmbeddings.open(
            self._settings.model, threads=self._settings.threads or None, dtype=given.dtype
        )
        _find_peers(given.peers)

    def report(self) -> Report:
        """All the figures."""
        begun, before = datetime.now(UTC).isoformat(timespec="seconds"), load()
        steps = self._given.steps.split(",")
        ranked = [row for step in steps if step != "growth" for row in self._ranked(step)]
        grown = tuple(self._grown()) if "growth" in steps else ()
        return Report(
            begun=begun,
            machine=f"{cpu_count()} processors, load {before:.1f} at the beginning and "
            f"{load():.1f} at the end, encoder in {self._given.dtype}",
            model=f"{self._embeddings.name} {self._embeddings.digest[:12]}",
            ranked=tuple(ranked),
            grown=grown,
            skipped=tuple(self._skipped),
        )

    def _ranked(self, step: str) -> Iterator[Measured]:
        corpus = self._corpus(step)
        if corpus is None:
            return
        self._say(f"{corpus.name}: {len(corpus.chunks):,} chunks, {len(corpus.asked)} questions")
        material = self._material(corpus, step)
        for system in self._systems(material):
            if self._given.only is None or system.name in self._given.only:
                self._say(f"  asking {system.name}")
                yield from run(material, system)

    def _wants(self, beginning: str) -> bool:
        """Whether a system whose name begins so is asked for: what it reads takes long to make."""
        only: list[str] | None = self._given.only
        return only is None or any(name.startswith(beginning) for name in only)

    def _corpus(self, step: str) -> Corpus | None:
        given = self._given
        if step == "five":
            return five_documents(given.sample or (_QUICK_SAMPLE if given.quick else None))
        folder: Path = given.benchmark
        if not (folder / ARTICLES).exists():
            self._skip(f"The articles of law are skipped: {folder / ARTICLES} is not there.")
            return None
        others = given.others or (_QUICK_OTHERS if given.quick else None)
        return laws(folder / ARTICLES, folder / QUESTIONS, others)

    def _material(self, corpus: Corpus, step: str) -> Material:
        given, embeddings = self._given, self._embeddings
        if step == "laws" and not (given.others or given.quick):
            path = given.benchmark / ARTICLES
            library = Library.open(path, embeddings, given.cache, self._say)
            return read_before(corpus, library, given.work, embeddings, self._say)
        return read_here(corpus, given.work, embeddings, self._say)

    def _systems(self, material: Material) -> Iterator[System]:
        yield from compared(material)
        yield from ablated(material)
        if self._wants(_BARE) and not material.corpus.is_large:
            texts = without_context(material.corpus)
            bare = read_here(texts, self._given.work, self._embeddings, self._say)
            yield ours(bare, _BARE)
        wanted = [recipe for recipe in RECIPES if self._wants(recipe.name)]
        if wanted:
            yield from langchain(material, self._say, self._skip, wanted)
        if (
            self._wants("paper-qa") and not material.corpus.is_large
        ):  # it keeps all in memory and compares with all
            yield from paper_qa(material, self._skip)

    def _grown(self) -> Iterator[Point]:
        given = self._given
        step = "laws" if (given.benchmark / ARTICLES).exists() else "five"
        corpus = self._corpus(step)
        if corpus is None:
            return
        sizes = given.sizes or (_QUICK_SIZES if given.quick else _SIZES)
        self._say(f"growth to {max(sizes):,} provisions, recombined out of {corpus.name}")
        vectors = self._material(corpus, step).texts()
        texts = [asked.question for asked in corpus.asked[:_ASKED]]
        questions = Questions(texts, [self._embeddings.read_query(text) for text in texts])
        limits = Limits(given.seconds, given.disk, given.memory)
        work = given.work / "growth"
        yield from grow(source(corpus, vectors), questions, sizes, limits, work, self._say)

    def _say(self, words: str) -> None:
        self._console.print(words, markup=False, highlight=False, soft_wrap=True)

    def _skip(self, words: str) -> None:
        self._say(words)
        if words not in self._skipped:
            self._skipped.append(words)


def _find_peers(folder: Path) -> None:
    """Let packages in *folder* be found, after those of the project, which go before them."""
    if folder.is_dir() and str(folder) not in sys.path:
        sys.path.append(str(folder))
