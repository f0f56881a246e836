"""How the bench measures: CPU of this thread's work, of another process, and the best of several rounds."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def cpu_ms(work: Callable[[], object], times: int, rounds: int = 3) -> float:
    """CPU milliseconds of one call: the best of some rounds, since a shared machine only ever adds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - begin) * 1000 / times)
    return best


def process_cpu_s(pid: int) -> float:
    """CPU seconds another process has used so far."""
    parts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def machine_cpu_s() -> float:
    """CPU seconds all processes of the machine have used so far, on all of its cores."""
    words = Path("/proc/stat").read_text(encoding="utf-8").partition("\n")[0].split()[1:]
    user, nice, system, _, _, irq, softirq = map(int, words[:7])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory another process holds, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all do not exceed."""
    return statistics.quantiles(sorted(values), n=100)[round(share * 100) - 1] if len(values) > 1 else values[0]
