"""Reports of the packs: the figures of a period, as they were when it was over, and who saw to them.

Everything is told as of the end of the period: a report made late after an outage says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.store.bound import Bound, moment
from engine.store.overdue import is_past
from engine.store.tables import deadline, head, report, task
from engine.store.trouble import ReportNotFound
from engine.values import Value, decode, encode

#: Cases that a list in a report names, at most.
MOST_NAMED = 500


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """A report of a pack for a period."""

    pack: str
    report: str
    #: "2026-01", "2026-W05", "2026-Q1", "2026".
    period: str
    since: datetime
    until: datetime
    #: By when somebody must have seen to it.
    due: datetime
    made: datetime
    content: Mapping[str, Value]
    #: When whoever is to see to it was last reminded.
    reminded: datetime | None
    done_by: str | None
    done: datetime | None
    remark: str | None


class ReportReading(Bound):
    """Reading reports, and counting for them."""

    def reports(self, packs: frozenset[str] | None = None, *, open_only: bool = False) -> list[ReportRow]:
        """Reports of these packs (of all), the latest first."""
        found = select(report).order_by(report.c.until_us.desc(), report.c.pack, report.c.report).limit(500)
        if packs is not None:
            found = found.where(report.c.pack.in_(packs))
        if open_only:
            found = found.where(report.c.done_us.is_(None))
        return [_report_of(row) for row in self._sql.execute(found)]

    def report(self, pack: str, name: str, period: str) -> ReportRow:
        """One report.

        Raises:
            ReportNotFound.
        """
        row = self._sql.execute(select(report).where(*_which(pack, name, period))).first()
        if row is None:
            raise ReportNotFound(pack=pack, report=name, period=period)
        return _report_of(row)

    def figures(self, pack: str, since: datetime, until: datetime) -> dict[str, Value]:
        """The figures of a pack for a period, as of its end."""
        begin, end = micros(since), micros(until)
        of_pack = head.c.pack == pack
        opened = and_(head.c.opened_us >= begin, head.c.opened_us < end)
        closed = and_(head.c.closed_us >= begin, head.c.closed_us < end)
        open_then = and_(head.c.opened_us < end, or_(head.c.closed_us.is_(None), head.c.closed_us >= end))
        count = select(_number(opened), _number(closed), _number(open_then)).where(of_pack)
        received, over, left = self._sql.execute(count).one()
        return {
            "received": received or 0,
            "closed": over or 0,
            "open_at_the_end": left or 0,
            "by_channel": self._by(head.c.channel, and_(of_pack, opened)),
            "closed_by_status": self._by(head.c.status, and_(of_pack, closed)),
            "limits": self.limits_due(pack, since, until),
            "tasks": self._tasks(pack, begin, end),
            # 催办: what was overdue at the end; 查办: what was closed in the period, but late.
            "overdue": self._named(of_pack & open_then, is_past(deadline, end), _not_met_by(end)),
            "closed_late": self._named(of_pack & closed, deadline.c.late.is_(True), deadline.c.met_us < end),
        }

    def _by(self, column: Any, where: ColumnElement[bool]) -> dict[str, Value]:
        found = select(column, func.count()).where(where).group_by(column).order_by(column)
        return {str(value or "-"): number for value, number in self._sql.execute(found)}

    def limits_due(self, pack: str, since: datetime, until: datetime) -> list[Value]:
        """What became of the limits of cases that were due in a period, as of its end."""
        begin, end = micros(since), micros(until)
        met = and_(deadline.c.met_us.is_not(None), deadline.c.met_us < end)
        counts = (
            _number(met & deadline.c.late.is_(False)).label("kept"),
            _number(met & deadline.c.late.is_(True)).label("late"),
            _number(_not_met_by(end) & is_past(deadline, end)).label("overrun"),
        )
        found = (
            select(deadline.c.name, *counts)
            .join(head, head.c.case_id == deadline.c.case_id)
            .where(head.c.pack == pack, deadline.c.due_us >= begin, deadline.c.due_us < end)
            .group_by(deadline.c.name)
            .order_by(deadline.c.name)
        )
        return [
            {"limit": row.name, "kept": row.kept, "late": row.late, "overrun": row.overrun}
            for row in self._sql.execute(found)
        ]

    def task_limits_due(self, pack: str, since: datetime, until: datetime) -> list[Value]:
        """What became of the limits of tasks, case by case: kept where every task of the limit was done in time.

        A case counts in the period in which the last of them was due. Tasks that were withdrawn count for nothing.
        """
        begin, end = micros(since), micros(until)
        done_then = and_(task.c.done_by.is_not(None), task.c.closed_us < end)
        left = and_(or_(task.c.closed_us.is_(None), task.c.closed_us >= end), is_past(task, end))
        cases = (
            select(task.c.limit_id, _any(left).label("left"), _any(is_past(task, task.c.closed_us)).label("late"))
            .where(task.c.pack == pack, task.c.limit_id.is_not(None), done_then | left)
            .group_by(task.c.case_id, task.c.limit_id)
            .having(func.max(task.c.due_us) >= begin, func.max(task.c.due_us) < end)
            .subquery()
        )
        done = cases.c.left == 0
        counts = (
            _number(done & (cases.c.late == 0)).label("kept"),
            _number(done & (cases.c.late == 1)).label("late"),
            _number(cases.c.left == 1).label("overrun"),
        )
        found = select(cases.c.limit_id, *counts).group_by(cases.c.limit_id).order_by(cases.c.limit_id)
        return [
            {"limit": row.limit_id, "kept": row.kept, "late": row.late, "overrun": row.overrun}
            for row in self._sql.execute(found)
        ]

    def _tasks(self, pack: str, begin: int, end: int) -> list[Value]:
        late = _number(is_past(task, task.c.closed_us)).label("late")
        found = (
            select(task.c.element, func.count().label("done"), late)
            .where(task.c.pack == pack, task.c.done_by.is_not(None))
            .where(task.c.closed_us >= begin, task.c.closed_us < end)
            .group_by(task.c.element)
            .order_by(task.c.element)
        )
        return [{"element": row.element, "done": row.done, "late": row.late} for row in self._sql.execute(found)]

    def _named(self, *where: ColumnElement[bool]) -> list[Value]:
        found = (
            select(head.c.case_id, head.c.number, head.c.title, head.c.sealed, deadline.c.name, deadline.c.due_us)
            .join(deadline, deadline.c.case_id == head.c.case_id)
            .where(*where)
            .order_by(deadline.c.due_us, head.c.case_id, deadline.c.name)
            .limit(MOST_NAMED)
        )
        # A sealed case is counted above, and not named: reports are read by more than its participants.
        return [
            {"case": row.case_id, "number": row.number, "title": row.title, "limit": row.name,
             "due": instant(row.due_us)}
            for row in self._sql.execute(found) if not row.sealed
        ]  # fmt: skip


class ReportWriting(ReportReading):
    """Writing reports."""

    def save_report(
        self, pack: str, name: str, period: str, *, since: datetime, until: datetime, due: datetime, made: datetime,
        content: Mapping[str, Value],
    ) -> bool:  # fmt: skip
        """Store a report; False when the period has one already."""
        rows: Any = (sqlite if self._sqlite else postgresql).insert(report).on_conflict_do_nothing()
        row = {
            "pack": pack, "report": name, "period": period, "since_us": micros(since), "until_us": micros(until),
            "due_us": micros(due), "made_us": micros(made), "content": encode(dict(content)).decode(),
            "reminded_us": None, "done_by": None, "done_us": None, "remark": None,
        }  # fmt: skip
        return bool(self._sql.execute(rows.returning(report.c.period), row).scalar())

    def note_reminder(self, pack: str, name: str, period: str, *, at: datetime) -> None:
        """Put down that whoever is to see to a report was reminded."""
        self._sql.execute(update(report).where(*_which(pack, name, period)).values(reminded_us=micros(at)))

    def see_to_report(self, pack: str, name: str, period: str, *, by: str, at: datetime, remark: str) -> bool:
        """Put down who saw to a report; False when somebody did already.

        Raises:
            ReportNotFound.
        """
        values = {"done_by": by, "done_us": micros(at), "remark": remark}
        done = update(report).where(*_which(pack, name, period), report.c.done_us.is_(None)).values(values)
        if self._sql.execute(done).rowcount == 1:
            return True
        self.report(pack, name, period)
        return False


def _which(pack: str, name: str, period: str) -> tuple[ColumnElement[bool], ...]:
    clean = (text.replace("\0", "") for text in (pack, name, period))
    return tuple(column == text for column, text in zip((report.c.pack, report.c.report, report.c.period), clean, strict=True))


def _not_met_by(end: int) -> ColumnElement[bool]:
    return or_(deadline.c.met_us.is_(None), deadline.c.met_us >= end)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


def _report_of(row: Any) -> ReportRow:
    return ReportRow(
        pack=row.pack, report=row.report, period=row.period, since=instant(row.since_us), until=instant(row.until_us),
        due=instant(row.due_us), made=instant(row.made_us), content=dict(decode(row.content)),
        reminded=moment(row.reminded_us), done_by=row.done_by, done=moment(row.done_us), remark=row.remark,
    )  # fmt: skip
