"""What `anze search` brings first: ``python -m evals.found [--part tune] [--misses 20]``.

Every question of the cases that stands by itself is looked up as it was typed, and the results
are held against the stretches that answer it, in two ways. By *stretch*, as `evals.bench` counts:
a result carries half of a gold stretch, or lies in it. By *address*: it is the provision that holds
the gold stretch, or stands above or below that one in the document's tree.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from assistant.models import Question, SearchResult
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.bench.corpus import Asked, asked_of, stands_alone
from evals.bench.measures import hit, ranks, recall, reciprocal_rank
from evals.bench.stretch import Stretch
from evals.case import Case, load, shipped_files
from evals.statistics import bootstrap, percentile
from index.provision import Document, Provision

DEPTH = 10
FIRST = 5
_PARTS = ("tune", "report")
_SHOWN = ("R@5", "any@5", "R@10", "MRR@10", "R@5 address", "any@5 address")
Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Looked:
    """One question and what came of looking it up.

    Args:
        case: the question.
        results: what was found, best first.
        milliseconds: how long it took, and how much of that was computing.
        names_place: whether the question names a place or a document.
        measures: name → 0 to 1.
    """

    case: Case
    results: tuple[SearchResult, ...]
    milliseconds: tuple[float, float]
    names_place: bool
    measures: Mapping[str, float]


def look_up(assistant: Assistant, cases: Iterable[Case]) -> Iterator[Looked]:
    """Each of *cases* looked up as it was typed."""
    documents = {document.id: document for document in assistant.index.documents}
    for case in cases:
        started, computing = perf_counter(), process_time()
        results = assistant.search(case.question, limit=DEPTH).results
        passed = ((perf_counter() - started) * 1000, (process_time() - computing) * 1000)
        query = assistant.understanding.read(Question(question=case.question), assistant.library())
        found = measures(asked_of(case, documents), results, documents)
        yield Looked(case, results, passed, query.named_places, found)


def measures(
    asked: Asked, results: Sequence[SearchResult], documents: Documents
) -> dict[str, float]:
    """What *results* are worth to the question, by stretch and by address; each 0 to 1."""
    provisions = [_provision(result.provision_id, documents) for result in results]
    by_stretch = ranks([stretch_of(provision) for provision in provisions], asked.gold)
    by_address = _ranks_by_address(provisions, asked, documents)
    entries = len(asked.gold)
    return {
        "R@5": recall(by_stretch, entries, FIRST),
        "any@5": hit(by_stretch, FIRST),
        "R@10": recall(by_stretch, entries, DEPTH),
        "MRR@10": reciprocal_rank(by_stretch, DEPTH),
        "R@5 address": recall(by_address, entries, FIRST),
        "any@5 address": hit(by_address, FIRST),
    }


def stretch_of(provision: Provision) -> Stretch:
    """Where a provision stands in its document."""
    return Stretch(provision.document_id, provision.start, provision.end)


def _ranks_by_address(
    provisions: Sequence[Provision], asked: Asked, documents: Documents
) -> list[int]:
    """For each gold entry that was found, the rank of the first result of its line in the tree."""
    lines = [_line(provision, documents) for provision in provisions]
    found = []
    for entry in asked.gold:
        homes = [home for gold in entry if (home := holder(gold, documents)) is not None]
        of_gold = [_line(home, documents) for home in homes]
        same = (
            rank
            for rank, line in enumerate(lines, 1)
            if any(line[0] in gold or gold[0] in line for gold in of_gold)
        )
        found.append(next(same, 0))
    return [rank for rank in found if rank]


def holder(gold: Stretch, documents: Documents) -> Provision | None:
    """The smallest provision that holds the whole of *gold*; None where it is of none."""
    holding = (
        provision
        for provision in documents[gold.document].provisions
        if provision.start <= gold.start and gold.end <= provision.end
    )
    return min(holding, key=lambda provision: provision.end - provision.start, default=None)


def _line(provision: Provision, documents: Documents) -> list[str]:
    """The ids of a provision and of all above it, from below."""
    above = documents[provision.document_id].above(provision)
    return [provision.id, *(other.id for other in above)]


def _provision(provision_id: str, documents: Documents) -> Provision:
    return documents[provision_id.partition("/")[0]].by_id[provision_id]


# --- printing


def table(looked: Sequence[Looked], by: Callable[[Looked], str]) -> list[str]:
    """Lines of figures with 95 % intervals, a line for each group; the largest group first."""
    groups: dict[str, list[Looked]] = {}
    for one in looked:
        groups.setdefault(by(one), []).append(one)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return [f"{name:24}{len(group):5}  {_figures(group)}" for name, group in ordered]


def _figures(looked: Sequence[Looked]) -> str:
    cells = []
    for name in _SHOWN:
        estimate = bootstrap([one.measures[name] for one in looked])
        assert estimate is not None
        interval = f"{estimate.low:.3f}–{estimate.high:.3f}"
        cells.append(f"{estimate.value:.3f} ({interval})".replace("0.", ".").ljust(18))
    return "  ".join(cells)


def _print(looked: Sequence[Looked]) -> None:
    head = "  ".join(name.ljust(18) for name in _SHOWN)
    print(f"{'':24}{'n':>5}  {head}")
    print(*table(looked, lambda one: one.case.part), sep="\n")
    print(*table(looked, _named), sep="\n")
    print(*table(looked, lambda one: f"{one.case.part} {one.case.kind}"), sep="\n")
    passed, computed = zip(*(one.milliseconds for one in looked), strict=True)
    brought = [len(result.text) for one in looked for result in one.results[:FIRST]]
    print(f"passed {_times(passed)}; computed {_times(computed)}")
    print(
        f"a result among the first {FIRST} has {sum(brought) / max(len(brought), 1):.0f} characters"
    )


def _times(spent: Sequence[float]) -> str:
    return f"p50 {percentile(spent, 50):.0f} ms, p95 {percentile(spent, 95):.0f} ms"


def _named(one: Looked) -> str:
    return f"{one.case.part}, {'a place' if one.names_place else 'no place'} named"


def _print_misses(looked: Iterable[Looked], most: int) -> None:
    """What was not found of the tune part; of the report part nothing is shown."""
    missed = [one for one in looked if one.case.part == "tune" and one.measures["R@5"] < 1]
    for one in missed[:most]:
        print(f"\n{one.case.id} [{one.case.kind}] {one.measures['R@5']:.2f} {one.case.question}")
        for gold in one.case.gold[:3]:
            print(f"  = {gold.document} {gold.text[:70]!r}")
        for result in one.results[:FIRST]:
            print(f"  - {result.provision_id} {result.score} {result.text[:50]!r}")


def main() -> None:
    """Look the cases up and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="*", help="files of cases; the shipped ones")
    parser.add_argument("--part", choices=(*_PARTS, "all"), default="all")
    parser.add_argument("--every", type=int, default=1, help="every so many questions only")
    parser.add_argument("--misses", type=int, default=0, help="how many misses to print, tune only")
    parser.add_argument("--json", type=Path, help="write a row a question there")
    given = parser.parse_args()
    cases = [c for c in load(given.cases or shipped_files()) if stands_alone(c)]
    cases = [c for c in cases if given.part in (c.part, "all")][:: given.every]
    looked = list(look_up(Assistant.open(load_settings()), cases))
    _print(looked)
    _print_misses(looked, given.misses)
    if given.json:
        rows = [{"id": one.case.id, **one.measures} for one in looked]
        given.json.write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
