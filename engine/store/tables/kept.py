"""Kept beside the histories: numbers that were given, answers to requests, half-filled forms, files."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from engine.store.tables.shape import NAME, metadata

series = Table(
    "number_series",
    metadata,
    Column("series", NAME, primary_key=True),
    Column("period", NAME, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", NAME, primary_key=True),
    Column("key", NAME, primary_key=True),
    #: SHA-256 of the request.
    Column("request", NAME, nullable=False),
    #: What it came to: these events of this case.
    Column("case_id", NAME, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    #: What was answered, word for word, where that is kept.
    Column("answer", Text, nullable=True),
)
Index("idempotency_at", idempotency.c.at_us)

draft = Table(
    "draft",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("task", NAME, primary_key=True),
    Column("person", NAME, primary_key=True),
    Column("answers", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
)
Index("draft_at", draft.c.at_us)

file = Table(
    "file",
    metadata,
    Column("sha256", NAME, primary_key=True),
    Column("name", Text, nullable=False),
    Column("media_type", NAME, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
