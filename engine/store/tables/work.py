"""Work for machines: what waits for a moment, a machine, a message or a signal, and the nodes that do it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, literal_column, text

from engine.store.tables.shape import NAME, SERIAL, metadata, only

#: States of a job: waiting for its time, being done, done, given up (an incident), no longer wanted,
#: waiting for a message.
READY, LEASED, FINISHED, PARKED, CANCELLED, AWAITED = 0, 1, 2, 3, 4, 5

#: What waits for a moment, a machine, a message or a signal: one table, so that one statement tells all that
#: ended and began in an action. Rows of kind timer, errand, message and signal are projections in what they wait
#: for; attempts, lease and fence are the executor's, who never sees messages and signals that are waited for.
job = Table(
    "job",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    #: "" where no case is concerned.
    Column("case_id", NAME, nullable=False),
    #: timer, errand, message, signal (waited for); schedule (a report of a pack), remind (of a report), replan (a calendar for a
    #: case), move (a case to another release), delivery (of a signal from another case to one wait).
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
only("job_ready", "state = 0", job.c.next_us, job.c.id)
only("job_leased", "state = 1", job.c.lease_us)
only("job_one_per_case", "state = 1 AND case_id <> ''", job.c.case_id, unique=True)
only("job_parked", "state = 3", job.c.id)
only("job_awaited", "state = 5", job.c.type, job.c.payload)
#: Letters on their way out.
IS_UNDELIVERED = text("kind = 'errand' AND state IN (0, 1)")
only("job_undelivered", IS_UNDELIVERED.text, job.c.due_us)
#: Waits for no moment of its own: is tried again, or brings a signal.
IS_NOT_TIMED = text("(attempts > 0 OR kind = 'delivery')")
only("job_not_timed", f"state = 0 AND {IS_NOT_TIMED.text}", job.c.next_us)
#: Jobs that wait, that are being done, that were given up, that wait for a message.
IS_READY, IS_LEASED, IS_PARKED, IS_AWAITED = (
    job.c.state == literal_column(str(state)) for state in (READY, LEASED, PARKED, AWAITED)
)

#: Kinds of jobs that the histories give back.
FOLDED_JOBS = ("timer", "errand", "message", "signal")
#: The kind of job that brings a signal to a case.
DELIVERY = "delivery"

#: The nodes that run, for the operator.
node = Table(
    "node",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("version", NAME, nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
)
