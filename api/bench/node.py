"""A node of the bench: waits for the word, drains what is due, says how many it did and how many claims were wasted."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from api.settings import Settings
from api.wiring import build
from engine.clock import SystemClock


def main(url: str, folder: str, name: str) -> None:
    """Drain the queue once."""
    settings = Settings.load({"database": url, "outbox": Path(folder) / "outbox", "node": name}, {})
    executor = build(settings, clock=SystemClock()).executor
    print("ready", flush=True)
    sys.stdin.readline()
    done, quiet = 0, 0
    while quiet < 3:
        tally = executor.poke()
        done, quiet = done + tally.done, 0 if tally.done else quiet + 1
        time.sleep(0.005)
    print(done, executor.measures.claims_wasted, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
