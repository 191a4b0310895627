"""Two runs, question by question."""

from __future__ import annotations

from collections.abc import Sequence

from evals.case import Case, Frozen
from evals.run import Result
from evals.statistics import mcnemar


class Comparison(Frozen):
    """What changed from an old run to a new one, over the questions of both.

    Attributes:
        common: questions that both asked.
        reworded: ids whose case is not the same in both, so that a change may be the case's.
        only_old, only_new: ids that one run alone has.
        p: McNemar's exact two-sided p value.
    """

    common: int
    became_right: tuple[Case, ...]
    became_wrong: tuple[Case, ...]
    reworded: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    p: float

    def sentence(self) -> str:
        """The outcome in Chinese."""
        said = (
            f"与旧结果相比：共同 {self.common} 题，变对 {len(self.became_right)}，"
            f"变错 {len(self.became_wrong)}，McNemar 精确检验 p = {self.p:.3g}。"
        )
        if self.reworded:
            said += f"其中 {len(self.reworded)} 题的题目已改动。"
        if self.only_old or self.only_new:
            said += f"只在旧结果 {len(self.only_old)} 题，只在新结果 {len(self.only_new)} 题。"
        return said


def compare(old: Sequence[Result], new: Sequence[Result]) -> Comparison:
    """The changes from *old* to *new*."""
    before = {result.case.id: result for result in old}
    after = {result.case.id: result for result in new}
    common = [i for i in after if i in before]
    changed = [i for i in common if before[i].scores.correct is not after[i].scores.correct]
    right = tuple(after[i].case for i in changed if after[i].scores.correct)
    wrong = tuple(after[i].case for i in changed if not after[i].scores.correct)
    return Comparison(
        common=len(common),
        became_right=right,
        became_wrong=wrong,
        reworded=tuple(i for i in common if before[i].case != after[i].case),
        only_old=tuple(i for i in before if i not in after),
        only_new=tuple(i for i in after if i not in before),
        p=mcnemar(len(right), len(wrong)),
    )
