"""Nodes as processes, a load for them, and what must hold when the dust has settled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.clock import SystemClock
from engine.desk import Desk
from engine.errors import EngineError
from engine.history import TimerFired
from engine.replay import verify
from engine.shelf import Shelf
from engine.store import Store
from tests.proof.pack import set_up
from tests.proof.world import CARL, RITA

ROOT = Path(__file__).parents[2]
#: The lease of the nodes in seconds, and how long the work may take to go on after one is lost.
LEASE, RECOVERY = 1.0, 6.0


@dataclass
class Node:
    """A process that works on the queue."""

    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Without a word."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Let it stand still, as a machine that swaps or a virtual one that is moved."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on, not knowing that time has passed."""
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> int:
        """Ask it to stop; returns its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=60)


@dataclass
class Site:
    """A database, its nodes, and the office where complaints come in."""

    url: str
    outbox: Path
    nodes: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outbox.mkdir(parents=True, exist_ok=True)
        self.store = Store(self.url, clock=SystemClock())
        self.desk = Desk(self.store, SystemClock(), Shelf())
        self.cases: list[str] = []

    def start(self, *, offset: float = 0.0, lease: float = LEASE) -> Node:
        """Another node; its clock may be off by some seconds."""
        name = f"n{len(self.nodes)}"
        command = [sys.executable, "-m", "tests.proof.node", self.url, str(self.outbox), name, str(lease), str(offset)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        self.nodes.append(Node(process))
        return self.nodes[-1]

    def receive(self) -> str:
        """A complaint that has been looked into: a letter must go out."""
        case = self.desk.open_case("office", {"subject": "x", "loss": "1"}, RITA, channel="phone").case
        self.cases.append(case)
        self.desk.complete_task(case, "look-1", {"finding": "x"}, CARL)
        return case

    def order(self, number: int) -> None:
        """Jobs that cost nothing but their claim: reports of a pack that is not there."""
        due = SystemClock().now()
        with self.store.begin() as tx:
            for n in range(number):
                payload = {"pack": "none", "report": "daily", "first": "2026-01-05"}
                tx.enqueue("schedule", f"o-{due.timestamp()}-{n}", due, payload=payload)

    @property
    def idle(self) -> bool:
        """Whether nothing is due and nothing is being done."""
        with self.store.look() as reading:
            queue = reading.queue()
        return queue.ready == 0 and queue.leased == 0

    def settled(self, seconds: float) -> bool:
        """Wait until the queue is idle; whether it became so in time."""
        return until(lambda: self.idle, seconds)

    def faults(self) -> Iterator[str]:
        """What does not hold: a history that does not replay, a timer fired twice, a case that sticks, a letter lost."""
        delivered = Counter(self._delivered())
        shelf = self.desk.shelf
        with self.store.look() as reading:
            queue = reading.queue()
            if queue.parked:
                yield f"{queue.parked} jobs were given up: {reading.parked_jobs()[0].error}"
            for case in reading.every_case():
                head, records = reading.head(case), reading.history(case)
                verdict = verify(records, lambda d: shelf.release(d, reading), head.state)
                if not verdict.agrees:
                    yield f"{case}: {verdict.difference}"
                fired = Counter(r.event.timer for r in records if isinstance(r.event, TimerFired))
                if twice := [timer for timer, n in fired.items() if n > 1]:
                    yield f"{case}: fired twice: {twice}"
                done = Counter(r.event.errand for r in records if r.event.kind == "errand_done")  # type: ignore[attr-defined]
                if twice := [errand for errand, n in done.items() if n > 1]:
                    yield f"{case}: done twice: {twice}"
            for case in self.cases:
                if [t.element for t in reading.tasks(case)] != ["approve"]:
                    yield f"{case} sticks at {[t.task for t in reading.tasks(case)]}"
                if not delivered[f"{case}/letter-1"]:
                    yield f"{case}: its letter was lost"

    def twice(self) -> list[str]:
        """Letters that left the house more than once, under the same key: the receiver can tell."""
        return [key for key, n in Counter(self._delivered()).items() if n > 1]

    def _delivered(self) -> list[str]:
        log = self.outbox / "delivered.log"
        return log.read_text("utf-8").splitlines() if log.exists() else []


@contextmanager
def site(url: str, outbox: Path) -> Iterator[Site]:
    """The office opens; at the end every process it started is gone."""
    found = Site(url, outbox)
    try:
        set_up(found.store)
        yield found
    finally:
        for node in found.nodes:
            if node.process.poll() is None:
                node.thaw()
                node.kill()
        found.store.close()


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait for something; whether it came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return True
        except EngineError:
            pass  # the database is away: that is what may be tried
        time.sleep(0.02)
    return False


def patient(act: Callable[[], object], tries: int = 200) -> None:
    """Do something over and over while the database is away, as a person would."""
    for _ in range(tries):
        try:
            act()
            return
        except EngineError:
            time.sleep(0.05)
    raise AssertionError("the database stayed away")



__all__ = ["LEASE", "Node", "Site", "patient", "site", "until"]
