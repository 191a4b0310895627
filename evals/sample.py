"""Some of the cases instead of all, where a run takes too long: always the same ones."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from evals.case import Case


def sample(cases: Iterable[Case], count: int) -> list[Case]:
    """*count* of the cases, each kind with its share; all where there are no more.

    Which ones depends on their ids alone, so two runs over the same cases ask the same ones.
    """
    kinds: defaultdict[str, list[Case]] = defaultdict(list)
    for case in sorted(cases, key=_drawn):
        kinds[case.kind].append(case)
    places = [
        ((n + 0.5) / len(of_kind), _drawn(case), case)
        for of_kind in kinds.values()
        for n, case in enumerate(of_kind)
    ]
    chosen = [case for _, _, case in sorted(places, key=lambda place: place[:2])[:count]]
    return sorted(chosen, key=lambda case: case.id)


def _drawn(case: Case) -> str:
    """A number drawn for the case, the same every time; apart from what decides its part."""
    return hashlib.sha256(f"sample {case.id}".encode()).hexdigest()
