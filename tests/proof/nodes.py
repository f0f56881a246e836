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
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from engine.almanac import Almanac
from engine.clock import SystemClock
from engine.desk import Desk
from engine.errors import EngineError
from engine.history import TimerFired
from engine.replay import verify
from engine.shelf import Shelf
from engine.store import Store, StoreTrouble
from tests.desk.office import SHARED
from tests.proof.node import WrongClock
from tests.proof.pack import set_up
from tests.proof.world import CARL, HANA, OLGA, OMAR, RITA

T = TypeVar("T")
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

    def set_clock(self, offset: float) -> None:
        """Set the clock of its machine, while it runs: so many seconds fast from now on."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{offset}\n".encode())
        self.process.stdin.flush()

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
        #: The clock of the machine at which complaints come in.
        self.clock = WrongClock(0)
        self.store = Store(self.url, clock=self.clock)
        self.desk = Desk(self.store, self.clock, Shelf())
        self.cases: list[str] = []
        #: Case -> (number of events, hash of the last), as it was last acknowledged.
        self.acknowledged: dict[str, tuple[int, str]] = {}
        self._received = 0
        Almanac(self.store, self.clock, self.desk.shelf).bootstrap(SHARED / "calendars")

    def start(self, *, offset: float = 0.0, lease: float = LEASE) -> Node:
        """Another node; its clock may be off by some seconds."""
        name = f"n{len(self.nodes)}"
        command = [sys.executable, "-m", "tests.proof.node", self.url, str(self.outbox), name, str(lease), str(offset)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        self.nodes.append(Node(process))
        return self.nodes[-1]

    def receive(self) -> str:
        """A complaint that has been looked into: a letter must go out."""
        self._received += 1
        said, key = {"subject": "x", "loss": "1"}, f"receive-{self._received}"
        case = patient(lambda: self.desk.open_case("office", said, RITA, channel="phone", idempotency=key)).case
        self.cases.append(case)
        done = patient(
            lambda: self.desk.complete_task(case, "look-1", {"finding": "x"}, CARL, idempotency=f"look-{case}")
        )
        self.acknowledged[case] = (done.seq, done.head.hash)
        return case

    def wait(self) -> str:
        """A complaint that nobody looks into: timers wait for it, the first in an hour."""
        done = self.desk.open_case("office", {"subject": "w", "loss": "1"}, RITA, channel="phone")
        self.acknowledged[done.case] = (done.seq, done.head.hash)
        return done.case

    def approve(self, case: str) -> None:
        """The last step of a case: it is closed."""
        done = self.desk.complete_task(case, "approve-1", {"approved": True}, HANA, idempotency=f"a-{case}")
        self.cases.remove(case)
        self.acknowledged[case] = (done.seq, done.head.hash)

    def move_calendar(self, number: int) -> bool:
        """A holiday more, by two people, with all running cases counted anew; False where it was refused."""
        almanac = Almanac(self.store, self.clock, self.desk.shelf)
        day = date(2030, 1, 1) + timedelta(days=number)
        extended = f'name = "cn"\nextends = "cn"\n[[company]]\nfrom = {day.isoformat()}\nzh = "放假"\n'
        try:
            row = almanac.propose(extended.encode(), OLGA)
            almanac.publish("cn", row.version, "announced", OMAR, replan=True)
        except EngineError:
            return False  # or it is in force, and nobody heard
        return True

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
                seq, hash_ = self.acknowledged.get(case, (1, records[0].hash))
                if len(records) < seq or records[seq - 1].hash != hash_:
                    yield f"{case}: event {seq} was acknowledged and is not there"
                done = Counter(r.event.errand for r in records if r.event.kind == "errand_done")  # type: ignore[attr-defined]
                if twice := [errand for errand, n in done.items() if n > 1]:
                    yield f"{case}: done twice: {twice}"
            for case in self.acknowledged.keys() - set(reading.every_case()):
                yield f"{case}: was acknowledged and is not there"
            for case in self.cases:
                if [t.element for t in reading.tasks(case)] != ["approve"]:
                    yield f"{case} sticks at {[t.task for t in reading.tasks(case)]}"
                if not delivered[f"{case}/letter-1"]:
                    yield f"{case}: its letter was lost"

    def twice(self) -> list[str]:
        """Letters that left the house more than once, under the same key: the receiver can tell."""
        return [key for key, n in Counter(self._delivered()).items() if n > 1]

    @property
    def letters(self) -> int:
        """How many letters left the house."""
        return len(self._delivered())

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


def patient(act: Callable[[], T], tries: int = 600) -> T:
    """Do something over and over while the database is away, as a person would."""
    for _ in range(tries):
        try:
            return act()
        except StoreTrouble:
            time.sleep(0.05)
    raise AssertionError("the database stayed away")


__all__ = ["LEASE", "Node", "Site", "patient", "site", "until"]
