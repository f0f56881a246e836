"""Deriving a deadline again from its trace: what `kesu verify` does with every one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.calendar import Calendar
from engine.deadline.counting import Due, due
from engine.deadline.units import Pause, Span
from engine.errors import EngineError


class TraceDisagrees(EngineError):
    """The deadline {stored} does not follow from its trace: by calendar {calendar} {version} it is {derived} ({fact})."""

    zh = "期限 {stored} 与其计算依据不符：按日历 {calendar}（{version}）应为 {derived}（{fact}）。"


class OtherCalendar(TraceDisagrees):
    """The deadline {stored} was counted by version {fact} of calendar {calendar}, not {version}: hand in that one."""

    zh = "期限 {stored} 按日历 {calendar} 的版本 {fact} 计算，而非 {version}：请用该版本核对。"


def check(trace: Mapping[str, Any], calendar: Calendar) -> None:
    """Derive the deadline again and compare everything the trace says; only the version of the zone rules may differ.

    Raises:
        TraceDisagrees: naming the first fact that differs.
    """
    if (trace["version"], trace["calendar"]) != (calendar.version, calendar.name):
        raise _fault(OtherCalendar, trace, calendar, "", trace["version"])
    found = derive(trace, calendar).trace
    for fact in sorted({*found, *trace} - {"tz"}):
        if found.get(fact) != trace.get(fact):
            raise _fault(TraceDisagrees, trace, calendar, found["due"].isoformat(), fact)


def derive(trace: Mapping[str, Any], calendar: Calendar) -> Due:
    """The deadline of the trace's start, spans, pauses and rules by a calendar: another version shows what would move."""
    spans = [Span(amount=n, unit=unit) for n, unit in trace.get("extensions", ())]
    return due(
        trace["start"],
        trace["amount"],
        trace["unit"],
        calendar,
        roll=trace.get("roll", "none"),
        civil=trace.get("civil", False),
        pauses=[Pause(since=since, until=until) for since, until in trace.get("pauses", ())],
        extensions=spans,
        cap=Span(amount=trace["cap"][0], unit=trace["cap"][1]) if "cap" in trace else None,
    )


def _fault(
    kind: type[TraceDisagrees], trace: Mapping[str, Any], calendar: Calendar, derived: str, fact: str
) -> TraceDisagrees:
    return kind(
        stored=trace["due"].isoformat(), calendar=calendar.name, version=calendar.version, derived=derived, fact=fact
    )
