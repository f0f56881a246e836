"""Procedures and the house: releases, drafts, calendars, reports, and what was done outside of cases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from engine.store.tables.shape import NAME, SERIAL, metadata

release = Table(
    "release",
    metadata,
    Column("digest", NAME, primary_key=True),
    Column("pack", NAME, nullable=False),
    Column("note", Text, nullable=False),
    #: Who handed it in, and who published it with the second pair of eyes.
    Column("made_by", NAME, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("published_by", NAME),
    Column("published_us", BigInteger),
)
Index("release_pack", release.c.pack, release.c.made_us)

release_file = Table(
    "release_file",
    metadata,
    Column("digest", NAME, primary_key=True),
    Column("path", NAME, primary_key=True),
    Column("sha256", NAME, nullable=False),
)

#: Contents of release files, once each.
blob = Table(
    "blob",
    metadata,
    Column("sha256", NAME, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

#: Which release a new case of the pack is opened on.
current = Table(
    "current_release",
    metadata,
    Column("pack", NAME, primary_key=True),
    Column("digest", NAME, nullable=False),
    Column("since_us", BigInteger, nullable=False),
)

#: Working copies of packs, changed file by file by their owners; no case knows of them.
pack_draft = Table(
    "pack_draft",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("pack", NAME, nullable=False),
    #: Digest of the release it was begun from.
    Column("base", NAME),
    Column("note", Text, nullable=False),
    #: Counts the saves.
    Column("version", Integer, nullable=False),
    Column("made_by", NAME, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("changed_by", NAME, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    #: Digest of the release that was last handed in from it.
    Column("handed_in", NAME),
)
Index("pack_draft_pack", pack_draft.c.pack, pack_draft.c.id)

#: Every text a file of a draft ever had: what one owner saves over the work of another can be had again.
pack_draft_file = Table(
    "pack_draft_file",
    metadata,
    Column("draft", NAME, primary_key=True),
    Column("path", NAME, primary_key=True),
    #: The save that brought this text.
    Column("version", Integer, primary_key=True, autoincrement=False),
    #: Null: the file was taken out.
    Column("content", LargeBinary),
    Column("saved_by", NAME, nullable=False),
    Column("saved_us", BigInteger, nullable=False),
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

#: Moves of running cases from one release to another, each asked for by one owner and decided by a second.
move = Table(
    "move",
    metadata,
    #: "M-3".
    Column("id", NAME, primary_key=True),
    Column("pack", NAME, nullable=False),
    #: Digests of the releases.
    Column("before", NAME, nullable=False),
    Column("after", NAME, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", NAME, nullable=False),
    Column("asked_us", BigInteger, nullable=False),
    #: "approved" or "withdrawn"; null: not decided yet.
    Column("decision", NAME),
    Column("decided_by", NAME),
    Column("decided_us", BigInteger),
    #: "foreseeing": what it would do is being found out; "foreseen": nobody asked for it yet; "asked".
    Column("stage", NAME, nullable=False),
    #: How many cases there were when the forecast was begun, and how many are foreseen.
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
)
Index("move_pack", move.c.pack, move.c.asked_us)

#: What a move foresaw for each case, and what became of it.
move_case = Table(
    "move_case",
    metadata,
    Column("move", NAME, primary_key=True),
    Column("case_id", NAME, primary_key=True),
    #: The last event of the case when it was foreseen; when it was done with, the last before the move.
    Column("seq", Integer, nullable=False),
    #: "barred", "waiting", "moved" or "left".
    Column("state", NAME, nullable=False),
    #: Why it was left: "closed", "elsewhere" or "otherwise".
    Column("why", NAME, nullable=False),
    Column("foreseen", Text, nullable=False),
    Column("done_us", BigInteger),
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
    #: When whoever is to see to it was last reminded.
    Column("reminded_us", BigInteger),
    #: Who saw to it, when, and what they said.
    Column("done_by", NAME),
    Column("done_us", BigInteger),
    Column("remark", Text),
)
Index("report_until", report.c.until_us, report.c.pack, report.c.report)

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
