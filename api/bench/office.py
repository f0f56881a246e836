"""A company with the bench's pack in force, on any database, and the actions that are measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.bench.pack import files
from api.settings import Settings
from api.signin import SignIn
from api.wiring import Parts, build
from engine.authority import Actor
from engine.clock import Clock, StoppedClock
from engine.publishing import check
from engine.store import Person

BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CLERK = Actor(name="clerk", memberships=frozenset({"bench/clerk"}))
ANSWERS = {"finding": "经核对生产记录与留样，确认该批次温度偏低，属我方责任。", "amount": "1250.00", "last": "false"}


@dataclass(frozen=True, kw_only=True)
class Office:
    """The parts on one database."""

    parts: Parts

    @classmethod
    def on(cls, database: str, folder: Path, clock: Clock | None = None) -> Office:
        """Create the tables, publish the pack, hire a clerk."""
        settings = Settings.load({"database": database, "outbox": folder / "outbox"}, {})
        parts = build(settings, clock=clock or StoppedClock(BEGIN))
        parts.store.create()
        checked = check(files(settings.bpmn))
        assert checked.release is not None, checked.findings
        release = checked.release
        with parts.store.begin() as tx:
            now = parts.clock.now()
            tx.save_release(release.digest, pack="bench", files=release.files, by="system", at=now)
            tx.publish_release(release.digest, by="system", at=now)
            tx.put_person(Person(name="clerk", zh="经办", en="Clerk", memberships=CLERK.memberships))
        return cls(parts=parts)

    def token(self) -> str:
        """A bearer token of the clerk."""
        return SignIn(self.parts).ticket("clerk", "token", timedelta(days=1))

    def receive(self) -> str:
        """A complaint comes in; returns its case."""
        return self.parts.desk.open_case("bench", {"subject": "包装破损"}, CLERK, channel="web").case

    def complete(self, case: str, number: int) -> None:
        """Do the n-th task of a case."""
        self.parts.desk.complete_task(case, f"step-{number}", ANSWERS, CLERK)
