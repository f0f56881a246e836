"""Jobs that were given up: an administrator looks, mends the cause, and lets them go on, or drops them. All is put down."""

from __future__ import annotations

from dataclasses import replace

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.desk import bounded
from engine.errors import EngineError
from engine.store import Job, Queue, Reading, Store


class JobOfACase(EngineError):
    """Job {job} belongs to case {case}, which waits for it: mend the cause and resume it."""

    zh = "作业 {job} 属于案件 {case}，案件仍在等待：请排除原因后恢复。"


class Mending:
    """What an administrator can do to jobs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def given_up(self, actor: Actor) -> tuple[Queue, list[Job]]:
        """How the queue stands, and the jobs that were given up, the oldest first.

        Raises:
            NotAuthorised.
        """
        _need_admin(actor)
        with self._store.look() as reading:
            jobs = [_seen(reading, job, actor) for job in reading.parked_jobs()]
            return reading.queue(), [job for job in jobs if job is not None]

    def resume(self, job: int, reason: str, actor: Actor) -> None:
        """Let a given-up job be tried again, at once and with all its tries.

        Raises:
            NotAuthorised, JobNotFound, TextRefused.
        """
        self._act("job-resumed", job, reason, actor)

    def drop(self, job: int, reason: str, actor: Actor) -> None:
        """Take a given-up job that no case waits for off the queue.

        Raises:
            NotAuthorised, JobNotFound, JobOfACase, TextRefused.
        """
        self._act("job-dropped", job, reason, actor)

    def _act(self, kind: str, number: int, reason: str, actor: Actor) -> None:
        _need_admin(actor)
        reason = bounded("reason", reason, least=1)
        with self._store.begin() as tx:
            found = tx.parked_job(number)
            if kind == "job-resumed":
                tx.revive_job(number)
            elif found.case and found.kind in ("timer", "errand"):
                raise JobOfACase(job=number, case=found.case)
            else:
                tx.drop_job(number)
            tx.note_act(
                kind, str(number), actor=actor.name, at=self._clock.now(), reason=reason,
                facts={"case": found.case, "kind": found.kind, "key": found.key, "error": found.error},
            )  # fmt: skip


def _need_admin(actor: Actor) -> None:
    if not actor.is_admin():
        raise authority.NotAuthorised(person=actor.name, role=authority.ADMIN)


def _seen(reading: Reading, job: Job, actor: Actor) -> Job | None:
    """A job as an administrator may see it: of a sealed case only that it is there, of one about them nothing."""
    if not job.case:
        return job
    head = reading.head(job.case)
    if reading.may_see(head, actor):
        return job
    if any(person in head.barred for person in actor.persons):
        return None
    return replace(job, case="", key="", element=None, error=None, payload={})
