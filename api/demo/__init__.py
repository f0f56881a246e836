"""The demo: months of complaints in a simulated company, every history verified, then a service with work to try."""

from __future__ import annotations

import argparse
import fcntl
import random
import shutil
import sys
import time
from pathlib import Path

from api.commands.proving import prove
from api.commands.serve import listen, need_port
from api.demo.complaints import LEAST, gather, said
from api.demo.introduction import hand_some, introduce
from api.demo.pace import Pace
from api.demo.people import PASSWORD, VISITOR, people_of
from api.demo.simulation import BEGIN, END, Simulation
from api.demo.staff import Staff
from api.demo.tally import line, table
from api.settings import Settings
from api.signin import SignIn
from api.wiring import VERSION, Parts, build
from engine.authority import Actor
from engine.clock import SimulatedClock
from engine.errors import EngineError
from engine.store import Person, Store

#: Where the demo keeps its database; made anew each time.
FOLDER = Path("demo-data")
#: Public complaints, beside the project.
PUBLIC = Path("..") / "shared" / "data" / "complaints"


class DemoRuns(EngineError):
    """A demo is running on {folder} already; stop it first (Ctrl-C in its window)."""

    zh = "{folder} 上已有演示在运行；请先将其停止（在其窗口按 Ctrl-C）。"


def main(args: argparse.Namespace) -> int:
    """Run the demo; with --exit it ends after the summary."""
    started = time.monotonic()
    settings = Settings.load(
        {
            "database": f"sqlite:///{FOLDER / 'kesu.db'}",
            "outbox": FOLDER / "outbox",
            "simulated_clock": True,
            "port": args.port,
        }
    )
    if not args.exit:
        need_port(settings)
    _cleared(FOLDER)
    clock = SimulatedClock(BEGIN)
    # Months of commits that need not outlive a power cut: they are made up anew by the next demo.
    parts = build(settings, clock=clock, store=Store(settings.database, clock=clock, durable=False))
    try:
        simulation, hired, verified = _months(args, parts, clock)
    finally:
        parts.close()
    print(f"\n{table(simulation.flows)}")
    for refused in simulation.refused:
        print(f"未被接受的表单 form not accepted: {refused}")
    seconds = time.monotonic() - started
    print(f"模拟 {(END - BEGIN).days} 天，用时 {seconds:.0f} 秒 simulated days, seconds taken")
    last = line(simulation.flows, verified)
    if args.exit:
        print(last)
        return 0
    return _serve(settings, clock, hired, last)


def _months(args: argparse.Namespace, parts: Parts, clock: SimulatedClock) -> tuple[Simulation, list[Person], int]:
    parts.store.create()
    parts.store.become_node(parts.settings.node, version=VERSION)
    _show("发布制度包 publishing the packs")
    parts.publishing.bootstrap(parts.settings.bpmn, parts.settings.forms)
    parts.almanac.bootstrap(parts.settings.bpmn / "shared" / "calendars")
    hired = _hire(parts, SignIn(parts))
    dice = random.Random(20260105)
    folder = Path(args.complaints) if args.complaints else (PUBLIC if PUBLIC.is_dir() else None)
    packs = {pack.pack for pack in parts.casebook.packs(Actor(name="demo"))}
    complaints, counts = gather(folder, dice, packs=packs, least=args.cases or LEAST, most=args.cases)
    print(said(counts, folder), flush=True)
    simulation = _simulation(parts, clock, hired, dice)
    simulation.run(complaints, _progress)
    return simulation, hired, _verify(parts)


def _serve(settings: Settings, clock: SimulatedClock, hired: list[Person], last: str) -> int:
    """From here on it is a service like any other; its time runs on from the end of the simulation."""
    parts = build(settings, clock=clock)
    parts.store.become_node(settings.node, version=VERSION)
    clock.go_on()
    hand_some(parts, next(p for p in hired if p.name == VISITOR))
    print(introduce(parts, hired))
    print(last, flush=True)
    return listen(parts, SignIn(parts))


def _cleared(folder: Path) -> None:
    lock = folder / "kesu.db.node"
    if lock.exists():
        with lock.open("a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise DemoRuns(folder=folder) from error
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _hire(parts: Parts, signin: SignIn) -> list[Person]:
    packs = parts.casebook.packs(Actor(name="demo"))
    with parts.store.look() as reading:
        policies = [parts.shelf.release(pack.release, reading).policy for pack in packs]
    password = signin.hash(PASSWORD)
    hired = [
        Person(name=p.name, zh=p.zh, en=p.en, password=password, memberships=frozenset(p.memberships))
        for p in people_of(policies)
    ]
    with parts.store.begin() as tx:
        for person in hired:
            tx.put_person(person)
    return hired


def _simulation(parts: Parts, clock: SimulatedClock, hired: list[Person], dice: random.Random) -> Simulation:
    packs = parts.casebook.packs(Actor(name="demo"))
    with parts.store.look() as reading:
        calendar = parts.shelf.release(packs[0].release, reading).calendar()
    return Simulation(
        store=parts.store,
        desk=parts.desk,
        casebook=parts.casebook,
        clock=clock,
        executor=parts.executor,
        duties=parts.duties,
        staff=Staff([p for p in hired if p.name != VISITOR], packs, clock, dice, rules_of=parts.casebook.context),
        pace=Pace(calendar, dice),
        dice=dice,
    )


def _verify(parts: Parts) -> int:
    with parts.store.look() as reading:
        cases = reading.every_case()
    wrong = 0
    for place, case in enumerate(cases, 1):
        said = prove(parts, case).said
        if said is not None:
            wrong += 1
            print(f"\n{case}: {said}", file=sys.stderr)
        if place % 20 == 0 or place == len(cases):
            _show(f"验证 verifying {place}/{len(cases)}", place / len(cases))
    return len(cases) - wrong


def _progress(share: float, cases: int) -> None:
    _show(f"模拟 simulating {share:4.0%}  案件 cases {cases}", share)


_shown = [-1.0]


def _show(text: str, share: float = 0.0) -> None:
    """On a terminal a line that is written over; in a log a line for every tenth."""
    if sys.stderr.isatty():
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)
        return
    tenth = int(share * 10)
    if tenth != _shown[0]:
        _shown[0] = tenth
        print(text, file=sys.stderr, flush=True)
