"""Random walks through shipped and random diagrams: put away and brought back at each step, in two processes, always the same.

    python -m tests.run.walking 10000        walks in all, half of them over shipped diagrams; two processes with other hash seeds
    python -m tests.run.walking 10000 7      other dice

A walk is a case under people, machines and clocks that do anything that may be done. Beside the case that goes on in memory and is never
put away, a second one is brought back from its snapshot before every input: outcomes and bytes must agree, and at the end those of the
replay of the whole history. "Without compaction" has no counterpart here: a token is taken out of the tree as soon as it is done
(`engine.run.tokens`), so that there is nothing left to compact.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.feel import compile
from engine.history import (
    GENESIS,
    CaseClosed,
    CaseOpened,
    Event,
    IncidentResolved,
    Input,
    Keyring,
    PathTaken,
    Record,
    TaskCompleted,
    seal,
)
from engine.release import Release, gather
from engine.replay import verify
from engine.run import InputRefused, Run
from tests.run.anything import anything
from tests.run.drawing import MONDAY, drawn
from tests.run.pencil import Pencil

ROOT = Path(__file__).parents[2]
#: Inputs of one walk at most.
INPUTS = 60
#: What random diagrams are called among the shipped ones.
RANDOM = "random diagrams"


class Parted(AssertionError):
    """Two cases that should have gone the same way did not."""


class Walk:
    """A case, and another that is put away and brought back before each input."""

    def __init__(self, release: Release, answers: dict[str, Any], process: str | None = None) -> None:
        self.release, self.at = release, MONDAY
        self.process = process or release.policy.process
        event = CaseOpened(
            at=MONDAY, pack=release.pack, release=release.digest, process=self.process,
            flow=release.policy.flow, channel="web", answers=answers,
        )  # fmt: skip
        self.run, outcomes = Run.open(release, event, case="C-1")
        self.events: list[Event] = [event, *outcomes]
        self.state = self.run.snapshot()

    def hear(self, event: Input) -> None:
        """The same happens to both."""
        brought = Run.restore(self.release, self.state, case="C-1")
        try:
            outcomes = self.run.apply(event)
        except InputRefused as refused:
            self._agree(self.run.snapshot(), self.state, event)
            self._refused(brought, event, refused)
            return
        self._agree(brought.apply(event), outcomes, event)
        self.state = self.run.snapshot()
        self._agree(brought.snapshot(), self.state, event)
        self.events += [event, *outcomes]

    def replayed(self) -> None:
        """The whole history again."""
        records: list[Record] = list(seal("C-1", self.events, after=0, previous=GENESIS, keyring=Keyring())[0])
        verdict = verify(records, lambda digest: self.release, self.state)
        if not verdict.agrees:
            raise Parted(f"{self.process}: {verdict.difference or 'the bytes of the replay are others'}")

    def _refused(self, brought: Run, event: Input, refused: InputRefused) -> None:
        try:
            brought.apply(event)
        except InputRefused as other:
            self._agree(str(other), str(refused), event)
            return
        raise Parted(f"{self.process}: {event} was refused by one of two")

    def _agree(self, one: object, other: object, event: Input) -> None:
        if one != other:
            raise Parted(f"{self.process}: {len(self.events)} events went well, then {event}")


def walk(release: Release, names: list[str], dice: random.Random, process: str | None = None) -> Walk:
    """Walk until the case is closed, nothing can happen, or patience is over; then replay it."""
    going = Walk(release, {name: _value(dice) for name in names}, process)
    for _ in range(INPUTS):
        event = None if going.run.closed else anything(going, dice)
        if event is None:
            break
        if isinstance(event, TaskCompleted):
            more = {name: _value(dice) for name in dice.sample(names, min(4, len(names)))}
            event = replace(event, answers={**event.answers, **more})
        elif isinstance(event, IncidentResolved):
            event = replace(event, values={name: _value(dice) for name in names})
        going.hear(event)
    going.replayed()
    return going


def walks(number: int, seed: int) -> Iterator[tuple[str, str, Walk | str]]:
    """So many walks: pack, process and the walk, or what parted; one over a shipped diagram and one over a random one in turn."""
    ways = [(pack, process) for pack in packs() for process in shipped(pack).processes]
    for count in range(number):
        dice = random.Random(f"{seed}-{count}")
        pack, process = ways[count // 2 % len(ways)] if count % 2 == 0 else (RANDOM, "main")
        try:
            if pack == RANDOM:
                pencil = Pencil(dice)
                text = pencil.drawing()
                yield pack, process, walk(drawn(text, **pencil.called), ["x", "luck"], dice)
            else:
                yield pack, process, walk(shipped(pack), list(read_by(pack)), dice, process)
        except Parted as parted:
            yield pack, process, f"seed {seed}, walk {count}: {parted}"


@dataclass
class Told:
    """What came of the walks that begin in one diagram."""

    walks: int = 0
    events: int = 0
    closed: int = 0
    parted: list[str] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, went: Walk | str) -> None:
        """Count a walk, and put every event and the last bytes into the digest."""
        self.walks += 1
        if isinstance(went, str):
            self.parted.append(went)
            return
        self.events += len(went.events)
        self.closed += any(isinstance(e, CaseClosed) for e in went.events)
        for event in went.events:
            self.digest.update(repr(event).encode())
        self.digest.update(went.state)


def told(number: int, seed: int) -> dict[str, Any]:
    """By diagram, what came of the walks; and which share of all flows drawn in shipped diagrams was gone."""
    by: dict[str, Told] = {}
    gone: dict[str, set[str]] = {}
    blocks: Counter[str] = Counter()
    for pack, process, went in walks(number, seed):
        by.setdefault(pack if pack == RANDOM else f"{pack}/{process}", Told()).add(went)
        if isinstance(went, Walk):
            flows = (f for e in went.events if isinstance(e, PathTaken) for f in e.passed)
            gone.setdefault(pack, set()).update(flows) if pack != RANDOM else blocks.update(set(_kinds(went)))
    drawn_flows = {pack: {f for _, p in shipped(pack).processes.values() for f in p.flows} for pack in packs()}
    return {
        "diagrams": {n: [t.walks, t.events, t.closed, t.digest.hexdigest(), t.parted] for n, t in sorted(by.items())},
        "flows": [
            sum(len(gone.get(p, set()) & f) for p, f in drawn_flows.items()),
            sum(map(len, drawn_flows.values())),
        ],
        "elements": dict(sorted(blocks.items())),
    }


def _kinds(went: Walk) -> Iterator[str]:
    """What random diagrams hold, so that one sees it is not all the same."""
    for _, process in went.release.processes.values():
        for element in process.elements.values():
            yield element.kind + (f" {element.trigger}" if element.trigger else "")


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


def compared(number: int, seed: int) -> tuple[dict[str, Any], list[str]]:
    """What one of two processes told, and every difference that was found."""
    both = [apart(number, seed, hash_seed) for hash_seed in ("1", "4242")]
    said = [process.communicate()[0] for process in both]
    if any(process.returncode for process in both):
        return {"diagrams": {}, "flows": [0, 0], "elements": {}}, ["a process ended with an error"]
    one, other = (json.loads(text) for text in said)
    found = [text for row in one["diagrams"].values() for text in row[4]]
    found += [
        f"{name}: two processes, two outcomes"
        for name, row in one["diagrams"].items()
        if row != other["diagrams"].get(name)
    ]
    return one, found


def main(number: int, seed: int) -> int:
    """Walk in two processes and compare."""
    one, found = compared(number, seed)
    for name, (count, events, closed, digest, _) in one["diagrams"].items():
        print(f"{name:52} {count:6} walks {events:9} events {closed:6} closed  {digest[:12]}")
    taken, all_flows = one["flows"]
    print(f"flows of shipped diagrams that were taken: {taken} of {all_flows}")
    print("random diagrams that hold:", one["elements"])
    for text in found:
        print("DIFFERENT", text)
    walked, events = (sum(row[place] for row in one["diagrams"].values()) for place in (0, 1))
    print(
        f"{walked} walks, {events} events, two processes with other hash seeds: {'DIFFERENT' if found else 'identical'}"
    )
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1] == "--told":
        print(json.dumps(told(int(sys.argv[2]), int(sys.argv[3]))))
    elif sys.argv[1] == "--json":
        said, parted = compared(int(sys.argv[2]), 1)
        print(json.dumps({"walks": sum(row[0] for row in said["diagrams"].values()), "walks_different": len(parted)}))
    else:
        sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
