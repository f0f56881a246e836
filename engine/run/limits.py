"""Limits at work: when a task, a stage or the case is due, and how pauses and extensions move that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from engine.calendar import Calendar
from engine.deadline import Due, Limit, Pause, Span
from engine.policy import Amount, LimitRow
from engine.release import Release
from engine.run.documents import settled
from engine.run.faults import UnknownLimit
from engine.run.known import Deadline
from engine.values import Value


def row_of(release: Release, limit: str, variant: str = "") -> LimitRow:
    """The row of a limit.

    Raises:
        UnknownLimit: the pack has none, or no span for the variant.
    """
    row = release.policy.limits.get(limit)
    if row is None or row.amount(variant) is None:
        raise UnknownLimit(limit=limit, variant=variant)
    return row


def limit_of(row: LimitRow, variant: str) -> Limit:
    """A row ready to be counted."""
    amount = row.amount(variant)
    assert amount is not None
    return Limit(
        id=row.id,
        span=_span(amount),
        roll=row.roll,
        civil=row.civil,
        cap=_span(row.cap) if row.cap else None,
        warn=_span(row.warn) if row.warn else None,
        pausable=row.pausable,
    )


def _span(amount: Amount) -> Span:
    return Span(amount=amount.value, unit=amount.unit)


def calendar_of(release: Release, row: LimitRow) -> Calendar:
    """The calendar a limit counts by."""
    return release.calendar(row.calendar)


def count(
    release: Release, limit: str, variant: str, start: datetime,
    pauses: Iterable[Pause] = (), extensions: Iterable[Span] = (),
) -> Due:  # fmt: skip
    """When a limit that begins at `start` ends.

    Raises:
        UnknownLimit, TooFar.
    """
    row = row_of(release, limit, variant)
    since = [p for p in pauses if p.until > start] if row.pausable else []
    found = limit_of(row, variant).due(start, calendar_of(release, row), pauses=since, extensions=tuple(extensions))
    return Due(instant=found.instant, trace=settled(found.trace))


def warning(release: Release, limit: str, variant: str, end: datetime) -> datetime:
    """When to warn of an end."""
    row = row_of(release, limit, variant)
    return limit_of(row, variant).warning(end, calendar_of(release, row))


def begun(
    release: Release, name: str, limit: str, variant: str, start: datetime, *,
    pauses: tuple[Pause, ...], paused: bool,
) -> Deadline:  # fmt: skip
    """A deadline that begins to run."""
    found = count(release, limit, variant, start, pauses)
    row = row_of(release, limit, variant)
    return Deadline(
        name=name,
        limit=limit,
        variant=variant,
        start=start,
        due=found.instant,
        trace=found.trace,
        paused=paused and row.pausable,
        pauses=tuple(p for p in pauses if p.until > start) if row.pausable else (),
    )


def moved(
    release: Release, deadline: Deadline, *, pauses: tuple[Pause, ...], extension: Span | None = None
) -> Deadline:
    """A deadline counted again, with an extension or after a pause."""
    extensions = (*deadline.extensions, extension) if extension else deadline.extensions
    found = count(release, deadline.limit, deadline.variant, deadline.start, pauses, extensions)
    return replace(deadline, due=found.instant, trace=found.trace, extensions=extensions, pauses=pauses)


def is_pausable(release: Release, limit: str | None) -> bool:
    """Whether the clock of a limit may stand still."""
    row = release.policy.limits.get(limit) if limit else None
    return row is not None and row.pausable


def trace_of(due: Due) -> dict[str, Value]:
    """The trace of an end, as case data."""
    return due.trace
