"""A small company in which something of everything is under way, and everything that can be done to it.

`ACTS` names every use case and every kind of job; a test says that none of the code's is missing. An act is
done with one key, so that a client who heard no answer may ask again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.almanac import Almanac
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.desk import Desk
from engine.duties import Duties
from engine.history import bare
from engine.publishing import Publishing
from engine.replay import verify
from engine.shelf import Shelf
from engine.store import Job, Store
from engine.store.tables import metadata
from engine.timekeeper import Executor, FolderPost, Mending, NotDelivered
from tests.desk.office import SHARED
from tests.proof.pack import PROOF, set_up

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
#: When the acts are done: a Monday morning, a week later, with timers, a letter and a report due.
NOW = datetime(2026, 1, 12, 1, tzinfo=UTC)
LEASE = timedelta(seconds=30)
RITA, CARL, CORA, HANA = (
    Actor(name=n, memberships=frozenset({m}))
    for n, m in (("rita", "office/desk"), ("carl", "office/clerk"), ("cora", "office/clerk"), ("hana", "office/head"))
)
ADA = Actor(name="ada", memberships=frozenset({"*/admin"}))
OLGA, OMAR = (Actor(name=n, memberships=frozenset({"*/owner"})) for n in ("olga", "omar"))
HOLIDAY = b'name = "cn"\nextends = "cn"\n[[holiday]]\nfrom = 2026-01-14\nzh = "x"\n'
LATER_ALONE = (SHARED / "calendars" / "cn.toml").read_bytes() + b'[[holiday]]\nfrom = 2026-01-15\nzh = "y"\n'
#: A digest names its bytes, so all worlds may share what was read once; children find it read.
SHELF = Shelf()
#: The cases, by what state they are in.
FRESH, HELD, POSTED, PAUSED, STUCK, LATE = (f"C-{n}" for n in range(1001, 1007))


@dataclass
class World:
    """The rooms over one database."""

    store: Store
    clock: StoppedClock
    folder: Path

    def __post_init__(self) -> None:
        shelf = SHELF
        self.desk = Desk(self.store, self.clock, shelf)
        self.publishing = Publishing(self.store, self.clock, shelf)
        self.almanac = Almanac(self.store, self.clock, shelf)
        self.duties = Duties(self.store, self.clock, shelf)
        self.mending = Mending(self.store, self.clock)
        self.executor = self._executor()

    def _executor(self) -> Executor:
        return Executor(self.store, self.desk, self.clock, node="proof", post=FolderPost(self.folder), lease=LEASE)

    def do_job(self, kind: str) -> None:
        """Claim what is due, and do the jobs of one kind: as the executor does, in its two transactions."""
        for job in self.executor._claim():
            if job.kind == kind:
                self._do(job)

    def _do(self, job: Job) -> None:
        self.executor._do(job, self.clock.now())

    def settle(self) -> None:
        """Let leases run out and do what is due."""
        self.clock.advance(LEASE + timedelta(seconds=1))
        self.executor = self._executor()
        self.executor.poke()

    def told(self) -> dict[str, Any]:
        """Everything that happened and everything that left the house, apart from when it was noticed."""
        with self.store.look() as reading:
            cases = {case: [_fact(r.event) for r in reading.history(case)] for case in reading.every_case()}
            rows = {
                table.name: reading._sql.execute(select(table)).all()
                for table in metadata.sorted_tables
                if table.name in ("draft", "file", "report", "act", "calendar", "release", "number_series", "job",
                                  "current_release")
            }  # fmt: skip
        letters = {p.name: p.read_text("utf-8") for p in sorted(self.folder.glob("*"))} if self.folder.exists() else {}
        return {
            "cases": cases, "letters": letters,
            "jobs": sorted((r.case_id, r.kind, r.key, r.state) for r in rows.pop("job") if r.kind != "message"),
            "numbers": sorted(tuple(r) for r in rows.pop("number_series") if not r.series.startswith("case")),
            "released": sorted(r.digest for r in rows.pop("current_release")),
            "rows": {name: len(found) for name, found in rows.items()},
        }  # fmt: skip

    def faults(self) -> Iterator[str]:
        """What `kesu verify` would say."""
        shelf = self.desk.shelf
        with self.store.look() as reading:
            for case in reading.every_case():
                head = reading.head(case)
                verdict = verify(reading.history(case), lambda d: shelf.release(d, reading), head.state)
                if not verdict.agrees:
                    yield f"{case}: {verdict.difference or 'the snapshot differs'}"


def _fact(event: Any) -> tuple[str, str]:
    facts = {k: bare(v) if isinstance(v, dict) else v for k, v in event.facts().items() if k != "fired_at"}
    at = event.at if event.kind == "timer_fired" else ""
    return event.kind, f"{at} {facts!r}"


def prepare(store: Store, clock: StoppedClock, folder: Path) -> World:
    """The company on Monday the 12th, with something of everything under way and nothing due done yet."""
    clock.set(BEGIN)
    found = set_up(store)
    world = World(store=store, clock=clock, folder=folder)
    world.almanac.bootstrap(SHARED / "calendars")
    with store.begin() as tx:
        world.duties.order(tx, found, clock.now())
    clock.set(NOW - timedelta(minutes=30))
    for case in (FRESH, HELD, POSTED, PAUSED, STUCK):
        done = world.desk.open_case("office", {"subject": case, "loss": "1"}, RITA, channel="phone")
        assert done.case == case
    desk = world.desk
    desk.claim_task(HELD, "look-1", CARL)
    desk.save_draft(HELD, "look-1", {"finding": "half"}, CARL)
    desk.complete_task(POSTED, "look-1", {"finding": "x"}, CARL)
    desk.pause(PAUSED, "material", CARL)
    desk.complete_task(STUCK, "look-1", {"finding": "x"}, CARL)
    with store.begin() as tx:
        for job in [j for j in tx.claim_jobs("prep", most=50) if j.case == STUCK]:
            desk.fail_errand(tx, STUCK, job.key, "not-delivered", "no answer", now=clock.now())
            tx.finish_job(job)
        tx.release_jobs("prep")
    # A timer of the sixth is due now.
    clock.set(NOW - timedelta(hours=1)) if clock.now() < NOW - timedelta(hours=1) else None
    desk.open_case("office", {"subject": LATE, "loss": "1"}, RITA, channel="phone")
    row = world.almanac.propose(HOLIDAY, OLGA)
    world.almanac.publish("cn", row.version, "announced", OMAR)
    world.almanac.propose(LATER_ALONE, OLGA)
    with store.begin() as tx:
        tx.enqueue("nonsense", "poison", NOW - timedelta(days=1), max_attempts=1)
        (poison,) = [j for j in tx.claim_jobs("prep", most=50) if j.kind == "nonsense"]
        tx.fail_job(poison, "it broke")
        tx.release_jobs("prep")
    clock.set(NOW + timedelta(minutes=31))
    return world


def _later(world: World) -> str:
    return world.almanac.read(LATER_ALONE).version


def _incident(world: World) -> str:
    with world.store.look() as reading:
        found = reading.incidents(STUCK)
    return found[0].incident if found else "none"


def _poison(world: World) -> int:
    found = world.mending.given_up(ADA)[1]
    return found[0].id if found else 0


def _order_replan(world: World) -> None:
    world.almanac.replan("cn", "announced", OLGA)


def _replan(world: World) -> None:
    with world.store.look() as reading:
        ordered = any(a.kind == "calendar-replanned" for a in reading.acts())
    if not ordered:
        _order_replan(world)
    world.do_job("replan")


def _release(world: World) -> str:
    changed = {**PROOF, "pack.yaml": PROOF["pack.yaml"] + b"# new\n"}
    return (world.publishing.propose(changed, OLGA).release or set_up(world.store)).digest


def _publish(world: World) -> None:
    world.publishing.publish(_release(world), OMAR)


ANSWERS = {"finding": "the hinge broke"}
Act = Callable[[World], object]
ACTS: Mapping[str, Act] = {
    "Desk.open_case": lambda w: w.desk.open_case(
        "office", {"subject": "new", "loss": "2", "customer": "王芳"}, RITA, channel="web", idempotency="k"
    ),
    "Desk.complete_task": lambda w: w.desk.complete_task(FRESH, "look-1", ANSWERS, CARL, idempotency="k"),
    "Desk.claim_task": lambda w: w.desk.claim_task(FRESH, "look-1", CARL),
    "Desk.release_task": lambda w: w.desk.release_task(HELD, "look-1", CARL),
    "Desk.delegate_task": lambda w: w.desk.delegate_task(HELD, "look-1", "cora", CARL, "ill"),
    "Desk.save_draft": lambda w: w.desk.save_draft(FRESH, "look-1", {"finding": "h"}, CARL),
    "Desk.comment": lambda w: w.desk.comment(FRESH, "hello", CARL, idempotency="k"),
    "Desk.attach": lambda w: w.desk.attach(FRESH, "a.txt", "text/plain", b"text", CARL, idempotency="k"),
    "Desk.receive_message": lambda w: w.desk.receive_message(FRESH, "withdraw", {}, CARL, idempotency="k"),
    "Desk.extend_deadline": lambda w: w.desk.extend_deadline(
        FRESH, "look-1", 1, "workday", "r", HANA, idempotency="k"
    ),
    "Desk.pause": lambda w: w.desk.pause(FRESH, "r", CARL),
    "Desk.resume": lambda w: w.desk.resume(PAUSED, CARL),
    "Desk.recuse": lambda w: w.desk.recuse(HELD, "carl", "r", CARL),
    "Desk.resolve_incident": lambda w: w.desk.resolve_incident(STUCK, _incident(w), "mended", ADA),
    "Desk.fire_timer": lambda w: w.do_job("timer"),
    "Desk.finish_errand": lambda w: w.do_job("errand"),
    "Desk.fail_errand": lambda w: _fail(w),
    "Desk.replace_calendar": _replan,
    "Publishing.propose": _release,
    "Publishing.publish": _publish,
    "Almanac.propose": lambda w: w.almanac.propose(LATER_ALONE + b'[[company]]\nfrom = 2026-01-16\nzh = "z"\n', OLGA),
    "Almanac.publish": lambda w: w.almanac.publish("cn", _later(w), "r", OMAR),
    "Almanac.replan": _order_replan,
    "Duties.produce": lambda w: w.do_job("schedule"),
    "Duties.see_to": lambda w: (w.do_job("schedule"), w.duties.see_to("office", "daily", "2026-W02", "ok", HANA)),
    "Duties.order_all": lambda w: w.duties.order_all(),
    "Mending.resume": lambda w: w.mending.resume(_poison(w), "r", ADA),
    "Mending.drop": lambda w: w.mending.drop(_poison(w), "r", ADA),
    "Executor.poke": lambda w: w.executor.poke(),
    "Executor.stop": lambda w: (w.executor._claim(), w.executor.stop()),
    "Executor.renew": lambda w: (w.executor._claim(), w.executor.renew()),
}
#: Public methods that change nothing, are inside another's transaction, or are done at the first start, which is
#: tried by starting: they are no use cases of their own.
NO_ACTS = frozenset(
    {"Almanac.effect", "Almanac.read", "Almanac.resting_on_unpublished", "Almanac.version", "Almanac.versions",
     "Almanac.bootstrap", "Publishing.bootstrap", "Duties.order", "Duties.report", "Duties.reports",
     "Mending.given_up", "Executor.let_time_pass"}
)  # fmt: skip


def _fail(world: World) -> None:
    jobs = world.executor._claim()
    if not any(job.kind == "errand" for job in jobs):
        # Somebody who died holds it: another does it when the lease has run out.
        world.clock.advance(LEASE + timedelta(seconds=1))
        jobs = world.executor._claim()
    for job in jobs:
        if job.kind == "errand":
            world.executor._told_the_case(job, NotDelivered(key=job.key, reason="no answer"), world.clock.now())


def use_cases() -> set[str]:
    """Every public method of the rooms that write."""
    return {
        f"{room.__name__}.{name}"
        for room in (Desk, Publishing, Almanac, Duties, Mending, Executor)
        for name, _ in inspect.getmembers(room, inspect.isfunction)
        if not name.startswith("_")
    }


def same(one: Any, other: Any) -> str | None:
    """What differs between two told worlds, part by part."""
    if one == other:
        return None
    said = []
    for part in one:
        if one[part] == other[part]:
            continue
        if part == "cases":
            for case in sorted({*one[part], *other[part]}):
                a, b = one[part].get(case, []), other[part].get(case, [])
                if a != b:
                    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
                    said.append(f"{case} event {n}: {str(a[n : n + 1])[:300]} / {str(b[n : n + 1])[:300]}")
        elif isinstance(one[part], dict):
            keys = {*one[part], *other[part]}
            said += [
                f"{part} {k}: {str(one[part].get(k))[:150]} / {str(other[part].get(k))[:150]}"
                for k in sorted(keys) if one[part].get(k) != other[part].get(k)
            ]  # fmt: skip
        else:
            only = [r for r in one[part] if r not in other[part]], [r for r in other[part] if r not in one[part]]
            said.append(f"{part}: {str(only[0])[:300]} / {str(only[1])[:300]}")
    return "; ".join(said)
