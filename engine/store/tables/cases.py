"""Projections: what is folded from the histories and may be thrown away. Cases, tasks, deadlines, who may see them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, literal_column, text

from engine.store.tables.shape import NAME, SERIAL, WORDS, metadata, only

#: States of a task: open, done, withdrawn.
OPEN, DONE, WITHDRAWN = 0, 1, 2

#: One row per case; `state` is the snapshot, a cache.
head = Table(
    "case_head",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("pack", NAME, nullable=False),
    Column("release", NAME, nullable=False),
    Column("process", NAME, nullable=False),
    Column("flow", NAME, nullable=False),
    Column("channel", NAME, nullable=False),
    Column("parent", NAME),
    Column("opened_by", NAME, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("closed_us", BigInteger),
    Column("status", NAME),
    Column("number", NAME),
    Column("title", Text),
    #: The title as it is searched.
    Column("title_folded", Text),
    Column("sealed", Boolean, nullable=False),
    Column("barred", Text, nullable=False),
    #: Since when the clocks of its pausable limits stand still.
    Column("still_us", BigInteger),
    Column("seq", Integer, nullable=False),
    Column("hash", NAME, nullable=False),
    #: Whether somebody may have saved a draft: spares the completion of a task a statement.
    Column("drafted", Boolean, nullable=False, server_default=text("false")),
    #: Up to which event the ledger has it.
    Column("ledger_seq", Integer, nullable=False, server_default=text("0")),
    Column("state", LargeBinary),
)
Index("head_opened", head.c.opened_us, head.c.case_id)
Index("head_pack", head.c.pack, head.c.opened_us, head.c.case_id)
Index("head_status", head.c.pack, head.c.status, head.c.opened_us)
Index("head_number", head.c.number)
Index("head_parent", head.c.parent)
Index("head_release", head.c.release)
only("head_unsealed", "ledger_seq < seq", head.c.case_id)

#: User tasks, closed ones too (who did what, how long it took).
task = Table(
    "task",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("state", Integer, nullable=False),
    Column("element", NAME, nullable=False),
    Column("process", NAME, nullable=False),
    Column("pack", NAME, nullable=False),
    Column("flow", NAME, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("form", NAME),
    Column("groups", Text, nullable=False),
    Column("users", Text, nullable=False),
    Column("four_eyes", Text, nullable=False),
    Column("offer", BigInteger, nullable=False),
    Column("assignee", NAME),
    Column("claimed_by", NAME),
    #: Who has it in hand: claimed_by, else assignee, else "".
    Column("holder", NAME, nullable=False),
    Column("held", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("limit_id", NAME),
    Column("due_us", BigInteger, nullable=False),
    #: Since when its clock stands still, or stood when it ended.
    Column("still_us", BigInteger),
    Column("scope", NAME, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("opened_seq", Integer, nullable=False),
    Column("closed_us", BigInteger),
    Column("done_by", NAME),
    Column("behalf", NAME),
)
for _sort in ("due", "opened"):
    _by = (task.c[f"{_sort}_us"], task.c.case_id, task.c.name)
    only(f"task_offer_{_sort}", "state = 0", task.c.offer, task.c.held, *_by)
    only(f"task_{_sort}", "state = 0", *_by)
    only(f"task_holder_{_sort}", "state = 0", task.c.holder, *_by)
only("task_pack_due", "state = 0", task.c.pack, task.c.due_us, task.c.case_id, task.c.name)
Index("task_done_by", task.c.done_by, task.c.closed_us)
Index("task_limit", task.c.limit_id, task.c.due_us, task.c.closed_us, task.c.case_id)
#: Open tasks.
IS_OPEN = task.c.state == literal_column(str(OPEN))

#: To whom a set of candidates offers its tasks: "@person", "pack/role", "*/role".
offer = Table(
    "offer",
    metadata,
    Column("who", NAME, primary_key=True),
    Column("offer", BigInteger, primary_key=True, autoincrement=False),
    Column("pack", NAME, nullable=False),
    Column("flow", NAME, nullable=False),
    sqlite_with_rowid=False,
)

#: Limits at work on a case.
deadline = Table(
    "deadline",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("start_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    #: Since when its clock stands still, or stood when it was met.
    Column("still_us", BigInteger),
    #: The event that says why it is due then.
    Column("seq", Integer, nullable=False),
    Column("met_us", BigInteger),
    Column("late", Boolean, nullable=False),
)
Index("deadline_name", deadline.c.name, deadline.c.case_id)
only("deadline_open", "met_us IS NULL", deadline.c.due_us, deadline.c.case_id)

incident = Table(
    "incident",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("element", NAME, nullable=False),
    Column("code", NAME, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("raised_us", BigInteger, nullable=False),
    Column("resolved_us", BigInteger),
)
only("incident_open", "resolved_us IS NULL", incident.c.raised_us)

#: Persons who never see a case.
barred = Table(
    "barred",
    metadata,
    Column("person", NAME, primary_key=True),
    Column("case_id", NAME, primary_key=True),
    sqlite_with_rowid=False,
)
Index("barred_case", barred.c.case_id)

#: Who may see a sealed case: "@person", "pack/role", "*/role".
participant = Table(
    "participant",
    metadata,
    Column("who", NAME, primary_key=True),
    Column("case_id", NAME, primary_key=True),
    sqlite_with_rowid=False,
)
Index("participant_case", participant.c.case_id)

#: Pairs of characters of case titles: search inside titles, Chinese too, without a scan.
gram = Table(
    "gram",
    metadata,
    Column("gram", NAME, primary_key=True),
    Column("case_id", NAME, primary_key=True),
    sqlite_with_rowid=False,
)
Index("gram_case", gram.c.case_id)

#: What a case says, for each input, as pieces that are searched for. SQLite keeps an index of the words beside it
#: (`passage_words`), filled by triggers.
passage = Table(
    "passage",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("case_id", NAME, nullable=False),
    #: Number of the input.
    Column("turn", Integer, nullable=False),
    Column("words", WORDS, nullable=False),
)
Index("passage_case", passage.c.case_id, passage.c.turn)

#: What the histories can give back, in the order in which a rebuild empties them.
PROJECTIONS = (task, deadline, incident, barred, participant, gram, passage)
