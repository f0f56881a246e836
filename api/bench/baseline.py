"""What the figures are held against: the same rows through the bare driver, the same request without Kesu."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from api.bench.measuring import cpu_ms

_TABLE = "CREATE TABLE bare (case_id TEXT, seq BIGINT, body {blob}, PRIMARY KEY (case_id, seq))"


def bare_commit(database: str, rows: int, size: int) -> float:
    """CPU milliseconds of one durable transaction that writes so many rows of `size` bytes in all, by the driver alone."""
    body = os.urandom(max(1, size // max(1, rows)))
    with _connected(database) as (run, blob):
        run([(_TABLE.format(blob=blob), [()])])
        mark = "?" if blob == "BLOB" else "%s"
        insert = f"INSERT INTO bare VALUES ({mark}, {mark}, {mark})"
        number = iter(range(10**9))
        return cpu_ms(lambda: run([(insert, [("bare", next(number), body) for _ in range(rows)])]), 50)


@contextmanager
def _connected(database: str) -> Iterator[tuple[Callable[[list[tuple[str, list[Any]]]], None], str]]:
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///") + ".bare", isolation_level=None)) as file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = FULL")
            yield lambda work: _in_sqlite(file, work), "BLOB"
        return
    with psycopg.connect(database) as server:
        yield lambda work: _in_postgresql(server, work), "BYTEA"


def _in_sqlite(file: sqlite3.Connection, work: list[tuple[str, list[Any]]]) -> None:
    file.execute("BEGIN IMMEDIATE")
    for statement, rows in work:
        file.executemany(statement, rows)
    file.execute("COMMIT")


def _in_postgresql(server: psycopg.Connection[Any], work: list[tuple[str, list[Any]]]) -> None:
    with server.cursor() as cursor:
        for statement, rows in work:
            cursor.executemany(statement, rows)
    server.commit()
