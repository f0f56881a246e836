"""A weekend without the service changes nothing but when it was noticed."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.clock import StoppedClock
from engine.store import Store
from tests.conftest import MORNING, _database, _tell
from tests.proof.pack import set_up
from tests.proof.world import CARL, HANA, RITA, World, same

FRIDAY = datetime(2026, 1, 9, 9, 30, tzinfo=UTC)
MONDAY = datetime(2026, 1, 12, 1, 30, tzinfo=UTC)


def week(world: World, clock: StoppedClock) -> list[str]:
    """Complaints of a week, with reminders, limits that pass, a pause and an extension under way on Friday evening."""
    cases = []
    for n in range(4):
        world.executor.let_time_pass(clock, datetime(2026, 1, 5 + n, 2, n, tzinfo=UTC))
        done = world.desk.open_case("office", {"subject": str(n), "loss": "1"}, RITA, channel="phone")
        cases.append(done.case)
    world.desk.extend_deadline(cases[2], "look-1", 1, "workday", "material", HANA)
    world.desk.pause(cases[3], "material", CARL)
    world.executor.let_time_pass(clock, FRIDAY)
    return cases


def after(world: World, cases: list[str]) -> None:
    """What people do on Monday morning."""
    world.desk.complete_task(cases[0], "look-1", {"finding": "x"}, CARL)
    world.desk.resume(cases[3], CARL)
    world.executor.poke()


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Makes stores with nothing in them, on the database that is asked for."""
    made: list[Store] = []
    address = request.getfixturevalue("_postgresql") if request.param == "postgresql" else ""
    tables = request.getfixturevalue("_sqlite_tables")

    def make() -> Store:
        name = f"kesu_outage_{len(made)}"
        if address:
            _tell(address, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            _tell(address, f"CREATE DATABASE {name}")
            store = Store(_database(address, name), clock=StoppedClock(MORNING))
            store.create()
        else:
            shutil.copyfile(tables, tmp_path / f"{name}.db")
            store = Store(f"sqlite:///{tmp_path / name}.db", clock=StoppedClock(MORNING))
        made.append(store)
        return store

    yield make
    for number, store in enumerate(made):
        store.close()
        if address:
            _tell(address, f"DROP DATABASE kesu_outage_{number} WITH (FORCE)")


@pytest.mark.parametrize(
    ("empty", "by"),
    [("sqlite", "the executor"), ("sqlite", "a person"), ("postgresql", "the executor")],
    indirect=["empty"],
)
def test_a_weekend_without_the_service_changes_nothing_but_when_it_was_noticed(
    empty: Callable[[], Store], tmp_path: Path, by: str
) -> None:
    told: list[dict[str, Any]] = []
    fired: list[list[tuple[datetime, datetime]]] = []
    for up in (True, False):
        # Given the same week, once with the service up at the weekend, once with it down
        store = empty()
        clock = store._clock
        assert isinstance(clock, StoppedClock)
        world = World(store=store, clock=clock, folder=tmp_path / f"outbox-{up}")
        release = set_up(store)
        with store.begin() as tx:
            world.duties.order(tx, release, clock.now())
        cases = week(world, clock)
        if up:
            world.executor.let_time_pass(clock, MONDAY)
        else:
            clock.set(MONDAY)
            if by == "the executor":
                world.executor.poke()
        after(world, cases)
        assert list(world.faults()) == []
        told.append(world.told())
        with store.look() as reading:
            events = itertools.chain.from_iterable(reading.history(c) for c in cases)
            fired.append([(e.event.at, e.event.fired_at) for e in events if e.event.kind == "timer_fired"])  # type: ignore[attr-defined]
    # I expect the same histories, the same reports, the same letters
    assert same(told[0], told[1]) is None, same(told[0], told[1])
    # apart from when the timers of the weekend were noticed
    late = [seen - at for at, seen in fired[1]]
    assert [at for at, _ in fired[0]] == [at for at, _ in fired[1]]
    assert max(late).total_seconds() > 3600 and max(seen - at for at, seen in fired[0]).total_seconds() < 1
