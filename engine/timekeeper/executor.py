"""The executor: does what is due, in due order, each job once.

A job is claimed in one transaction and done in a second one, which takes it off the queue under
its fence: when the claim was lost meanwhile, nothing of the second transaction counts. Letters
leave the house between the two, under a key by which a second delivery can be told. While jobs are
in hand their leases are renewed from another thread. It starts no threads itself; `Waker` pokes
it, tests and the simulated clock poke it themselves.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.clock import Clock, StoppedClock
from engine.desk import Desk, Done, TimerNotDue
from engine.duties import Duties
from engine.errors import EngineError
from engine.moving import Moving
from engine.store import (
    Job,
    JobLost,
    Store,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
    Transaction,
)
from engine.timekeeper.measures import Measures
from engine.timekeeper.post import Letter, NotDelivered, Post
from engine.values import Value

log = logging.getLogger("kesu.timekeeper")

#: How many jobs are claimed at once.
BATCH = 20
#: How long a claim holds unless it is renewed.
LEASE = timedelta(seconds=30)
#: The database cannot be used: no fault of the job, which stays in hand.
_NO_DATABASE = (StoreBusy, StoreDamaged, StoreFull, StoreReadOnly, StoreUnreachable)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a poke came to."""

    done: int = 0
    failed: int = 0
    #: Claims that were lost before their effects could be written.
    lost: int = 0
    #: The longest that something was done after it was due.
    latest: timedelta = timedelta(0)

    def __bool__(self) -> bool:
        """Whether there was something to do."""
        return bool(self.done or self.failed or self.lost)


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
        lease: timedelta = LEASE,
    ) -> None:
        """
        Args:
            node: name of this process among all that share the database.
            post: how letters leave the house.
            told: is told of every action a job came to, after its commit.
            lease: how long a claim holds unless it is renewed.
        """
        self._store, self._desk, self._clock = store, desk, clock
        # Two processes that were given one name by mistake must not give back each other's claims.
        self.node, self._owner = node, f"{node}/{os.getpid()}"
        self._post, self.lease = post, lease
        self._duties = Duties(store, clock, desk.shelf)
        self._moving = Moving(store, clock, desk.shelf)
        #: Is told of every action a job came to, after its commit.
        self.heard: Callable[[Done], None] = told or (lambda done: None)
        #: Is told of every job that is taken up, before anything of it is done.
        self.taken_up: Callable[[Job], None] = lambda job: None
        self.measures = Measures()
        #: How long the oldest job that is due has been waiting, as of the last claim.
        self.behind = timedelta(0)
        self._stopping = False
        self._working = threading.Lock()
        self._hand_lock = threading.Lock()
        #: Claimed and not finished, in due order.
        self._in_hand: dict[int, Job] = {}

    def poke(self) -> Tally:
        """Do everything that is due now, and what falls due because of it.

        Raises:
            StoreUnreachable, StoreBusy, ...: what is in hand stays there for the next poke.
        """
        tally = Tally()
        with self._working:
            while not self._stopping:
                # What an earlier poke had to leave comes first.
                jobs = self._hand() or self._claim()
                if not jobs:
                    return tally
                for job in jobs:
                    if self._stopping:
                        break
                    tally = self._counted(tally, job)
        return tally

    def rest(self) -> float | None:
        """Seconds until something falls due, 0 or less where something is; None where nothing waits."""
        with self._store.glance() as reading:
            due = reading.next_due()
            return (due - reading.due_by()).total_seconds() if due is not None else None

    def renew(self) -> None:
        """Hold longer what is in hand; what another node took meanwhile is dropped before it is begun."""
        jobs = self._hand()
        if not jobs:
            return
        with self._store.begin() as tx:
            kept = tx.renew_jobs(jobs, lease=self.lease)
        for job in jobs:
            if job.id not in kept:
                self._put_down(job)

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
            if not tally.done and not tally.failed:
                break  # what is due cannot be done now; it will be tried later
        clock.set(max(until, clock.now()))
        return done

    def stop(self) -> None:
        """Finish the job under way, claim nothing more, give back what was claimed and not begun."""
        self._stopping = True
        with self._working:
            with self._store.begin() as tx:
                tx.release_jobs(self._owner)
            with self._hand_lock:
                self._in_hand.clear()

    # --- what is in hand ---

    def _hand(self) -> list[Job]:
        with self._hand_lock:
            return list(self._in_hand.values())

    def _put_down(self, job: Job) -> None:
        with self._hand_lock:
            held = self._in_hand.get(job.id)
            if held is not None and held.fence == job.fence:
                del self._in_hand[job.id]

    def _claim(self) -> list[Job]:
        now = self._clock.now()
        with self._store.begin() as tx:
            jobs = tx.claim_jobs(self._owner, most=BATCH, lease=self.lease)
            self.measures.count(claims_wasted=tx.claims_wasted, leases_expired=tx.leases_expired)
        self.behind = max((now - max(job.next_try, job.due) for job in jobs), default=timedelta(0))
        with self._hand_lock:
            self._in_hand = {job.id: job for job in jobs}
        return jobs

    # --- one job ---

    def _counted(self, tally: Tally, job: Job) -> Tally:
        with self._hand_lock:
            if job.id not in self._in_hand:
                return replace(tally, lost=tally.lost + 1)  # its lease could not be renewed
        now = self._clock.now()
        self.taken_up(job)
        try:
            done = self._do(job, now)
        except _NO_DATABASE:
            raise
        except JobLost:
            log.info("claim of job %s was lost", job.id)
            self.measures.count(fence_rejected=1)
            self._put_down(job)
            return replace(tally, lost=tally.lost + 1)
        except EngineError as error:
            self._failed(job, error, now)
            return replace(tally, failed=tally.failed + 1)
        except Exception as error:
            # A fault of ours in one job must not keep the others waiting.
            log.exception("job %s (%s %s/%s) failed", job.id, job.kind, job.case, job.key)
            self._failed(job, JobBroke(job=job.id, kind=job.kind, reason=type(error).__name__), now)
            return replace(tally, failed=tally.failed + 1)
        self._put_down(job)
        self.measures.finished(late=now - job.due, attempts=job.attempts)
        if done is not None:
            self.heard(done)
        return replace(tally, done=tally.done + 1, latest=max(tally.latest, now - job.due))

    def _do(self, job: Job, now: datetime) -> Done | None:
        match job.kind:
            case "timer":
                return self._written(job, lambda tx: self._desk.fire_timer(tx, job.case, job.key, now=now))
            case "errand":
                letter = self._deliver(job)
                return self._written(job, lambda tx: self._desk.finish_errand(tx, job.case, job.key, letter, now=now))
            case "schedule":
                return self._written(job, lambda tx: self._duties.produce(tx, job.payload, now=now))
            case "remind":
                self._remind(job)
                return self._written(job, lambda tx: self._duties.reminded(tx, job.payload, now=now))
            case "delivery":
                return self._written(job, lambda tx: self._desk.hear_signal(tx, job, now=now))
            case "replan":
                return self._written(job, lambda tx: self._desk.replace_calendar(tx, job.case, job.payload, now=now))
            case "foresee":
                # Read outside of the transaction: it takes a while, and holds up nobody's writing.
                part = self._moving.part(job.payload)
                return self._written(job, lambda tx: self._moving.put_down(tx, part))
            case "move":
                return self._written(job, lambda tx: self._desk.move_case(tx, job.case, job.payload, now=now))
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

    def _remind(self, job: Job) -> None:
        said = self._duties.reminder(job.payload)
        if said is None:
            return
        for person, address in said.to.items():
            self._post.deliver(Letter(key=f"{said.key}/{person}", to=address, subject=said.subject, text=said.text))

    def _failed(self, job: Job, error: EngineError, now: datetime) -> None:
        level = logging.INFO if isinstance(error, NotDelivered) else logging.WARNING
        log.log(level, "job %s (%s %s/%s): %s", job.id, job.kind, job.case, job.key, error)
        last = job.attempts >= job.max_attempts
        self.measures.count(failed=1, given_up=int(last))
        try:
            if last and job.kind == "errand" and self._told_the_case(job, error, now):
                return
            with self._store.begin() as tx:
                if isinstance(error, TimerNotDue):
                    tx.put_off(job, error.facts["due"])
                else:
                    tx.fail_job(job, error.text("en"))
        except JobLost:
            log.info("claim of job %s was lost", job.id)
            self.measures.count(fence_rejected=1)
        finally:
            self._put_down(job)

    def _told_the_case(self, job: Job, error: EngineError, now: datetime) -> bool:
        # An errand that cannot be done is the case's trouble: its diagram may catch the error, else it
        # stands still with an incident that an administrator mends and resumes.
        try:
            done = self._written(
                job, lambda tx: self._desk.fail_errand(tx, job.case, job.key, error, now=now)
            )
        except (JobLost, *_NO_DATABASE):
            raise
        except EngineError:
            log.exception("job %s: its case cannot hear that it failed", job.id)
            return False
        if done is not None:
            self.heard(done)
        return True


class UnknownJob(EngineError):
    """Job {job} is of a kind this version does not do: {kind}."""

    zh = "作业 {job} 属于本版本不处理的种类：{kind}。"


class JobBroke(EngineError):
    """Job {job} ({kind}) met a fault in the service: {reason}; the log has the details."""

    zh = "作业 {job}（{kind}）遇到系统故障：{reason}；详见日志。"


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}
