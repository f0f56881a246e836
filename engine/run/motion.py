"""A case in motion: its tokens, what it waits for, what it knows, and the loop that moves it.

Everything that changes is journalled: a step that fails is taken back whole and leaves an incident.
Ready tokens run in the order they became ready. What an element does is told in `acting`; what an
input does in `hearing`. This module is no door: `Run` is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.diagram import Element, Process
from engine.errors import EngineError
from engine.history import (
    CaseClosed,
    DataSet,
    DeadlineMet,
    DeadlineSet,
    ErrandCancelled,
    IncidentRaised,
    MessageDropped,
    MilestoneReached,
    Outcome,
    SignalDropped,
    StatusChanged,
    TaskWithdrawn,
    TimerCancelled,
    ValueMissing,
)
from engine.release import Release
from engine.run import acting, bounds, choosing, limits
from engine.run.documents import Documents
from engine.run.expressions import Expressions
from engine.run.faults import NotData
from engine.run.journal import Journal, Kept
from engine.run.known import Deadline, Incident, OpenErrand, OpenTask
from engine.run.plan import plan_of
from engine.run.tokens import COMPLETED, READY, InnerScope, MainScope, Scope, Token
from engine.values import NotAValue, Value

if TYPE_CHECKING:
    from engine.run.waits import Wait

#: Of why an expression gave no value, so many reasons are told, and so many characters of it.
MOST_REASONS, LONGEST_TOLD = 5, 300


class Motion:
    """One case, moving."""

    def __init__(self, release: Release, case: str) -> None:
        self.own_release, self.case, self.plan = release, case, plan_of(release)
        self.journal = journal = Journal()
        self.documents = Documents(journal)
        #: Single facts: status, number, closed, pauses, how it was opened.
        self.facts: Kept[str, Any] = Kept(journal)
        #: How often each element was given a name.
        self.counts: Kept[str, int] = Kept(journal)
        self.tasks: Kept[str, OpenTask] = Kept(journal)
        self.errands: Kept[str, OpenErrand] = Kept(journal)
        #: Task or errand -> number of its token.
        self.holders: Kept[str, int] = Kept(journal)
        self.waits: Kept[str, Wait] = Kept(journal)
        self.deadlines: Kept[str, Deadline] = Kept(journal)
        self.milestones: Kept[str, datetime] = Kept(journal)
        self.done_by: Kept[str, tuple[str, ...]] = Kept(journal)
        self.last_by: Kept[str, str] = Kept(journal)
        self.incidents: Kept[str, Incident] = Kept(journal)
        #: Call activities that began, with the process they called; `counts` says how often. "/" and a name: one that called another.
        self.called: Kept[str, str] = Kept(journal)
        #: How often a token came to where a loop begins, by the inside it is in.
        self.passes: Kept[str, int] = Kept(journal)
        self.expressions = Expressions(self)
        self.main: MainScope
        self.at: datetime
        self.outcomes: list[Outcome] = []
        self.path: list[str] = []
        self._ready: deque[Token] = deque()
        #: Steps taken because of the input that is heard.
        self.steps = 0
        #: How many signals from case to case led to the input that is heard.
        self.hops = 0

    @property
    def release(self) -> Release:
        """What the case runs by, with the calendars it counts by now."""
        return self.own_release.counting_by(self.facts.get("calendars", ()))

    # --- the loop ---

    def begin(self, at: datetime) -> None:
        """An input is heard."""
        self.at, self.outcomes, self.path, self.steps, self.hops = at.astimezone(UTC), [], [], 0, 0
        self.expressions.begin(self.at)

    def clear(self) -> None:
        """Nothing is ready to run: the case was just brought back, or an input was taken back."""
        self._ready.clear()

    def settle(self) -> None:
        """Let every token go as far as it can."""
        while True:
            while self._ready:
                token = self._ready.popleft()
                if token.alive and token.state == READY:
                    scope: Scope = token.workflow
                    token.run()
                    self._end_of_way(token, scope)
            if not acting.synchronise(self):
                return

    def step(self, token: Token) -> bool | None:
        """Let the element of a ready token act; a failure is taken back and leaves an incident."""
        passes = self.attempt(token, lambda: self._act(token))
        return True if passes and token.alive else None

    def _act(self, token: Token) -> bool:
        bounds.step(self, token)
        return acting.act(self, token)

    def attempt(
        self, token: Token, act: Callable[[], bool], otherwise: Callable[[Motion, Token], None] | None = None
    ) -> bool:
        """Do something for a token; a failure is taken back, leaves an incident, and `otherwise` is done."""
        mark = self.journal.mark()
        try:
            return act()
        except NotAValue as error:
            failure: EngineError = NotData(element=token.element.label, why=str(error))
        except EngineError as error:
            failure = error
        self.journal.back(mark)
        if otherwise is not None:
            otherwise(self, token)
        self._stop(token, failure)
        return False

    def _stop(self, token: Token, error: EngineError) -> None:
        name = self.name_for("incident")
        zh, en = (self.documents.masked(error.text(lang)) for lang in ("zh", "en"))
        self.incidents[name] = Incident(
            name=name, element=token.element.id, code=error.code, zh=zh, en=en, at=self.at, token=token.number
        )
        self.tell(IncidentRaised(at=self.at, incident=name, element=token.element.id, code=error.code, zh=zh, en=en))

    def onward(self, token: Token) -> None:
        """Put a token at the end of each flow that was chosen."""
        scope: Scope = token.workflow
        for flow in token.going:
            self.passed(scope, flow.id)
            self.place(scope, token.process.elements[flow.target], via=flow.id)

    def _end_of_way(self, token: Token, scope: Scope) -> None:
        owner = scope.owner if isinstance(scope, InnerScope) and scope.parent_task_id in self.main.subprocesses else None
        if owner is None or owner.element.kind != "adHocSubProcess":
            self._end_if_empty(scope)
        elif token.state == COMPLETED and not token.going and token.body is None and token.element.trigger != "link":
            assert isinstance(scope, InnerScope)
            choosing.way_over(self, scope)

    def _end_if_empty(self, scope: Scope) -> None:
        if not scope.empty or self.facts.get("closed"):
            return
        if isinstance(scope, InnerScope):
            if scope.parent_task_id not in self.main.subprocesses:
                return
            owner = scope.owner
            self.drop_waits(owner.number, how="start")
            self.close_inside(owner)
            self.wake(owner, "leave")
            return
        self.drop_waits(0, how="start")
        self.facts["closed"] = True
        self.reach("closed", None)
        self.tell(CaseClosed(at=self.at, element=self.facts.get("last_end", "")))

    # --- tokens ---

    def place(self, scope: Scope, element: Element, *, phase: str = "enter", **given: Any) -> Token:
        """Put a token at an element."""
        number = self.facts["tokens"] = self.facts.get("tokens", 0) + 1
        around = given.pop("around", scope.scope)
        step = self.plan.step(scope.process, element)
        token = Token(scope, step, number=number, scope=around, phase=phase)
        token.__dict__.update(given)
        self._ready.append(token)
        return token

    def wake(self, token: Token, phase: str) -> None:
        """Let a waiting token run."""
        token.ready(phase)
        self._ready.append(token)

    def token(self, number: int) -> Token:
        """The token of that number."""
        return self.main.token(UUID(int=number))

    def all_tokens(self) -> list[Token]:
        """Every token, in every scope."""
        return sorted((t for scope in self.main.all_scopes() for t in scope.tokens), key=lambda t: t.number)

    def scope_of(self, owner: int) -> Scope:
        """The inside of the activity with that token; 0 is the main process."""
        if owner == 0:
            return self.main
        inside = self.main.inside(self.token(owner))
        assert inside is not None
        return inside

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return sum(len(scope.tasks) - 1 for scope in (self.main, *self.main.subprocesses.values()))

    def close_inside(self, token: Token) -> None:
        """The inside of an activity is over."""
        if (inside := self.main.inside(token)) is not None:
            bounds.forget(self, inside)
        self.main.close_inside(token)

    def cancel(self, token: Token) -> None:
        """Take a token away with everything that hangs on it."""
        if token.loop is not None:
            for instance in [t for t in token.workflow.tokens if t.body == token.number]:
                self.cancel(instance)
        if (inside := self.main.inside(token)) is not None:
            self.empty(inside)
            self.close_inside(token)
        self.withdraw(token)
        self.drop_waits(token.number)
        for incident in [i for i in self.incidents.values() if i.token == token.number]:
            del self.incidents[incident.name]
        if token.local and token.name:
            self.documents.close(token.name)
        token.remove()

    def empty(self, scope: Scope, but: Token | None = None) -> None:
        """Take away every token of a scope, and what would start its event sub-processes."""
        for token in scope.tokens:
            if token is not but and token.alive:
                self.cancel(token)
        owner = scope.owner
        self.drop_waits(owner.number if owner else 0, how="start")

    def withdraw(self, token: Token) -> None:
        """Take back the open task or errand of a token."""
        for name in (token.name, token.asked):
            if name is None or self.holders.get(name) != token.number:
                continue
            if name in self.tasks:
                del self.tasks[name]
                self.tell(TaskWithdrawn(at=self.at, task=name))
            else:
                del self.errands[name]
                self.tell(ErrandCancelled(at=self.at, errand=name))
            del self.holders[name]
            if name in self.deadlines:
                del self.deadlines[name]

    # --- waits ---

    def drop_waits(self, token: int, how: str | None = None) -> None:
        """Wait no longer for what a token waits for; `how` "start" means what its inside waits for."""
        for wait in [w for w in self.waits.values() if w.token == token and (w.how == "start") == (how == "start")]:
            self.drop(wait)

    def drop(self, wait: Wait) -> None:
        """Wait for one thing no longer."""
        del self.waits[wait.name]
        if wait.trigger == "timer" and not wait.asleep:
            self.tell(TimerCancelled(at=self.at, timer=wait.name))
        else:
            self._dropped(wait)

    def waits_over(self, wait: Wait) -> None:
        """What was waited for has come."""
        del self.waits[wait.name]
        self._dropped(wait)

    def _dropped(self, wait: Wait) -> None:
        if wait.trigger == "message":
            self.tell(MessageDropped(at=self.at, subscription=wait.name))
        elif wait.trigger == "signal":
            self.tell(SignalDropped(at=self.at, subscription=wait.name))

    # --- telling ---

    def tell(self, outcome: Outcome) -> None:
        """Record an outcome."""
        self.outcomes.append(outcome)
        self.journal.note(self.outcomes.pop)

    def passed(self, scope: Scope, id: str) -> None:
        """Record that an element or a flow was passed."""
        self.path.append(f"{scope.called}/{id}" if scope.called else id)
        self.journal.note(self.path.pop)

    def passed_by(self, token: Token) -> None:
        """Record that a token passed its element, which may be a milestone."""
        element = token.element
        self.passed(token.workflow, element.id)
        if milestone := element.zeebe.properties.get("milestone"):
            self.reach(milestone, element.id)

    def name_for(self, element: str) -> str:
        """The next name of an element: "trace-2"."""
        count = self.counts[element] = self.counts.get(element, 0) + 1
        return f"{element}-{count}"

    def named(self, token: Token) -> str:
        """The name of a token, given the first time it is asked for."""
        if token.name is None:
            token.put(name=self.name_for(token.element.id))
        assert token.name is not None
        return token.name

    # --- what is known ---

    def write(
        self, element: str, scope: str, values: Mapping[str, Value], whose: Mapping[str, str], *, told: bool = True
    ) -> None:
        """Set names where they belong, and tell what was written unless the input told it."""
        written = self.documents.merge(scope, values, whose)
        if told:
            for place, marked in written.items():
                self.tell(DataSet(at=self.at, element=element, values=marked, scope=place))

    def lacks_value(self, element: str, text: str, why: Iterable[tuple[str, str]]) -> None:
        """Tell why an expression gave no value: the first reasons, each once, in both languages."""
        reasons = list(dict.fromkeys(why))[:MOST_REASONS]
        zh, en = "；".join(z for z, _ in reasons), "; ".join(e for _, e in reasons)
        self.tell(ValueMissing(at=self.at, element=element, text=text[:LONGEST_TOLD], zh=zh, en=en))

    def take_status(self, status: str | None) -> None:
        """The case takes a status."""
        if status and status != self.facts.get("status"):
            self.facts["status"] = status
            self.tell(StatusChanged(at=self.at, status=status))

    def reach(self, milestone: str, element: str | None) -> None:
        """A milestone is reached: limits that end there are met, limits that begin there run."""
        self.milestones[milestone] = self.at
        self.tell(MilestoneReached(at=self.at, milestone=milestone, element=element))
        rows = self.release.policy.limits
        for deadline in list(self.deadlines.values()):
            row = rows.get(deadline.limit)
            if row and deadline.name == row.id and deadline.met is None and milestone in row.ends:
                self.meet(deadline)
        for row in rows.values():
            running = self.deadlines.get(row.id)
            begins = row.stage != "task" and (row.set_at or row.start) == milestone and row.amount("") is not None
            if begins and (running is None or running.met is not None) and not self.facts.get("closed"):
                self.run_limit(row.id)

    def meet(self, deadline: Deadline) -> None:
        """What a limit asked for was done."""
        late = deadline.is_late(self.at, self.facts.get("paused_since"))
        if deadline.name in self.tasks or deadline.name in self.holders:
            del self.deadlines[deadline.name]
        else:
            self.deadlines[deadline.name] = replace(deadline, met=self.at, paused=False)
        self.tell(DeadlineMet(at=self.at, deadline=deadline.name, late=late))

    def run_limit(self, limit: str) -> None:
        """A limit of the case begins to run, from its milestone on."""
        # What is set later counts all the same from its own milestone: a case found to be a major one next week
        # is due so many days after it was accepted.
        start = self.milestones.get(self.release.policy.limits[limit].start, self.at)
        deadline = self.deadlines[limit] = self.new_deadline(limit, limit, "", start)
        self.tell(DeadlineSet(at=self.at, deadline=limit, start=deadline.start, due=deadline.due, trace=deadline.trace))

    def new_deadline(self, name: str, limit: str, variant: str, start: datetime) -> Deadline:
        """A limit that begins to run."""
        return limits.begun(
            self.release, name, limit, variant, start,
            pauses=self.facts.get("pauses", ()), paused=self.facts.get("paused_since") is not None,
        )  # fmt: skip

    def process(self, id: str) -> Process | None:
        """A process of the release."""
        return self.plan.processes.get(id)
