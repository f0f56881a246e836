"""What the executor counts about itself, for whoever watches over it. Plain numbers; it knows no library."""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import timedelta

#: Upper edges of the buckets of lateness, in seconds; beyond the last is one more.
EDGES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0, 86400.0)
#: Upper edges of the buckets of tries a job took.
TRIES = (1.0, 2.0, 3.0, 5.0, 8.0)


@dataclass
class Histogram:
    """How often values fell between edges."""

    edges: tuple[float, ...]
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.edges) + 1)

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.edges, value)] += 1
        self.total += value

    @property
    def number(self) -> int:
        """How many values were counted."""
        return sum(self.counts)

    def up_to(self) -> list[tuple[float, int]]:
        """For each edge, how many values were not greater."""
        seen, rows = 0, []
        for edge, count in zip(self.edges, self.counts, strict=False):
            seen += count
            rows.append((edge, seen))
        return rows


class Measures:
    """Counters of one executor since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.done = self.failed = self.given_up = 0
        #: Jobs reached for and not got; tries whose proof failed; leases of others that had run out.
        self.claims_wasted = self.fence_rejected = self.leases_expired = 0
        self.lateness = Histogram(EDGES)
        self.attempts = Histogram(TRIES)

    def count(self, **more: int) -> None:
        """Add to counters."""
        with self._lock:
            for name, number in more.items():
                setattr(self, name, getattr(self, name) + number)

    def finished(self, *, late: timedelta, attempts: int) -> None:
        """A job was done, so late, with so many tries."""
        with self._lock:
            self.done += 1
            self.lateness.add(max(late.total_seconds(), 0.0))
            self.attempts.add(attempts)
