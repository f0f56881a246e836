"""A company that works by one of the shipped packs, in simulated time: real files, real desk, real store.

`carry` does the open tasks one after the other as somebody would who holds the role, and lets time
pass when nobody has anything to do. What a test does not say is answered as it mostly is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from engine.authority import Actor
from engine.clock import StoppedClock
from engine.desk import Desk, Done
from engine.history import ErrandStarted, Record, StatusChanged, TimerFired
from engine.publishing import Checked, check
from engine.release import Release, gather
from engine.shelf import Shelf
from engine.store import Head, Person, Store, TaskRow
from engine.timekeeper import Executor, FolderPost

ROOT = Path(__file__).parents[2]
Answers = Mapping[str, Any]
_SHELF = Shelf()


@cache
def judged(pack: str) -> Checked:
    """What the gate says of a shipped pack; it takes long, and is the same for every test."""
    return check(gather(ROOT / "bpmn" / "packs" / pack, ROOT / "bpmn" / "shared", ROOT / "forms" / "library"))


def shipped(pack: str) -> Release:
    """A shipped pack, through the gate."""
    checked = judged(pack)
    assert checked.release is not None, [f.text("en") for f in checked.findings]
    return checked.release


@dataclass
class Company:
    """The pack in force, two persons in every role, and a clock that moves only when told."""

    pack: str
    store: Store
    clock: StoppedClock
    desk: Desk
    executor: Executor
    #: A role that receives complaints.
    starter: str
    intake: Answers
    #: What is answered at an element when a test does not say.
    usual: Mapping[str, Answers]
    #: Who did what, in order: element and person.
    done: list[tuple[str, str]] = field(default_factory=list)

    def person(self, role: str, which: int = 1) -> Actor:
        """The first or second person of a role."""
        return Actor(name=f"{role}-{which}", memberships=frozenset({f"{self.pack}/{role}"}))

    def receive(self, *, channel: str = "phone", parent: str | None = None, **more: Any) -> str:
        """A complaint comes in; returns its case."""
        answers = {**self.intake, **more}
        starter = self.person(self.starter)
        return self.desk.open_case(self.pack, answers, starter, channel=channel, parent=parent).case

    def tasks(self, case: str) -> list[TaskRow]:
        """The open tasks of a case."""
        with self.store.look() as reading:
            return list(reading.tasks(case))

    def open_elements(self, case: str) -> list[str]:
        """The elements of the open tasks, in order of their names."""
        return sorted(t.element for t in self.tasks(case))

    def head(self, case: str) -> Head:
        """What the store knows of a case."""
        with self.store.look() as reading:
            return reading.head(case)

    def history(self, case: str) -> list[Record]:
        """All events of a case."""
        with self.store.look() as reading:
            return reading.history(case)

    def statuses(self, case: str) -> list[str]:
        """The statuses the case took, in order."""
        return [r.event.status for r in self.history(case) if isinstance(r.event, StatusChanged)]

    def errands(self, case: str, type: str) -> list[Mapping[str, Any]]:
        """What the errands of a kind were told, in order."""
        events = [r.event for r in self.history(case) if isinstance(r.event, ErrandStarted)]
        return [{**(e.headers or {}), **(e.inputs or {})} for e in events if e.type == type]

    def fired(self, case: str) -> list[str]:
        """The timers that fired, in order."""
        return [r.event.timer for r in self.history(case) if isinstance(r.event, TimerFired)]

    def do(self, case: str, element: str, which: int = 1, **answers: Any) -> Done:
        """Somebody who holds the role does the open task of an element."""
        row = next(t for t in self.tasks(case) if t.element == element)
        actor = self.one_of(row, which)
        self.done.append((element, actor.name))
        return self.desk.complete_task(case, row.task, {**self.usual.get(element, {}), **answers}, actor)

    def one_of(self, row: TaskRow, which: int = 1) -> Actor:
        """Somebody the task was offered to: by role, else the first of those named."""
        if row.groups:
            return self.person(row.groups[0].rpartition("/")[2], which)
        role, _, number = row.users[0].rpartition("-")
        return self.person(role, int(number))

    def carry_on_as(self, case: str, name: str) -> None:
        """Somebody says a word in a case, and so takes part in it."""
        role = name.rpartition("-")[0]
        self.desk.comment(case, "已知悉", Actor(name=name, memberships=frozenset({f"{self.pack}/{role}"})))

    def owner(self) -> Actor:
        """Who may take others off a case: the owner of the pack, here also one of the role that receives complaints."""
        roles = {f"{self.pack}/{self.starter}", f"{self.pack}/owner"}
        return Actor(name=f"{self.starter}-2", memberships=frozenset(roles))

    def pass_until(self, at: datetime) -> None:
        """Let time pass; what falls due is done at its own moment."""
        self.executor.let_time_pass(self.clock, at)

    def let_pass(self, **span: float) -> None:
        """Let a span of time pass."""
        self.pass_until(self.clock.now() + timedelta(**span))

    def carry(
        self,
        case: str,
        choices: Mapping[str, Answers | Sequence[Answers]] | None = None,
        until: str = "",
        which: int = 1,
    ) -> list[str]:
        """Do what is to be done, in the order of the tasks' names, until the case is closed or an element has its turn.

        Args:
            choices: what is answered otherwise than usual; a list is used up round by round, the last one stays.
            which: the first or second person of a role.
        """
        told = {name: list(said) if isinstance(said, list) else [said] for name, said in (choices or {}).items()}
        path: list[str] = []
        for _ in range(200):
            self.executor.poke()
            if self.head(case).closed_at is not None:
                return path
            rows = sorted(self.tasks(case), key=lambda t: (t.opened, t.task))
            if any(t.element == until for t in rows):
                return path
            if not rows:
                self.let_pass(days=1)
                continue
            said = told.get(rows[0].element, [{}])
            self.do(case, rows[0].element, which, **(said.pop(0) if len(said) > 1 else said[0]))
            path.append(rows[0].element)
        raise AssertionError(f"{case} does not come to its end: {path[-20:]}")


def open_company(
    release: Release, store: Store, clock: StoppedClock, folder: Path, intake: Answers, usual: Mapping[str, Answers]
) -> Company:
    """Put a pack in force and hire two persons for every role."""
    pack, desk = release.pack, Desk(store, clock, _SHELF)
    _found(release, store, clock)
    executor = Executor(store, desk, clock, node="test", post=FolderPost(folder))
    return Company(
        pack=pack,
        store=store,
        clock=clock,
        desk=desk,
        executor=executor,
        starter=(release.policy.starters or tuple(release.policy.roles))[0],
        intake=intake,
        usual=usual,
    )


#: Companies before anything happened, by release and day: they are copied, not founded again.
_FOUNDED: dict[tuple[str, datetime], sqlite3.Connection] = {}


def _found(release: Release, store: Store, clock: StoppedClock) -> None:
    key = (release.digest, clock.now())
    here = store._database.engine.raw_connection()
    if key in _FOUNDED:
        _FOUNDED[key].backup(here.driver_connection)  # type: ignore[arg-type]
        here.close()
        return
    with store.begin() as tx:
        tx.save_release(release.digest, pack=release.pack, files=release.files, by="system", at=clock.now())
        tx.publish_release(release.digest, by="system", at=clock.now())
        for role in release.policy.roles:
            for which in (1, 2):
                name = f"{role}-{which}"
                tx.put_person(Person(name=name, zh=name, en=name, memberships=frozenset({f"{release.pack}/{role}"})))
    _FOUNDED[key] = sqlite3.connect(":memory:", check_same_thread=False)
    here.driver_connection.backup(_FOUNDED[key])  # type: ignore[union-attr]
    here.close()
