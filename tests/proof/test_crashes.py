"""Killed between any two steps of any use case or job: nothing acknowledged is lost, nothing is done twice, nothing sticks.

By itself a selection of the points is tried; `./run soak` and KESU_PROOF=1 try every one, on both databases.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from engine.clock import StoppedClock
from engine.errors import EngineError
from engine.store import JobNotFound, Store
from tests.conftest import MORNING, _database, _make_tables, _tell
from tests.proof.crash import killed, world_of
from tests.proof.world import ACTS, NO_ACTS, Act, World, prepare, same, use_cases

EVERY_POINT = os.environ.get("KESU_PROOF") == "1"
#: On PostgreSQL an ordinary run tries these: one of each way a transaction is made.
SOME = ("Desk.complete_task", "Desk.finish_errand", "Duties.produce", "Almanac.replan")
_numbers = itertools.count(1)
Fresh = Callable[[], tuple[str, Path]]


def test_every_use_case_and_kind_of_job_is_tried() -> None:
    assert use_cases() == set(ACTS) | NO_ACTS


@pytest.fixture(scope="session")
def _sqlite_world(_sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    shutil.copyfile(_sqlite_tables, folder / "kesu.db")
    store = Store(f"sqlite:///{folder / 'kesu.db'}", clock=StoppedClock(MORNING))
    prepare(store, store._clock, folder / "outbox")  # type: ignore[arg-type]
    store.settle()
    store.close()
    return folder


@pytest.fixture(scope="session")
def _postgresql_world(_postgresql: str) -> str:
    _tell(_postgresql, "CREATE DATABASE kesu_world")
    url = _database(_postgresql, "kesu_world")
    _make_tables(url)
    store = Store(url, clock=StoppedClock(MORNING))
    prepare(store, store._clock, Path("unused"))  # type: ignore[arg-type]
    store.close()
    return url


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Makes copies of the company, each with an outbox of its own."""
    kind = request.param
    address = request.getfixturevalue("_postgresql") if kind == "postgresql" else ""
    world = request.getfixturevalue(f"_{kind}_world")
    made: list[str] = []

    def copy() -> tuple[str, Path]:
        name = f"kesu_crash_{os.getpid()}_{next(_numbers)}"
        folder = tmp_path / name
        folder.mkdir()
        if kind == "sqlite":
            shutil.copyfile(world / "kesu.db", folder / "kesu.db")
            return f"sqlite:///{folder / 'kesu.db'}", folder / "outbox"
        while made:
            _tell(address, f"DROP DATABASE {made.pop()} WITH (FORCE)")
        _tell(address, f"CREATE DATABASE {name} TEMPLATE kesu_world")
        made.append(name)
        return _database(address, name), folder / "outbox"

    yield copy
    for name in made:
        with contextlib.suppress(psycopg.Error):
            _tell(address, f"DROP DATABASE {name} WITH (FORCE)")


def _cases() -> list[tuple[str, str]]:
    on_postgresql = ACTS if EVERY_POINT else SOME
    return [("sqlite", name) for name in ACTS] + [("postgresql", name) for name in on_postgresql]


@pytest.mark.parametrize(("fresh", "name"), _cases(), indirect=["fresh"])
def test_an_act_that_was_killed_and_asked_for_again_happens_once(fresh: Fresh, name: str) -> None:
    act, at = ACTS[name], MORNING.replace(day=12, hour=1, minute=31)
    # Given what comes of it when nobody dies
    url, folder = fresh()
    with world_of(url, folder, at) as world:
        assert list(world.faults()) == []  # and every release is read, so that all children take the same steps
    died, steps = killed(url, folder, at, act, 10_000)
    assert not died and steps >= 2
    with world_of(url, folder, at) as world:
        world.settle()
        wanted = world.told()
        assert list(world.faults()) == []
    for point in range(steps) if EVERY_POINT else sorted({0, steps // 2, steps - 2}):
        url, folder = fresh()
        # When the process dies at this point
        if not killed(url, folder, at, act, point)[0]:
            # What the first run had to read once (a release) is read by now: a step or two fewer.
            assert point >= steps - 3
            continue
        with world_of(url, folder, at) as world:
            # and whoever asked, and heard nothing, asks again, and time goes on
            _asked_again(world, act)
            # I expect what would have come of it anyway, and histories that prove it
            difference = same(wanted, world.told())
            if difference is not None:
                pytest.fail(f"killed at point {point} of {steps}: {difference}")
            assert list(world.faults()) == []


def _asked_again(world: World, act: Act) -> None:
    """Whoever heard nothing asks again, at once and, where that was refused, once time has gone on."""
    try:
        act(world)
    except JobNotFound:
        pass  # it was resumed, or dropped
    except EngineError:
        world.settle()
        with contextlib.suppress(EngineError):
            act(world)
    world.settle()
