"""When a timer is due: what its diagram says, as an instant; and what it hangs on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.diagram import Element
from engine.feel import read_duration
from engine.run import limits
from engine.run.faults import NotAMoment
from engine.run.house import Asked
from engine.run.reckoning import as_instant
from engine.values import Value, YearsMonths

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.waits import Wait

#: A cycle that comes more often would do nothing but come.
SHORTEST_CYCLE = timedelta(seconds=1)
_CYCLE = re.compile(r"^R(\d{0,9})/(?:([^/P]+)/)?(P[^/]+)$")


def first(motion: Motion, wait: Wait, event: Element) -> Wait | None:
    """A wait with the moment its timer says; None on the edge of an activity for which no limit is named: `due(null)`.

    Raises:
        NotAMoment.
    """
    timer = event.timer
    if timer is None:
        raise NotAMoment(element=event.label, text="")
    house = motion.expressions.house
    house.asked, house.task, house.unlimited = [], wait.task, False
    value = motion.expressions.value(timer.text, wait.scope)
    asked, house.task = house.asked, None
    if value is None and house.unlimited and wait.how == "boundary":
        return None
    if timer.kind == "timeCycle":
        return _cycle(motion, wait, event, value)
    due = _moment(motion, value) if timer.kind == "timeDate" else _span(motion, value)
    if due is None:
        raise NotAMoment(element=event.label, text=timer.text if value is None else str(value))
    return replace(wait, due=due, **(_hung(asked[-1], due) if asked else {"start": motion.at}))


def next_of(motion: Motion, wait: Wait) -> datetime:
    """The next time of a cycle, counted from the last."""
    assert wait.due is not None
    due = _after(motion, wait.due, read_duration(wait.every))
    assert due is not None
    return due


def moved(motion: Motion, wait: Wait) -> Wait:
    """A timer counted again after what it hangs on moved."""
    assert wait.limit is not None and wait.start is not None
    running = motion.deadlines.get(wait.deadline or "")
    if running is not None:
        end, trace = running.due, dict(running.trace)
    else:
        counted = limits.count(motion.release, wait.limit, wait.variant, wait.start, motion.facts.get("pauses", ()))
        end, trace = counted.instant, counted.trace
    if wait.kind == "warn":
        end = limits.warning(motion.release, wait.limit, wait.variant, end)
    return replace(wait, due=end + wait.offset, trace=trace)


def _hung(asked: Asked, due: datetime) -> dict[str, Any]:
    return {
        "limit": asked.limit, "variant": asked.variant, "deadline": asked.deadline, "kind": asked.kind,
        "start": asked.start, "trace": dict(asked.trace), "offset": due - asked.instant,
    }  # fmt: skip


def _moment(motion: Motion, value: Value) -> datetime | None:
    return as_instant(value, motion.release.calendar())


def _span(motion: Motion, value: Value) -> datetime | None:
    if isinstance(value, str) and (found := read_duration(value.strip())) is not None:
        value = found
    # A duration that FEEL gave as a moment, such as `=due("T08-6")`, means that moment.
    return _after(motion, motion.at, value) or _moment(motion, value)


def _after(motion: Motion, start: datetime, span: Value) -> datetime | None:
    try:
        return _counted(motion, start, span)
    except (OverflowError, ValueError):  # beyond the year 9999
        return None


def _counted(motion: Motion, start: datetime, span: Value) -> datetime | None:
    if isinstance(span, timedelta):
        return max(start, start + span)
    if not isinstance(span, YearsMonths):
        return None
    calendar = motion.release.calendar()
    local = calendar.local(start)
    year, month = divmod(local.year * 12 + local.month - 1 + max(span.months, 0), 12)
    day = min(local.day, _last_day(year, month + 1))
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def _last_day(year: int, month: int) -> int:
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return (following - timedelta(days=1)).day


def _cycle(motion: Motion, wait: Wait, event: Element, value: Value) -> Wait:
    found = _CYCLE.match(value.strip()) if isinstance(value, str) else None
    length = read_duration(found[3]) if found else None
    often = length == YearsMonths(0) or (isinstance(length, timedelta) and length < SHORTEST_CYCLE)
    if found is None or length is None or often or found[1] == "0":
        raise NotAMoment(element=event.label, text=str(value))
    begin = _moment(motion, found[2]) if found[2] else None
    due = begin or _after(motion, motion.at, length)
    rest = int(found[1]) - 1 if found[1] else None
    return replace(wait, due=due, every=found[3], rest=rest, start=motion.at)
