"""The house itself: calendars by version, and what administrators and owners did outside of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.store.bound import Bound, moment
from engine.store.tables import IS_OPEN, NEVER, act, calendar, deadline, head, task
from engine.store.trouble import CalendarNotFound
from engine.values import Value, decode, encode


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something done outside of cases."""

    id: int
    at: datetime
    actor: str
    kind: str
    about: str
    reason: str
    facts: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class CalendarRow:
    """One version of a calendar."""

    name: str
    version: str
    source: bytes = field(repr=False)
    note: str
    made_by: str
    made: datetime
    published_by: str | None
    published: datetime | None
    #: Whether new deadlines count by it.
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class OpenDeadline:
    """A deadline that runs: of a case, or of one of its tasks."""

    case: str
    #: The limit's id, or the task's name.
    deadline: str
    due: datetime
    #: The event whose trace says why.
    seq: int


class UpkeepReading(Bound):
    """Reading calendars and acts."""

    def acts(self, *, about: str | None = None, limit: int = 200) -> list[Act]:
        """What was done, the latest first."""
        found = select(act).order_by(act.c.id.desc()).limit(limit)
        if about is not None:
            found = found.where(act.c.about == about)
        return [_act_of(row) for row in self._sql.execute(found)]

    def act(self, number: int) -> Act:
        """What was done, by its number; numbers come from `note_act`."""
        return _act_of(self._sql.execute(select(act).where(act.c.id == number)).one())

    def acts_of(self, kind: str) -> int:
        """How many acts of a kind there are."""
        return int(self._sql.execute(select(func.count()).select_from(act).where(act.c.kind == kind)).scalar_one())

    def ledger_age(self) -> timedelta:
        """How old the oldest case change is that the ledger does not have yet."""
        open_ = literal_column("ledger_seq") < literal_column("seq")
        oldest = self._sql.execute(select(func.min(head.c.changed_us)).where(open_)).scalar()
        return timedelta(microseconds=max(self._now() - oldest, 0) if oldest is not None else 0)

    def calendars(self, name: str | None = None) -> list[CalendarRow]:
        """All versions, by name, the latest first."""
        found = select(calendar).order_by(calendar.c.name, calendar.c.made_us.desc(), calendar.c.version)
        if name is not None:
            found = found.where(calendar.c.name == name)
        rows = self._sql.execute(found).all()
        # What was published last is in force.
        last = {row.name: row.version for row in sorted(rows, key=lambda r: r.published_us or 0) if row.published_us}
        return [
            CalendarRow(
                name=row.name, version=row.version, source=row.source, note=row.note, made_by=row.made_by,
                made=instant(row.made_us), published_by=row.published_by, published=moment(row.published_us),
                in_force=last.get(row.name) == row.version,
            )
            for row in rows
        ]  # fmt: skip

    def calendar(self, name: str, version: str | None = None) -> CalendarRow:
        """A version of a calendar; without one, that in force.

        Raises:
            CalendarNotFound.
        """
        for row in self.calendars(name):
            if row.version == version or (version is None and row.in_force):
                return row
        raise CalendarNotFound(calendar=name, version=version or "-")

    def running(self, *, since: datetime | None = None) -> list[OpenDeadline]:
        """The deadlines that run and are due at `since` or later, or whose clock stands still, by case."""
        floor = micros(since) if since else 0
        of_cases = select(deadline.c.case_id, deadline.c.name, deadline.c.due_us, deadline.c.seq).where(
            deadline.c.met_us.is_(None), (deadline.c.due_us >= floor) | deadline.c.still_us.is_not(None)
        )
        of_tasks = select(task.c.case_id, task.c.name, task.c.due_us, task.c.opened_seq.label("seq")).where(
            IS_OPEN, (task.c.due_us >= floor) | task.c.still_us.is_not(None), task.c.due_us < NEVER
        )
        rows = [*self._sql.execute(of_cases), *self._sql.execute(of_tasks)]
        return [
            OpenDeadline(case=row.case_id, deadline=row.name, due=instant(row.due_us), seq=row.seq)
            for row in sorted(rows, key=lambda r: (r.case_id, r.name))
        ]

    def open_count(self, release: str) -> int:
        """How many open cases are on a release."""
        found = select(func.count()).select_from(head).where(head.c.release == release, head.c.closed_us.is_(None))
        return int(self._sql.execute(found).scalar_one())

    def open_on(self, releases: list[str], *, after: str = "", most: int = 500) -> list[str]:
        """Open cases on any of these releases, by id, those after `after`."""
        found = select(head.c.case_id).where(
            head.c.release.in_(releases), head.c.closed_us.is_(None), head.c.case_id > after
        )
        return list(self._sql.scalars(found.order_by(head.c.case_id).limit(most)))


class UpkeepWriting(UpkeepReading):
    """Writing calendars and acts."""

    def note_act(
        self, kind: str, about: str, *, actor: str, at: datetime, reason: str = "",
        facts: Mapping[str, Value] | None = None,
    ) -> int:  # fmt: skip
        """Put down for ever what somebody did; returns its number."""
        row = {
            "at_us": micros(at), "actor": actor, "kind": kind, "about": about, "reason": reason,
            "facts": encode(dict(facts or {})).decode(),
        }  # fmt: skip
        return int(self._sql.execute(insert(act).returning(act.c.id), row).scalar_one())

    def save_calendar(
        self, name: str, version: str, source: bytes, *, by: str, at: datetime, note: str = ""
    ) -> bool:
        """Store a version, not yet in force; False when it is stored already."""
        rows: Any = (sqlite if self._sqlite else postgresql).insert(calendar).on_conflict_do_nothing()
        row = {
            "name": name, "version": version, "source": source, "note": note, "made_by": by, "made_us": micros(at),
            "published_by": None, "published_us": None,
        }  # fmt: skip
        return bool(self._sql.execute(rows.returning(calendar.c.version), row).scalar())

    def publish_calendar(self, name: str, version: str, *, by: str, at: datetime) -> None:
        """Put a stored version in force.

        Raises:
            CalendarNotFound.
        """
        which = (calendar.c.name == name, calendar.c.version == version)
        last = self._sql.execute(select(func.max(calendar.c.published_us)).where(calendar.c.name == name)).scalar()
        # Which was the last must be plain, even when the clock stands still.
        values = {"published_by": by, "published_us": max(micros(at), (last or 0) + 1)}
        if self._sql.execute(update(calendar).where(*which).values(values)).rowcount != 1:
            raise CalendarNotFound(calendar=name, version=version)


def _act_of(row: Any) -> Act:
    return Act(
        id=row.id, at=instant(row.at_us), actor=row.actor, kind=row.kind, about=row.about, reason=row.reason,
        facts=dict(decode(row.facts)),
    )  # fmt: skip
