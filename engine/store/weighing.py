"""What a case weighs: its rows and their bytes, table by table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Text, cast, func, literal, select

from engine.store.bound import Bound
from engine.store.tables import metadata


@dataclass(frozen=True, kw_only=True)
class Weight:
    """Rows of one table, and the bytes in them: texts and blobs by length, every other column as eight."""

    rows: int
    bytes: int


class WeighingReading(Bound):
    """Weighing."""

    def weigh(self, case: str) -> Mapping[str, Weight]:
        """The weight of a case in every table that holds something of it."""
        found = {}
        for table in metadata.sorted_tables:
            if "case_id" not in table.c:
                continue
            weights = (_bytes(column, self._sqlite) for column in table.c)
            rows = select(func.count(), func.coalesce(func.sum(reduce(add, weights)), 0))
            number, weight = self._sql.execute(rows.where(table.c.case_id == case)).one()
            if number:
                found[table.name] = Weight(rows=number, bytes=int(weight))
        return found


def _bytes(column: Column[Any], on_sqlite: bool) -> ColumnElement[int]:
    if not isinstance(column.type, LargeBinary | Text):
        return literal(8)
    # A text is weighed by its bytes, not its characters.
    size = func.length(cast(column, LargeBinary)) if on_sqlite else func.octet_length(column)
    return func.coalesce(size, 0)
