"""Trouble with the database ends in a clear error and changes nothing; nothing foreign gets out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.errors import EngineError
from engine.store import (
    DatabaseUnsuitable,
    SchemaTooNew,
    SecondNode,
    Store,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreNotCreated,
    StoreTrouble,
    StoreUnreachable,
    trouble,
)
from tests.store.told import a_case, go_on, task

BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@BOTH
def test_a_locked_database_is_said_to_be_busy_and_nothing_is_changed(
    kind: str, request: pytest.FixtureRequest, clock: StoppedClock
) -> None:
    # Given somebody who changes a case and does not come to an end
    url = request.getfixturevalue(f"{kind}_url")
    one, two = Store(url, clock=clock), Store(url, clock=clock, patience=0.1)
    head = a_case(one, at=clock.now())
    with one.begin() as tx:
        go_on(tx, tx.head(head.case), task(clock.now(), "t-1"))
        # When another wants to
        with pytest.raises(StoreBusy), two.begin() as other:
            go_on(other, other.head(head.case), task(clock.now(), "t-2"))
        # I expect reading to go on
        with two.look() as reading:
            assert reading.head(head.case).seq == 1
    with two.begin() as tx:
        assert [row.task for row in tx.tasks(head.case)] == ["t-1"]
    one.close()
    two.close()


def test_a_full_disk_is_said_to_be_full_and_nothing_is_changed(sqlite_url: str, clock: StoppedClock) -> None:
    # Given a database that cannot grow
    store = Store(sqlite_url, clock=clock)
    head = a_case(store, at=clock.now())
    with store.begin() as tx:
        tx._sql.exec_driver_sql("PRAGMA max_page_count = 1")
    # When something large is written
    with pytest.raises(StoreFull) as told, store.begin() as tx:
        tx.take_number("x", "")
        tx.save_file("ab", name="a", media_type="b", content=bytes(10_000_000))
    # I expect to be told, in both languages, and nothing of it to be there
    assert "Free some space" in told.value.text("en") and "磁盘" in told.value.text("zh")
    with store.look() as reading:
        assert reading.head(head.case) == head
        assert reading._sql.exec_driver_sql("SELECT count(*) FROM number_series WHERE series = 'x'").scalar() == 0
    store.close()


_LIMITED = """
import resource, sys
from datetime import datetime, UTC
from engine.clock import StoppedClock
from engine.store import Store, StoreTrouble
from tests.store.told import a_case
store = Store(sys.argv[1], clock=StoppedClock(datetime(2026, 1, 5, tzinfo=UTC)))
# From here on no file of this process grows beyond what the system grants it.
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    while True:
        print(a_case(store, at=store._clock.now()).case, flush=True)
except StoreTrouble as error:
    print(type(error).__name__, flush=True)
