"""Tables of the house itself: calendars by version, reports of the packs, what was done outside of cases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from engine.store.tables import NAME, SERIAL, metadata

#: What administrators and owners did outside of cases; append-only.
act = Table(
    "act",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("actor", NAME, nullable=False),
    #: "job-resumed", "calendar-published", ...
    Column("kind", NAME, nullable=False),
    #: What it was done to: the number of a job, "cn/1f2e...".
    Column("about", NAME, nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", Text, nullable=False),
)

#: Calendars by version; the one in force is the one that was published last.
calendar = Table(
    "calendar",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("version", NAME, primary_key=True),
    #: The file, whole: it extends no other.
    Column("source", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", NAME, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("published_by", NAME),
    Column("published_us", BigInteger),
)

#: Reports and duties of the packs, made when their period was over.
report = Table(
    "report",
    metadata,
    Column("pack", NAME, primary_key=True),
    Column("report", NAME, primary_key=True),
    #: "2026-01", "2026-W05", "2026-Q1", "2026".
    Column("period", NAME, primary_key=True),
    Column("since_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    #: By when it must be seen to.
    Column("due_us", BigInteger, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    #: Who saw to it, when, and what they said.
    Column("done_by", NAME),
    Column("done_us", BigInteger),
    Column("remark", Text),
)
Index("report_until", report.c.until_us, report.c.pack, report.c.report)
