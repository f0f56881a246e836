"""A column of pieces in order: plain text for SQLite's own index of words, a vector with places on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

_LEXEME = re.compile(r"'([^']*)':([\d,]+)")
#: PostgreSQL counts no further.
_LAST_PLACE = 16_383


class Words(TypeDecorator[tuple[str, ...]]):
    """Pieces in order. They are made of letters and digits, and of `_`: nothing in them needs quoting."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type in this database."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """As the database takes it."""
        pieces = value or ()
        if dialect.name != "postgresql":
            return " ".join(pieces)
        return " ".join(f"'{piece}':{min(place, _LAST_PLACE)}" for place, piece in enumerate(pieces, 1))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """As it was handed in."""
        if dialect.name != "postgresql":
            return tuple((value or "").split())
        places = [(int(place), piece) for piece, at in _LEXEME.findall(value or "") for place in at.split(",")]
        return tuple(piece for _, piece in sorted(places))
