"""What something costs: time, memory above what the process held before, bytes on disk."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

_STATUS = Path("/proc/self/status")


@dataclass
class Cost:
    """Filled when the measuring ends.

    Args:
        seconds: wall time.
        computed: seconds of processor time, of this process.
        grown: the most memory held meanwhile beyond that before, MiB.
        peak: the most memory that the process held meanwhile, MiB.
        mapped: of what it holds in the end beyond that before, what is files read in place, MiB;
            the system takes it back where memory is wanted elsewhere.
    """

    seconds: float = 0.0
    computed: float = 0.0
    grown: float = 0.0
    peak: float = 0.0
    mapped: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what happens inside; Linux tells the peak of a stretch, others only the highest."""
    cost = Cost()
    _forget_peak()
    before, mapped = resident(), _status("RssFile", 0)
    started, computing = perf_counter(), process_time()
    yield cost
    cost.seconds = perf_counter() - started
    cost.computed = process_time() - computing
    cost.peak = peak_resident()
    cost.mapped = max(0.0, _status("RssFile", 0) - mapped)
    cost.grown = max(0.0, cost.peak - before)


def resident() -> float:
    """What the process holds in memory now, MiB; mapped files that were read count."""
    return _status("VmRSS")


def peak_resident() -> float:
    """The most that it held since the last `measured` began, MiB."""
    return _status("VmHWM")


def _status(name: str, otherwise: float | None = None) -> float:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    if otherwise is not None:
        return otherwise
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _forget_peak() -> None:
    """Give free memory back, so that it does not hide what comes next, and reset the peak."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def on_disk(path: Path) -> float:
    """The size of a file or of all files in a folder, MiB."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


def load() -> float:
    """How many processes want the processors, mean of the last minute."""
    return os.getloadavg()[0]
