"""A small company in which something of everything is under way, and what can be told of it afterwards."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select

from api.commands.proving import prove
from api.settings import Settings
from api.signin import SignIn
from api.wiring import build
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.errors import EngineError
from engine.history import bare
from engine.shelf import Shelf
from engine.store import Deputy, Job, Person, Store, Ticket
from engine.store.tables import LEASED, PARKED, READY, metadata
from engine.timekeeper import NotDelivered
from tests.desk.office import PEOPLE, SHARED
from tests.proof.pack import HUSHED, MOVED_TO, PROOF, in_force, proof_release, set_up

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
#: When the acts are done: a Monday morning, a week later, with timers, a letter and a report due.
NOW = datetime(2026, 1, 12, 1, tzinfo=UTC)
DONE_AT = NOW + timedelta(minutes=31)
LEASE = timedelta(seconds=30)
RITA, CARL, CORA, HANA = (
    Actor(name=n, memberships=frozenset({f"office/{r}", f"hush/{r}"}))
    for n, r in (("rita", "desk"), ("carl", "clerk"), ("cora", "clerk"), ("hana", "head"))
)
ADA = Actor(name="ada", memberships=frozenset({"*/admin"}))
OLGA, OMAR = (Actor(name=n, memberships=frozenset({"*/owner"})) for n in ("olga", "omar"))
PASSWORD = "correct horse"
HOLIDAY = b'name = "cn"\nextends = "cn"\n[[holiday]]\nfrom = 2026-01-14\nzh = "x"\n'
LATER_ALONE = (SHARED / "calendars" / "cn.toml").read_bytes() + b'[[holiday]]\nfrom = 2026-01-15\nzh = "y"\n'
#: A digest names its bytes, so all worlds may share what was read once; children find it read.
SHELF = Shelf()
#: The cases, by what state they are in.
FRESH, HELD, POSTED, PAUSED, STUCK, LATE, SECRET = (f"C-{n}" for n in range(1001, 1008))
#: The draft olga has begun.
DRAFT = "D-1"
#: The move olga has asked for, to a release that gives more time.
MOVE = "M-1"
#: Secrets of carl's: of a session he has open, and of one to be ended.
SESSION, SPARE = "carl's session", "carl's other session"
#: Of ada's token for the API.
TOKEN = "ada's token"
#: As little work as argon2 can do: it is not argon2 that is tried.
_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
#: Series that only count: a number that was taken and not used is no loss.
_COUNTERS = ("case", "pack-draft", "move")
#: Told by how many rows there are: what is in them are moments and chance.
_COUNTED = (
    "draft", "pack_draft", "pack_draft_file", "move", "move_case", "file", "report", "act", "calendar", "release", "sealed_reading", "ticket",
    "node",
)  # fmt: skip


@dataclass
class World:
    """The rooms over one database."""

    store: Store
    clock: StoppedClock
    folder: Path
    #: The kinds of jobs that were done.
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        settings = Settings.load({"node": "proof", "outbox": self.folder, "database": self.url}, {})
        self.parts = parts = build(settings, clock=self.clock, store=self.store, shelf=SHELF)
        self.desk, self.publishing, self.almanac = parts.desk, parts.publishing, parts.almanac
        self.moving = parts.moving
        self.duties, self.mending, self.executor = parts.duties, parts.mending, parts.executor
        self.executor.taken_up = lambda job: self.kinds.add(job.kind)
        self.signin = SignIn(parts, _HASHER, self.clock)

    @property
    def url(self) -> str:
        """The address of the database."""
        return self.store._database.url.set(
            drivername="sqlite" if self.store.sqlite else "postgresql"
        ).render_as_string(hide_password=False)

    def do_job(self, kind: str) -> None:
        """Claim what is due, and do the jobs of one kind: as the executor does, in its two transactions."""
        for job in self.executor._claim():
            if job.kind == kind:
                self._do(job)

    def _do(self, job: Job) -> None:
        self.executor._do(job, self.clock.now())
        self.kinds.add(job.kind)

    def settle(self) -> None:
        """Let leases run out and do what is due, and then what that made due."""
        self.clock.advance(LEASE + timedelta(seconds=1))
        # By a service that begins anew: what it had in hand is lost.
        self.__post_init__()
        self.executor.poke()

    def told(self) -> dict[str, Any]:
        """Everything that happened and everything that left the house, apart from when it was noticed."""
        with self.store.look() as reading:
            cases = {case: [_fact(r.event) for r in reading.history(case)] for case in reading.every_case()}
            rows = {t.name: reading._sql.execute(select(t)).all() for t in metadata.sorted_tables}
            people = reading.people(active=None)
        folder = self.folder
        letters = {p.name: p.read_text("utf-8") for p in sorted(folder.glob("*.json"))} if folder.exists() else {}
        return {
            "cases": cases, "letters": letters,
            # Of what is over it depends on who did it whether a row stays; a signal that is awaited is no work.
            "jobs": sorted((r.case_id, r.kind, r.key, r.state) for r in rows["job"] if r.state in (READY, LEASED, PARKED)),
            "numbers": sorted(tuple(r) for r in rows["number_series"] if r.series not in _COUNTERS),
            "released": sorted(r.digest for r in rows["current_release"]),
            "people": [(p.name, p.locale, p.active, sorted(p.memberships), bool(p.password)) for p in people],
            "deputies": sorted((r.absent, r.deputy) for r in rows["deputy"]),
            "sealed": {(r.case_id, r.seq) for r in rows["ledger_leaf"]},
            "rows": {name: len(rows[name]) for name in _COUNTED},
            "files": [(p.name, _events(p)) for p in sorted(folder.parent.glob("saved*")) if p.suffix in (".db", ".unfinished")],
        }  # fmt: skip

    def faults(self) -> Iterator[str]:
        """What `kesu verify` would say."""
        with self.store.look() as reading:
            cases, ledger = reading.every_case(), reading.check_ledger()
        for case in cases:
            if (said := prove(self.parts, case).said) is not None:
                yield f"{case}: {said}"
        yield from ledger.faults


def _events(path: Path) -> int | None:
    """How many events a copy holds; None where it is no database, or one without tables."""
    with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.DatabaseError):
        return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
    return None


def _fact(event: Any) -> tuple[str, str]:
    facts = {k: bare(v) if isinstance(v, dict) else v for k, v in event.facts().items() if k != "fired_at"}
    at = event.at if event.kind == "timer_fired" else ""
    return event.kind, f"{at} {facts!r}"


def prepare(store: Store, clock: StoppedClock, folder: Path) -> World:
    """The company on Monday the 12th, with something of everything under way and nothing due done yet."""
    clock.set(BEGIN)
    # What is in force now was put back after a newer one.
    with store.begin() as tx:
        in_force(tx, proof_release(MOVED_TO))
    found = set_up(store)
    world = World(store=store, clock=clock, folder=folder)
    _hire(world)
    world.almanac.bootstrap(SHARED / "calendars")
    with store.begin() as tx:
        world.duties.order(tx, found, clock.now())
        # Of the week before there is a report that nobody has seen to: somebody will have to be reminded.
        world.duties.produce(tx, {"pack": "office", "report": "daily", "first": "2025-12-29"}, now=clock.now())
    clock.set(NOW - timedelta(hours=1))
    # Of the sixth a timer will be due.
    _receive(world)
    row = world.almanac.propose(HOLIDAY, OLGA)
    world.almanac.publish("cn", row.version, "announced", OMAR)
    world.almanac.propose(LATER_ALONE, OLGA)
    _give_up(world)
    draft = world.parts.drafting.begin("office", OLGA).draft
    assert draft == DRAFT, draft
    move = world.moving.propose("office", found.digest, proof_release(MOVED_TO).digest, "shorter", OLGA)
    assert move.id == MOVE, move.id
    world.parts.drafting.save(draft, {"pack.yaml": PROOF["pack.yaml"] + b"# drafted\n"}, OLGA)
    clock.set(DONE_AT)
    return world


def _hire(world: World) -> None:
    """People who sign in, one who stands in for another, and the procedure that is kept secret."""
    now = world.clock.now()
    password = world.signin.hash(PASSWORD)
    with world.store.begin() as tx:
        in_force(tx, proof_release(HUSHED))
        for name, roles in PEOPLE.items():
            more = [r.replace("office/", "hush/") for r in roles]
            held = frozenset([*roles, *more])
            email = f"{name}@office.example"
            tx.put_person(Person(name=name, zh=name, en=name, memberships=held, password=password, email=email))
        for absent in ("hana", "carl"):
            tx.put_deputy(Deputy(absent=absent, deputy="cora", since=now, until=now + timedelta(days=30)))
        for secret in (SESSION, SPARE):
            tx.open_ticket(ticket("carl", secret, now, kind="session"))
        tx.open_ticket(ticket("ada", TOKEN, now, kind="token"))


def _receive(world: World) -> None:
    desk, store, clock = world.desk, world.store, world.clock
    for case in (FRESH, HELD, POSTED, PAUSED, STUCK, LATE):
        if case == LATE:
            clock.set(NOW - timedelta(minutes=45))
        said = {"subject": case, "loss": "1", "customer": "王芳"}
        assert desk.open_case("office", said, RITA, channel="phone").case == case
    clock.set(NOW - timedelta(minutes=30))
    assert desk.open_case("hush", {"subject": SECRET, "loss": "1"}, RITA, channel="phone").case == SECRET
    desk.claim_task(HELD, "look-1", CARL)
    desk.save_draft(HELD, "look-1", {"finding": "half"}, CARL)
    desk.complete_task(POSTED, "look-1", {"finding": "x"}, CARL)
    desk.pause(PAUSED, "material", CARL)
    desk.complete_task(STUCK, "look-1", {"finding": "x"}, CARL)
    with store.begin() as tx:
        for job in [j for j in tx.claim_jobs("prep", most=50) if j.case == STUCK]:
            desk.fail_errand(tx, STUCK, job.key, NotDelivered(key=job.key, reason="no answer"), now=clock.now())
            tx.finish_job(job)
        tx.release_jobs("prep")


def _give_up(world: World) -> None:
    """One job that was given up, and one that will be at its first try."""
    with world.store.begin() as tx:
        tx.enqueue("nonsense", "poison", NOW - timedelta(days=1), max_attempts=1)
        (poison,) = [j for j in tx.claim_jobs("prep", most=50) if j.kind == "nonsense"]
        tx.fail_job(poison, "it broke")
        tx.release_jobs("prep")
        tx.enqueue("nonsense", "another", NOW, max_attempts=1)


def ticket(person: str, secret: str, now: datetime, *, kind: str) -> Ticket:
    """A session or a token, by its secret."""
    from api.signin import _hash

    return Ticket(
        hash=_hash(secret), kind=kind, person=person, scope="*", label="proof", created=now,
        expires=now + timedelta(days=30),
    )  # fmt: skip


Act = Callable[[World], object]


class Refusal(EngineError):
    """A command or a request was refused: {said}"""

    zh = "命令或请求被拒绝：{said}"


def same(one: Any, other: Any, *, more: tuple[str, ...] = (), apart: tuple[str, ...] = ()) -> str | None:
    """What differs between two told worlds, part by part.

    Args:
        more: kinds of rows of which the other may have some more: asking twice leaves two of them.
        apart: kinds of rows that are not counted.
    """
    one, other = ({**w, "rows": {n: k for n, k in w["rows"].items() if n not in apart}} for w in (one, other))
    rows = {n: max(k, one["rows"][n]) if n in more else k for n, k in one["rows"].items()}
    found = {n: min(k, rows[n]) if n in more else k for n, k in other["rows"].items()}
    one, other = {**one, "rows": rows}, {**other, "rows": found}
    if one == other:
        return None
    return "; ".join(said for part in one if one[part] != other[part] for said in _differ(part, one[part], other[part]))


def _differ(part: str, one: Any, other: Any) -> Iterator[str]:
    if part == "cases":
        for case in sorted({*one, *other}):
            a, b = one.get(case, []), other.get(case, [])
            if a != b:
                n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
                yield f"{case} event {n}: {str(a[n : n + 1])[:300]} / {str(b[n : n + 1])[:300]}"
    elif isinstance(one, dict):
        for key in sorted({*one, *other}):
            if one.get(key) != other.get(key):
                yield f"{part} {key}: {str(one.get(key))[:150]} / {str(other.get(key))[:150]}"
    else:
        only = [r for r in one if r not in other], [r for r in other if r not in one]
        yield f"{part}: {str(only[0])[:300]} / {str(only[1])[:300]}"
