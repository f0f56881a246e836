"""Months of complaint handling in a minute or two: people who work, are late, refuse, appeal, and fall silent.

Time is simulated: the clock stands at the next thing to happen. What happens is decided by dice with a
fixed seed, and everything goes through the desk as it would for real people; nobody is let in by a side door.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from api.demo.complaints import Complaint
from api.demo.staff import Staff, Worker
from engine.authority import FourEyesRequired, NotAuthorised, NotYours, Recused
from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.desk import Desk, Done
from engine.history import CaseClosed, ErrandStarted, IncidentRaised, MessageAwaited, Record, TaskOpened
from engine.run import CaseIsClosed, MessageNotAwaited, TaskNotOpen
from engine.store import Store
from engine.timekeeper import Executor

#: The first complaint comes in on a Monday morning in Beijing.
BEGIN = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
#: Complaints come in during this span, then the work goes on for a while.
COMING_IN, GOING_ON = timedelta(days=150), timedelta(days=30)
#: Simulated staff give up on a case that goes round more often than this.
MOST_ACTIONS = 400


@dataclass
class Flow:
    """What became of the complaints of one flow."""

    opened: int = 0
    closed: int = 0
    #: Cases in which something was done, or still is, after it was due.
    late: set[str] = field(default_factory=set)
    #: Cases that were escalated to somebody higher.
    escalated: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)
    longest: timedelta = timedelta(0)


@dataclass
class _Known:
    flow: str
    opened: datetime
    #: Task -> when it is due.
    due: dict[str, datetime] = field(default_factory=dict)
    actions: int = 0


class Simulation:
    """A company at work."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        casebook: Casebook,
        clock: StoppedClock,
        executor: Executor,
        staff: Staff,
        dice: random.Random,
    ) -> None:
        self._store, self._desk, self._casebook, self._clock, self._staff, self._dice = (
            store,
            desk,
            casebook,
            clock,
            staff,
            dice,
        )
        self._executor = executor
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._cases: dict[str, _Known] = {}
        self.flows: dict[str, Flow] = {}
        self.end = BEGIN + COMING_IN + GOING_ON

    def run(self, complaints: Sequence[Complaint], progress: Callable[[float, int], None]) -> None:
        """Let the complaints come in and be worked on until the end."""
        gap = COMING_IN / max(1, len(complaints))
        for place, complaint in enumerate(complaints):
            at = self._staff.working_moment(BEGIN + gap * place + gap * self._dice.random())
            self._plan(at, lambda c=complaint: self._receive(c))  # type: ignore[misc]
        for steps in itertools.count():
            if not self._agenda or self._agenda[0][0] > self.end:
                break
            at, _, act = heapq.heappop(self._agenda)
            self._let_time_pass(at)
            act()
            if steps % 50 == 0:
                progress((at - BEGIN) / (self.end - BEGIN), len(self._cases))
        self._let_time_pass(self.end)
        self._count_open_ones_late()

    def told(self, done: Done) -> None:
        """Hear what an action came to, and plan what people will do about it."""
        known = self._cases.get(done.case)
        if known is None:
            known = self._cases[done.case] = _Known(flow=done.head.flow, opened=done.head.opened_at)
            self._flow(known).opened += 1
        for record in done.records:
            self._hear(done.case, known, record)

    def _hear(self, case: str, known: _Known, record: Record) -> None:
        flow = self._flow(known)
        match record.event:
            case TaskOpened(task=task, due=due, at=at):
                if due:
                    known.due[task] = due
                self._plan(self._staff.when(at, due), lambda: self._work(case, task))
            case MessageAwaited(message=message, at=at):
                if (answered := self._staff.when_outside(at)) is not None:
                    self._plan(answered, lambda: self._write_in(case, message))
            case ErrandStarted(type="send-reminder" | "escalate"):
                flow.escalated.add(case)
            case IncidentRaised():
                flow.incidents.add(case)
            case CaseClosed(at=at):
                flow.closed += 1
                flow.longest = max(flow.longest, at - known.opened)

    def _receive(self, complaint: Complaint) -> None:
        worker = self._staff.opener(complaint.pack)
        pack = self._staff.pack(complaint.pack)
        answers = self._staff.intake(pack, complaint)
        channel = (
            complaint.channel if complaint.channel in pack.channels else self._dice.choice(pack.channels or ("web",))
        )
        self.told(self._desk.open_case(complaint.pack, answers, worker.actor, channel=channel))

    def _work(self, case: str, task: str) -> None:
        known = self._cases[case]
        known.actions += 1
        if known.actions > MOST_ACTIONS:
            return
        for worker in self._staff.willing(case, task, self._store):
            try:
                self._do(case, task, worker)
            except (NotYours, NotAuthorised, FourEyesRequired, Recused):
                continue
            except TaskNotOpen:
                pass  # somebody else, or the clock, was faster
            return

    def _do(self, case: str, task: str, worker: Worker) -> None:
        view = self._casebook.task(case, task, worker.actor)
        if view.why_not is not None:
            raise NotAuthorised(person=worker.actor.name, role=task)
        if self._dice.random() < 0.3:
            self.told(self._desk.claim_task(case, task, worker.actor))
        if self._dice.random() < 0.12:
            self.told(self._desk.comment(case, self._staff.remark(), worker.actor))
        answers = self._staff.answers(view.form, view.document, task) if view.form else {}
        known = self._cases[case]
        if (due := known.due.get(task)) and self._clock.now() > due:
            self._flow(known).late.add(case)
        self.told(self._desk.complete_task(case, task, answers, worker.actor, seen=view.head.seq))

    def _write_in(self, case: str, message: str) -> None:
        try:
            with self._store.look() as reading:
                head = reading.head(case)
                kind = self._desk.shelf.release(head.release, reading).policy.messages.get(message)
            worker = self._staff.mailroom(case, head.pack, kind.roles) if kind else None
            if worker is None or head.closed_at is not None:
                return
            view = next(
                (m for m in self._casebook.messages(case, worker.actor) if m.message == message and m.awaited), None
            )
            if view is None:
                return
            answers = self._staff.answers(view.form, {}, message) if view.form else {}
            self.told(self._desk.receive_message(case, message, answers, worker.actor))
        except (MessageNotAwaited, CaseIsClosed):
            return

    def _let_time_pass(self, until: datetime) -> None:
        """Fire what falls due on the way, each at its own moment."""
        self._executor.let_time_pass(self._clock, until)

    def _count_open_ones_late(self) -> None:
        with self._store.look() as reading:
            for row in reading.overrun(limit=100_000):
                if row.case in self._cases:
                    self._flow(self._cases[row.case]).late.add(row.case)

    def _plan(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (max(at, self._clock.now()), next(self._order), act))

    def _flow(self, known: _Known) -> Flow:
        return self.flows.setdefault(known.flow, Flow())
