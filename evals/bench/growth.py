"""What each form costs as the collection grows: built and asked in a process of its own.

So what it holds is its own, and one that breaks takes nothing with it. The encoder's time for a
question, which does not grow, is left out.
"""

from __future__ import annotations

import multiprocessing
import resource
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time

from pydantic import BaseModel, ConfigDict

from evals.bench.cost import measured, on_disk
from evals.bench.forms import FORMS, Exhausted, Form, Limits, Questions, Task
from evals.bench.material import Say
from evals.bench.recombined import Source
from evals.statistics import percentile

_MIB = 2**20
_WARM = 10


class Point(BaseModel):
    """One form at one size.

    Attributes:
        form, size: what was measured.
        seconds: to build it; for what reads other forms, the sum of theirs.
        making: the most memory that building took, MiB.
        held: the most memory that opening and asking took, MiB.
        mapped: of it, files read in place, which the system may take back, MiB.
        disk: its size, MiB.
        p50, p95: milliseconds a question.
        computed: median milliseconds of processor time of a question.
        broke: why it did not carry that far; empty where it did.
    """

    model_config = ConfigDict(frozen=True)

    form: str
    size: int
    seconds: float = 0.0
    making: float = 0.0
    held: float = 0.0
    mapped: float = 0.0
    disk: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    computed: float = 0.0
    broke: str = ""


def grow(
    source: Source,
    questions: Questions,
    sizes: Sequence[int],
    limits: Limits,
    work: Path,
    say: Say = print,
    forms: Sequence[Form] = FORMS,
) -> Iterator[Point]:
    """Each form at each size; one that broke is not tried at larger ones."""
    source.save(work)
    questions.save(work)
    broken: dict[str, str] = {}
    for size in sorted(sizes):
        folder = work / f"{size}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        done: dict[str, Point] = {}
        for form in forms:
            point = _tried(form, size, limits, work, broken, done)
            if point.broke:
                broken.setdefault(form.name, f"at {size:,}: {point.broke}")
                shutil.rmtree(folder / (form.folder or "none"), ignore_errors=True)
            elif form.folder:
                done[form.folder] = point
            say(f"  {_line(point)}")
            yield point
        shutil.rmtree(folder, ignore_errors=True)


def _tried(
    form: Form,
    size: int,
    limits: Limits,
    work: Path,
    broken: dict[str, str],
    done: dict[str, Point],
) -> Point:
    missing = [name for name in form.needs if name not in done]
    if missing:
        return Point(form=form.name, size=size, broke=f"lacks {', '.join(missing)}")
    if form.name in broken:
        return Point(form=form.name, size=size, broke=f"not tried; broke {broken[form.name]}")
    point = _in_own_process(form, size, limits, work)
    parts = [done[name] for name in form.needs]
    return point.model_copy(
        update={
            "seconds": point.seconds + sum(part.seconds for part in parts),
            "making": max([point.making, *(part.making for part in parts)]),
            "disk": point.disk + sum(part.disk for part in parts),
        }
    )


def _in_own_process(form: Form, size: int, limits: Limits, work: Path) -> Point:
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    arguments = (sending, FORMS.index(form), size, limits, work)
    process = context.Process(target=_measure, args=arguments)
    process.start()
    sending.close()
    answer: Point | None = None
    with suppress(EOFError):
        answer = receiving.recv()
    process.join()
    if answer is None:
        why = f"its process was ended by signal {-(process.exitcode or 0)}, most likely for memory"
        return Point(form=form.name, size=size, broke=why)
    return answer


def _measure(sending: Connection, number: int, size: int, limits: Limits, work: Path) -> None:
    form = FORMS[number]
    try:
        point = _point(form, size, limits, work)
    except Exhausted as reason:
        point = Point(form=form.name, size=size, broke=str(reason))
    except MemoryError:
        why = f"needs more than the {limits.memory:,.0f} MiB of memory that are allowed"
        point = Point(form=form.name, size=size, broke=why)
    sending.send(point)


def _point(form: Form, size: int, limits: Limits, work: Path) -> Point:
    source, questions = Source.open(work), Questions.open(work)
    _limit_memory(limits.memory)
    started = perf_counter()
    folder = work / f"{size}"
    task = Task(source, folder, size, limits, lambda: perf_counter() - started)
    with measured() as making:
        form.build(task)
    times, computed = [], []
    with measured() as held:
        ask = form.open(task, questions)
        for text in questions.texts[:_WARM]:
            ask(text)
        for text in questions.texts:
            began, computing = perf_counter(), process_time()
            ask(text)
            times.append((perf_counter() - began) * 1000)
            computed.append((process_time() - computing) * 1000)
    return Point(
        form=form.name,
        size=size,
        seconds=making.seconds if form.folder else 0.0,
        making=making.grown,
        held=held.grown,
        mapped=held.mapped,
        disk=on_disk(folder / form.folder) if form.folder else 0.0,
        p50=percentile(times, 50) or 0.0,
        p95=percentile(times, 95) or 0.0,
        computed=percentile(computed, 50) or 0.0,
    )


def _limit_memory(allowed: float) -> None:
    """Let a build fail rather than take the memory of others; mapped files do not count."""
    with suppress(OSError, ValueError):
        held = next(
            int(line.split()[1]) * 1024
            for line in Path("/proc/self/status").read_text().splitlines()
            if line.startswith("VmData:")
        )
        most = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (held + int(allowed * _MIB), most))


def _line(point: Point) -> str:
    if point.broke:
        return f"{point.size:>9,} {point.form}: {point.broke}"
    return (
        f"{point.size:>9,} {point.form}: built in {point.seconds:,.1f} s, {point.disk:,.0f} MiB, "
        f"p50 {point.p50:.1f} ms, p95 {point.p95:.1f} ms, holds {point.held:,.0f} MiB"
    )
