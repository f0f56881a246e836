"""A node as a process of its own: an executor on a database, with a clock of its machine that may be set while it runs.

`python -m tests.proof.node URL OUTBOX NAME LEASE_SECONDS CLOCK_OFFSET_SECONDS`; says "ready", then pokes until it is
told to stop (SIGTERM: gracefully) or dies. A number on a line of its standard input sets the clock: so many seconds
fast. The whole process sees it, the library that wakes it, too.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import apscheduler.schedulers.base
import apscheduler.triggers.interval

from engine.clock import SystemClock
from engine.desk import Desk
from engine.errors import EngineError
from engine.shelf import Shelf
from engine.store import Store
from engine.timekeeper import Executor, FolderPost, Letter, Waker


class WrongClock(SystemClock):
    """A machine's clock that is off by so much."""

    def __init__(self, offset: float) -> None:
        self.set_by(offset)

    def set_by(self, offset: float) -> None:
        """From now on it is so many seconds fast."""
        self.offset = offset

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.offset)


class CountingPost(FolderPost):
    """Notes every delivery on a line of its own, so that a second one can be told."""

    def deliver(self, letter: Letter) -> None:
        super().deliver(letter)
        with (self._folder / "delivered.log").open("a", encoding="utf-8") as log:
            log.write(f"{letter.key}\n")


def wake_by(clock: WrongClock) -> None:
    """Let the library that wakes this process see the same machine's clock as we do; it has no other way in."""

    class Seen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now().astimezone(tz)

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        module.datetime = Seen  # type: ignore[attr-defined]


def _set(clock: WrongClock) -> None:
    for line in sys.stdin:
        clock.set_by(float(line))


def main(url: str, outbox: str, name: str, lease: str, offset: str) -> None:
    """Work until told to stop."""
    # What a node says while its database is taken away is no news here.
    logging.disable(logging.CRITICAL)
    clock = WrongClock(float(offset))
    wake_by(clock)
    threading.Thread(target=_set, args=(clock,), daemon=True).start()
    store = Store(url, clock=clock, patience=5)
    store.become_node(name, version="proof")
    executor = Executor(
        store, Desk(store, clock, Shelf()), clock, node=name, post=CountingPost(Path(outbox)),
        lease=timedelta(seconds=float(lease)),
    )  # fmt: skip
    waker = Waker(executor.poke, every=0.05, rest=executor.rest, renew=executor.renew, renew_every=float(lease) / 3)
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    waker.start()
    print("ready", flush=True)
    while not stopping:
        time.sleep(0.02)
    try:
        executor.stop()
    except EngineError as error:
        print(error, file=sys.stderr)
    waker.stop()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
