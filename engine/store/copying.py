"""Copying everything from one database into an empty one: backup, restore, and the move to PostgreSQL.

A backup is an SQLite file whatever the source, taken from one moment while work goes on.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Integer, Table, func, insert, select

from engine.store.store import Store
from engine.store.tables import metadata
from engine.store.trouble import StoreTrouble

_BATCH = 2_000


class TargetNotEmpty(StoreTrouble):
    """The database to copy into already holds data ({table}); name one that does not exist yet."""

    zh = "目标数据库中已有数据（{table}）；请指定一个尚不存在的数据库。"


def copy(source: Store, target: Store) -> Mapping[str, int]:
    """Copy every row of `source` as of one moment into `target`; returns the number of rows by table.

    Raises:
        TargetNotEmpty, SchemaTooOld, SchemaTooNew, StoreNotCreated.
    """
    source.need_current()
    target.create()
    copied = {}
    with source._database.looking() as old, target._database.writing() as new:
        for table in metadata.sorted_tables:
            if new.execute(select(func.count()).select_from(table)).scalar_one():
                raise TargetNotEmpty(table=table.name)
        for table in metadata.sorted_tables:
            copied[table.name] = _copy(table, old, new)
    target.settle()
    return copied


def _copy(table: Table, old: Connection, new: Connection) -> int:
    number = 0
    rows = old.execution_options(yield_per=_BATCH).execute(select(table))
    for batch in rows.mappings().partitions(_BATCH):
        new.execute(insert(table), [dict(row) for row in batch])
        number += len(batch)
    if number and new.dialect.name == "postgresql":
        _count_on(table, new)
    return number


def _count_on(table: Table, new: Connection) -> None:
    """Let PostgreSQL count on behind the rows that came with their numbers."""
    for column in table.primary_key:
        if column.name == "id" and isinstance(column.type, Integer):
            last = new.execute(select(func.max(column))).scalar_one()
            new.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), last)))
