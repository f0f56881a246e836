"""The truth: events, the keys of the personal data in them, who read what is sealed, and the Merkle log that proves them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from engine.store.tables.shape import NAME, SERIAL, metadata, only

event = Table(
    "event",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", NAME, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("actor", NAME),
    Column("on_behalf_of", NAME),
    #: Canonical bytes of the facts, personal data sealed.
    Column("sealed", Text, nullable=False),
    Column("previous", NAME, nullable=False),
    Column("hash", NAME, nullable=False),
)
# Remarks and files of a case are read from its history by kind.
only("event_remark", "kind IN ('comment_added', 'attachment_added')", event.c.case_id, event.c.seq)

#: The keys of the personal data of a case. Destroying one here is all it takes to erase a person.
keys = Table(
    "keyring",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("ring", LargeBinary, nullable=False),
)

#: Who read a sealed case; append-only.
reading = Table(
    "sealed_reading",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("case_id", NAME, nullable=False),
    Column("person", NAME, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("what", NAME, nullable=False),
)
Index("reading_case", reading.c.case_id, reading.c.id)

#: The Merkle log over case histories: leaves in the order in which they were put in.
leaf = Table(
    "ledger_leaf",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", NAME, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", NAME, nullable=False),
)
Index("leaf_case", leaf.c.case_id, leaf.c.seq)

#: Hashes of its complete subtrees: level 0 are the leaves.
tree = Table(
    "ledger_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", NAME, nullable=False),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", NAME, nullable=False),
    Column("at_us", BigInteger, nullable=False),
)

#: Rows that are never changed or removed, and `act`.
FOREVER = (event, reading, leaf, tree, checkpoint)
