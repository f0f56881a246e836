"""Gateways: one way, some ways, all ways, and whichever event comes first; and how branches join again.

Tokens that wait for others stay at the gateway, each knowing by which flow it came. A parallel join
takes one per incoming flow. An inclusive join fires, when nothing else moves, as the standard says:
no token elsewhere can still come by a flow that has none, unless it could as well come by one that has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.run import plan, waits
from engine.run.faults import NoFlow
from engine.run.mapping import holds

if TYPE_CHECKING:
    from engine.diagram import Flow
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token


def exclusive(motion: Motion, token: Token) -> bool:
    """Take the first flow whose condition holds, else the default one."""
    flows, default = token.flows, token.element.default_flow
    taken = next((f for f in flows if f.id != default and _may(motion, token, f, flows)), None)
    if taken is None:
        taken = next((f for f in flows if f.id == default), None)
    if taken is None and flows:
        raise NoFlow(element=token.element.label)
    return _pass(motion, token, (taken,) if taken else ())


def _may(motion: Motion, token: Token, flow: Flow, flows: tuple[Flow, ...]) -> bool:
    # Among several ways of an exclusive gateway one without a condition is not a way.
    return len(flows) == 1 if flow.condition is None else holds(motion, token, flow)


def parallel(motion: Motion, token: Token) -> bool:
    """Wait until a token came by every incoming flow; then go on by all outgoing ones."""
    expected = token.element.incoming
    if len(expected) > 1:
        here = _here(token)
        first = {t.via: t for t in reversed(here)}
        if not set(expected) <= set(first):
            return False
        for flow in expected:
            if first[flow] is not token:
                first[flow].remove()
    return _pass(motion, token, token.flows)


def inclusive(motion: Motion, token: Token) -> bool:
    """Join the branches that can still come, then take every flow whose condition holds, else the default one."""
    if len(token.element.incoming) > 1:
        return False
    return _inclusive_split(motion, token)


def _inclusive_split(motion: Motion, token: Token) -> bool:
    flows, default = token.flows, token.element.default_flow
    taken = tuple(f for f in flows if f.id != default and holds(motion, token, f))
    if not taken:
        taken = tuple(f for f in flows if f.id == default)
    if not taken and flows:
        raise NoFlow(element=token.element.label)
    return _pass(motion, token, taken)


def inclusive_joins(motion: Motion) -> bool:
    """Let the first inclusive join fire that nothing can still reach; whether one did."""
    for scope in motion.main.all_scopes():
        waiting = [t for t in scope.tokens if _joins(motion, t)]
        for id in dict.fromkeys(t.element.id for t in waiting):
            here = [t for t in waiting if t.element.id == id]
            if not _may_still_come(scope, here):
                first = {t.via: t for t in reversed(here)}
                chosen = here[0]
                for token in first.values():
                    if token is not chosen:
                        token.remove()
                motion.wake(chosen, "joined")
                return True
    return False


def _joins(motion: Motion, token: Token) -> bool:
    stuck = any(i.token == token.number for i in motion.incidents.values())
    return (
        token.element.kind == "inclusiveGateway" and len(token.element.incoming) > 1 and not stuck
        and token.phase == "wait"
    )  # fmt: skip


def _may_still_come(scope: Scope, here: list[Token]) -> bool:
    gateway = here[0].element
    has = {t.via for t in here}
    lacks = set(gateway.incoming) - has
    if not lacks:
        return False
    for token in scope.tokens:
        if token in here:
            continue
        ways = plan.ahead(scope.process, token.element.id, gateway.id)
        if ways & lacks and not ways & has:
            return True
    return False


def joined(motion: Motion, token: Token) -> bool:
    """An inclusive join has fired: go on."""
    return _inclusive_split(motion, token)


def event_based(motion: Motion, token: Token) -> bool:
    """Wait for the events behind it; the first one decides."""
    for flow in token.flows:
        waits.await_event(motion, token, token.process.elements[flow.target], how="gateway", via=flow.id)
    return False


def _here(token: Token) -> list[Token]:
    return [t for t in token.workflow.tokens if t.element.id == token.element.id]


def _pass(motion: Motion, token: Token, flows: tuple[Flow, ...]) -> bool:
    if token.local:  # a listener brought something to decide by
        motion.documents.close(motion.named(token))
    motion.passed_by(token)
    token.put(going=flows)
    return True
