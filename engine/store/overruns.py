"""What is due and not done, of all cases together: limits of cases and tasks in one list, the oldest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, null, select, tuple_, union_all

from engine import history as h
from engine.authority import Actor
from engine.store.bound import moment
from engine.store.cursor import mark, marked
from engine.store.overdue import is_past
from engine.store.rows import OverdueRow, Page
from engine.store.sight import Sight, visible
from engine.store.tables import IS_OPEN, deadline, head, task

#: What its page marks are called.
_ORDER = "overdue"
_OF_CASE = (head.c.pack, head.c.release, head.c.number, head.c.title)


class OverrunReading(Sight):
    """What is due and not done."""

    def overruns(
        self, actor: Actor, *, pack: str | None = None, cursor: str | None = None, limit: int = 200
    ) -> Page[OverdueRow]:
        """A page of it, as far as the actor may see the cases.

        Raises:
            CursorUnusable.
        """
        after = marked(cursor, _ORDER, int, str, str) if cursor is not None else None
        now = self._now()
        # What had not been kept when its case was closed runs no longer.
        wanted = [head.c.closed_us.is_(None), *visible(head.c.case_id, head.c.sealed, actor.persons, actor.all_memberships)]
        if pack is not None:
            wanted.append(head.c.pack == pack.replace("\0", ""))
        limits = _branch(_LIMITS, deadline, [deadline.c.met_us.is_(None), is_past(deadline, now), *wanted], after, limit)
        tasks = _branch(_TASKS, task, [IS_OPEN, is_past(task, now), *wanted], after, limit)
        both = union_all(limits, tasks).subquery()
        found = select(both).order_by(both.c.due_us, both.c.case_id, both.c.name).limit(limit + 1)
        rows = self._sql.execute(found).all()
        last = rows[limit - 1] if len(rows) > limit else None
        more = mark(_ORDER, last.due_us, last.case_id, last.name) if last is not None else None
        return Page(rows=tuple(_row(row) for row in rows[:limit]), next=more)


def _nothing() -> ColumnElement[Any]:
    return cast(null(), String)


# The same columns of both, so that one list can be made of them.
_LIMITS = select(
    deadline.c.case_id, deadline.c.name, deadline.c.due_us, deadline.c.still_us, deadline.c.start_us, deadline.c.seq,
    deadline.c.name.label("limit_id"), literal(0).label("is_task"), _nothing().label("process"), _nothing().label("element"),
    _nothing().label("holder"), *_OF_CASE,
).join(head, head.c.case_id == deadline.c.case_id)  # fmt: skip
_TASKS = select(
    task.c.case_id, task.c.name, task.c.due_us, task.c.still_us, task.c.opened_us, task.c.opened_seq,
    task.c.limit_id, literal(1), task.c.process, task.c.element, task.c.holder, *_OF_CASE,
).join(head, head.c.case_id == task.c.case_id)  # fmt: skip


def _branch(
    columns: Select[Any], rows: Any, where: list[ColumnElement[bool]], after: tuple[Any, ...] | None, limit: int
) -> Select[Any]:
    place = (rows.c.due_us, rows.c.case_id, rows.c.name)
    beyond = [] if after is None else [tuple_(*place) > tuple_(*map(literal, after))]
    return select(columns.where(*where, *beyond).order_by(*place).limit(limit + 1).subquery())


def _row(row: Any) -> OverdueRow:
    return OverdueRow(
        case=row.case_id, deadline=row.name, is_task=bool(row.is_task), limit=row.limit_id, start=h.instant(row.start_us),
        due=h.instant(row.due_us), still=moment(row.still_us), seq=row.seq, process=row.process, element=row.element,
        holder=row.holder or None, pack=row.pack, release=row.release, number=row.number, title=row.title,
    )  # fmt: skip
