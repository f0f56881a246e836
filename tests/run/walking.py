"""Random walks through shipped and random diagrams: put away and brought back at each step, in two processes, always the same.

    python -m tests.run.walking 10000        walks in all, half of them over shipped packs; two processes with other hash seeds

A walk is a case under people, machines and clocks that do anything that may be done. Beside the case that goes on in memory a second one
is brought back from its snapshot before every input: outcomes and bytes must agree, and at the end the replay of the history.
"Without compaction" has no counterpart here: a token is taken out of the tree as soon as it is done (`engine.run.tokens`).
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.feel import compile
from engine.history import (
    GENESIS,
    CaseOpened,
    Event,
    IncidentResolved,
    Input,
    Keyring,
    Record,
    TaskCompleted,
    canonical,
    seal,
)
from engine.release import Release, gather
from engine.replay import verify
from engine.run import InputRefused, Run
from tests.run.drawing import MONDAY, drawn

ROOT = Path(__file__).parents[2]
#: Inputs of one walk at most.
INPUTS = 60


class Walk:
    """A case, and another that is put away and brought back before each input."""

    def __init__(self, release: Release, answers: dict[str, Any]) -> None:
        self.release, self.at = release, MONDAY
        event = CaseOpened(
            at=MONDAY, pack=release.pack, release=release.digest, process=release.policy.process,
            flow=release.policy.flow, channel="web", answers=answers,
        )  # fmt: skip
        self.run, outcomes = Run.open(release, event, case="C-1")
        self.events: list[Event] = [event, *outcomes]

    def hear(self, event: Input) -> None:
        """The same happens to both."""
        before = self.run.snapshot()
        brought = Run.restore(self.release, before, case="C-1")
        try:
            outcomes = self.run.apply(event)
        except InputRefused:
            assert self.run.snapshot() == before
            return
        assert brought.apply(event) == outcomes
        assert brought.snapshot() == self.run.snapshot()
        self.events += [event, *outcomes]

    def records(self) -> list[Record]:
        """The history as it would be stored."""
        return list(seal("C-1", self.events, after=0, previous=GENESIS, keyring=Keyring())[0])


def walk(release: Release, names: list[str], dice: random.Random) -> Walk:
    """Walk until the case is closed, nothing can happen, or patience is over; then replay it."""
    from tests.run.test_random_paths import anything

    going = Walk(release, {name: _value(dice) for name in names})
    for _ in range(INPUTS):
        event = None if going.run.closed else anything(going, dice)  # type: ignore[arg-type]
        if event is None:
            break
        if isinstance(event, TaskCompleted):
            more = {name: _value(dice) for name in dice.sample(names, min(4, len(names)))}
            event = replace(event, answers={**event.answers, **more})
        elif isinstance(event, IncidentResolved):
            event = replace(event, values={name: _value(dice) for name in names})
        going.hear(event)
    assert verify(going.records(), lambda digest: release, going.run.snapshot()).agrees
    return going


def walks(number: int, seed: int) -> Iterator[Walk]:
    """So many walks, one over a shipped pack and one over a random diagram in turn; the same seed walks the same ways."""
    from tests.run.test_any_drawing import Pencil

    for count in range(number):
        dice = random.Random(f"{seed}-{count}")
        if count % 2:
            yield walk(drawn(Pencil(dice).drawing()), ["x", "luck"], dice)
        else:
            pack = packs()[count // 2 % len(packs())]
            yield walk(shipped(pack), list(read_by(pack)), dice)


def told(number: int, seed: int) -> str:
    """A digest of everything that came of the walks: outcomes and last bytes."""
    digest = hashlib.sha256()
    for going in walks(number, seed):
        digest.update(going.run.snapshot())
        for record in going.records():
            # Commitments are salted anew each time: what was sealed is compared, not how.
            digest.update(
                canonical({"kind": record.event.kind, "at": str(record.event.at), "facts": repr(record.event)})
            )
    return digest.hexdigest()


@cache
def packs() -> tuple[str, ...]:
    """The shipped packs."""
    return tuple(sorted(p.parent.name for p in (ROOT / "bpmn" / "packs").glob("*/pack.yaml")))


@cache
def shipped(pack: str) -> Release:
    """A shipped pack as a release."""
    return Release.of(gather(ROOT / "bpmn" / "packs" / pack, ROOT / "bpmn" / "shared", ROOT / "forms" / "library"))


@cache
def read_by(pack: str) -> tuple[str, ...]:
    """Everything the conditions of a pack read."""
    used: set[str] = set()
    for _, process in shipped(pack).processes.values():
        for flow in process.flows.values():
            try:
                used |= compile((flow.condition or "null").removeprefix("=")).used
            except EngineError:
                continue
    return tuple(sorted({name.split(".")[0] for name in used} - {"case"}))


def _value(dice: random.Random) -> Any:
    return dice.choice([True, False, True, False, 1, 100, 100_000, "sales", ["sales", "quality"], None])


def apart(number: int, seed: int, hash_seed: str) -> subprocess.Popen[str]:
    """The walks in a process of their own, in which sets and dictionaries are ordered otherwise."""
    command = [sys.executable, "-m", "tests.run.walking", "--told", str(number), str(seed)]
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def main(number: int, seed: int) -> int:
    """Walk in two processes and compare."""
    both = [apart(number, seed, hash_seed) for hash_seed in ("1", "4242")]
    said = [process.communicate()[0].strip() for process in both]
    agree = all(process.returncode == 0 for process in both) and said[0] == said[1]
    print(
        f"{number} walks over {len(packs())} shipped packs and random diagrams: {'identical' if agree else 'DIFFERENT'} {said[0][:16]}"
    )
    return 0 if agree else 1


if __name__ == "__main__":
    if sys.argv[1] == "--told":
        print(told(int(sys.argv[2]), int(sys.argv[3])))
    else:
        sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
