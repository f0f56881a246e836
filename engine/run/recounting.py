"""Deadlines and timers that are counted again: what is told when one is due at another time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.history import DeadlineMoved, TimerMoved
from engine.run import moments, waits
from engine.values import Value

if TYPE_CHECKING:
    from engine.run.known import Deadline
    from engine.run.motion import Motion
    from engine.run.waits import Wait


def but_version(trace: Mapping[str, Value]) -> dict[str, Value]:
    """What a trace says, whichever version of the calendar and the zone data it was counted with."""
    return {fact: value for fact, value in trace.items() if fact not in ("version", "tz")}


def move_deadline(motion: Motion, name: str, moved: Deadline) -> None:
    """A deadline is due at another time, or for another reason."""
    motion.deadlines[name] = moved
    if name in motion.tasks:
        motion.tasks[name] = replace(motion.tasks[name], due=moved.due, trace=moved.trace)
    motion.tell(DeadlineMoved(at=motion.at, deadline=name, due=moved.due, trace=moved.trace))


def move_timers(motion: Motion, timers: Iterable[Wait]) -> None:
    """Count timers again that hang on a limit."""
    for wait in timers:
        again = waits.not_past(motion, moments.moved(motion, wait))
        if again.due != wait.due:
            motion.waits[wait.name] = again
            if not wait.asleep:
                assert again.due is not None
                motion.tell(TimerMoved(at=motion.at, timer=wait.name, due=again.due, trace=again.trace))
