"""A clock that stands still does not get late: in no list, count or figure, and rows of older databases say so, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, insert, inspect, select, text

from engine import history as h
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.store import CaseQuery, Head, Store, TaskQuery, WorklistQuery
from engine.store.schema import _config
from engine.store.tables import deadline, head, metadata, task
from tests.store.told import DAY, HOUR, a_case, done, then
from tests.store.told import task as opens

AMY = Actor(name="amy", memberships=frozenset({"gm/sales"}))
#: Of these the clock of two may stand still.
PACK = b"""
limits:
  look: {value: 3, unit: workday, pausable: true}
  whole: {value: 9, unit: workday, pausable: true}
  legal: {value: 9, unit: day}
"""


@pytest.fixture
def pack(store: Store, clock: StoppedClock) -> Store:
    """A store with the release its cases are on."""
    with store.begin() as tx:
        tx.save_release("d1", pack="gm", files={"pack.yaml": PACK}, by="ora", at=clock.now())
    return store


def a_paused_case(store: Store, clock: StoppedClock, *, legal: bool = False) -> Head:
    """A case with a task and a limit due in an hour, whose clocks stand still from now on."""
    at, due = clock.now(), clock.now() + HOUR
    limits = ["whole", *(["legal"] if legal else [])]
    set_ = [h.DeadlineSet(at=at, deadline=name, start=at, due=due, trace={}) for name in limits]
    case = a_case(store, opens(at, "look-1", "sales", limit="look", due=due), *set_, at=at)
    return then(store, case, h.ClockPaused(at=at, actor="amy", reason="r"))


def late(store: Store, case: str) -> list[bool]:
    """What every list, count and figure that knows the word says of a case."""
    with store.look() as reading:
        tasks = [row.task for row in reading.worklist(WorklistQuery(scope="overdue"), AMY).rows]
        tasks += [row.task for row in reading.worklist(WorklistQuery(scope="overdue", q=case), AMY).rows]
        now = reading._clock.now()
        (kept,) = [t for t in reading.kept([now - DAY, now + DAY], AMY) if t.limit == "whole"]
        figures = reading.figures("gm", now - DAY, now)
        return [
            "look-1" in tasks, reading.count_tasks(WorklistQuery(scope="overdue"), AMY) > 0,
            any(row.case == case for row in reading.cases(CaseQuery(late=True), AMY).rows),
            reading.standing(AMY)[0].late > 0, reading.waiting(AMY)[0].overdue > 0, reading.load(AMY)[0].overdue > 0,
            bool(reading.open_tasks(TaskQuery(overdue=True), AMY).rows), bool(reading.overrun(AMY)),
            kept.overrun > 0, bool(figures["overdue"]),
            any(row["overrun"] for row in figures["limits"]),  # type: ignore[union-attr, index, call-overload]
        ]  # fmt: skip


def test_what_stands_still_is_overdue_in_no_list_and_no_figure(pack: Store, clock: StoppedClock) -> None:
    # Given a task and a limit that were due while their clocks stood still
    case = a_paused_case(pack, clock)
    clock.advance(hours=5)
    # I expect nothing to call them overdue
    assert late(pack, case.case) == [False] * 11
    with pack.look() as reading:
        (row,) = reading.worklist(WorklistQuery(scope="group"), AMY).rows
        assert row.paused and reading.head(case.case).still == row.still == case.opened_at
    # and all of it to do so once they went on and ran out
    at = clock.now()
    moved = [h.DeadlineMoved(at=at, deadline=name, due=at + HOUR, trace={}) for name in ("look-1", "whole")]
    then(pack, case, h.ClockResumed(at=at, actor="amy"), *moved)
    clock.advance(hours=2)
    assert late(pack, case.case) == [True] * 11


def test_what_had_run_out_before_stays_overdue(pack: Store, clock: StoppedClock) -> None:
    # Given a task and a limit that are late already
    case = a_case(
        pack, opens(clock.now(), "look-1", "sales", limit="look", due=clock.now() + HOUR),
        h.DeadlineSet(at=clock.now(), deadline="whole", start=clock.now(), due=clock.now() + HOUR, trace={}), at=clock.now(),
    )  # fmt: skip
    clock.advance(hours=2)
    # When the clocks stand still
    then(pack, case, h.ClockPaused(at=clock.now(), actor="amy", reason="r"))
    clock.advance(hours=1)
    # I expect that to be nothing to them
    assert late(pack, case.case) == [True] * 11
    with pack.look() as reading:
        assert not reading.task(case.case, "look-1").paused


def test_only_limits_that_may_be_paused_stand_still(pack: Store, clock: StoppedClock) -> None:
    case = a_paused_case(pack, clock, legal=True)
    clock.advance(hours=2)
    with pack.look() as reading:
        assert [row.deadline for row in reading.overrun(AMY)] == ["legal"]
    # What begins meanwhile stands still from its beginning, if it may
    at = clock.now()
    then(pack, case, opens(at, "look-2", "sales", limit="look", due=at + HOUR), opens(at, "say-1", "sales", due=at + HOUR))
    clock.advance(hours=2)
    with pack.look() as reading:
        assert {row.task: row.paused for row in reading.tasks(case.case)} == {"look-1": True, "look-2": True, "say-1": False}


def test_what_was_done_while_it_stood_still_was_done_in_time(pack: Store, clock: StoppedClock) -> None:
    case = a_paused_case(pack, clock)
    clock.advance(hours=5)
    at = clock.now()
    then(pack, case, done(at, "look-1"), h.ClockResumed(at=at, actor="amy"))
    with pack.look() as reading:
        (tally,) = reading.done([at - DAY, at + DAY], AMY)
        assert (tally.count, tally.late) == (1, 0)
        assert reading.figures("gm", at - DAY, at + DAY)["tasks"] == [{"element": "look", "done": 1, "late": 0}]


@pytest.fixture(params=["sqlite", "postgresql"])
def of_old(request: pytest.FixtureRequest, clock: StoppedClock, tmp_path: Path) -> Iterator[Store]:
    """A store of its own, whose shape may be changed."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = Store(url if request.param == "sqlite" else request.getfixturevalue("new_postgresql_url"), clock=clock)
    store.create()
    yield store
    store.close()


