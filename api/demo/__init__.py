"""The demo: months of complaints in a simulated company, every history verified, then a service with work to try."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from pathlib import Path

from api.commands.audit import verify_case
from api.commands.serve import VERSION, listen
from api.demo.complaints import LEAST, Complaint, gather
from api.demo.people import PASSWORD, people_of
from api.demo.simulation import BEGIN, Simulation
from api.demo.staff import Staff
from api.demo.summary import line, table
from api.settings import Settings
from api.signin import SignIn
from api.wiring import Parts, build
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.store import Person
from engine.timekeeper import Executor, FolderPost

#: Where the demo keeps its database; made anew each time.
FOLDER = Path("demo-data")
#: Public complaints, beside the project.
PUBLIC = Path("..") / "shared" / "data" / "complaints"


def main(args: argparse.Namespace) -> int:
    """Run the demo; with --exit it ends after the summary."""
    started = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    settings = Settings.load(
        {
            "database": f"sqlite:///{FOLDER / 'kesu.db'}",
            "outbox": FOLDER / "outbox",
            "simulated_clock": True,
            "port": args.port,
        }
    )
    clock = StoppedClock(BEGIN)
    parts = build(settings, clock=clock)
    parts.store.create()
    parts.store.become_node(settings.node, version=VERSION)
    signin = SignIn(parts)
    parts.publishing.bootstrap(settings.bpmn, settings.forms)
    hired = _hire(parts, signin)
    dice = random.Random(20260105)
    folder = Path(args.complaints) if args.complaints else (PUBLIC if PUBLIC.is_dir() else None)
    complaints, source = gather(folder, dice)
    known = {pack.pack for pack in parts.casebook.packs(_nobody())}
    complaints = [c for c in complaints if c.pack in known][: max(args.cases or len(complaints), LEAST)]
    print(f"{len(complaints)} complaints: {source}")
    simulation = _simulate(parts, clock, hired, complaints, dice)
    verified = _verify(parts)
    print()
    print(table(simulation.flows))
    print(
        f"模拟 {(simulation.end - BEGIN).days} 天，用时 {time.monotonic() - started:.0f} 秒 simulated days, seconds taken"
    )
    if args.exit:
        parts.close()
        print(line(simulation.flows, verified))
        return 0
    _introduce(hired)
    print(line(simulation.flows, verified), flush=True)
    return listen(parts, signin)


def _hire(parts: Parts, signin: SignIn) -> list[Person]:
    packs = parts.casebook.packs(_nobody())
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


def _simulate(
    parts: Parts, clock: StoppedClock, hired: list[Person], complaints: list[Complaint], dice: random.Random
) -> Simulation:
    packs = parts.casebook.packs(_nobody())
    with parts.store.look() as reading:
        calendar = parts.shelf.release(packs[0].release, reading).calendar()
    staff = Staff(hired, packs, calendar, clock, dice)
    executor = Executor(
        parts.store, parts.desk, clock, node=parts.settings.node, post=FolderPost(parts.settings.outbox),
        told=lambda done: simulation.told(done),
    )  # fmt: skip
    simulation = Simulation(
        store=parts.store,
        desk=parts.desk,
        casebook=parts.casebook,
        clock=clock,
        executor=executor,
        staff=staff,
        dice=dice,
    )
    simulation.run(complaints, _progress)
    return simulation


def _verify(parts: Parts) -> int:
    with parts.store.look() as reading:
        cases = reading.every_case()
    wrong = 0
    for place, case in enumerate(cases, 1):
        said = verify_case(parts, case)
        if said is not None:
            wrong += 1
            print(f"\n{case}: {said}", file=sys.stderr)
        if place % 20 == 0:
            _show(f"验证 verifying {place}/{len(cases)}")
    return len(cases) - wrong


def _progress(share: float, cases: int) -> None:
    _show(f"模拟 simulating {share:5.0%}  案件 cases {cases}")


def _show(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}   ", end="", file=sys.stderr, flush=True)
    elif "0%" in text or text.endswith("00"):
        print(text, file=sys.stderr, flush=True)


def _introduce(hired: list[Person]) -> None:
    print(f"\n演示人员（密码均为 {PASSWORD}）demo people, all with this password:")
    shown: set[str] = set()
    for person in hired:
        role = min(person.memberships, default="")
        if role not in shown:
            shown.add(role)
            print(f"  {person.name:22} {person.zh:8} {role}")


def _nobody() -> Actor:
    return Actor(name="demo")
