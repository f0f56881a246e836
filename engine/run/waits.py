"""What a case waits for: timers, messages, signals, conditions; who waits, and what follows when it comes.

A wait belongs to a token: of an event that is waited at ("catch"), of an activity on whose edge the
event sits ("boundary"), of an event-based gateway ("gateway"), or of the activity whose inside may
be interrupted or joined by an event sub-process ("start"; 0 for the main process).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.diagram import Element
from engine.errors import EngineError
from engine.history import MessageAwaited, SignalAwaited, TimerSet
from engine.run import limits, moments, plan
from engine.run.documents import marked
from engine.values import NotAValue, Value

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token

TRIGGERS = ("timer", "message", "signal", "conditional")


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One thing a case waits for."""

    #: Our name for it: "late-1".
    name: str
    #: "timer", "message", "signal" or "conditional".
    trigger: str
    #: "catch", "boundary", "gateway" or "start".
    how: str
    element: str
    process: str
    #: Number of the token it belongs to.
    token: int
    #: Where its expressions are evaluated.
    scope: str = ""
    #: The flow of an event-based gateway.
    via: str | None = None
    # --- timers ---
    due: datetime | None = None
    #: How often a cycle goes on after this time; None for ever.
    rest: int | None = 0
    #: The length of a cycle, ISO 8601.
    every: str = ""
    task: str | None = None
    #: The limit it hangs on, and by which running deadline.
    limit: str | None = None
    variant: str = ""
    deadline: str | None = None
    #: "due" or "warn", and how far from it.
    kind: str = "due"
    offset: timedelta = timedelta(0)
    start: datetime | None = None
    trace: dict[str, Value] | None = None
    #: Its clock stands still: it is not set.
    asleep: bool = False
    # --- messages, signals, conditions ---
    message: str = ""
    key: Value = None
    #: Whose personal data the key is.
    of: str | None = None
    signal: str = ""
    #: What a condition was when it was last looked at.
    was: bool = False


def arm(motion: Motion, token: Token) -> None:
    """Wait for the events on the edge of an activity, and for those that start event sub-processes inside it."""
    for event in token.process.boundaries.get(token.element.id, ()):
        if event.trigger in TRIGGERS:
            await_event(motion, token, event, how="boundary")


def arm_inside(motion: Motion, scope: Scope) -> None:
    """Wait for the events that start the event sub-processes of a scope."""
    for _, event in plan.event_starts(scope.process, scope.place):
        if event.trigger in TRIGGERS:
            await_start(motion, scope, event)


def await_start(motion: Motion, scope: Scope, event: Element) -> None:
    """Wait for an event that starts an event sub-process of a scope."""
    owner = scope.owner
    _await(motion, event, scope.process.id, owner.number if owner else 0, scope.scope, "start", None, None)


def await_event(motion: Motion, token: Token, event: Element, *, how: str, via: str | None = None) -> None:
    """Wait, for a token, for an event."""
    task = token.name if token.name in motion.tasks else None
    _await(motion, event, token.process.id, token.number, token.own, how, via, task)


def _await(
    motion: Motion, event: Element, process: str, token: int, scope: str, how: str, via: str | None, task: str | None
) -> None:
    wait = Wait(
        name="", trigger=event.trigger or "message", how=how, element=event.id, process=process, token=token,
        scope=scope, via=via, task=task,
    )  # fmt: skip
    match event.trigger:
        case "timer":
            if (timed := moments.first(motion, wait, event)) is not None:
                set_timer(motion, timed)
        case "signal":
            wait = _keep(motion, replace(wait, signal=event.signal or ""))
            motion.tell(
                SignalAwaited(at=motion.at, subscription=wait.name, signal=wait.signal, element=wait.element)
            )
        case "conditional":
            _keep(motion, wait)
        case _:  # a message event, or a receive task
            _subscribe(motion, wait, event)


def set_timer(motion: Motion, wait: Wait) -> None:
    """Begin to wait for a moment, unless its clock stands still now."""
    asleep = motion.facts.get("paused_since") is not None and limits.is_pausable(motion.release, wait.limit)
    wait = _keep(motion, replace(not_past(motion, wait), asleep=asleep))
    assert wait.due is not None
    if not asleep:
        motion.tell(
            TimerSet(
                at=motion.at, timer=wait.name, element=wait.element, due=wait.due, limit=wait.limit,
                trace=wait.trace, task=wait.task,
            )
        )  # fmt: skip


def not_past(motion: Motion, wait: Wait) -> Wait:
    """A moment that has passed already is now: a history does not go back in time."""
    assert wait.due is not None
    return replace(wait, due=max(wait.due, motion.at))


