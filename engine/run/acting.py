"""What each kind of element does with a token: the table of contents of BPMN as we run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine.run import activities, choosing, events, gateways, listening, repeating, waits
from engine.run.faults import NotExecuted
from engine.run.mapping import pass_on

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.tokens import Token

#: True when the token passes on at once.
Act = Callable[["Motion", "Token"], bool]

_ENTER: Mapping[str, Act] = {
    "startEvent": events.start,
    "endEvent": events.end,
    "intermediateThrowEvent": events.throw,
    "intermediateCatchEvent": events.catch,
    "exclusiveGateway": gateways.exclusive,
    "inclusiveGateway": gateways.inclusive,
    "parallelGateway": gateways.parallel,
    "eventBasedGateway": gateways.event_based,
    "sendTask": events.send,
    **activities.ENTER,
    "adHocSubProcess": choosing.begin,
}


def act(motion: Motion, token: Token) -> bool:
    """Let the element of a ready token act; whether the token passes on."""
    element = token.element
    if token.phase == "leave":
        return activities.leave(motion, token)
    if token.phase == "caught":
        return events.caught(motion, token)
    if token.phase == "joined":
        return gateways.joined(motion, token)
    if token.phase == choosing.PHASE:
        return choosing.look(motion, token)
    if element.kind not in _ENTER:
        raise NotExecuted(element=element.label, kind=element.kind)
    if token.phase in listening.PHASES:
        if listening.ask(motion, token):
            return False
        if token.phase != "start":
            return (activities.leave if token.phase == "completing" else pass_on)(motion, token)
        token.put(phase="enter")
    elif token.body is None:
        motion.take_status(element.zeebe.properties.get("status"))
        if element.zeebe.loop is not None:
            return repeating.begin(motion, token)
        if listening.begins(motion, token, "start"):
            return False
    if _ENTER[element.kind](motion, token):
        return True
    # What was over as soon as it began is about to leave.
    if token.alive and token.phase in ("enter", "end"):
        if token.phase == "enter":
            token.put(phase=choosing.PHASE if element.kind == "adHocSubProcess" else "wait")
        if token.body is None:
            waits.arm(motion, token)
    return False


def synchronise(motion: Motion) -> bool:
    """When nothing is ready: inclusive joins whose branches are all in, conditions that became true."""
    return gateways.inclusive_joins(motion) or waits.conditions(motion)
