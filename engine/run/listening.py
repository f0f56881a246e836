"""Listeners: errands that an element asks for when it begins or ends, by name; it waits until they are done.

As in Camunda 8. Before an element acts, its inputs mapped: the execution listeners at its start, then, on a task
of a person, the task listeners at its creating; after a person has done it those at its completing; before
it is left, its outputs mapped, the execution listeners at its end. One after the other, in the order of the
file. What one brings at the start is known inside the element alone, at the end outside; a task listener
brings nothing. One that fails is an incident, and is asked again by itself when that is resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.history import ErrandFailed, ErrandStarted
from engine.run.documents import marked
from engine.run.faults import ListenerFailed
from engine.run.known import OpenErrand
from engine.run.mapping import localise, take_in, tries
from engine.values import Value

if TYPE_CHECKING:
    from engine.diagram import Listener
    from engine.run.motion import Motion
    from engine.run.tokens import Token

#: Phase in which a token waits for listeners -> the events they listen to, in this order.
PHASES = {"start": ("start", "creating"), "completing": ("completing",), "end": ("end",)}


def listeners(token: Token, phase: str) -> tuple[Listener, ...]:
    """The listeners an element asks in a phase."""
    drawn = token.element.zeebe.listeners
    if not drawn or token.loop is not None or token.body is not None:
        return ()
    return tuple(row for event in PHASES[phase] for row in drawn if row.event == event)


def begins(motion: Motion, token: Token, phase: str) -> bool:
    """Begin to ask the listeners of a phase; False where there are none."""
    if not listeners(token, phase):
        return False
    token.put(phase=phase, heard=0)
    ask(motion, token)
    return True


def ask(motion: Motion, token: Token) -> bool:
    """Ask the next listener of the phase the token is in; False when all have been heard."""
    rows = listeners(token, token.phase)
    if token.heard >= len(rows):
        return False
    if token.phase == "start":
        take_in(motion, token)
    element, row = token.element, rows[token.heard]
    name = motion.name_for(f"{element.id}.{row.event}")
    given = {n: motion.documents.of[token.own][n] for n in sorted(element.zeebe.own)} if token.local else {}
    headers = dict(element.zeebe.headers) or None
    motion.errands[name] = OpenErrand(name=name, element=element.id, type=row.type, headers=headers, inputs=given or None)
    motion.holders[name] = token.number
    token.put(asked=name)
    told = {n: marked(v, motion.documents.whose_name(token.own, n)) for n, v in given.items()}
    motion.tell(
        ErrandStarted(
            at=motion.at, errand=name, element=element.id, type=row.type, headers=headers, inputs=told or None, retries=tries(row.retries)
        )
    )
    return True


def done(motion: Motion, token: Token, result: dict[str, Value], whose: dict[str, str]) -> None:
    """A listener has done what it was asked for."""
    row = listeners(token, token.phase)[token.heard]
    token.put(asked=None, heard=token.heard + 1)
    if result and row.event == "start":
        scope = localise(motion, token)
        for name, value in result.items():
            motion.documents.put(scope, name, value, whose.get(name))
    elif result and row.event == "end":
        motion.write(token.element.id, token.scope, result, whose, told=False)
    motion.wake(token, token.phase)


def failed(motion: Motion, token: Token, event: ErrandFailed) -> None:
    """A listener could not do it: it is asked again when the incident is resolved, nothing else is."""
    token.put(asked=None)

    def stop() -> bool:
        raise ListenerFailed(element=token.element.label, reason=event.reason, reason_en=event.reason_en or event.reason)

    motion.attempt(token, stop)