def test_rows_of_an_older_database_are_what_its_histories_say(of_old: Store, clock: StoppedClock) -> None:
    # Given cases whose clocks stand still, stood still, were never stopped; with something that ended meanwhile
    store = of_old
    with store.begin() as tx:
        tx.save_release("d1", pack="gm", files={"pack.yaml": PACK}, by="ora", at=clock.now())
    stands, went_on, ended, never = (a_paused_case(store, clock, legal=True) for _ in range(4))
    clock.advance(hours=1)
    at = clock.now()
    then(store, stands, opens(at, "look-2", "sales", limit="look", due=at + HOUR))
    then(store, went_on, done(at, "look-1"), h.ClockResumed(at=at, actor="amy"))
    again = then(store, ended, h.ClockResumed(at=at, actor="amy"), opens(at, "look-2", limit="look", due=at + DAY))
    then(store, again, h.ClockPaused(at=at, actor="amy", reason="r"), done(at, "look-2"), h.DeadlineMet(at=at, deadline="whole", late=False))
    then(store, never, h.ClockResumed(at=at, actor="amy"))
    before = still(store)
    assert len({row[-1] for row in before}) >= 3
    # When the tables are taken back to what they were, and brought up to this version
    take_back(store)
    store.create()
    # I expect each row to say what it said, and what the histories give
    assert still(store) == before
    with store.begin() as tx:
        assert [tx.stray(case.case) for case in (stands, went_on, ended, never)] == [None] * 4


def take_back(store: Store, version: str = "0005") -> None:
    """Make a database what an earlier version of the tables would hold: of each row what it knew."""
    with store.look() as reading:
        rows = {t.name: reading._sql.execute(select(t)).mappings().all() for t in metadata.sorted_tables}
    with store._database.writing() as connection:
        if store.sqlite:
            for name in inspect(connection).get_table_names():
                # What an index of words keeps its parts in goes with it.
                if not name.startswith("passage_words_"):
                    connection.execute(text(f'DROP TABLE "{name}"'))
        else:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        command.upgrade(_config(connection), version)
        there = inspect(connection)
        for name, found in rows.items():
            known = {c["name"] for c in there.get_columns(name)} if there.has_table(name) else set()
            if known and found:
                table = Table(name, MetaData(), autoload_with=connection)
                connection.execute(insert(table), [{c: v for c, v in row.items() if c in known} for row in found])


def still(store: Store) -> list[tuple[str, str, int | None]]:
    with store.look() as reading:
        heads = reading._sql.execute(select(head.c.case_id, head.c.pack, head.c.still_us)).all()
        parts = [reading._sql.execute(select(t.c.case_id, t.c.name, t.c.still_us)).all() for t in (task, deadline)]
    return sorted((str(a), str(b), c) for a, b, c in (*heads, *parts[0], *parts[1]))