def _subscribe(motion: Motion, wait: Wait, event: Element) -> None:
    key, of = None, None
    if event.zeebe.correlation:
        key, of = motion.expressions.feel(event.zeebe.correlation, wait.scope, element=event.id)
    wait = _keep(motion, replace(wait, message=event.message or "", key=key, of=of))
    motion.tell(
        MessageAwaited(
            at=motion.at, subscription=wait.name, message=wait.message, element=wait.element, key=marked(key, of)
        )
    )


def _keep(motion: Motion, wait: Wait) -> Wait:
    wait = replace(wait, name=motion.name_for(wait.element))
    motion.waits[wait.name] = wait
    return wait


# --- when it comes ---


def matching(motion: Motion, message: str, key: Value) -> Wait | None:
    """The wait that a message reaches: the oldest of that name whose key agrees."""
    return next(
        (
            w for w in motion.waits.values()
            if w.trigger == "message" and w.message == message and (key is None or w.key is None or _same(w.key, key))
        ),
        None,
    )  # fmt: skip


def _same(a: Value, b: Value) -> bool:
    return bool(a == b) or str(a) == str(b)


def trigger(
    motion: Motion, wait: Wait, payload: dict[str, Value] | None = None, whose: dict[str, str] | None = None,
    *, told: bool = True,
) -> None:  # fmt: skip
    """What is waited for has come; what it brings is told by the input, unless the case sent it to itself."""
    brought: dict[str, Any] = {"payload": payload or {}, "whose": whose or {}, "told": told}
    if wait.how == "start":
        _start_handler(motion, wait, brought)
        return
    token = motion.token(wait.token)
    if wait.how == "catch":
        motion.waits_over(wait)
        token.put(**brought)
        motion.wake(token, "caught" if token.element.kind == "intermediateCatchEvent" else "leave")
        return
    scope: Scope = token.workflow
    event = token.process.elements[wait.element]
    if wait.how == "gateway":
        _decide(motion, wait, token, event, brought)
        return
    if event.interrupting:
        around = token.scope
        motion.waits_over(wait)
        motion.cancel(token)
        motion.place(scope, event, phase="caught", around=around, **brought)
        return
    _again(motion, wait)
    motion.place(scope, event, phase="caught", around=token.scope, **brought)


def _decide(motion: Motion, wait: Wait, token: Token, event: Element, brought: dict[str, Any]) -> None:
    scope: Scope = token.workflow
    motion.waits_over(wait)
    motion.drop_waits(token.number)
    if token.local:
        motion.documents.close(motion.named(token))
    motion.passed_by(token)
    if wait.via:
        motion.passed(scope, wait.via)
    token.remove()
    motion.place(scope, event, phase="caught" if event.kind == "intermediateCatchEvent" else "leave", **brought)


def _start_handler(motion: Motion, wait: Wait, brought: dict[str, Any]) -> None:
    scope = motion.scope_of(wait.token)
    event = scope.process.elements[wait.element]
    assert event.parent is not None
    if event.interrupting:
        motion.waits_over(wait)
    else:
        _again(motion, wait)
    start_handler(motion, scope, scope.process.elements[event.parent], event, brought)


def start_handler(motion: Motion, scope: Scope, handler: Element, event: Element, brought: dict[str, Any]) -> None:
    """Begin an event sub-process; an interrupting one takes everything else in its scope away."""
    if ends_its_host(event):
        motion.empty(scope)
    motion.place(scope, handler, begun_by=event.id, **brought)


def ends_its_host(event: Element) -> bool:
    """Whether an event takes away what it interrupts; an error always does."""
    return event.interrupting or event.trigger == "error"


def _again(motion: Motion, wait: Wait) -> None:
    """An event that does not interrupt may come again: a message, a signal, a cycle that is not over."""
    if wait.trigger != "timer":
        motion.waits[wait.name] = replace(wait, was=True)
        return
    motion.waits_over(wait)
    if wait.every and wait.rest != 0:
        rest = None if wait.rest is None else wait.rest - 1
        set_timer(motion, replace(wait, rest=rest, due=moments.next_of(motion, wait)))


def _is_so(motion: Motion, wait: Wait, event: Element) -> bool:
    """Whether a condition is true now; while it cannot be evaluated it is not."""
    try:
        return motion.expressions.feel(event.condition or "null", wait.scope)[0] is True
    except (EngineError, NotAValue):
        return False


def conditions(motion: Motion) -> bool:
    """Look at every condition that is waited for; those that became true happen. Whether one did."""
    for wait in [w for w in motion.waits.values() if w.trigger == "conditional"]:
        event = motion.plan.processes[wait.process].elements[wait.element]
        now = _is_so(motion, wait, event)
        if now != wait.was:
            wait = motion.waits[wait.name] = replace(wait, was=now)
            if now:
                trigger(motion, wait)
                return True
    return False
