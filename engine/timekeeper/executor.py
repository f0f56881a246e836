"""The executor: does what is due, in due order, each job once.

A job is claimed in one transaction and done in a second one, which takes it off the queue under
its fence: when the claim was lost meanwhile, nothing of the second transaction counts. Letters
leave the house between the two, under a key by which a second delivery can be told. It knows no
threads; `Waker` pokes it, tests and the simulated clock poke it themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.clock import Clock, StoppedClock
from engine.desk import Desk, Done
from engine.errors import EngineError
from engine.store import Job, JobLost, Store, StoreBusy, Transaction
from engine.timekeeper.post import Letter, NotDelivered, Post
from engine.values import Value

log = logging.getLogger("kesu.timekeeper")

#: How many jobs are claimed at once.
BATCH = 20


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a poke came to."""

    done: int = 0
    failed: int = 0
    #: Claims that were lost before their effects could be written.
    lost: int = 0
    #: The longest that something was done after it was due.
    latest: timedelta = timedelta(0)


class Executor:
    """Does jobs."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        clock: Clock,
        *,
        node: str,
        post: Post,
        told: Callable[[Done], None] | None = None,
    ) -> None:
        """
        Args:
            node: name of this process among all that share the database.
            post: how letters leave the house.
            told: is told of every action a job came to, after its commit.
        """
        self._store, self._desk, self._clock = store, desk, clock
        self.node, self._post = node, post
        #: Is told of every action a job came to, after its commit.
        self.heard: Callable[[Done], None] = told or (lambda done: None)
        self._stopping = False

    def poke(self) -> Tally:
        """Do everything that is due now, and what falls due because of it."""
        tally = Tally()
        while not self._stopping:
            with self._store.begin() as tx:
                jobs = tx.claim_jobs(self.node, most=BATCH)
            if not jobs:
                return tally
            for job in jobs:
                tally = self._counted(tally, job)
        return tally

    def let_time_pass(self, clock: StoppedClock, until: datetime) -> int:
        """Move a simulated clock, doing what falls due on the way at its own moment; returns how many jobs."""
        done = 0
        while True:
            with self._store.look() as reading:
                due = reading.next_due()
            if due is None or due > until:
                break
            clock.set(max(due, clock.now()))
            tally = self.poke()
            done += tally.done
            if not tally.done:
                break  # what is due cannot be done now; it will be tried later
        clock.set(max(until, clock.now()))
        return done

    def stop(self) -> None:
        """Claim nothing more; give back what was claimed and not begun."""
        self._stopping = True
        with self._store.begin() as tx:
            tx.release_jobs(self.node)

    def _counted(self, tally: Tally, job: Job) -> Tally:
        now = self._clock.now()
        try:
            done = self._do(job, now)
        except JobLost:
            log.info("claim of job %s was lost", job.id)
            return Tally(done=tally.done, failed=tally.failed, lost=tally.lost + 1, latest=tally.latest)
        except EngineError as error:
            self._failed(job, error)
            return Tally(done=tally.done, failed=tally.failed + 1, lost=tally.lost, latest=tally.latest)
        if done is not None:
            self.heard(done)
        return Tally(done=tally.done + 1, failed=tally.failed, lost=tally.lost, latest=max(tally.latest, now - job.due))

    def _do(self, job: Job, now: datetime) -> Done | None:
        if job.kind == "timer":
            return self._written(job, lambda tx: self._desk.fire_timer(tx, job.case, job.key, now=now))
        if job.kind == "errand":
            letter = self._deliver(job)
            return self._written(job, lambda tx: self._desk.finish_errand(tx, job.case, job.key, letter, now=now))
        raise UnknownJob(job=job.id, kind=job.kind)

    def _written(self, job: Job, act: Callable[[Transaction], Done | None]) -> Done | None:
        with self._store.begin() as tx:
            done = act(tx)
            tx.finish_job(job)
        return done

    def _deliver(self, job: Job) -> Mapping[str, Value]:
        facts = {**dict(_mapping(job.payload.get("headers"))), **dict(_mapping(job.payload.get("inputs")))}
        key = f"{job.case}/{job.key}"
        self._post.deliver(
            Letter(
                key=key,
                to=str(facts.get("to") or ""),
                subject=str(facts.get("subject") or facts.get("form") or job.type or ""),
                text=str(facts.get("text") or ""),
            )
        )
        return {}

    def _failed(self, job: Job, error: EngineError) -> None:
        if isinstance(error, StoreBusy):
            return  # the lease runs out and the job comes back; saying so would need the same busy database
        level = logging.INFO if isinstance(error, NotDelivered) else logging.WARNING
        log.log(level, "job %s (%s %s/%s): %s", job.id, job.kind, job.case, job.key, error)
        with self._store.begin() as tx:
            try:
                tx.fail_job(job, error.text("en"))
            except JobLost:
                log.info("claim of job %s was lost", job.id)


class UnknownJob(EngineError):
    """Job {job} is of a kind this version does not do: {kind}."""

    zh = "作业 {job} 属于本版本不处理的种类：{kind}。"


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}
