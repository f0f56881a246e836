"""Looking at the queue: how it stands, when there is something to do next, what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from engine.clock import SystemClock
from engine.history import instant, micros
from engine.store.bound import Bound, moment
from engine.store.rows import Job
from engine.store.tables import IS_LEASED, IS_PARKED, IS_READY, IS_UNDELIVERED, job
from engine.values import decode


@dataclass(frozen=True, kw_only=True)
class Queue:
    """How the queue stands."""

    #: Waiting, due or not.
    waiting: int
    #: Due and not being done.
    ready: int
    #: Being done.
    leased: int
    #: Given up: they need an administrator.
    parked: int
    #: How long the oldest due job has been waiting.
    age: timedelta


class JobReading(Bound):
    """Reading the queue."""

    def next_due(self) -> datetime | None:
        """The earliest moment at which there is something to do; None when nothing waits."""
        ready = self._sql.execute(select(func.min(job.c.next_us)).where(IS_READY)).scalar()
        leased = self._sql.execute(select(func.min(job.c.lease_us)).where(IS_LEASED)).scalar()
        return moment(min((m for m in (ready, leased) if m is not None), default=None))

    def due_by(self) -> datetime:
        """Up to when what is due is done now: both this machine's clock and the one all nodes share must say so."""
        return instant(min(self._now(), self._shared_now()))

    def _shared_now(self) -> int:
        # The clocks of several machines differ; a lease must not end early because one of them is fast.
        # A simulated clock is one for all, and so is that of the only node of SQLite.
        if self._sqlite or not isinstance(self._clock, SystemClock):
            return self._now()
        told: datetime = self._sql.execute(select(func.clock_timestamp())).scalar_one()
        return micros(told)

    def queue(self) -> Queue:
        """How the queue stands."""
        now = self._now()
        due = (IS_READY, job.c.next_us <= now)
        # Since it could have been done: what is due at once since it was ordered, what is tried again since then.
        since = case((job.c.next_us < job.c.due_us, job.c.due_us), else_=job.c.next_us)
        ready, oldest = self._sql.execute(select(func.count(), func.min(since)).where(*due)).one()
        # One count for each, so that each is answered by its own small index.
        waiting, leased, parked = (
            self._sql.execute(select(func.count()).select_from(job).where(state)).scalar_one()
            for state in (IS_READY, IS_LEASED, IS_PARKED)
        )
        return Queue(
            waiting=waiting, ready=ready, leased=leased, parked=parked,
            age=timedelta(microseconds=max(now - oldest, 0) if oldest is not None else 0),
        )  # fmt: skip

    def oldest_errand(self) -> timedelta:
        """How long the oldest letter that is due has been waiting to be delivered."""
        waiting = (IS_UNDELIVERED, job.c.due_us <= self._now())
        oldest = self._sql.execute(select(func.min(job.c.due_us)).where(*waiting)).scalar()
        return timedelta(microseconds=self._now() - oldest if oldest is not None else 0)

    def parked_jobs(self) -> list[Job]:
        """What was given up, the oldest first."""
        return [job_of(row) for row in self._sql.execute(select(job).where(IS_PARKED).order_by(job.c.id))]


def job_of(row: Any) -> Job:
    """A job from its row."""
    return Job(
        id=row.id, case=row.case_id, kind=row.kind, key=row.key, element=row.element, type=row.type, seq=row.seq,
        payload=dict(decode(row.payload)), due=instant(row.due_us), next_try=instant(row.next_us),
        attempts=row.attempts, max_attempts=row.max_attempts, fence=row.fence, owner=row.owner,
        lease_until=moment(row.lease_us), error=row.error,
    )  # fmt: skip
