"""When something is overdue: what is due has passed, and its clock did not stand still before it had."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists

from engine.store.tables import IS_OPEN, deadline, head, task


def is_past(rows: Any, by: Any) -> ColumnElement[bool]:
    """Whether tasks or deadlines at hand are past due by a moment: now, or when they were done."""
    still, due = rows.c.still_us, rows.c.due_us
    past: ColumnElement[bool] = (due < by) & (still.is_(None) | (due < still))
    return past


def is_late(now: int) -> ColumnElement[bool]:
    """Whether something open in the case at hand is past due: a task, or a limit of the case."""
    tasks = exists().where(task.c.case_id == head.c.case_id, IS_OPEN, is_past(task, now))
    limits = exists().where(deadline.c.case_id == head.c.case_id, deadline.c.met_us.is_(None), is_past(deadline, now))
    return tasks | limits
