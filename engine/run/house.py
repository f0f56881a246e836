"""The functions expressions of a case have besides FEEL's own: limits, milestones, doers, and what `reckoning` gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.run import limits
from engine.run.reckoning import functions_of
from engine.values import Value

if TYPE_CHECKING:
    from engine.run.motion import Motion


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An end that an expression asked for: what hangs on it moves when it moves."""

    #: The running deadline it was read from, if any.
    deadline: str | None
    limit: str
    variant: str
    #: From when it counts.
    start: datetime
    #: "due" or "warn".
    kind: str
    instant: datetime
    trace: Mapping[str, Value]


class House:
    """Functions of the house, as of the moment of the input."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        #: The task on whose edge the expression stands.
        self.task: str | None = None
        #: The ends that were asked for since this was last emptied.
        self.asked: list[Asked] = []
        #: Whether the end of no limit at all was asked for: `due(null)`.
        self.unlimited = False

    def functions(self) -> Mapping[str, Callable[..., Value]]:
        """By name."""
        return {
            **functions_of(self._motion.release),
            "due": self._due,
            "warn": self._warn,
            "milestone": lambda name: self._motion.milestones.get(name),
            "done by": lambda element: self._motion.last_by.get(element),
        }

    def _due(self, limit: str | None, variant: str | None = None) -> Value:
        if limit is None:
            self.unlimited = True
            return None
        found = self._end(limit, variant or "", "due")
        self.asked.append(found)
        return found.instant

    def _warn(self, limit: str, variant: str | None = None) -> Value:
        end = self._end(limit, variant or "", "warn")
        self.asked.append(end)
        return end.instant

    def _end(self, limit: str, variant: str, kind: str) -> Asked:
        motion = self._motion
        limit, variant = str(limit), str(variant)
        row = limits.row_of(motion.release, limit, variant)
        running = motion.deadlines.get(self.task or "")
        if running is None or running.limit != limit or (variant and running.variant != variant):
            running = motion.deadlines.get(limit)
        if running is not None and running.met is None:
            start, end, trace, variant = running.start, running.due, running.trace, running.variant
            name: str | None = running.name
        else:
            start = motion.at if row.start == "task" else motion.milestones.get(row.start, motion.at)
            counted = limits.count(motion.release, limit, variant, start, motion.facts.get("pauses", ()))
            end, trace, name = counted.instant, counted.trace, None
        instant = end if kind == "due" else limits.warning(motion.release, limit, variant, end)
        return Asked(deadline=name, limit=limit, variant=variant, start=start, kind=kind, instant=instant, trace=trace)
