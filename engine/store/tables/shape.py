"""What all tables share: how names are compared, rows counted, and parts of a table indexed."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Text, text
from sqlalchemy.types import TypeEngine

from engine.store.words import Words

#: Later than any due instant.
NEVER: Final = 2**62

metadata = MetaData()

#: Text compared by code point: cursors and prefix searches must mean the same on both databases.
NAME: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
#: Pieces in order, as the database searches them.
WORDS = Words()
#: SQLite counts rows by itself only in a column declared INTEGER.
SERIAL: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")


def only(name: str, where: str, *columns: Column[Any], unique: bool = False) -> Index:
    """An index of the rows that meet a condition, on both databases.

    It serves a question only where the very words of the condition stand in the statement, values too.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
