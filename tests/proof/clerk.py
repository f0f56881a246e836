"""Somebody at a desk, as a process of its own: does one thing after the other and says what was acknowledged.

`python -m tests.proof.clerk URL SEED`; after each action that was answered a line `CASE SEQ HASH`: so many events the
case had then, and the hash of the last. It may be killed at any moment; what it said must still be true.
"""

from __future__ import annotations

import os
import random
import sys
import time

from engine.clock import SystemClock
from engine.desk import Desk, Done
from engine.errors import EngineError
from engine.shelf import Shelf
from engine.store import Store
from tests.proof.world import CARL, HANA, RITA


class Clerk:
    """What they do, by the dice."""

    def __init__(self, url: str, dice: random.Random) -> None:
        self._store = Store(url, clock=SystemClock(), patience=5)
        self._desk, self._dice = Desk(self._store, SystemClock(), Shelf()), dice
        self._cases: list[str] = []
        self._n = 0

    def go_on(self) -> Done | None:
        """One action; None where it was refused, or the database is away."""
        self._n += 1
        acts = (self._open, self._remark, self._attach, self._look, self._pause, self._resume, self._extend, self._withdraw)
        act = self._dice.choice(acts)
        case = self._dice.choice(self._cases) if self._cases else ""
        try:
            done = act(case) if case else self._open("")
        except EngineError:
            return None
        if act == self._open or not case:
            self._cases.append(done.case)
        return done

    def _key(self) -> str:
        return f"{os.getpid()}-{self._n}"

    def _open(self, _: str) -> Done:
        said = {"subject": "x", "loss": "1", "customer": "王芳"}
        return self._desk.open_case("office", said, RITA, channel="phone", idempotency=self._key())

    def _remark(self, case: str) -> Done:
        return self._desk.comment(case, f"remark {self._n}", CARL, idempotency=self._key())

    def _attach(self, case: str) -> Done:
        content = self._dice.randbytes(20_000)
        self._desk.attach(case, "a.bin", "application/pdf", b"%PDF-" + content, CARL)
        return self._desk.comment(case, "attached", CARL)

    def _look(self, case: str) -> Done:
        return self._desk.complete_task(case, "look-1", {"finding": "x"}, CARL)

    def _pause(self, case: str) -> Done:
        return self._desk.pause(case, "material", CARL)

    def _resume(self, case: str) -> Done:
        return self._desk.resume(case, CARL)

    def _extend(self, case: str) -> Done:
        return self._desk.extend_deadline(case, "look-1", 1, "workday", "r", HANA)

    def _withdraw(self, case: str) -> Done:
        if self._dice.random() < 0.7:
            return self._remark(case)
        return self._desk.receive_message(case, "withdraw", {}, CARL)


def main(url: str, seed: str) -> None:
    """Work until killed."""
    dice = random.Random(seed)
    clerk = Clerk(url, dice)
    while True:
        if (done := clerk.go_on()) is not None:
            print(done.case, done.seq, done.head.hash, flush=True)
        time.sleep(dice.random() / 5)


if __name__ == "__main__":
    main(*sys.argv[1:])
