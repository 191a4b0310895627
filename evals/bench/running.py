"""Each way asked every question: what it found, how long it took, what it held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter, process_time

from pydantic import BaseModel, ConfigDict

from evals.bench.corpus import Asked
from evals.bench.cost import measured
from evals.bench.material import Material
from evals.bench.measures import hit, ndcg, ranks, read_within, recall, reciprocal_rank
from evals.bench.stretch import Stretch
from evals.bench.systems import WIDE, System
from evals.statistics import Estimate, bootstrap, percentile

#: Characters that a reader, or a language model, is given.
BUDGET = 1_500
#: Questions that are asked before the clock runs.
_WARM = 5


class Measured(BaseModel):
    """One way over the questions of one part.

    Attributes:
        corpus, system, part: what was asked of what.
        measures: name → mean over the questions with its 95 % interval.
        p50, p95: milliseconds a question, with its encoding.
        computed: median milliseconds of processor time of a question; less than p50 on a busy
            machine.
        held: memory that opening it and asking took beyond what the process held, MiB.
        mapped: of what it holds, files read in place, which the system may take back, MiB.
        peak: the most memory that the process held meanwhile, MiB.
        seconds: to build what it reads, the encoder's reading included.
        disk: size of what it reads, MiB.
    """

    model_config = ConfigDict(frozen=True)

    corpus: str
    system: str
    part: str
    measures: dict[str, Estimate]
    p50: float
    p95: float
    computed: float
    held: float
    mapped: float
    peak: float
    seconds: float
    disk: float


def run(material: Material, system: System) -> Iterator[Measured]:
    """A row for each part of the material's questions."""
    asked = material.corpus.asked
    found: list[Sequence[Stretch]] = []
    times: list[float] = []
    computed: list[float] = []
    with measured() as cost:
        search = system.open()
        for one in asked[:_WARM]:
            search(one.question, WIDE)
        for one in asked:
            started, computing = perf_counter(), process_time()
            found.append(search(one.question, WIDE))
            times.append((perf_counter() - started) * 1000)
            computed.append((process_time() - computing) * 1000)
    del search
    deep = len(material.corpus.chunks) > 10 * WIDE
    made = [material.made[part] for part in system.parts]
    for part in material.corpus.parts:
        mine = [n for n, one in enumerate(asked) if one.part == part]
        yield Measured(
            corpus=material.corpus.name,
            system=system.name,
            part=part,
            measures=measures([(asked[n], found[n]) for n in mine], deep),
            p50=percentile([times[n] for n in mine], 50) or 0.0,
            p95=percentile([times[n] for n in mine], 95) or 0.0,
            computed=percentile([computed[n] for n in mine], 50) or 0.0,
            held=cost.grown,
            mapped=cost.mapped,
            peak=cost.peak,
            seconds=sum(part.seconds for part in made),
            disk=sum(part.disk for part in made),
        )


def measures(results: Sequence[tuple[Asked, Sequence[Stretch]]], deep: bool) -> dict[str, Estimate]:
    """Each measure over questions and what was found for them.

    Args:
        results: the questions and their rankings.
        deep: whether there are so many chunks that a hundred of them are not most of all.
    """
    values: dict[str, list[float]] = {}
    for asked, ranked in results:
        for name, value in _of_one(asked, ranked, deep).items():
            values.setdefault(name, []).append(value)
    estimates = {name: bootstrap(each) for name, each in values.items()}
    return {name: estimate for name, estimate in estimates.items() if estimate}


def _of_one(asked: Asked, ranked: Sequence[Stretch], deep: bool) -> dict[str, float]:
    found, entries = ranks(ranked, asked.gold), len(asked.gold)
    wide = {f"R@{WIDE}": recall(found, entries, WIDE)} if deep else {}
    return {
        "R@1": recall(found, entries, 1),
        "R@5": recall(found, entries, 5),
        "any@5": hit(found, 5),
        "R@10": recall(found, entries, 10),
        **wide,
        "MRR@10": reciprocal_rank(found, 10),
        "nDCG@10": ndcg(found, entries, 10),
        f"in {BUDGET:,} chars": read_within(ranked, asked.gold, BUDGET),
    }
