"""Events: starting, catching, throwing and ending; how errors and escalations find who catches them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.history import MessageSent, SignalSent
from engine.run import activities, plan, waits
from engine.run.documents import marked
from engine.run.faults import NotExecuted, TooManyHops, UncaughtError
from engine.run.mapping import pass_on, take_in

#: Signals from case to case that may follow one from another: more is two cases that answer each other for ever.
MOST_HOPS = 20

if TYPE_CHECKING:
    from engine.diagram import Element
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token


def start(motion: Motion, token: Token) -> bool:
    """Pass a start event."""
    return activities.leave(motion, token)


def caught(motion: Motion, token: Token) -> bool:
    """An event has happened: keep what it brought and go on."""
    motion.take_status(token.element.zeebe.properties.get("status"))
    return activities.leave(motion, token)


def catch(motion: Motion, token: Token) -> bool:
    """Wait for an event; a link is where another one leads."""
    element = token.element
    if element.trigger in (None, "link"):
        return pass_on(motion, token)
    if element.trigger not in waits.TRIGGERS:
        raise NotExecuted(element=element.label, kind=f"{element.kind} ({element.trigger})")
    waits.await_event(motion, token, element, how="catch")
    return False


def throw(motion: Motion, token: Token) -> bool:
    """Throw an event and go on."""
    element = token.element
    if element.trigger == "message" and element.zeebe.job:
        return activities.errand(motion, token)
    if element.trigger == "link":
        target = plan.link_target(token.process, element)
        if target is None:
            raise NotExecuted(element=element.label, kind="link without a target")
        motion.passed_by(token)
        motion.place(token.workflow, target)
        return True
    if element.trigger is not None:
        _throw(motion, token)
    return activities.over(motion, token) if token.alive else False


def end(motion: Motion, token: Token) -> bool:
    """End a path; some ends do more."""
    element = token.element
    if element.trigger == "message" and element.zeebe.job:
        motion.facts["last_end"] = element.id
        return activities.errand(motion, token)
    motion.facts["last_end"] = element.id
    if element.trigger == "terminate":
        motion.empty(token.workflow, but=token)
    elif element.trigger == "error":
        motion.passed_by(token)
        return raise_error(motion, token, element.error or "")
    elif element.trigger is not None:
        _throw(motion, token)
    return activities.over(motion, token) if token.alive else False


def send(motion: Motion, token: Token) -> bool:
    """A send task is an errand, or a message inside the case."""
    if token.element.zeebe.job:
        return activities.errand(motion, token)
    throw_message(motion, token)
    return activities.finish(motion, token, {}, {}) if token.alive else False


def _throw(motion: Motion, token: Token) -> None:
    match token.element.trigger:
        case "message":
            throw_message(motion, token)
        case "signal":
            _signal(motion, token)
        case "escalation":
            _escalate(motion, token)
        case trigger:
            raise NotExecuted(element=token.element.label, kind=f"{token.element.kind} ({trigger})")


def throw_message(motion: Motion, token: Token) -> None:
    """A message to somebody in the case who waits for it, else to the outside."""
    element = token.element
    payload = take_in(motion, token)
    whose = {n: of for n in payload if (of := motion.documents.whose_name(token.own, n))}
    name = element.message or ""
    key = motion.expressions.feel(element.zeebe.correlation, token.own, element=element.id)[0] if element.zeebe.correlation else None
    wait = waits.matching(motion, name, key)
    if wait is not None:
        waits.trigger(motion, wait, payload, whose, told=False)
        return
    told = {n: marked(v, whose.get(n)) for n, v in payload.items()}
    motion.tell(MessageSent(at=motion.at, element=element.id, message=name, payload=told or None))


def _signal(motion: Motion, token: Token) -> None:
    """Everybody in the case who waits for the signal hears it, and those of other cases if it reaches that far."""
    element, name = token.element, token.element.signal or ""
    payload = take_in(motion, token)
    whose = {n: of for n in payload if (of := motion.documents.whose_name(token.own, n))}
    if element.zeebe.reach != "pack":
        motion.tell(SignalSent(at=motion.at, element=element.id, signal=name))
    elif motion.hops >= MOST_HOPS:
        raise TooManyHops(element=element.label, signal=name, most=MOST_HOPS)
    else:
        # Another case knows other persons by the same names, so nothing about a person leaves this one.
        abroad = {n: v for n, v in payload.items() if n not in whose}
        motion.tell(
            SignalSent(
                at=motion.at, element=element.id, signal=name, reach="pack", payload=abroad or None, hops=motion.hops
            )
        )
    for wait in [w for w in motion.waits.values() if w.trigger == "signal" and w.signal == name]:
        if wait.name in motion.waits:
            waits.trigger(motion, wait, dict(payload), whose, told=False)


# --- errors and escalations ---


@dataclass(frozen=True, kw_only=True)
class Catcher:
    """An event that may catch what was thrown."""

    event: Element
    #: The scope whose event sub-process it starts; or the activity on whose edge it sits.
    scope: Scope | None = None
    host: Token | None = None


def raise_error(motion: Motion, token: Token, code: str, reason: str = "", reason_en: str = "") -> bool:
    """Throw an error: the innermost event that catches it takes over.

    Raises:
        UncaughtError: nobody does.
    """
    found = _catcher(motion, token, "error", code)
    if found is None:
        raise UncaughtError(element=token.element.label, error=code or "-", reason=reason, reason_en=reason_en or reason)
    _take_over(motion, found)
    if token.alive:
        raise AssertionError("an error ends what threw it")
    return False


def _escalate(motion: Motion, token: Token) -> None:
    """Throw an escalation: the innermost event that catches it takes notice; if none does, nothing happens."""
    found = _catcher(motion, token, "escalation", token.element.escalation or "")
    if found is not None:
        _take_over(motion, found)


def _take_over(motion: Motion, found: Catcher) -> None:
    if found.scope is not None:
        handler = found.scope.process.elements[found.event.parent or ""]
        waits.start_handler(motion, found.scope, handler, found.event, {})
        return
    assert found.host is not None
    scope: Scope = found.host.workflow
    around = found.host.scope
    if waits.ends_its_host(found.event):
        motion.cancel(found.host)
    motion.place(scope, found.event, phase="caught", around=around)


def _catcher(motion: Motion, token: Token, trigger: str, code: str) -> Catcher | None:
    """An exact code is preferred to "any", the inner place to the outer."""
    for place in _places(motion, token):
        fitting = [c for c in place if c.event.trigger == trigger and _code(c.event) in (code, None, "")]
        if fitting:
            return min(fitting, key=lambda c: _code(c.event) != code)
    return None


def _places(motion: Motion, token: Token) -> Iterator[list[Catcher]]:
    host: Token | None = token
    while host is not None:
        activity = motion.token(host.body) if host.body is not None else host
        boundaries = activity.process.boundaries.get(activity.element.id, ())
        yield [Catcher(event=event, host=activity) for event in boundaries]
        scope: Scope = activity.workflow
        # An event sub-process does not catch what it throws itself; neither do its siblings once it interrupted.
        if not activity.element.by_event:
            starts = plan.event_starts(scope.process, scope.place)
            yield [Catcher(event=event, scope=scope) for _, event in starts]
        host = scope.owner


def _code(event: Element) -> str | None:
    return event.error if event.trigger == "error" else event.escalation
