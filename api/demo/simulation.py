"""Months of complaint handling in a minute or two: people who work, are late, refuse, appeal, and fall silent.

Time is simulated: the clock stands at the next thing to happen. What happens is decided by dice with a
fixed seed, and everything goes through the desk as it would for real people; nobody is let in by a side door.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from api.demo.complaints import Complaint
from api.demo.pace import Pace
from api.demo.staff import Staff, Worker
from api.demo.tally import Flow
from engine.authority import AUDITOR, Actor, FourEyesRequired, NotAuthorised, NotYours, Recused
from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.desk import Desk, Done
from engine.duties import Duties
from engine.history import (
    CaseClosed,
    CaseOpened,
    DeadlineMet,
    ErrandDone,
    ErrandStarted,
    IncidentRaised,
    MessageAwaited,
    Record,
    TaskCompleted,
    TaskOpened,
    TaskWithdrawn,
)
from engine.run import CaseIsClosed, MessageNotAwaited, TaskNotOpen
from engine.store import CaseNotFound, Head, ReportRow, Store
from engine.timekeeper import Executor
from forms import AnswersRefused

#: The first complaint comes in on a Monday morning in Beijing.
BEGIN = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
#: A Tuesday morning after the statistics of the month: half a year of complaints lies behind.
END = datetime(2026, 7, 14, 2, 0, tzinfo=UTC)
#: How long before the end the last complaints come in: less than it takes anybody to come to a task.
JUST_NOW = timedelta(minutes=5)
#: Simulated staff give up on a case that goes round more often than this.
MOST_ACTIONS = 400
#: One report in so many is seen to by nobody.
PASSED_OVER = 0.05
#: Who is asked which reports lie there.
_READER = Actor(name="demo", memberships=frozenset({f"*/{AUDITOR}"}))
#: How often a form is filled in anew when it was not accepted.
TRIES = 4


@dataclass
class _Known:
    pack: str
    flow: str
    opened: datetime
    drags: bool
    #: Open tasks, as they were opened.
    tasks: dict[str, TaskOpened] = field(default_factory=dict)
    actions: int = 0


class Simulation:
    """A company at work."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        casebook: Casebook,
        duties: Duties,
        clock: StoppedClock,
        executor: Executor,
        staff: Staff,
        pace: Pace,
        dice: random.Random,
    ) -> None:
        self._store, self._desk, self._casebook, self._clock = store, desk, casebook, clock
        self._staff, self._pace, self._dice = staff, pace, dice
        self._executor, self._duties = executor, duties
        executor.heard = self.told
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._cases: dict[str, _Known] = {}
        self._passed_over: set[tuple[str, str, str]] = set()
        self.flows: dict[str, Flow] = {}
        #: Forms that nobody could fill in so that they were accepted: "case task: what was said".
        self.refused: list[str] = []

    def run(self, complaints: Sequence[Complaint], progress: Callable[[float, int], None]) -> None:
        """Let the complaints come in and be worked on until the end."""
        self._plan(self._pace.working_moment(BEGIN), self._look_through_reports)
        gap = (END - BEGIN) / max(1, len(complaints))
        last = {complaint.pack: place for place, complaint in enumerate(complaints)}
        for place, complaint in enumerate(complaints):
            at = self._pace.working_moment(BEGIN + gap * (place + self._dice.random()))
            # The last of each procedure has only just come in: a visitor finds it as it was received.
            at = END - JUST_NOW if last[complaint.pack] == place else min(at, END)
            self._plan(at, self._receiving(complaint))
        for steps in itertools.count():
            if not self._agenda or self._agenda[0][0] > END:
                break
            at, _, act = heapq.heappop(self._agenda)
            self._executor.let_time_pass(self._clock, at)
            act()
            if steps % 50 == 0:
                progress((at - BEGIN) / (END - BEGIN), len(self._cases))
        self._executor.let_time_pass(self._clock, END)
        self._count_open_ones_late()

    # --- what is heard ------------------------------------------------------------------------------

    def told(self, done: Done) -> None:
        """Hear what an action came to, and plan what people will do about it."""
        known = self._cases.get(done.case)
        if known is None:
            # Whoever opened it is told by the first event: a person, or a case that goes on in another.
            first = done.records[0].event
            known = _Known(
                pack=done.head.pack, flow=done.head.flow, opened=done.head.opened_at, drags=self._pace.drags()
            )
            self._cases[done.case] = known
            flow = self._flow(known)
            if isinstance(first, CaseOpened) and first.parent is None:
                flow.opened += 1
            else:
                flow.continued.add(done.case)
        for record in done.records:
            self._hear(done.case, known, record)

    def _hear(self, case: str, known: _Known, record: Record) -> None:
        flow = self._flow(known)
        match record.event:
            case TaskOpened(task=task, due=due, at=at) as opened:
                known.tasks[task] = opened
                self._plan(self._pace.comes(at, due, drags=known.drags), lambda: self._work(case, task))
            case TaskCompleted(task=task, at=at):
                opened = known.tasks.pop(task)
                if opened.due is not None and at > opened.due:
                    flow.late.add(case)
            case DeadlineMet(late=True):
                flow.late.add(case)
            case TaskWithdrawn(task=task):
                known.tasks.pop(task, None)
            case MessageAwaited(message=message, at=at):
                if (answered := self._pace.answers(at, message)) is not None:
                    self._plan(answered, lambda: self._write_in(case, message))
            case ErrandDone(result=result) if isinstance(other := (result or {}).get("linked_case"), str):
                self._told_of_linked(other)
            case ErrandStarted(type="escalate"):
                flow.escalated.add(case)
            case ErrandStarted(type="send-reminder"):
                flow.urged.add(case)
            case IncidentRaised():
                flow.incidents.add(case)
            case CaseClosed(at=at):
                flow.closed += case not in flow.continued
                flow.longest = max(flow.longest, at - known.opened)

    def _told_of_linked(self, case: str) -> None:
        with self._store.look() as reading:
            records, head = reading.history(case), reading.head(case)
        self.told(Done(case=case, seq=head.seq, records=tuple(records), head=head))

    # --- what is done -------------------------------------------------------------------------------

    def _receiving(self, complaint: Complaint) -> Callable[[], None]:
        return lambda: self._receive(complaint)

    def _receive(self, complaint: Complaint) -> None:
        pack = self._staff.pack(complaint.pack)
        worker = self._staff.opener(complaint.pack)
        at_hand = pack.channels or ("web",)
        channel = complaint.channel if complaint.channel in at_hand else self._dice.choice(at_hand)
        self._filled_in(
            f"{complaint.pack} intake",
            lambda: self._staff.intake(pack, complaint, channel),
            lambda answers: self._desk.open_case(complaint.pack, answers, worker.actor, channel=channel),
        )

    def _work(self, case: str, task: str) -> None:
        known = self._cases[case]
        known.actions += 1
        if task not in known.tasks or known.actions > MOST_ACTIONS:
            return
        for worker in self._staff.willing(known.pack, known.tasks[task]):
            try:
                self._do(case, task, worker)
            except (NotYours, NotAuthorised, FourEyesRequired, Recused, CaseNotFound):
                continue
            except TaskNotOpen:
                pass  # somebody else, or the clock, was faster
            return

    def _do(self, case: str, task: str, worker: Worker) -> None:
        view = self._casebook.task(case, task, worker.actor)
        if view.why_not is not None:
            raise NotAuthorised(person=worker.actor.name, role=task)
        if self._dice.random() < 0.15:
            self.told(self._desk.claim_task(case, task, worker.actor))
        if self._dice.random() < 0.06:
            self.told(self._desk.comment(case, self._staff.remark(), worker.actor))
        form = view.form
        self._filled_in(
            f"{case} {task}",
            lambda: (
                self._staff.answers(form, view.document, task, pack=view.head.pack, release=view.head.release)
                if form
                else {}
            ),
            lambda answers: self._desk.complete_task(case, task, answers, worker.actor, seen=view.head.seq),
        )

    def _write_in(self, case: str, message: str) -> None:
        with self._store.look() as reading:
            head = reading.head(case)
            kind = self._desk.shelf.release(head.release, reading).policy.messages.get(message)
        if kind is None or head.closed_at is not None:
            return
        for worker in self._staff.mailroom(head.pack, kind.roles):
            try:
                self._enter(head, message, worker)
            except CaseNotFound:
                continue  # the case is sealed, and this one has no part in it
            except (MessageNotAwaited, CaseIsClosed):
                pass
            return

    def _enter(self, head: Head, message: str, worker: Worker) -> None:
        case = head.case
        seen = self._casebook.messages(case, worker.actor)
        view = next((m for m in seen if m.message == message and m.awaited), None)
        if view is None:
            return
        form = view.form
        self._filled_in(
            f"{case} {message}",
            lambda: self._staff.answers(form, {}, message, pack=head.pack, release=head.release) if form else {},
            lambda answers: self._desk.receive_message(case, message, answers, worker.actor),
        )

    def _filled_in(
        self, what: str, fill: Callable[[], Mapping[str, object]], hand_in: Callable[[Mapping[str, object]], Done]
    ) -> None:
        """Fill a form in and hand it in; again, with other dice, where it is not accepted."""
        for left in reversed(range(TRIES)):
            try:
                self.told(hand_in(fill()))
            except AnswersRefused as refused:
                if not left:
                    self.refused.append(f"{what}: {refused.errors}")
                continue
            return

    # --- reports ------------------------------------------------------------------------------------

    def _look_through_reports(self) -> None:
        """Once a week somebody sees to what lies there; what is passed over once is passed over for good."""
        for row in self._duties.reports(_READER, open_only=True):
            if (key := (row.pack, row.report, row.period)) not in self._passed_over:
                if self._dice.random() < PASSED_OVER:
                    self._passed_over.add(key)
                else:
                    self._see_to(row)
        self._plan(self._pace.working_moment(self._clock.now() + timedelta(days=7)), self._look_through_reports)

    def _see_to(self, row: ReportRow) -> None:
        with self._store.look() as reading:
            policy = self._desk.shelf.release(reading.current(row.pack), reading).policy
        report = next((r for r in policy.reports if r.id == row.report), None)
        # Where a procedure names nobody, somebody who works by it finds the report in the list.
        roles = (policy.seen_to_by(report) if report else ()) or tuple(policy.roles)
        for worker in self._staff.mailroom(row.pack, roles)[:1]:
            self._duties.see_to(row.pack, row.report, row.period, self._staff.verdict(), worker.actor)

    # --- the rest -----------------------------------------------------------------------------------

    def _count_open_ones_late(self) -> None:
        with self._store.look() as reading:
            for row in reading.overrun(limit=100_000):
                if row.case in self._cases:
                    self._flow(self._cases[row.case]).late.add(row.case)

    def _plan(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (max(at, self._clock.now()), next(self._order), act))

    def _flow(self, known: _Known) -> Flow:
        return self.flows.setdefault(known.flow, Flow())
