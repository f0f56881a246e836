"""What each input does to a case. It is refused before anything has changed, or it is heard."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from engine.deadline import Pause, Span
from engine.history import (
    AttachmentAdded,
    CalendarReplaced,
    CaseLinked,
    CaseOpened,
    ClockPaused,
    ClockResumed,
    CommentAdded,
    DeadlineExtended,
    ErrandDone,
    ErrandFailed,
    IncidentResolved,
    Input,
    MessageReceived,
    PersonErased,
    PersonRecused,
    SignalReceived,
    TaskClaimed,
    TaskCompleted,
    TaskDelegated,
    TaskReleased,
    TimerCancelled,
    TimerFired,
)
from engine.numbering import CASE_SERIES
from engine.run import bounds, events, forgetting, limits, listening, moments, plan, recounting, waits
from engine.run.documents import said, settled
from engine.run.faults import TooManyPasses
from engine.run.known import OpenTask
from engine.run.motion import Motion
from engine.run.refusals import (
    CalendarNotSo,
    CannotOpen,
    CaseIsClosed,
    ClockNotSo,
    DeadlineNotRunning,
    ErrandNotOpen,
    IncidentNotOpen,
    InputRefused,
    MessageNotAwaited,
    SignalNotAwaited,
    TaskNotOpen,
    TimerNotSet,
)
from engine.run.tokens import Token

#: What may still be said about a closed case.
_AFTERWARDS = (CommentAdded, AttachmentAdded, CaseLinked, PersonErased, PersonRecused)


def hear(motion: Motion, event: Input) -> None:
    """Let an input happen, as far as it goes by itself.

    Raises:
        InputRefused: the case cannot hear it now; nothing has changed.
    """
    if motion.facts.get("closed") and not isinstance(event, _AFTERWARDS):
        raise CaseIsClosed(case=motion.case)
    motion.facts["inputs"] = motion.facts.get("inputs", 0) + 1
    _hear(event, motion)


@singledispatch
def _hear(event: Input, motion: Motion) -> None:
    raise InputRefused(case=motion.case, kind=event.kind)


@_hear.register
def _(event: CaseOpened, motion: Motion) -> None:
    if motion.milestones:
        raise InputRefused(case=motion.case, kind=event.kind)
    process = motion.process(event.process)
    begins = plan.starts(process, None) if process else ()
    if process is None or not begins:
        raise CannotOpen(case=motion.case, process=event.process)
    for name in ("flow", "channel", "pack", "parent", "process"):
        motion.facts[name] = getattr(event, name)
    motion.facts["opened"] = motion.at
    motion.facts["barred"] = tuple(sorted(event.barred))
    motion.documents.open("", None)
    motion.documents.merge("", *said(event.answers))
    motion.reach("opened", None)
    for element in begins:
        motion.place(motion.main, element)
    waits.arm_inside(motion, motion.main)


# --- tasks ---


@_hear.register
def _(event: TaskClaimed, motion: Motion) -> None:
    motion.tasks[event.task] = replace(_task(motion, event.task), claimed_by=event.actor)


@_hear.register
def _(event: TaskReleased, motion: Motion) -> None:
    motion.tasks[event.task] = replace(_task(motion, event.task), claimed_by=None, assignee=None)


@_hear.register
def _(event: TaskDelegated, motion: Motion) -> None:
    motion.tasks[event.task] = replace(_task(motion, event.task), claimed_by=None, assignee=event.to)


@_hear.register
def _(event: TaskCompleted, motion: Motion) -> None:
    task = _task(motion, event.task)
    answers, whose = said(event.answers)
    token = motion.token(motion.holders[task.name])
    if (deadline := motion.deadlines.get(task.name)) is not None:
        motion.meet(deadline)
    del motion.tasks[task.name]
    del motion.holders[task.name]
    persons = [p for p in (event.actor, event.on_behalf_of) if p]
    known = motion.done_by.get(task.element, ())
    motion.done_by[task.element] = (*known, *(p for p in persons if p not in known))
    motion.last_by[task.element] = event.actor
    token.put(payload=answers, whose=whose)
    if not listening.begins(motion, token, "completing"):
        motion.wake(token, "leave")


def _task(motion: Motion, name: str) -> OpenTask:
    if name not in motion.tasks:
        raise TaskNotOpen(case=motion.case, task=name)
    return motion.tasks[name]


# --- timers, messages, errands ---


@_hear.register
def _(event: TimerFired, motion: Motion) -> None:
    wait = motion.waits.get(event.timer)
    if wait is None or wait.trigger != "timer" or wait.asleep:
        raise TimerNotSet(case=motion.case, timer=event.timer)
    waits.trigger(motion, wait)


@_hear.register
def _(event: MessageReceived, motion: Motion) -> None:
    wait = waits.matching(motion, event.message, settled(event.key))
    if wait is None:
        raise MessageNotAwaited(case=motion.case, message=event.message)
    payload, whose = said(event.payload)
    waits.trigger(motion, wait, payload, whose)


@_hear.register
def _(event: SignalReceived, motion: Motion) -> None:
    wait = motion.waits.get(event.subscription)
    if wait is None or wait.trigger != "signal" or wait.signal != event.signal:
        raise SignalNotAwaited(case=motion.case, signal=event.signal)
    payload, whose = said(event.payload)
    motion.hops = event.hops
    waits.trigger(motion, wait, payload, whose)


@_hear.register
def _(event: ErrandDone, motion: Motion) -> None:
    token = _errand(motion, event.errand)
    result, whose = said(event.result)
    type_ = motion.errands[event.errand].type
    _errand_over(motion, event.errand)
    if type_ == "take-number" and result.get("series") == CASE_SERIES and isinstance(result.get("number"), str):
        motion.facts["number"] = result["number"]
    if token.asked == event.errand:
        listening.done(motion, token, result, whose)
    else:
        token.put(payload=result, whose=whose)
        motion.wake(token, "leave")


@_hear.register
def _(event: ErrandFailed, motion: Motion) -> None:
    token = _errand(motion, event.errand)
    _errand_over(motion, event.errand)
    if token.asked == event.errand:
        listening.failed(motion, token, event)
        return
    motion.attempt(token, lambda: events.raise_error(motion, token, event.error, event.reason, event.reason_en), _again)


def _again(motion: Motion, token: Token) -> None:
    """Nobody caught the error: the errand is asked for anew once the incident is resolved."""
    motion.drop_waits(token.number)
    heard = len(listening.listeners(token, "start"))
    if token.body is not None or heard:  # what tells it from its siblings, or its listeners brought, is in its document
        before, again = motion.named(token), motion.name_for(token.element.id)
        motion.documents.rename(before, again)
        token.put(name=again, phase="start" if heard else "enter", heard=heard, mapped=bool(heard))
        return
    if token.local and token.name:
        motion.documents.close(token.name)
    token.put(name=None, local=False, phase="enter", mapped=False)


def _errand(motion: Motion, errand: str) -> Token:
    if errand not in motion.errands:
        raise ErrandNotOpen(case=motion.case, errand=errand)
    return motion.token(motion.holders[errand])


def _errand_over(motion: Motion, errand: str) -> None:
    del motion.errands[errand]
    del motion.holders[errand]


# --- clocks ---


@_hear.register
def _(event: ClockPaused, motion: Motion) -> None:
    if motion.facts.get("paused_since") is not None:
        raise ClockNotSo(case=motion.case)
    motion.facts["paused_since"] = motion.at
    for name, deadline in list(motion.deadlines.items()):
        if deadline.met is None and limits.is_pausable(motion.release, deadline.limit):
            motion.deadlines[name] = replace(deadline, paused=True)
    for wait in [w for w in motion.waits.values() if w.trigger == "timer"]:
        if not wait.asleep and limits.is_pausable(motion.release, wait.limit):
            motion.waits[wait.name] = replace(wait, asleep=True)
            motion.tell(TimerCancelled(at=motion.at, timer=wait.name))


@_hear.register
def _(event: ClockResumed, motion: Motion) -> None:
    since = motion.facts.get("paused_since")
    if since is None:
        raise ClockNotSo(case=motion.case)
    pauses = (*motion.facts.get("pauses", ()), Pause(since=since, until=motion.at))
    motion.facts["pauses"], motion.facts["paused_since"] = pauses, None
    for deadline in [d for d in motion.deadlines.values() if d.paused]:
        after = [p for p in pauses if p.until > deadline.start]
        again = limits.moved(motion.release, deadline, pauses=tuple(after))
        recounting.move_deadline(motion, deadline.name, replace(again, paused=False))
    for wait in [w for w in motion.waits.values() if w.asleep]:
        del motion.waits[wait.name]
        waits.set_timer(motion, moments.moved(motion, replace(wait, asleep=False)))


@_hear.register
def _(event: DeadlineExtended, motion: Motion) -> None:
    deadline = motion.deadlines.get(event.deadline)
    if deadline is None or deadline.met is not None:
        raise DeadlineNotRunning(case=motion.case, deadline=event.deadline)
    more = Span(amount=event.amount, unit=event.unit)
    extended = [deadline]
    if deadline.name == deadline.limit:  # a limit of the case: tasks that are due by it have its time
        extended += [d for d in motion.deadlines.values() if d.limit == deadline.limit and d.name in motion.tasks]
    for one in extended:
        again = limits.moved(motion.release, one, pauses=one.pauses, extension=more)
        recounting.move_deadline(motion, one.name, again)
    names = {one.name for one in extended}
    recounting.move_timers(motion, [w for w in motion.waits.values() if w.deadline in names])


@_hear.register
def _(event: CalendarReplaced, motion: Motion) -> None:
    own, name = motion.own_release, event.calendar
    replaced = tuple(sorted({**dict(motion.facts.get("calendars", ())), name: event.changes}.items()))
    if name not in own.calendars or own.counting_by(replaced).calendar(name).version != event.version:
        raise CalendarNotSo(case=motion.case, calendar=name, version=event.version)
    motion.facts["calendars"] = replaced
    for deadline in [d for d in motion.deadlines.values() if d.met is None and _counts_by(motion, d.limit, name)]:
        again = limits.moved(motion.release, deadline, pauses=deadline.pauses)
        if recounting.but_version(again.trace) != recounting.but_version(deadline.trace):
            recounting.move_deadline(motion, deadline.name, again)
    recounting.move_timers(motion, [w for w in motion.waits.values() if w.limit and _counts_by(motion, w.limit, name)])


def _counts_by(motion: Motion, limit: str, calendar: str) -> bool:
    row = motion.release.policy.limits.get(limit)
    return row is not None and (row.calendar or motion.release.policy.calendar) == calendar


# --- people and incidents ---


@_hear.register
def _(event: PersonRecused, motion: Motion) -> None:
    motion.facts["barred"] = tuple(sorted({*motion.facts.get("barred", ()), event.person}))


@_hear.register
def _(event: PersonErased, motion: Motion) -> None:
    forgetting.forget(motion, event.of)


@_hear.register(CommentAdded)
@_hear.register(AttachmentAdded)
@_hear.register(CaseLinked)
def _(event: Input, motion: Motion) -> None:
    """Part of the history; nothing moves."""


@_hear.register
def _(event: IncidentResolved, motion: Motion) -> None:
    incident = motion.incidents.get(event.incident)
    if incident is None:
        raise IncidentNotOpen(case=motion.case, incident=event.incident)
    token = motion.token(incident.token)
    del motion.incidents[event.incident]
    if incident.code == TooManyPasses(element="", most=0).code:
        bounds.begin_anew(motion, token)
    values, whose = said(event.values)
    motion.documents.merge(token.own, values, whose)
    # What an answer or a message brought is mapped again: what was corrected must not come back.
    if brought := {n for n in values if n in (token.payload or {})}:
        token.put(payload={**(token.payload or {}), **{n: values[n] for n in brought}},
                  whose={n: of for n, of in {**token.whose, **whose}.items() if n not in brought or n in whose})  # fmt: skip
    motion.wake(token, token.phase)
