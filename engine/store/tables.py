"""The tables. `event` is the truth; what is marked "projection" is folded from it and may be thrown away.

Instants are whole microseconds UTC in BIGINT columns named `*_us`; a due instant that does not
exist is `NEVER`, so that undated work sorts last. Names sort by code point on both databases.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
    text,
)
from sqlalchemy.types import TypeEngine

#: Later than any due instant.
NEVER: Final = 2**62

metadata = MetaData()

#: Text compared by code point: cursors and prefix searches must mean the same on both databases.
NAME: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
#: SQLite counts rows by itself only in a column declared INTEGER.
SERIAL: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

#: States of a task: open, done, withdrawn.
OPEN, DONE, WITHDRAWN = 0, 1, 2
#: States of a job: waiting for its time, being done, done, given up (an incident), no longer wanted,
#: waiting for a message.
READY, LEASED, FINISHED, PARKED, CANCELLED, AWAITED = 0, 1, 2, 3, 4, 5


def _only(name: str, where: str, *columns: Column[Any], unique: bool = False) -> Index:
    """An index of the rows that meet a condition, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


# --- the truth --------------------------------------------------------------------------------

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
_only("event_remark", "kind IN ('comment_added', 'attachment_added')", event.c.case_id, event.c.seq)

#: The keys of the personal data of a case. Destroying one here is all it takes to erase a person.
keys = Table(
    "keyring",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("ring", LargeBinary, nullable=False),
)

# --- projections ------------------------------------------------------------------------------

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
_only("head_unsealed", "ledger_seq < seq", head.c.case_id)

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
    _only(f"task_offer_{_sort}", "state = 0", task.c.offer, task.c.held, *_by)
    _only(f"task_{_sort}", "state = 0", *_by)
    _only(f"task_holder_{_sort}", "state = 0", task.c.holder, *_by)
_only("task_pack_due", "state = 0", task.c.pack, task.c.due_us, task.c.case_id, task.c.name)
Index("task_done_by", task.c.done_by, task.c.closed_us)

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
_only("deadline_open", "met_us IS NULL", deadline.c.due_us, deadline.c.case_id)

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
_only("incident_open", "resolved_us IS NULL", incident.c.raised_us)

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

# --- work for machines ------------------------------------------------------------------------

#: What waits for a moment, a machine, a message or a signal: one table, so that one statement tells all that
#: ended and began in an action. Rows of kind timer, errand, message and signal are projections in what they wait
#: for; attempts, lease and fence are the executor's, who never sees messages and signals that are waited for.
job = Table(
    "job",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    #: "" where no case is concerned.
    Column("case_id", NAME, nullable=False),
    #: timer, errand, message, signal (waited for); schedule (a report of a pack), replan (a calendar for a
    #: case), delivery (of a signal from another case to one wait).
    Column("kind", NAME, nullable=False),
    #: The name of the timer or errand; else what makes a repeated order the same order.
    Column("key", NAME, nullable=False),
    Column("element", NAME),
    #: Type of the errand, limit of the timer, name of the message or signal.
    Column("type", NAME),
    #: The task on whose edge a timer sits.
    Column("task", NAME),
    #: The event that set it.
    Column("seq", Integer),
    #: Of a message: canonical text of the correlation value; of a signal: of the pack whose cases it comes from.
    Column("payload", Text, nullable=False),
    #: Logical time: what the job is done as of.
    Column("due_us", BigInteger, nullable=False),
    #: When it is tried (next).
    Column("next_us", BigInteger, nullable=False),
    Column("state", Integer, nullable=False),
    Column("owner", NAME),
    Column("lease_us", BigInteger),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("max_attempts", Integer, nullable=False),
    Column("error", Text),
)
Index("job_key", job.c.case_id, job.c.kind, job.c.key, unique=True)
_only("job_ready", "state = 0", job.c.next_us, job.c.id)
_only("job_leased", "state = 1", job.c.lease_us)
_only("job_one_per_case", "state = 1 AND case_id <> ''", job.c.case_id, unique=True)
_only("job_parked", "state = 3", job.c.id)
_only("job_awaited", "state = 5", job.c.type, job.c.payload)
#: Letters on their way out.
IS_UNDELIVERED = text("kind = 'errand' AND state IN (0, 1)")
_only("job_undelivered", IS_UNDELIVERED.text, job.c.due_us)
#: Waits for no moment of its own: is tried again, or brings a signal.
IS_NOT_TIMED = text("(attempts > 0 OR kind = 'delivery')")
_only("job_not_timed", f"state = 0 AND {IS_NOT_TIMED.text}", job.c.next_us)

#: The nodes that run, for the operator.
node = Table(
    "node",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("version", NAME, nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
)

# --- kept beside the histories ----------------------------------------------------------------

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

# --- people -----------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("locale", NAME, nullable=False),
    #: Argon2 text made by the caller; NULL cannot sign in with a password.
    Column("password", Text),
    Column("active", Boolean, nullable=False),
    Column("external", Boolean, nullable=False),
    Column("email", Text),
)

membership = Table(
    "membership",
    metadata,
    Column("person", NAME, primary_key=True),
    #: "pack/role" or "*/role".
    Column("role", NAME, primary_key=True),
    sqlite_with_rowid=False,
)
Index("membership_role", membership.c.role)

deputy = Table(
    "deputy",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("absent", NAME, nullable=False),
    Column("deputy", NAME, nullable=False),
    Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    #: JSON list of "pack/role"; empty: all of the absent person's.
    Column("roles", Text, nullable=False),
)
Index("deputy_deputy", deputy.c.deputy, deputy.c.until_us)

#: Signed-in browsers and bearer tokens; the secret itself is never stored.
ticket = Table(
    "ticket",
    metadata,
    Column("hash", NAME, primary_key=True),
    #: "session" or "token".
    Column("kind", NAME, nullable=False),
    Column("person", NAME, nullable=False),
    Column("scope", NAME, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
)
Index("ticket_person", ticket.c.person)
Index("ticket_expires", ticket.c.expires_us)

# --- releases ---------------------------------------------------------------------------------

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

# Partial indexes serve a condition only where its value stands in the statement itself.
#: Open tasks.
IS_OPEN = task.c.state == literal_column(str(OPEN))
#: Jobs that wait, that are being done, that were given up, that wait for a message.
IS_READY, IS_LEASED, IS_PARKED, IS_AWAITED = (
    job.c.state == literal_column(str(state)) for state in (READY, LEASED, PARKED, AWAITED)
)

#: Kinds of jobs that the histories give back.
FOLDED_JOBS = ("timer", "errand", "message", "signal")
#: The kind of job that brings a signal to a case.
DELIVERY = "delivery"
#: What the histories can give back, in the order in which a rebuild empties them.
PROJECTIONS = (task, deadline, incident, barred, participant, gram)
#: Rows that are never changed or removed.
FOREVER = (event, reading, leaf, tree, checkpoint)  # and `act` in `tables_upkeep`
