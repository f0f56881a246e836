"""A node of the bench: waits for the word, drains what is due; says how many it did, how many claims were wasted, and when
it had done the last (on the machine's monotonic clock): how long a process takes to end is nobody's business."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from api.settings import Settings
from api.wiring import build
from engine.clock import SystemClock
from engine.desk import load


def main(url: str, folder: str, name: str) -> None:
    """Drain the queue once."""
    settings = Settings.load({"database": url, "outbox": Path(folder) / "outbox", "node": name}, {})
    parts = build(settings, clock=SystemClock())
    executor = parts.executor
    # What a process reads once, a node that serves has read long ago: with it a short drain would measure only that.
    with parts.store.look() as reading:
        for case in reading.every_case()[:1]:
            load(reading, reading.head(case), parts.shelf)
    print("ready", flush=True)
    sys.stdin.readline()
    done = quiet = 0
    last = time.monotonic()
    while quiet < 3:
        tally = executor.poke()
        if tally.done:
            done, quiet, last = done + tally.done, 0, time.monotonic()
        else:
            quiet += 1
        time.sleep(0.005)
    print(done, executor.measures.claims_wasted, last, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
