"""Counting: cases by period, flow and status; limits kept and broken; work in hand. Only what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from engine.authority import Actor
from engine.history import micros
from engine.store.bound import Bound
from engine.store.overdue import is_past
from engine.store.sight import visible
from engine.store.tables import IS_OPEN, deadline, head, task


@dataclass(frozen=True, kw_only=True)
class CaseTally:
    """Cases that are alike."""

    #: Begin of the period.
    start: datetime
    pack: str
    flow: str
    channel: str
    #: The status they have now.
    status: str | None
    #: Whether they are closed now.
    closed: bool
    count: int


@dataclass(frozen=True, kw_only=True)
class LimitTally:
    """Deadlines of one limit that were due in one period: of cases, or of tasks."""

    start: datetime
    pack: str
    flow: str
    #: The id of the limit.
    limit: str
    #: Met in time; met late; not met and past due; not met and not yet due, or its clock stands still.
    kept: int
    late: int
    overrun: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Load:
    """What somebody has in hand, or, for nobody (None), what lies with the groups."""

    person: str | None
    open: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class DoneTally:
    """Tasks of one element that were done in one period."""

    start: datetime
    pack: str
    element: str
    count: int
    #: Done after they were due.
    late: int


class StatisticsReading(Bound):
    """Counting."""

    def opened(
        self, edges: Sequence[datetime], actor: Actor, *, pack: str | None = None, flow: str | None = None
    ) -> list[CaseTally]:
        """Cases by the period they were opened in; `edges` are the begins of the periods and the end of the last."""
        return self._tally(head.c.opened_us, edges, actor, pack, flow)

    def closed(
        self, edges: Sequence[datetime], actor: Actor, *, pack: str | None = None, flow: str | None = None
    ) -> list[CaseTally]:
        """Cases by the period they were closed in."""
        return self._tally(head.c.closed_us, edges, actor, pack, flow)

    def kept(
        self, edges: Sequence[datetime], actor: Actor, *, pack: str | None = None, flow: str | None = None
    ) -> list[LimitTally]:
        """Limits by the period their deadlines were due in."""
        within, start = _periods(deadline.c.due_us, edges)
        now = self._now()
        met, over = deadline.c.met_us.is_not(None), is_past(deadline, now)
        counts = (
            _number(met & deadline.c.late.is_(False)).label("kept"),
            _number(met & deadline.c.late.is_(True)).label("late"),
            _number(~met & over).label("overrun"),
            _number(~met & ~over).label("waiting"),
        )
        by = (start, head.c.pack, head.c.flow, deadline.c.name)
        found = select(start.label("period"), *by[1:], *counts).join(head, head.c.case_id == deadline.c.case_id)
        found = found.where(within, *_asked(actor, pack, flow)).group_by(*by).order_by(*by)
        return [
            LimitTally(
                start=edges[row.period], pack=row.pack, flow=row.flow, limit=row.name, kept=row.kept, late=row.late,
                overrun=row.overrun, waiting=row.waiting,
            )
            for row in self._sql.execute(found)
        ]  # fmt: skip

    def kept_by_tasks(
        self, edges: Sequence[datetime], actor: Actor, *, pack: str | None = None, flow: str | None = None
    ) -> list[LimitTally]:
        """Limits of tasks by the period the tasks were due in, task by task; what was withdrawn counts for nothing."""
        within, start = _periods(task.c.due_us, edges)
        finished, in_hand = task.c.done_by.is_not(None), task.c.closed_us.is_(None)
        late, over = is_past(task, task.c.closed_us), is_past(task, self._now())
        counts = (
            _number(finished & ~late).label("kept"),
            _number(finished & late).label("late"),
            _number(in_hand & over).label("overrun"),
            _number(in_hand & ~over).label("waiting"),
        )
        by = (start, task.c.pack, task.c.flow, task.c.limit_id)
        found = select(start.label("period"), *by[1:], *counts).join(head, head.c.case_id == task.c.case_id)
        asked = (within, task.c.limit_id.is_not(None), finished | in_hand, *_asked(actor, pack, flow))
        rows = self._sql.execute(found.where(*asked).group_by(*by).order_by(*by))
        return [
            LimitTally(
                start=edges[row.period], pack=row.pack, flow=row.flow, limit=row.limit_id, kept=row.kept, late=row.late,
                overrun=row.overrun, waiting=row.waiting,
            )
            for row in rows
        ]  # fmt: skip

    def done(
        self, edges: Sequence[datetime], actor: Actor, *, pack: str | None = None, flow: str | None = None
    ) -> list[DoneTally]:
        """Tasks by the period they were done in."""
        within, start = _periods(task.c.closed_us, edges)
        by = (start, task.c.pack, task.c.element)
        counts = (func.count().label("number"), _number(is_past(task, task.c.closed_us)).label("late"))
        found = select(start.label("period"), *by[1:], *counts).join(head, head.c.case_id == task.c.case_id)
        done = task.c.done_by.is_not(None)
        found = found.where(within, done, *_asked(actor, pack, flow)).group_by(*by).order_by(*by)
        return [
            DoneTally(start=edges[row.period], pack=row.pack, element=row.element, count=row.number, late=row.late)
            for row in self._sql.execute(found)
        ]

    def load(self, actor: Actor, *, pack: str | None = None, flow: str | None = None) -> list[Load]:
        """Open tasks by who has them in hand, the most first."""
        overdue = _number(is_past(task, self._now())).label("overdue")
        number = func.count().label("number")
        found = select(task.c.holder, number, overdue).where(
            IS_OPEN, *visible(task.c.case_id, task.c.sealed, actor.persons, actor.all_memberships)
        )
        for column, value in ((task.c.pack, pack), (task.c.flow, flow)):
            if value is not None:
                found = found.where(column == value)
        rows = self._sql.execute(found.group_by(task.c.holder).order_by(number.desc(), task.c.holder))
        return [Load(person=row.holder or None, open=row.number, overdue=row.overdue) for row in rows]

    def running_on(self, actor: Actor) -> dict[str, int]:
        """Open cases by the release they run on."""
        open_ = head.c.closed_us.is_(None)
        found = select(head.c.release, func.count().label("number")).where(open_, *_asked(actor, None, None))
        return {row.release: row.number for row in self._sql.execute(found.group_by(head.c.release))}

    def _tally(
        self, column: Any, edges: Sequence[datetime], actor: Actor, pack: str | None, flow: str | None
    ) -> list[CaseTally]:
        within, start = _periods(column, edges)
        by = (start, head.c.pack, head.c.flow, head.c.channel, head.c.status, head.c.closed_us.is_not(None))
        columns = (start.label("period"), *by[1:-1], by[-1].label("over"), func.count().label("number"))
        found = select(*columns).where(within, *_asked(actor, pack, flow)).group_by(*by).order_by(*by)
        return [
            CaseTally(
                start=edges[row.period], pack=row.pack, flow=row.flow, channel=row.channel, status=row.status,
                closed=bool(row.over), count=row.number,
            )
            for row in self._sql.execute(found)
        ]  # fmt: skip


def _asked(actor: Actor, pack: str | None, flow: str | None) -> list[ColumnElement[bool]]:
    wanted = visible(head.c.case_id, head.c.sealed, actor.persons, actor.all_memberships)
    if pack is not None:
        wanted.append(head.c.pack == pack)
    if flow is not None:
        wanted.append(head.c.flow == flow)
    return wanted


def _periods(column: Any, edges: Sequence[datetime]) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """Whether an instant lies in one of the periods, and in which."""
    marks = [micros(edge) for edge in edges]
    which = [(column < mark, number) for number, mark in enumerate(marks[1:])]
    return (column >= marks[0]) & (column < marks[-1]), case(*which, else_=len(marks))


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
