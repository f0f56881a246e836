"""Copies of the company, as many as are wanted, on either database."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from engine.clock import StoppedClock
from engine.store import Store
from tests.proof.world import BEGIN, prepare

_numbers = itertools.count(1)


class OnSqlite:
    """Copies of a file."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._world = folder / "world"
        self._world.mkdir()
        store = Store(f"sqlite:///{self._world / 'kesu.db'}", clock=StoppedClock(BEGIN))
        store.create()
        prepare(store, store._clock, self._world / "outbox")  # type: ignore[arg-type]
        store.settle()
        store.close()

    @contextmanager
    def copy(self) -> Iterator[tuple[str, Path]]:
        """The address of a copy and its outbox; gone afterwards."""
        folder = self._folder / f"copy-{os.getpid()}-{next(_numbers)}"
        folder.mkdir()
        shutil.copyfile(self._world / "kesu.db", folder / "kesu.db")
        try:
            yield f"sqlite:///{folder / 'kesu.db'}", folder / "outbox"
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def quiet(self, url: str) -> None:
        """Wait until nobody is at work on a copy: a file's locks die with their process."""


class OnPostgresql:
    """Copies of a database of a server."""

    kind = "postgresql"

    def __init__(self, folder: Path, address: str) -> None:
        self._folder, self._address = folder, address
        self._world = f"kesu_world_{os.getpid()}_{next(_numbers)}"
        self._tell(f"CREATE DATABASE {self._world}")
        store = Store(self._at(self._world), clock=StoppedClock(BEGIN))
        store.create()
        prepare(store, store._clock, folder / "world-outbox")  # type: ignore[arg-type]
        store.close()

    @contextmanager
    def copy(self) -> Iterator[tuple[str, Path]]:
        """The address of a copy and its outbox; gone afterwards."""
        name = f"kesu_crash_{os.getpid()}_{next(_numbers)}"
        folder = self._folder / name
        folder.mkdir()
        self._tell(f"CREATE DATABASE {name} TEMPLATE {self._world}")
        try:
            yield self._at(name), folder / "outbox"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(psycopg.Error):
                self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def quiet(self, url: str) -> None:
        """Wait until nobody is at work on a copy: the server hears of a death a moment later."""
        name = url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self._address, autocommit=True) as connection:
            for _ in range(3000):
                found = connection.execute("SELECT 1 FROM pg_stat_activity WHERE datname = %s LIMIT 1", (name,))
                if found.fetchone() is None:
                    return
                time.sleep(0.002)
        raise AssertionError(f"somebody stays in {name}")

    def _at(self, name: str) -> str:
        return self._address.replace("/postgres?", f"/{name}?")

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)


Ground = OnSqlite | OnPostgresql
