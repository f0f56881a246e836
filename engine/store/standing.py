"""How the work stands: open and late by flow, waiting by step, how long closed cases took, and the tasks behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal_column, select, tuple_

from engine.authority import Actor
from engine.history import micros
from engine.store.bound import Bound
from engine.store.cases import TASK_COLUMNS, task_of
from engine.store.cursor import mark, marked
from engine.store.overdue import is_late, is_past
from engine.store.rows import Page, TaskRow
from engine.store.sight import visible
from engine.store.tables import DONE, IS_OPEN, head, task


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The open cases of one flow."""

    flow: str
    open: int
    #: In which something open is past due.
    late: int


@dataclass(frozen=True, kw_only=True)
class Took:
    """The cases of one flow that were closed since a moment."""

    flow: str
    closed: int
    #: From opening to closing, the middle one, in days of 24 hours.
    median_days: float


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The open tasks of one step."""

    pack: str
    process: str
    element: str
    open: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class StepTook:
    """How often a step was done, and how long the middle one of its tasks was open."""

    process: str
    element: str
    done: int
    #: Of them, after they were due.
    late: int
    #: In days of 24 hours.
    median_days: float


@dataclass(frozen=True, kw_only=True)
class TaskQuery:
    """Open tasks, whoever has them in hand."""

    #: In whose hands; "": in nobody's. None: whoever's.
    holder: str | None = None
    pack: str | None = None
    process: str | None = None
    element: str | None = None
    #: Only those past due.
    overdue: bool = False
    cursor: str | None = None
    limit: int = 50


class StandingReading(Bound):
    """How the work stands, as far as the actor may see."""

    def standing(self, actor: Actor) -> list[Standing]:
        """Open and late cases by flow."""
        late = func.sum(case((is_late(self._now()), 1), else_=0)).label("late")
        found = select(head.c.flow, func.count().label("number"), late).where(head.c.closed_us.is_(None), *_seen(actor))
        rows = self._sql.execute(found.group_by(head.c.flow).order_by(head.c.flow))
        return [Standing(flow=row.flow, open=row.number, late=row.late) for row in rows]

    def took(self, since: datetime, actor: Actor) -> list[Took]:
        """Cases closed since then by flow, and how long the middle one of them took."""
        span = (head.c.closed_us - head.c.opened_us).label("span")
        place = func.row_number().over(partition_by=head.c.flow, order_by=(span, head.c.case_id)).label("place")
        number = func.count().over(partition_by=head.c.flow).label("number")
        closed = select(head.c.flow, span, place, number).where(head.c.closed_us >= micros(since), *_seen(actor)).subquery()
        # Of an odd number the middle one, of an even number both in the middle.
        middle = closed.c.place.in_([(closed.c.number + 1) // 2, (closed.c.number + 2) // 2])
        found = select(closed.c.flow, func.max(closed.c.number).label("number"), func.avg(closed.c.span).label("span"))
        rows = self._sql.execute(found.where(middle).group_by(closed.c.flow).order_by(closed.c.flow))
        return [Took(flow=row.flow, closed=row.number, median_days=float(row.span) / 86_400_000_000) for row in rows]

    def ageing(self, edges: Sequence[datetime], actor: Actor, *, pack: str | None = None) -> dict[tuple[int, str], int]:
        """Open cases by age and flow: (number of edges they were opened before, flow) -> how many.

        Args:
            edges: from the latest to the earliest.
        """
        marks = [micros(edge) for edge in edges]
        which = case(*((head.c.opened_us >= mark, number) for number, mark in enumerate(marks)), else_=len(marks)).label("age")
        found = select(which, head.c.flow, func.count().label("number")).where(head.c.closed_us.is_(None), *_seen(actor))
        if pack is not None:
            found = found.where(head.c.pack == pack)
        return {(row.age, row.flow): row.number for row in self._sql.execute(found.group_by(which, head.c.flow))}

    def steps_took(self, pack: str, since: datetime, actor: Actor) -> list[StepTook]:
        """The steps of a procedure that were done since then, the slowest first."""
        by = (task.c.process, task.c.element)
        span = (task.c.closed_us - task.c.opened_us).label("span")
        place = func.row_number().over(partition_by=by, order_by=(span, task.c.case_id, task.c.name)).label("place")
        number = func.count().over(partition_by=by).label("number")
        late = case((is_past(task, task.c.closed_us), 1), else_=0).label("late")
        over = func.sum(late).over(partition_by=by).label("over")
        done = (task.c.state == literal_column(str(DONE)), task.c.pack == pack, task.c.closed_us >= micros(since))
        rows = select(*by, span, place, number, over).where(*done, *_tasks_seen(actor)).subquery()
        middle = rows.c.place.in_([(rows.c.number + 1) // 2, (rows.c.number + 2) // 2])
        columns = (func.max(rows.c.number).label("number"), func.max(rows.c.over).label("over"), func.avg(rows.c.span).label("span"))
        found = select(rows.c.process, rows.c.element, *columns).where(middle).group_by(rows.c.process, rows.c.element)
        took = [
            StepTook(
                process=row.process, element=row.element, done=row.number, late=row.over,
                median_days=float(row.span) / 86_400_000_000,
            )
            for row in self._sql.execute(found)
        ]  # fmt: skip
        return sorted(took, key=lambda one: (-one.median_days, one.process, one.element))

    def waiting(self, actor: Actor) -> list[Waiting]:
        """Open tasks by step, where most are overdue first."""
        by = (task.c.pack, task.c.process, task.c.element)
        number, over = func.count().label("number"), func.sum(case((is_past(task, self._now()), 1), else_=0)).label("over")
        found = select(*by, number, over).where(IS_OPEN, *_tasks_seen(actor)).group_by(*by)
        rows = self._sql.execute(found.order_by(over.desc(), number.desc(), *by))
        return [
            Waiting(pack=row.pack, process=row.process, element=row.element, open=row.number, overdue=row.over)
            for row in rows
        ]

    def open_tasks(self, query: TaskQuery, actor: Actor) -> Page[TaskRow]:
        """A page of open tasks, the first to be due first.

        Raises:
            CursorUnusable.
        """
        by = (task.c.due_us, task.c.case_id, task.c.name)
        found = select(*TASK_COLUMNS).join(head, head.c.case_id == task.c.case_id).where(IS_OPEN, *_tasks_seen(actor))
        for name in ("holder", "pack", "process", "element"):
            value = getattr(query, name)
            if value is not None:
                found = found.where(task.c[name] == value.replace("\0", ""))
        if query.overdue:
            found = found.where(is_past(task, self._now()))
        if query.cursor is not None:
            found = found.where(tuple_(*by) > marked(query.cursor, "due", int, str, str))
        rows = self._sql.execute(found.order_by(*by).limit(query.limit + 1)).all()
        last = rows[query.limit - 1] if len(rows) > query.limit else None
        more = mark("due", last.due_us, last.case_id, last.name) if last is not None else None
        return Page(rows=tuple(task_of(row) for row in rows[: query.limit]), next=more)


def _seen(actor: Actor) -> list[ColumnElement[bool]]:
    return visible(head.c.case_id, head.c.sealed, actor.persons, actor.all_memberships)


def _tasks_seen(actor: Actor) -> list[ColumnElement[bool]]:
    return visible(task.c.case_id, task.c.sealed, actor.persons, actor.all_memberships)
