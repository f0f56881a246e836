"""A node as a process of its own: an executor on a database, with a real clock that may be set wrong.

`python -m tests.proof.node URL OUTBOX NAME LEASE_SECONDS CLOCK_OFFSET_SECONDS`; says "ready", then pokes until it is
told to stop (SIGTERM: gracefully) or dies.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from engine.clock import SystemClock
from engine.desk import Desk
from engine.errors import EngineError
from engine.shelf import Shelf
from engine.store import Store
from engine.timekeeper import Executor, FolderPost, Letter, Waker


class WrongClock(SystemClock):
    """A machine's clock that is off by so much."""

    def __init__(self, offset: float) -> None:
        self._offset = timedelta(seconds=offset)

    def now(self) -> datetime:
        return super().now() + self._offset


class CountingPost(FolderPost):
    """Notes every delivery on a line of its own, so that a second one can be told."""

    def deliver(self, letter: Letter) -> None:
        super().deliver(letter)
        with (self._folder / "delivered.log").open("a", encoding="utf-8") as log:
            log.write(f"{letter.key}\n")


def main(url: str, outbox: str, name: str, lease: str, offset: str) -> None:
    """Work until told to stop."""
    # What a node says while its database is taken away is no news here.
    logging.disable(logging.CRITICAL)
    clock = WrongClock(float(offset))
    store = Store(url, clock=clock, patience=5)
    executor = Executor(
        store, Desk(store, clock, Shelf()), clock, node=name, post=CountingPost(Path(outbox)),
        lease=timedelta(seconds=float(lease)),
    )  # fmt: skip
    waker = Waker(executor.poke, every=0.05, renew=executor.renew, renew_every=float(lease) / 3)
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
