"""A run: cases asked, replies scored, everything in one file that needs nothing else to be read."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from pydantic import ValidationError

from evals.asker import Asker
from evals.case import Case, Frozen, Split, span
from evals.score import Passage, Scores, cited_passages, expected_passages, score
from evals.served import Documents, Reply
from index.errors import AnzeError


class BadRun(AnzeError):
    """A file that holds no run."""


class Result(Frozen):
    """One case, what was said to it, and what that is worth.

    Attributes:
        milliseconds: from asking to the reply, measured from outside.
        expected, cited: gold and citations, cut where they differ.
    """

    case: Case
    reply: Reply
    milliseconds: float
    scores: Scores
    expected: tuple[Passage, ...]
    cited: tuple[Passage, ...]

    @property
    def part(self) -> Split:
        """Where the case counts."""
        return self.case.part


class Skipped(Frozen):
    """A case that could not be asked, and why."""

    id: str
    why: str


class Run(Frozen):
    """Results and where they come from; nothing in it names a machine or a folder."""

    started: datetime
    commit: str | None
    way: str
    index_version: str
    cases_sha256: str
    seconds: float
    results: tuple[Result, ...]
    skipped: tuple[Skipped, ...] = ()


def usable(cases: Iterable[Case], documents: Documents) -> tuple[list[Case], list[Skipped]]:
    """The cases whose stretches stand in the served documents, and the others with the reason."""
    kept, skipped = [], []
    for case in cases:
        why = _unusable(case, documents)
        if why:
            skipped.append(Skipped(id=case.id, why=why))
        else:
            kept.append(case)
    return kept, skipped


def _unusable(case: Case, documents: Documents) -> str:
    if not case.checked:
        return '还没有人核对（核对后删去题目里的 "checked":false）'
    absent = next((p.document for p in case.places if p.document not in documents), None)
    if absent:
        return f"没有收录 {absent}"
    lost = next((p for p in case.places if span(p, documents) is None), None)
    return f"{lost.document} 里没有这段文字：{lost.text[:30]}" if lost else ""


def run(
    cases: Sequence[Case],
    asker: Asker,
    workers: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> Run:
    """Ask every case and score the replies.

    Args:
        workers: how many questions are under way at a time; more than one blurs the timings.
        progress: called after each case.
    """
    started = datetime.now(UTC)
    clock = perf_counter()
    documents = asker.documents()
    kept, skipped = usable(cases, documents)

    def one(case: Case) -> Result:
        result = ask_one(case, asker, documents, started.date())
        progress()
        return result

    with ThreadPoolExecutor(max_workers=workers) as pool:
        results = tuple(pool.map(one, kept))
    return Run(
        started=started,
        commit=git_commit(),
        way=asker.way,
        index_version=next((r.reply.index_version for r in results if not r.reply.fault), ""),
        cases_sha256=digest(kept),
        seconds=round(perf_counter() - clock, 3),
        results=results,
        skipped=tuple(skipped),
    )


def ask_one(case: Case, asker: Asker, documents: Documents, today: date) -> Result:
    """One case asked, timed and scored."""
    before = perf_counter()
    reply = asker.ask(case)
    milliseconds = (perf_counter() - before) * 1000
    if reply.confidence is None:
        reply = reply.model_copy(update={"confidence": asker.confidence(case)})
    return Result(
        case=case,
        reply=reply,
        milliseconds=round(milliseconds, 1),
        scores=score(case, reply, documents, today),
        expected=expected_passages(case, reply, documents),
        cited=cited_passages(case, reply, documents),
    )


def digest(cases: Iterable[Case]) -> str:
    """A hash of the cases, whatever their order."""
    lines = sorted(case.model_dump_json(exclude={"checked"}) for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def git_commit() -> str | None:
    """The commit that is checked out, with + where the tree differs from it; None without git."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return head and head + ("+" if _git("status", "--porcelain", "-uno") else "")


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def write_run(run: Run, path: Path) -> None:
    """The run as one JSON file."""
    path.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_run(path: Path) -> Run:
    """The run in a file that `write_run` wrote.

    Raises:
        BadRun: it holds something else.
    """
    try:
        return Run.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise BadRun(f"{path.name} 不是一次评测的结果（anze eval --json 写的文件）。") from error
