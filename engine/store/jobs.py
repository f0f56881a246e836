"""The queue: what waits for a moment or a machine, claimed by one node at a time.

A claim has a lease and a fence. Whoever finishes a job proves by the fence, in the same
transaction as its effects, that the claim still holds; so a paused node that wakes up late
changes nothing. Timers of a case are done in the order they were due, one job of a case at a time.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    and_,
    bindparam,
    case,
    delete,
    exc,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import ErrandStarted, bare, instant, micros
from engine.store.cases import CaseReading
from engine.store.projection import AT_ONCE, MAX_ATTEMPTS
from engine.store.queue import JobReading, job_of
from engine.store.rows import Job
from engine.store.tables import (
    DELIVERY,
    IS_LEASED,
    IS_NOT_TIMED,
    IS_PARKED,
    IS_READY,
    LEASED,
    PARKED,
    READY,
    job,
)
from engine.store.trouble import JobLost, JobNotFound
from engine.values import Value, encode

#: How long a claim holds unless it is renewed.
LEASE = timedelta(seconds=30)
#: The first wait after a failure, doubled each time, and the longest.
BASE, CAP = timedelta(seconds=2), timedelta(hours=1)

#: The family of PostgreSQL's advisory locks that stand for cases.
_CASES = 7264540

_other = job.alias("other")
#: Another job of the case is being done, or an earlier timer of the case still waits.
_IN_THE_WAY = exists().where(
    _other.c.case_id == job.c.case_id,
    job.c.case_id != "",
    or_(
        _other.c.state == literal_column(str(LEASED)),
        and_(
            job.c.kind == "timer",
            _other.c.kind == "timer",
            _other.c.state == literal_column(str(READY)),
            tuple_(_other.c.due_us, _other.c.id) < tuple_(job.c.due_us, job.c.id),
        ),
    ),
)
_READY = (
    select(job.c.id, job.c.case_id)
    .where(IS_READY, job.c.next_us <= bindparam("b_now"), ~_IN_THE_WAY)
    .order_by(job.c.next_us, job.c.id)
    .limit(bindparam("b_most"))
    .with_for_update(skip_locked=True, of=job)
)
_CLAIM = (
    update(job)
    .where(job.c.id.in_(bindparam("b_ids", expanding=True)), IS_READY)
    .values(
        state=LEASED,
        owner=bindparam("b_owner"),
        lease_us=bindparam("b_until"),
        fence=job.c.fence + 1,
        attempts=job.c.attempts + 1,
    )
    .returning(job)
)
_MINE = (job.c.id == bindparam("b_id"), job.c.fence == bindparam("b_fence"), IS_LEASED)
_FINISH = delete(job).where(*_MINE)


_NOW = bindparam("b_now", type_=BigInteger)
#: By when a further try comes, and a little after; what was not tried yet is due now.
_AGAIN = _NOW + literal(micros(instant(0) + BASE), BigInteger) * (literal(1).bitwise_lshift(job.c.attempts) - 1)
_BRING_NEAR = (
    update(job)
    .where(IS_READY, IS_NOT_TIMED, job.c.next_us > _AGAIN, or_(job.c.kind.in_(("errand", DELIVERY)), job.c.due_us <= _NOW))
    .values(next_us=_AGAIN)
)


class JobWriting(CaseReading, JobReading):
    """Working on the queue."""

    #: Of the last claim: jobs reached for and not got, and leases found to have run out.
    claims_wasted = leases_expired = 0

    def enqueue(
        self, kind: str, key: str, due: datetime, *, case: str = "", payload: Mapping[str, Value] | None = None,
        type: str | None = None, max_attempts: int = MAX_ATTEMPTS, at_once: bool = False,
    ) -> bool:  # fmt: skip
        """Order a job; False when the same order (case, kind, key) stands already.

        Args:
            at_once: it is due now, and stays due when the clock is set back.
        """
        row = {
            "case_id": case, "kind": kind, "key": key, "type": type, "payload": encode(dict(payload or {})).decode(),
            "due_us": micros(due), "next_us": AT_ONCE if at_once else micros(due), "state": READY, "max_attempts": max_attempts,
        }  # fmt: skip
        rows: Any = (sqlite if self._sqlite else postgresql).insert(job)
        new = rows.on_conflict_do_nothing(index_elements=["case_id", "kind", "key"])
        return bool(self._sql.execute(new.returning(job.c.id), row).scalar())

    def enqueue_each(self, kind: str, key: str, now: datetime, cases: Sequence[str], *, payload: Mapping[str, Value]) -> None:
        """Order the same, at once, for each of these cases; where it is ordered already, nothing more."""
        facts = {
            "kind": kind, "key": key, "type": None, "payload": encode(dict(payload)).decode(), "due_us": micros(now), "next_us": AT_ONCE,
            "state": READY, "max_attempts": MAX_ATTEMPTS,
        }  # fmt: skip
        rows: Any = (sqlite if self._sqlite else postgresql).insert(job)
        if cases:
            new = rows.on_conflict_do_nothing(index_elements=["case_id", "kind", "key"])
            self._sql.execute(new, [{**facts, "case_id": one} for one in cases])

    def claim_jobs(self, owner: str, *, most: int = 10, lease: timedelta = LEASE) -> list[Job]:
        """Take jobs that are due, in due order, at most one of each case; the caller commits before doing them."""
        self.leases_expired = self.return_expired()
        shared = self._shared_now()
        self._bring_near(shared)
        now = min(self._now(), shared)
        ids: list[int] = []
        seen: set[str] = set()
        # More than are wanted are looked at, because of several of one case only the first counts.
        for row in self._sql.execute(_READY, {"b_now": now, "b_most": most * 4}):
            if len(ids) < most and not (row.case_id and row.case_id in seen):
                seen.add(row.case_id)
                ids.append(row.id)
        until = shared + micros(instant(0) + lease)
        ids = self._undisputed(ids)
        claimed = [self._with_facts(j) for j in self._claim(ids, owner, until)]
        self.claims_wasted = len(ids) - len(claimed)
        return sorted(claimed, key=lambda j: (j.next_try, j.id))

    def _bring_near(self, now: int) -> None:
        """Let nothing wait for a clock that was fast, or was set back since: a further try comes no later than after a
        failure now, and a signal is heard at once. What waits for a moment goes on waiting for it.
        """
        self._sql.execute(_BRING_NEAR, {"b_now": now})

    def _with_facts(self, claimed: Job) -> Job:
        # What an errand is about may be personal: it is kept in the history alone, sealed.
        if claimed.kind != "errand" or claimed.seq is None:
            return claimed
        record = self.history(claimed.case, after=claimed.seq - 1, until=claimed.seq)[0]
        assert isinstance(record.event, ErrandStarted)
        facts = {"headers": dict(record.event.headers or {}), "inputs": bare(dict(record.event.inputs or {}))}
        return replace(claimed, payload=facts)

    def _undisputed(self, ids: list[int]) -> list[int]:
        # Two nodes that lease different jobs of the same two cases would wait for each other at the
        # index that keeps one job of a case in work: so a case is taken in hand first, or left.
        if self._sqlite or not ids:
            return ids
        taken = func.pg_try_advisory_xact_lock(_CASES, func.hashtext(job.c.case_id))
        free = select(job.c.id).where(job.c.id.in_(ids), or_(job.c.case_id == "", taken))
        return sorted(self._sql.scalars(free))

    def _claim(self, ids: Sequence[int], owner: str, until: int) -> list[Job]:
        if not ids:
            return []
        facts = {"b_ids": list(ids), "b_owner": owner, "b_until": until}
        try:
            with self._tentative():
                return [job_of(row) for row in self._sql.execute(_CLAIM, facts)]
        except exc.IntegrityError:
            # Another node took another job of one of these cases in this moment: leave that one out.
            if len(ids) == 1:
                return []
        return [j for one in ids for j in self._claim([one], owner, until)]

    def renew_jobs(self, jobs: Sequence[Job], *, lease: timedelta = LEASE) -> set[int]:
        """Hold claims longer; returns the ids of those that still are ours."""
        until = self._shared_now() + micros(instant(0) + lease)
        kept = set()
        for claimed in jobs:
            facts = {"b_id": claimed.id, "b_fence": claimed.fence}
            if self._sql.execute(update(job).where(*_MINE).values(lease_us=until), facts).rowcount == 1:
                kept.add(claimed.id)
        return kept

    def finish_job(self, claimed: Job) -> None:
        """Take a done job off the queue, in the transaction that holds its effects.

        Raises:
            JobLost: the claim no longer holds; the effects must not be committed.
        """
        if self._sql.execute(_FINISH, {"b_id": claimed.id, "b_fence": claimed.fence}).rowcount != 1:
            raise JobLost(job=claimed.id)

    def fail_job(self, claimed: Job, error: str, *, seed: int | str | None = None) -> bool:
        """Put a job back after a failure, to be tried later, or give it up; True when it was given up.

        Raises:
            JobLost: the claim no longer holds.
        """
        given_up = claimed.attempts >= claimed.max_attempts
        wait = back_off(claimed.attempts, seed if seed is not None else f"{claimed.id}/{claimed.fence}")
        again = {
            "state": PARKED if given_up else READY, "owner": None, "lease_us": None,
            "error": error[:2000].replace("\0", ""),
            "next_us": self._shared_now() + micros(instant(0) + wait),
        }  # fmt: skip
        facts = {"b_id": claimed.id, "b_fence": claimed.fence}
        if self._sql.execute(update(job).where(*_MINE).values(again), facts).rowcount != 1:
            raise JobLost(job=claimed.id)
        return given_up

    def put_off(self, claimed: Job, due: datetime) -> None:
        """Put a timer back until it is due, without counting a try.

        Raises:
            JobLost: the claim no longer holds.
        """
        again = {
            "state": READY, "owner": None, "lease_us": None, "due_us": micros(due), "next_us": micros(due),
            "attempts": job.c.attempts - 1,
        }  # fmt: skip
        facts = {"b_id": claimed.id, "b_fence": claimed.fence}
        if self._sql.execute(update(job).where(*_MINE).values(again), facts).rowcount != 1:
            raise JobLost(job=claimed.id)

    def release_jobs(self, owner: str) -> int:
        """Give back everything a node has claimed, without counting a try: it stops."""
        mine = update(job).where(IS_LEASED, job.c.owner == owner)
        values = {"state": READY, "owner": None, "lease_us": None, "attempts": job.c.attempts - 1}
        return self._sql.execute(mine.values(values)).rowcount

    def deliveries(self, case_: str, *, until: datetime) -> list[Job]:
        """Signals on their way to a case that were thrown by then, the earliest first, whoever has them in hand."""
        mine = (job.c.case_id == case_, job.c.kind == DELIVERY, job.c.state != PARKED, job.c.due_us <= micros(until))
        rows = self._sql.execute(select(job).where(*mine).order_by(job.c.due_us, job.c.id))
        return [job_of(row) for row in rows]

    def take_delivery(self, delivery: Job) -> bool:
        """Take a signal off the queue because its case hears it in this transaction; False when it is gone already.

        Whoever has claimed it then fails by its fence.
        """
        return self._sql.execute(delete(job).where(job.c.id == delivery.id)).rowcount == 1

    def parked_job(self, number: int) -> Job:
        """A given-up job.

        Raises:
            JobNotFound.
        """
        row = self._sql.execute(select(job).where(job.c.id == number, IS_PARKED)).first()
        if row is None:
            raise JobNotFound(job=number)
        return self._with_facts(job_of(row))

    def return_expired(self, *, alone: bool = False) -> int:
        """Put back what a dead node had claimed; give up what has run out of tries. Returns how many.

        Args:
            alone: no other node lives, so whatever is claimed was claimed by the dead, whenever their leases end.
        """
        worn = case((job.c.attempts >= job.c.max_attempts, PARKED), else_=READY)
        lost = update(job).where(IS_LEASED)
        if not alone:
            lost = lost.where(job.c.lease_us < self._shared_now())
        # The fence stays: the next claim raises it, and the late node's proof fails.
        return self._sql.execute(lost.values(state=worn, owner=None, lease_us=None)).rowcount

    def revive_job(self, number: int) -> None:
        """Try a given-up job again, with all its tries; the fence stays, so that no earlier try can end it.

        Raises:
            JobNotFound.
        """
        again = {"state": READY, "attempts": 0, "next_us": self._shared_now(), "error": None}
        if self._sql.execute(update(job).where(job.c.id == number, IS_PARKED).values(again)).rowcount != 1:
            raise JobNotFound(job=number)

    def drop_job(self, number: int) -> None:
        """Take a given-up job off the queue for good.

        Raises:
            JobNotFound.
        """
        if self._sql.execute(delete(job).where(job.c.id == number, IS_PARKED)).rowcount != 1:
            raise JobNotFound(job=number)


def back_off(attempts: int, seed: int | str) -> timedelta:
    """How long to wait after the n-th failure: doubled each time, capped, anywhere in the upper half."""
    longest = min(CAP, BASE * 2 ** min(attempts - 1, 20)) if attempts > 0 else BASE
    return longest * (0.5 + random.Random(f"{seed}/{attempts}").random() / 2)
