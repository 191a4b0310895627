"""The cases: questions with the stretches of text that answer them, one JSON object a line.

A gold span is a stretch of a document's text, not an id, so that a case outlives a change of the
parser. Cases for tuning and cases for reporting are told apart by the hash of their id; a file
that was ever tuned on says so with ``"split": "tune"`` and never reports.

    python -m evals.case evals/cases/*.jsonl      checks every span against the edition
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.models import Reason, Status, Turn
from evals.spans import Text
from index.edition import SHIPPED, read_edition
from index.errors import AnzeError

Split = Literal["tune", "report"]
CASES = Path(__file__).parent / "cases"
#: Files that are run only when named: questions to time, cases on laws that are not shipped, and
#: attacks, which are scored in their own way.
_NOT_BY_DEFAULT = frozenset(
    {"attacks.jsonl", "latency.jsonl", "train-laws.jsonl", "unseen-laws.jsonl"}
)


class Frozen(BaseModel):
    """A frozen model that rejects keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Frozen):
    """A stretch of a document's text.

    Attributes:
        document: the document's id.
        text: the exact words; line breaks within are written as ``\\n``.
        provision: the id of a provision that holds the stretch, where the words stand more than
            once in the document.
    """

    document: str
    text: str = Field(min_length=2)
    provision: str | None = None


class Gold(Place):
    """A stretch that the answer must cite, or one of the others that say the same."""

    alternatives: tuple[Place, ...] = ()


class Case(Frozen):
    """One question and what is right for it.

    Attributes:
        kind: what is asked for (period, condition, frequency, who, duty_list …).
        style: how it is typed (plain, colloquial, slip, traditional, pinyin, english, keyword).
        role: the asker's office.
        gold: stretches that must be cited, each.
        allowed: stretches that may be cited without harm.
        facts: each a tuple of alternatives; the answer must contain one of each.
        absent: words that the answer must not contain.
        reasons: the reasons of refusal that are right; empty means any.
        checked: whether a person has looked at it; what is made of feedback begins unchecked, and
            nothing is measured or trained by it until somebody takes the mark away.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: str
    style: str = "plain"
    question: str
    history: tuple[Turn, ...] = ()
    jurisdiction: str | None = None
    role: str | None = None
    as_of: date | None = None
    status: Status = Status.ANSWERED
    reasons: tuple[Reason, ...] = ()
    gold: tuple[Gold, ...] = ()
    allowed: tuple[Place, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    absent: tuple[str, ...] = ()
    note: str = ""
    split: Split | None = None
    checked: bool = True

    @property
    def part(self) -> Split:
        """Where the case counts: as written, or by the hash of its id (one half each)."""
        if self.split:
            return self.split
        return "tune" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "report"

    @property
    def places(self) -> tuple[Place, ...]:
        """Every stretch that may be cited: gold, its alternatives, allowed."""
        others = (place for gold in self.gold for place in gold.alternatives)
        return (*self.gold, *others, *self.allowed)


class BadCase(AnzeError):
    """A case that cannot be used; the message names file and line."""


def shipped_files() -> list[Path]:
    """The case files on the shipped edition, by name."""
    return [path for path in sorted(CASES.glob("*.jsonl")) if path.name not in _NOT_BY_DEFAULT]


def load(paths: Iterable[Path]) -> list[Case]:
    """The cases of some files, in order.

    Raises:
        BadCase: a line that is not a case, or an id used twice.
    """
    cases: dict[str, Case] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                case = Case.model_validate(json.loads(line))
            except (ValidationError, json.JSONDecodeError) as error:
                raise BadCase(f"{path.name} 第 {number} 行不是题目：{_fault(error)}") from error
            if case.id in cases:
                raise BadCase(f"{path.name} 第 {number} 行：编号 {case.id} 用了两次。")
            cases[case.id] = case
    return list(cases.values())


def _fault(error: ValidationError | json.JSONDecodeError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"不是 JSON（{error}）"
    return "；".join(
        f"{'.'.join(map(str, fault['loc']))}：{fault['msg']}" for fault in error.errors()
    )


def span(place: Place, documents: Mapping[str, Text]) -> tuple[int, int] | None:
    """The stretch's offsets in its document's text, or None where it does not stand there.

    Args:
        place: the stretch; the first match counts, within its provision where one is named.
        documents: by id.
    """
    document = documents.get(place.document)
    if document is None:
        return None
    start, end = 0, len(document.text)
    if place.provision is not None:
        provision = document.by_id.get(place.provision)
        if provision is None:
            return None
        start, end = provision.start, provision.end
    found = document.text.find(place.text, start, end)
    return (found, found + len(place.text)) if found >= 0 else None


def problems(case: Case, documents: Mapping[str, Text]) -> list[str]:
    """What is wrong with a case, in words; empty where it can be used."""
    found = []
    for place in case.places:
        if span(place, documents) is None:
            found.append(f"not in {place.provision or place.document}: {place.text[:40]}")
    if (case.status is Status.ANSWERED) != bool(case.gold):
        found.append("an answered case needs gold spans, a refused one has none")
    said = "".join(place.text for place in case.places)
    for fact in case.facts:
        is_verbatim = case.kind in _VERBATIM and not _STANDING & set(fact)
        if is_verbatim and not any(word in said for word in fact):
            found.append(f"no gold span holds the fact {fact}")
    return found


#: Kinds whose facts stand word for word in the gold spans; sums and verdicts do not.
_VERBATIM = frozenset({"period", "condition", "frequency", "who", "duty_list", "procedure", "fact"})
#: Facts that say what a text is worth stand in the answer, not in the text.
_STANDING = frozenset({"征求意见", "过期", "失效", "到期", "媒体报道", "媒体", "报道", "2017"})


def main(paths: list[str]) -> int:
    """Checks files of cases against the shipped edition and any folder given with them."""
    folders = [SHIPPED, *(Path(path) for path in paths if Path(path).is_dir())]
    documents = {d.id: d for folder in folders for d in read_edition(folder)}
    try:
        cases = load(Path(path) for path in paths if not Path(path).is_dir())
    except BadCase as error:
        print(error)
        return 1
    wrong = 0
    for case in cases:
        for problem in problems(case, documents):
            wrong += 1
            print(f"{case.id}: {problem}")
    print(f"{len(cases)} cases, {wrong} problems; parts: {Counter(c.part for c in cases)}")
    print(f"kinds: {Counter(c.kind for c in cases)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
