"""A run's figures by group: what the table on the terminal and the page show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from assistant.models import Status
from evals import metrics
from evals.case import Frozen
from evals.names import kind_of, part_of, style_of
from evals.run import Result
from evals.statistics import Estimate, bootstrap, percentile, share, wilson

#: Name of the grouping in Chinese → the groups that a result is in.
Grouping = Callable[[Result], Iterable[str]]


class Summary(Frozen):
    """The figures over some results; None where there was nothing to take them over.

    Attributes:
        fabricated, wrong_place, wrong_address, wrong_standing: answers with at least one.
        p50, p95: milliseconds.
    """

    name: str
    count: int
    correct: Estimate | None
    status_right: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    fact_recall: Estimate | None
    refusal_precision: Estimate | None
    refusal_recall: Estimate | None
    reason_right: Estimate | None
    fabricated: int
    wrong_place: int
    wrong_address: int
    wrong_standing: int
    length: Estimate | None
    p50: float | None
    p95: float | None


def summary(name: str, results: Sequence[Result]) -> Summary:
    """The figures over *results*."""
    scores = [result.scores for result in results]
    refusals = [
        (result.case.status is Status.REFUSED, result.reply.status is Status.REFUSED)
        for result in results
    ]
    times = [result.milliseconds for result in results]
    return Summary(
        name=name,
        count=len(results),
        correct=share([s.correct for s in scores]),
        status_right=share([s.status_right for s in scores]),
        precision=bootstrap(_known(s.precision for s in scores)),
        recall=bootstrap(_known(s.recall for s in scores)),
        fact_recall=bootstrap(_known(s.fact_recall for s in scores)),
        refusal_precision=wilson(*metrics.refusal_precision(refusals)),
        refusal_recall=wilson(*metrics.refusal_recall(refusals)),
        reason_right=share([s.reason_right for s in scores if s.reason_right is not None]),
        fabricated=sum(s.fabricated > 0 for s in scores),
        wrong_place=sum(s.wrong_place > 0 for s in scores),
        wrong_address=sum(s.wrong_address > 0 for s in scores),
        wrong_standing=sum(s.wrong_standing > 0 for s in scores),
        length=bootstrap([float(s.length) for s in scores]),
        p50=percentile(times, 50),
        p95=percentile(times, 95),
    )


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def documents_of(result: Result) -> tuple[str, ...]:
    """The documents of the gold stretches; a case counts under each."""
    return tuple(sorted({gold.document for gold in result.case.gold})) or ("（应当拒答）",)


GROUPINGS: Mapping[str, Grouping] = {
    "部分": part_of,
    "问什么": kind_of,
    "怎么问": style_of,
    "文件": documents_of,
}


def grouped(results: Sequence[Result], grouping: Grouping) -> Iterator[Summary]:
    """The figures of each group, by name."""
    names = sorted({name for result in results for name in grouping(result)})
    for name in names:
        yield summary(name, [result for result in results if name in grouping(result)])


def worst(results: Iterable[Result], count: int) -> list[Result]:
    """The wrong results, worst first, at most *count*.

    An answer that ought to have been refused, or that invents, is worse than one that misses.
    """
    wrong = [result for result in results if not result.scores.correct]
    return sorted(wrong, key=_badness, reverse=True)[:count]


def _badness(result: Result) -> tuple[float, ...]:
    scores = result.scores
    answered_wrongly = result.case.status is Status.REFUSED
    covered = min(_or_0(scores.recall), _or_0(scores.precision))
    faults = len(scores.missing_facts) + len(scores.unwanted)
    return (scores.fabricated, scores.wrong_place, answered_wrongly, 1 - covered, faults)


def _or_0(value: float | None) -> float:
    return 0.0 if value is None else value


def faults(result: Result) -> list[str]:
    """What is wrong with a reply, in Chinese; empty where nothing is."""
    scores, reply = result.scores, result.reply
    found = [f"没有回答：{reply.fault}"] if reply.fault else []
    if not scores.status_right and not reply.fault:
        found.append("应当拒答而作答" if reply.status is Status.ANSWERED else "应当作答而拒答")
    if scores.recall is not None and scores.recall < 1:
        found.append(f"应引文字只引了 {scores.recall:.0%}")
    if scores.precision is not None and scores.precision < 1:
        found.append(f"所引文字只有 {scores.precision:.0%} 切题")
    found += [f"缺“{fact}”" for fact in scores.missing_facts]
    found += [f"不该有“{words}”" for words in scores.unwanted]
    counts = {
        "引文与原文不符": scores.fabricated,
        "引了别处的文件": scores.wrong_place,
        "条款号不对": scores.wrong_address,
        "没有说明效力": scores.wrong_standing,
    }
    found += [f"{what} {count} 处" for what, count in counts.items() if count]
    if scores.reason_right is False:
        found.append(f"拒答理由是 {reply.reason}")
    return found
