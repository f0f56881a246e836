"""Moving a case to another release of its pack: what is open stays open and goes on by the new drawing.

What the new release says as the old one did stays untouched, whatever an expression would give now.
Only what is written otherwise is asked anew: who does an open task and on which form, which events are waited for. A
deadline keeps running unless the row of its limit, or the calendar it counts by, is another; then it is counted again
from its own start. So is a timer. Whether a case can be moved at all is told by `movable`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.diagram import Element
from engine.errors import EngineError
from engine.findings import Finding
from engine.history import CaseMoved, DeadlineDropped, TaskRevised, TimerCancelled
from engine.policy import Label, LimitRow
from engine.release import Release
from engine.run import codec, limits, moments, movable, plan, recounting, waits
from engine.run.activities import due_of, priority_of
from engine.run.mapping import one_text, texts
from engine.run.refusals import CannotMove, CaseIsClosed, NotOnRelease
from engine.values import NotAValue

if TYPE_CHECKING:
    from engine.run.known import OpenTask
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token
    from engine.run.waits import Wait

#: Phases of an activity in which nothing on its edge is waited for yet.
_NOT_ARMED = ("enter", "start", "caught")


def moved(motion: Motion, release: Release, event: CaseMoved) -> Motion:
    """The case under the other release; the one that was given is left as it was.

    Raises:
        CaseIsClosed, NotOnRelease, CannotMove.
    """
    if motion.facts.get("closed"):
        raise CaseIsClosed(case=motion.case)
    if event.before != motion.own_release.digest or event.release != release.digest or release.pack != motion.own_release.pack:
        raise NotOnRelease(case=motion.case, release=event.before[:12])
    if barred := movable.bars(motion, release):
        raise CannotMove(barred, case=motion.case, release=release.digest[:12])
    new = codec.carried(motion, release)
    if "calendars" in new.facts:
        new.facts["calendars"] = _kept_calendars(motion, release)
    new.begin(event.at)
    new.facts["inputs"] = new.facts.get("inputs", 0) + 1
    try:
        _Move(motion, new).make()
        new.settle()
    except (EngineError, NotAValue) as error:
        why = error if isinstance(error, EngineError) else EngineError()
        said = Finding(code="move-breaks", severity="error", file="pack.yaml", zh=why.text("zh"), en=why.text("en"))
        raise CannotMove((said,), case=motion.case, release=release.digest[:12]) from error
    new.journal.forget()
    return new


def _kept_calendars(motion: Motion, release: Release) -> tuple[tuple[str, str], ...]:
    """What was laid over the calendars of the old release stays where the new one has the same file."""
    own = motion.own_release.calendars
    return tuple(
        (name, text) for name, text in motion.facts.get("calendars", ())
        if name in release.calendars and release.calendars[name].version == own[name].version
    )  # fmt: skip


class _Move:
    """One case on its way: as it was, and as it becomes."""

    def __init__(self, old: Motion, new: Motion) -> None:
        self._old, self._new = old, new
        self._was, self._is = old.own_release.policy.limits, new.own_release.policy.limits

    def make(self) -> None:
        """Change what the new release says otherwise."""
        for task in list(self._new.tasks.values()):
            self._revise(task)
        self._count_again()
        self._begin_limits()
        for wait in list(self._new.waits.values()):
            self._await(wait)
        for scope in self._new.main.all_scopes():
            self._arm(scope)

    def _drawn(self, process: str, element: str) -> Element | None:
        """An element as the old release drew it; None: it did not."""
        found = self._old.plan.processes.get(process)
        return found.elements.get(element) if found else None

    # --- tasks ---

    def _revise(self, task: OpenTask) -> None:
        new = self._new
        token: Token = new.token(new.holders[task.name])
        was, now = self._drawn(task.process, task.element), token.element
        assert was is not None
        old, zeebe = was.zeebe, now.zeebe
        given: dict[str, Any] = {"form": zeebe.form}
        if (old.groups, old.users, old.assignee) != (zeebe.groups, zeebe.users, zeebe.assignee):
            offered = {
                "groups": texts(new, token, zeebe.groups, "candidateGroups"),
                "users": texts(new, token, zeebe.users, "candidateUsers"),
            }
            assignee = one_text(new, token, zeebe.assignee, "assignee")
            if offered != {"groups": task.groups, "users": task.users} or old.assignee != zeebe.assignee:
                # Who holds it may be nobody it is offered to now.
                given |= offered | {"assignee": assignee, "claimed_by": None}
        if old.priority != zeebe.priority:
            given["priority"] = priority_of(new, token)
        four_eyes = zeebe.properties.get("four-eyes")
        if old.properties.get("four-eyes") != four_eyes:
            given["four_eyes"] = texts(new, token, four_eyes, "four-eyes")
        given |= self._due(task, token, was)
        if all(getattr(task, name) == value for name, value in given.items()):
            new.tasks[task.name] = replace(task, title=now.label)
            return
        after = new.tasks[task.name] = replace(task, title=now.label, **given)
        new.tell(
            TaskRevised(
                at=new.at, task=after.name, form=after.form, groups=after.groups, users=after.users,
                assignee=after.assignee, claimed_by=after.claimed_by, priority=after.priority,
                four_eyes=after.four_eyes, limit=after.limit, due=after.due, trace=after.trace,
            )
        )  # fmt: skip

    def _due(self, task: OpenTask, token: Token, was: Element) -> dict[str, Any]:
        new, now = self._new, token.element
        told = [(e.zeebe.properties.get("limit"), e.zeebe.properties.get("limit-variant"), e.zeebe.due) for e in (was, now)]
        if told[0] == told[1] and (task.limit is None or self._row(task.limit) is not None):
            return {}
        if task.name in new.deadlines:
            del new.deadlines[task.name]
        limit = one_text(new, token, now.zeebe.properties.get("limit"), "limit")
        return {"limit": None, "due": None, "trace": None} | due_of(new, token, task.name, limit, task.opened)

    # --- limits ---

    def _row(self, limit: str | None) -> LimitRow | None:
        return self._is.get(limit or "")

    def _same_row(self, limit: str) -> bool:
        """Whether a limit counts as it did: by the same row and the same calendar."""
        was, now = self._was.get(limit), self._is.get(limit)
        if was is None or now is None or _counting(was) != _counting(now):
            return False
        versions = [limits.calendar_of(m.release, row).version for m, row in ((self._old, was), (self._new, now))]
        return versions[0] == versions[1]

    def _count_again(self) -> None:
        new = self._new
        for name, deadline in list(new.deadlines.items()):
            if deadline.met is not None or self._same_row(deadline.limit):
                continue
            if self._old.deadlines.get(name) != deadline:
                continue  # it was set anew with its task
            row = self._row(deadline.limit)
            if row is None or row.amount(deadline.variant) is None:
                del new.deadlines[name]
                new.tell(DeadlineDropped(at=new.at, deadline=name))
                continue
            was = self._was[deadline.limit]
            start = deadline.start if row.start == was.start else new.milestones.get(row.start, deadline.start)
            pauses = tuple(p for p in new.facts.get("pauses", ()) if p.until > start) if row.pausable else ()
            again = limits.moved(new.release, replace(deadline, start=start), pauses=pauses)
            again = replace(again, paused=row.pausable and new.facts.get("paused_since") is not None)
            if recounting.but_version(again.trace) != recounting.but_version(deadline.trace):
                recounting.move_deadline(new, name, again)
            else:
                new.deadlines[name] = replace(deadline, paused=again.paused, pauses=pauses)
            if name == row.id and any(new.milestones.get(end, start) > start for end in row.ends):
                new.meet(new.deadlines[name])

    def _begin_limits(self) -> None:
        """What the new release limits and the old one did not: from the milestone it counts from, if that was reached."""
        new = self._new
        for row in self._is.values():
            begins = new.milestones.get(row.set_at or row.start)
            if row.stage == "task" or begins is None or row.amount("") is None or row.id in new.deadlines:
                continue
            if row.id in self._was and _counting(self._was[row.id]) == _counting(row):
                continue
            if not any(new.milestones.get(end, begins) > begins for end in row.ends):
                new.run_limit(row.id)

    # --- what is waited for ---

    def _await(self, wait: Wait) -> None:
        new = self._new
        was, process = self._drawn(wait.process, wait.element), new.plan.processes[wait.process]
        now = process.elements.get(wait.element)
        assert was is not None
        if now is None or now.trigger != was.trigger or (now.attached_to, now.parent) != (was.attached_to, was.parent):
            new.drop(wait)
            return
        if wait.how == "gateway":
            way = next((f.id for f in new.token(wait.token).flows if f.target == now.id), None)
            if way is None:
                new.drop(wait)
                return
            wait = new.waits[wait.name] = replace(wait, via=way)
        if wait.trigger == "timer":
            self._await_moment(wait, was, now)
        elif (was.message, was.signal, was.zeebe.correlation) != (now.message, now.signal, now.zeebe.correlation):
            new.drop(wait)
            self._anew(wait, now)

    def _await_moment(self, wait: Wait, was: Element, now: Element) -> None:
        new = self._new
        if was.timer != now.timer:
            again = self._from_its_start(wait, now)
            new.drop(wait)
            if again is not None:
                waits.set_timer(new, again)
            return
        if wait.limit is None:
            return
        row = self._row(wait.limit)
        if row is None or row.amount(wait.variant) is None:
            # Its limit is none any more: it stays at the moment it was set for.
            self._stand(replace(wait, limit=None, variant="", deadline=None), asleep=False)
            return
        before = self._old.deadlines.get(wait.deadline or "")
        if not self._same_row(wait.limit) or before != new.deadlines.get(wait.deadline or ""):
            recounting.move_timers(new, [wait])
        self._stand(new.waits[wait.name], new.facts.get("paused_since") is not None and row.pausable)

    def _stand(self, wait: Wait, asleep: bool) -> None:
        """Let the clock of a timer stand still, or go, as the new release says."""
        new = self._new
        new.waits[wait.name] = replace(wait, asleep=asleep)
        if asleep and not wait.asleep:
            new.tell(TimerCancelled(at=new.at, timer=wait.name))
        elif wait.asleep and not asleep:
            del new.waits[wait.name]
            waits.set_timer(new, replace(wait, asleep=False))

    def _from_its_start(self, wait: Wait, now: Element) -> Wait | None:
        """A timer that is drawn otherwise, counted from when it was set; a cycle goes on from now."""
        new, at = self._new, self._new.at
        blank = replace(
            wait, due=None, rest=0, every="", limit=None, variant="", deadline=None, kind="due", trace=None,
            offset=timedelta(0), start=None, asleep=False,
        )  # fmt: skip
        since = wait.start if now.timer is not None and now.timer.kind != "timeCycle" else None
        new.at = since or at
        new.expressions.begin(new.at)
        try:
            return moments.first(new, blank, now)
        finally:
            new.at = at
            new.expressions.begin(at)

    def _anew(self, wait: Wait, now: Element) -> None:
        if wait.how == "start":
            waits.await_start(self._new, self._new.scope_of(wait.token), now)
        else:
            waits.await_event(self._new, self._new.token(wait.token), now, how=wait.how, via=wait.via)

    def _arm(self, scope: Scope) -> None:
        """Wait for the events that the old release did not draw there."""
        new = self._new
        for token in scope.tokens:
            if token.element.kind == "eventBasedGateway" and token.phase == "wait":
                for flow in token.flows:
                    event = token.process.elements[flow.target]
                    if self._is_new(scope, event):
                        waits.await_event(new, token, event, how="gateway", via=flow.id)
            if token.body is not None or token.phase in _NOT_ARMED:
                continue
            for event in token.process.boundaries.get(token.element.id, ()):
                if event.trigger in waits.TRIGGERS and self._is_new(scope, event):
                    waits.await_event(new, token, event, how="boundary")
        owner = scope.owner
        if _is_interrupted(scope) or (owner is not None and owner.element.kind == "adHocSubProcess"):
            return
        for _, event in plan.event_starts(scope.process, scope.place):
            if event.trigger in waits.TRIGGERS and self._is_new(scope, event):
                waits.await_start(new, scope, event)

    def _is_new(self, scope: Scope, event: Element) -> bool:
        was = self._drawn(scope.process.id, event.id)
        return was is None or (was.trigger, was.attached_to, was.parent) != (event.trigger, event.attached_to, event.parent)


def _is_interrupted(scope: Scope) -> bool:
    """Whether an event sub-process took over: nothing else begins there any more."""
    begun = [t.process.elements[t.begun_by] for t in scope.tokens if t.begun_by is not None]
    return any(waits.ends_its_host(event) for event in begun)


def _counting(row: LimitRow) -> LimitRow:
    """A row but for what does not change when it ends."""
    return replace(row, label=Label(zh="", en=""), source="", extend_by=(), extend_max=None)