"""


def test_a_file_that_may_not_grow_is_said_to_be_full_and_nothing_acknowledged_is_lost(
    sqlite_url: str, clock: StoppedClock
) -> None:
    # Given a process whose files the system lets grow so far and no further, as a quota does
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _LIMITED, sqlite_url]
    *cases, end = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True).stdout.split()
    # When it has written until it was refused, I expect to be told so in our words
    assert cases and end == "StoreFull"
    # and everything it had acknowledged to be there, whole, and nothing else
    store = Store(sqlite_url, clock=clock)
    with store.look() as reading:
        assert reading.every_case() == cases
        assert {len(reading.history(case)) for case in cases} == {1}
    a_case(store, at=clock.now())
    store.close()


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path, clock: StoppedClock) -> None:
    path = tmp_path / "kesu.db"
    path.write_bytes(b"this is a letter, not a database" * 1000)
    with pytest.raises(StoreDamaged):
        Store(f"sqlite:///{path}", clock=clock).create()


def test_a_place_that_cannot_hold_a_database_is_said_to_be_unreachable(tmp_path: Path, clock: StoppedClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnreachable):
        Store(f"sqlite:///{tmp_path}/file/kesu.db", clock=clock)
    with pytest.raises(StoreUnreachable):
        Store(f"sqlite:///{tmp_path}", clock=clock).create()
    with pytest.raises(StoreUnreachable):
        Store("postgresql://nobody@127.0.0.1:1/nothing", clock=clock).create()


def test_a_lost_connection_is_an_error_of_ours_and_the_next_action_works(
    postgresql_url: str, clock: StoppedClock
) -> None:
    # Given a store in the middle of a use case
    store, other = Store(postgresql_url, clock=clock), Store(postgresql_url, clock=clock)
    head = a_case(store, at=clock.now())
    # When the server cuts the connection
    with pytest.raises(StoreUnreachable), store.begin() as tx:
        mine = tx._sql.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        go_on(tx, head, task(clock.now(), "t-1"))
        with other.begin() as cutter:
            cutter._sql.exec_driver_sql(f"SELECT pg_terminate_backend({mine}, 5000)")
        tx.tasks(head.case)
    # I expect nothing written, and the next action to work
    with store.begin() as tx:
        assert tx.head(head.case) == head
    store.close()
    other.close()


@BOTH
def test_a_database_without_tables_is_said_not_to_be_created(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: StoppedClock
) -> None:
    url = f"sqlite:///{tmp_path}/new/kesu.db" if kind == "sqlite" else request.getfixturevalue("new_postgresql_url")
    store = Store(url, clock=clock)
    with pytest.raises(StoreNotCreated):
        store.need_current()
    with pytest.raises(StoreNotCreated), store.look() as reading:
        reading.head("C-1")
    # When it is created by several at once
    makers = [threading.Thread(target=Store(url, clock=clock).create) for _ in range(3)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    # I expect it to be there
    store.need_current()
    a_case(store, at=clock.now())
    store.close()


@BOTH
def test_a_database_of_a_later_version_is_left_alone(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: StoppedClock
) -> None:
    url = f"sqlite:///{tmp_path}/kesu.db" if kind == "sqlite" else request.getfixturevalue("new_postgresql_url")
    store = Store(url, clock=clock)
    store.create()
    with store.begin() as tx:
        tx._sql.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for act in (store.create, store.need_current):
        with pytest.raises(SchemaTooNew) as told:
            act()
        assert told.value.facts == {"found": "9999"}
    store.close()


@pytest.mark.parametrize("url", ["", "hello", "sqlite://", "sqlite:///:memory:", "mysql://a/b", "oracle://x"])
def test_an_unsuitable_address_is_refused_with_the_remedy(url: str, clock: StoppedClock) -> None:
    with pytest.raises(DatabaseUnsuitable):
        Store(url, clock=clock)


def test_a_password_is_not_shown(clock: StoppedClock) -> None:
    with pytest.raises(DatabaseUnsuitable) as told:
        Store("mysql://amy:secret@host/db", clock=clock)
    assert "secret" not in str(told.value)


def test_a_second_node_on_sqlite_is_refused(sqlite_url: str, clock: StoppedClock) -> None:
    # Given a node that serves
    first, second = Store(sqlite_url, clock=clock), Store(sqlite_url, clock=clock)
    first.become_node("one", version="1")
    # When another wants to, from here or from another process
    with pytest.raises(SecondNode):
        second.become_node("two", version="1")
    # I expect that it may still read and write, as a command does, and that the place is free after the first left
    a_case(second, at=clock.now())
    first.close()
    second.become_node("two", version="1")
    with second.look() as reading:
        assert [node.name for node in reading.nodes()] == ["one", "two"]
    second.close()


def test_several_nodes_share_a_postgresql_database(postgresql_url: str, clock: StoppedClock) -> None:
    stores = [Store(postgresql_url, clock=clock) for _ in range(2)]
    for n, store in enumerate(stores):
        store.become_node(f"node-{n}", version="1")
    with stores[0].begin() as tx:
        assert [node.name for node in tx.nodes()] == ["node-0", "node-1"]
        tx.drop_node("node-0")
        assert [node.name for node in tx.nodes()] == ["node-1"]
    for store in stores:
        store.close()


def test_sqlite_writes_through_to_the_disk(sqlite_url: str, clock: StoppedClock) -> None:
    store = Store(sqlite_url, clock=clock)
    with store.begin() as tx:
        assert tx._sql.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert tx._sql.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


def test_a_settled_database_is_in_its_file_and_goes_on(store: Store, clock: StoppedClock) -> None:
    head = a_case(store, at=clock.now())
    store.settle()
    if store.sqlite:
        path = Path(str(store._database.url.database))
        assert path.with_name(path.name + "-wal").stat().st_size == 0
    with store.begin() as tx:
        go_on(tx, tx.head(head.case), task(clock.now(), "t-1"))
    with store.look() as reading:
        assert reading.head(head.case).seq == 2


_WRITER = """
import sys
from datetime import datetime, UTC
from engine.clock import StoppedClock
from engine.store import Store
from tests.store.told import a_case
clock = StoppedClock(datetime(2026, 1, 5, tzinfo=UTC))
store = Store(sys.argv[1], clock=clock)
while True:
    print(a_case(store, at=clock.now()).case, flush=True)
"""


@BOTH
def test_what_was_acknowledged_survives_a_kill(kind: str, request: pytest.FixtureRequest, clock: StoppedClock) -> None:
    # Given a process that opens cases and says so
    url = request.getfixturevalue(f"{kind}_url")
    root = Path(__file__).parents[2]
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, text=True, cwd=root)
    assert writer.stdout is not None
    said = [writer.stdout.readline().strip() for _ in range(20)]
    # When it is killed
    os.kill(writer.pid, signal.SIGKILL)
    said += writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    # I expect every case it spoke of, whole, and at most one it could not speak of any more
    store = Store(url, clock=clock)
    with store.begin() as tx:
        last = tx.take_number("case", "") - 1
        assert len(said) <= last <= len(said) + 1
        for n in range(last):
            assert len(tx.history(f"C-{1001 + n}")) == tx.head(f"C-{1001 + n}").seq == 1
    store.close()


def test_every_error_speaks_both_languages() -> None:
    kinds = [k for k in vars(trouble).values() if isinstance(k, type) and issubclass(k, EngineError)]
    assert len(kinds) > 20
    for kind in kinds:
        assert kind is EngineError or (kind.__doc__ and "zh" in kind.__dict__), kind


def test_what_no_table_knows_is_still_an_error_of_ours(store: Store, clock: StoppedClock) -> None:
    # Given trouble of a kind nobody has thought of
    with pytest.raises(StoreTrouble), store.begin() as tx:
        tx._sql.exec_driver_sql("SELECT nonsense FROM event")
    with pytest.raises(StoreTrouble), store.begin() as tx:
        tx.save_release("d", pack=None, files={"a": b""}, by="x", at=clock.now())  # type: ignore[arg-type]
    # I expect the next action to work
    a_case(store, at=clock.now())
