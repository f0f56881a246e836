"""Why a deadline is due when it is: facts that case data can hold, enough to tell it and to derive it again.

A trace says start, span, end, calendar and zone rules by version; where business hours or days off mattered, also the
days passed, in runs of equal ones; and pauses, extensions, caps and unpublished years where there were any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.calendar import TZ_VERSION, Calendar, Day
from engine.deadline.units import WORKING, Pause, Span

Trace = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a count found."""

    start: datetime
    #: The limit's own span, then its extensions.
    spans: tuple[Span, ...]
    due: datetime
    #: The local day it ends on, and the one it would have ended on without the rule for days off.
    day: date
    nominal: date
    roll: str
    civil: bool
    pauses: tuple[Pause, ...]
    cap: Span | None
    capped: bool


def trace_of(facts: Facts, calendar: Calendar) -> Trace:
    """The facts as plain values."""
    span, *extensions = facts.spans
    trace: Trace = {
        "start": facts.start, "amount": _plain(span.amount), "unit": span.unit, "due": facts.due, "day": facts.day,
        "calendar": calendar.name, "version": calendar.version, "zone": calendar.zone, "tz": TZ_VERSION,
    }  # fmt: skip
    if facts.roll != "none":
        trace["roll"] = facts.roll
    if facts.civil:
        trace["civil"] = True
    if facts.nominal != facts.day:
        trace["nominal"] = facts.nominal
    if extensions:
        trace["extensions"] = [[_plain(e.amount), e.unit] for e in extensions]
    if facts.pauses:
        trace["pauses"] = [[p.since, p.until] for p in facts.pauses]
    if facts.cap is not None:
        trace["cap"] = [_plain(facts.cap.amount), facts.cap.unit]
        trace["capped"] = facts.capped
    days = list(_passed(facts, calendar))
    if days:
        trace["days"] = _runs(days, facts, calendar)
        unknown = sorted({day.date.year for day in days if not calendar.knows(day.date.year)})
        if unknown:
            trace["unpublished"] = unknown
    return trace


def _passed(facts: Facts, calendar: Calendar) -> Iterator[Day]:
    """The days the calendar had a say about."""
    if any(span.unit in WORKING for span in facts.spans):
        yield from calendar.days(calendar.date_of(facts.start), facts.day)
    elif facts.civil or facts.roll != "none":
        yield from calendar.days(min(facts.nominal, facts.day), max(facts.nominal, facts.day))


def _runs(days: Sequence[Day], facts: Facts, calendar: Calendar) -> list[dict[str, Any]]:
    """Days in a row of which the same is true, as one entry."""
    runs: list[dict[str, Any]] = []
    before: tuple[Any, ...] | None = None
    hourly = any(span.unit == "work_hour" for span in facts.spans)
    first = days[0].date if not hourly and any(span.unit == "workday" for span in facts.spans) else None
    for day in days:
        hours = _hours(day, facts, calendar) if hourly else None
        counts = bool(hours) if hourly else day.works and day.date != first
        said = (day.kind, day.zh, day.en, counts, hours)
        if said == before:
            runs[-1]["to"] = day.date
            continue
        before = said
        run = {"from": day.date, "to": day.date, "kind": day.kind, "counts": counts}
        if day.zh or day.en:
            run |= {"zh": day.zh, "en": day.en}
        if hours:
            run["hours"] = list(hours)
        runs.append(run)
    return runs


def _hours(day: Day, facts: Facts, calendar: Calendar) -> tuple[str, ...]:
    """The spans of the day that were counted, as the local clock showed them."""
    pieces = [(max(a, facts.start), min(b, facts.due)) for a, b in day.hours if a < facts.due and b > facts.start]
    for pause in facts.pauses:
        pieces = [
            piece
            for a, b in pieces
            for piece in ((a, min(b, pause.since)), (max(a, pause.until), b))
            if piece[0] < piece[1]
        ]
    return tuple(f"{_clock(a, day, calendar)}-{_clock(b, day, calendar)}" for a, b in pieces)


def _clock(at: datetime, day: Day, calendar: Calendar) -> str:
    local = calendar.local(at)
    if at == day.end and local.date() != day.date:
        return "24:00"
    return f"{local:%H:%M:%S.%f}" if local.microsecond else f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _plain(amount: int | Decimal) -> int | Decimal:
    return int(amount) if amount == int(amount) else amount
