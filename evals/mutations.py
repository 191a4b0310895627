"""How well changed rules are caught and honest ones let through: ``python -m evals.mutations``.

The rules are the stretches that answers to the cases for tuning must cite, and sentences of a
folder of laws (left out, with a word, where there is none). Each is changed in every way of
`evals/mutants.py` and reworded in every way of `evals/rewrites.py`. The texts are parted in two by
hash: what was looked at while the check was written (``dev``), and what is reported (``report``).

    python -m evals.mutations [--part dev] [--laws FOLDER] [--show KIND]
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time

from assistant.clauses import read
from assistant.fidelity import faithful
from evals import mutants, rewrites
from evals.case import load, shipped_files
from evals.registers import LAWS, laws
from index.units import sentences

#: Sentences taken of each law.
_OF_EACH = 12
_SHORTEST, _LONGEST = 8, 200
_SEED = 20261122
_STOPS = "。；！？：，、 \n"


@dataclass
class Tally:
    """What became of the sentences of one kind.

    Args:
        tried, faithful: how many, and how many of them were let through.
        shown: some that were judged wrongly, with what they were made of.
    """

    tried: int = 0
    faithful: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Outcome:
    """The tallies by kind, and the processor time of every check in µs."""

    changed: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    honest: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    times: list[float] = field(default_factory=list)

    def judge(self, text: str, quotes: Sequence[str], asked: str = "") -> bool:
        """Whether the check lets *text* through; notes how long it took."""
        started = thread_time()
        passed = faithful(text, quotes, asked)
        self.times.append((thread_time() - started) * 1e6)
        return passed


def texts(folder: Path) -> list[str]:
    """The rules to change, each once: of the cases, then of the laws."""
    cases = [case for case in load(shipped_files()) if case.part == "tune"]
    found = [gold.text for case in cases for gold in case.gold]
    if folder.is_dir():
        found += _of_laws(folder)
    else:
        print(f"{folder} 不存在，只用题目引用的原文。")
    bare = (text.strip(_STOPS) for text in found)
    return [t for t in dict.fromkeys(bare) if _SHORTEST <= len(t) <= _LONGEST]


def _of_laws(folder: Path) -> Iterator[str]:
    chance = random.Random(_SEED)
    for document in laws(folder):
        units = [u.text for p in document.by_id.values() for u in sentences(p) if len(u.text) > 1]
        yield from chance.sample(units, min(_OF_EACH, len(units)))


def part_of(text: str) -> str:
    """dev or report, by the hash of the text."""
    return "report" if hashlib.sha256(text.encode()).digest()[0] % 2 else "dev"


def measure(rules: Sequence[str]) -> Outcome:
    """Every rule changed and reworded in every way."""
    outcome, chance = Outcome(), random.Random(_SEED)
    for at, text in enumerate(rules):
        other = rules[(at * 7 + 3) % len(rules)]
        if other != text:
            _changed(text, other, chance, outcome)
            _reworded(text, other, chance, outcome)
    return outcome


def _changed(text: str, other: str, chance: random.Random, outcome: Outcome) -> None:
    for kind, make in mutants.KINDS.items():
        quotes = (text, other) if kind in mutants.QUOTES_BOTH else (text,)
        for mutant in make(text, other, chance):
            if read(mutant).words == read(text).words and kind in mutants.WORDS_CHANGE:
                continue
            tally = outcome.changed[kind]
            tally.tried += 1
            if outcome.judge(mutant + "。", quotes):
                tally.faithful += 1
                tally.shown.append((mutant, text))


def _reworded(text: str, other: str, chance: random.Random, outcome: Outcome) -> None:
    for kind, make in rewrites.KINDS.items():
        quotes = (text, other) if kind in rewrites.QUOTES_BOTH else (text,)
        for rewrite in make(text, other, chance):
            tally = outcome.honest[kind]
            tally.tried += 1
            if outcome.judge(rewrite.text, quotes, rewrite.asked):
                tally.faithful += 1
            else:
                tally.shown.append((rewrite.text, text))


def _print(outcome: Outcome, show: str) -> None:
    print(f"\n{'changed':24}{'tried':>8}{'caught':>8}{'share':>10}")
    for kind, tally in outcome.changed.items():
        _row(kind, tally.tried, tally.tried - tally.faithful)
    _row("all", *_sums(outcome.changed, caught=True))
    print(f"\n{'honest':24}{'tried':>8}{'passed':>8}{'share':>10}")
    for kind, tally in outcome.honest.items():
        _row(kind, tally.tried, tally.faithful)
    _row("all", *_sums(outcome.honest, caught=False))
    times = sorted(outcome.times)
    marks = ", ".join(f"p{p} {times[len(times) * p // 100]:.0f}" for p in (50, 95, 99))
    print(f"\nµs of processor time a check: {marks}, longest {times[-1]:.0f}")
    for said, quoted in {**outcome.changed, **outcome.honest}.get(show, Tally()).shown[:25]:
        print(f"\n  said   {said}\n  quoted {quoted}")


def _row(kind: str, tried: int, good: int) -> None:
    print(f"{kind:24}{tried:8}{good:8}{good / tried if tried else 1:10.2%}")


def _sums(tallies: dict[str, Tally], *, caught: bool) -> tuple[int, int]:
    total: Counter[str] = Counter()
    for tally in tallies.values():
        total["tried"] += tally.tried
        total["good"] += tally.tried - tally.faithful if caught else tally.faithful
    return total["tried"], total["good"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints both tables; 1 where a change of the worst kinds got through."""
    parser = argparse.ArgumentParser(prog="python -m evals.mutations")
    parser.add_argument("--part", choices=("dev", "report"), default="report")
    parser.add_argument("--laws", type=Path, default=LAWS)
    parser.add_argument("--show", default="", help="a kind whose wrong verdicts are printed")
    options = parser.parse_args(arguments)
    rules = [text for text in texts(options.laws) if part_of(text) == options.part]
    outcome = measure(rules)
    print(f"{len(rules)} rules, part {options.part}")
    _print(outcome, options.show)
    return 1 if any(outcome.changed[kind].faithful for kind in mutants.DEADLY) else 0


if __name__ == "__main__":
    sys.exit(main())
