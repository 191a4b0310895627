"""What a language model had to do with the answers of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import mean

from evals.case import Frozen
from evals.run import Result
from evals.served import ModelTrace
from evals.statistics import percentile


class Written(Frozen):
    """The figures over the questions for which a model was asked.

    Attributes:
        asked: how many these are.
        shown: answers with at least one of its sentences.
        used, replaced, dropped: sentences shown; pieces of evidence given in the regulation's
            words instead; sentences that did not stand.
        tokens_in, tokens_out: the mean of a question, where the endpoint counts them.
        p50, p95: milliseconds spent on the model.
        faults: how often which.
    """

    models: tuple[str, ...]
    prompts: tuple[str, ...]
    asked: int
    shown: int
    used: int
    replaced: int
    dropped: int
    tokens_in: float | None
    tokens_out: float | None
    p50: float | None
    p95: float | None
    faults: dict[str, int]

    def sentence(self) -> str:
        """The same in Chinese."""
        faults = "，".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return (
            f"语言模型 {'、'.join(self.models)}（提示词 {'、'.join(self.prompts)}）："
            f"问了 {self.asked} 题，其中 {self.shown} 题的回答有它写的句子。"
            f"采用 {self.used} 句，没有通过核对 {self.dropped} 句，改用原文 {self.replaced} 句。"
            f"每题读入 {_number(self.tokens_in)}、写出 {_number(self.tokens_out)} 个词元，"
            f"用时 p50 {_number(self.p50)} ms、p95 {_number(self.p95)} ms。"
            f"故障：{faults or '无'}。"
        )


def written(results: Sequence[Result]) -> Written | None:
    """The figures over *results*; None where no model was asked."""
    replies = [result.reply for result in results]
    traces = [reply.trace for reply in replies if reply.trace]
    if not traces:
        return None
    times = [r.timings_ms["model"] for r in replies if r.trace and "model" in r.timings_ms]
    return Written(
        models=tuple(sorted({trace.model for trace in traces})),
        prompts=tuple(sorted({digest for trace in traces for digest in _digests(trace)})),
        asked=len(traces),
        shown=sum(trace.used > 0 for trace in traces),
        used=sum(trace.used for trace in traces),
        replaced=sum(trace.replaced for trace in traces),
        dropped=sum(trace.dropped for trace in traces),
        tokens_in=_mean([t.tokens_in for t in traces if t.tokens_in is not None]),
        tokens_out=_mean([t.tokens_out for t in traces if t.tokens_out is not None]),
        p50=percentile(times, 50),
        p95=percentile(times, 95),
        faults=dict(Counter(trace.fault for trace in traces if trace.fault)),
    )


def _digests(trace: ModelTrace) -> tuple[str, ...]:
    return (*filter(None, (trace.prompt,)), *trace.prompts.values())


def _mean(values: Sequence[int]) -> float | None:
    return round(mean(values), 1) if values else None


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"
