"""Reports and duties that packs ask for at set times: monthly statistics, weekly lists, yearly surveys.

Each is a row of the job table, due at the first moment after its period in the zone of the pack's
calendar. When it is done, the figures of the period lie ready, somebody has until `by_day` of the next
period to see to them, and the next one is ordered. A report is made as of the end of its period, so an
outage changes nothing but when it was made; none is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine import authority
from engine.authority import Actor
from engine.calendar import Calendar
from engine.clock import Clock
from engine.errors import EngineError
from engine.policy import Report
from engine.release import Release
from engine.shelf import Shelf
from engine.store import PackNotFound, ReportRow, Store, Transaction
from engine.values import Value

_DAY = timedelta(days=1)
#: The kind of their jobs.
KIND = "schedule"
#: Longest remark of whoever sees to a report, in characters.
LONGEST_REMARK = 2000


class AlreadySeenTo(EngineError):
    """The report {report} of {pack} for {period} has been seen to already, by {person}."""

    zh = "制度包 {pack} 的报表 {report}（{period}）已由 {person} 办理。"


class RemarkTooLong(EngineError):
    """A remark has at most {most} characters."""

    zh = "说明至多 {most} 字。"


@dataclass(frozen=True, kw_only=True)
class Period:
    """A week, month, quarter or year by the pack's calendar."""

    #: "2026-01", "2026-W05", "2026-Q1", "2026".
    name: str
    first: date
    #: The first day of the next one.
    after: date

    @classmethod
    def holding(cls, day: date, every: str) -> Period:
        """The period a day lies in."""
        match every:
            case "week":
                first = day - day.weekday() * _DAY
                year, week, _ = day.isocalendar()
                return cls(name=f"{year}-W{week:02}", first=first, after=first + 7 * _DAY)
            case "month":
                return cls(name=f"{day:%Y-%m}", first=day.replace(day=1), after=_months_on(day.replace(day=1), 1))
            case "quarter":
                first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
                return cls(name=f"{day.year}-Q{first.month // 3 + 1}", first=first, after=_months_on(first, 3))
        return cls(name=f"{day.year}", first=date(day.year, 1, 1), after=date(day.year + 1, 1, 1))


class Duties:
    """Orders, makes and keeps reports."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store, self._clock, self._shelf = store, clock, shelf

    def order(self, tx: Transaction, release: Release, at: datetime) -> None:
        """Order the reports of a release that comes into force; what is ordered already stays."""
        calendar = release.calendar()
        for report in release.policy.reports:
            self._order(tx, release.pack, report, calendar, calendar.date_of(at))

    def order_all(self) -> None:
        """Order the reports of every pack in force."""
        with self._store.begin() as tx:
            for digest in tx.packs().values():
                self.order(tx, self._shelf.release(digest, tx), self._clock.now())

    def produce(self, tx: Transaction, payload: Mapping[str, Value], *, now: datetime) -> None:
        """Make the report a job asks for, and order the next; nothing when the pack asks for it no more."""
        pack, name = str(payload["pack"]), str(payload["report"])
        try:
            release = self._shelf.release(tx.current(pack), tx)
        except PackNotFound:
            return
        found = next((r for r in release.policy.reports if r.id == name), None)
        if found is None:
            return
        calendar = release.calendar()
        period = Period.holding(date.fromisoformat(str(payload["first"])), found.every)
        since, until = calendar.at(period.first, 0), calendar.at(period.after, 0)
        content: dict[str, Value] = {
            "title": {"zh": found.label.zh, "en": found.label.en}, "every": found.every, "source": found.source,
            **tx.figures(pack, since, until),
        }  # fmt: skip
        last_day = period.after + (max(found.by_day, 1) - 1) * _DAY
        tx.save_report(
            pack, name, period.name, since=since, until=until, due=calendar.day(last_day).end, made=now,
            content=content,
        )  # fmt: skip
        self._order(tx, pack, found, calendar, period.after)

    def reports(self, actor: Actor, *, pack: str | None = None, open_only: bool = False) -> list[ReportRow]:
        """The reports an actor may read, the latest first."""
        with self._store.look() as reading:
            packs = frozenset(p for p in reading.packs() if _may_read(actor, p) and pack in (None, p))
            return reading.reports(packs, open_only=open_only)

    def report(self, pack: str, name: str, period: str, actor: Actor) -> ReportRow:
        """One report.

        Raises:
            NotAuthorised, ReportNotFound.
        """
        _need_reader(actor, pack)
        with self._store.look() as reading:
            return reading.report(pack, name, period)

    def see_to(self, pack: str, name: str, period: str, remark: str, actor: Actor) -> ReportRow:
        """Put down that somebody has seen to a report, and what they say to it.

        Raises:
            NotAuthorised, ReportNotFound, AlreadySeenTo, RemarkTooLong.
        """
        _need_reader(actor, pack)
        if len(remark) > LONGEST_REMARK:
            raise RemarkTooLong(most=LONGEST_REMARK)
        now = self._clock.now()
        with self._store.begin() as tx:
            clean = remark.replace("\0", "").strip()
            if not tx.see_to_report(pack, name, period, by=actor.name, at=now, remark=clean):
                raise AlreadySeenTo(
                    pack=pack, report=name, period=period, person=tx.report(pack, name, period).done_by
                )
            tx.note_act("report-seen-to", f"{pack}/{name}/{period}", actor=actor.name, at=now, reason=clean)
            return tx.report(pack, name, period)

    def _order(self, tx: Transaction, pack: str, report: Report, calendar: Calendar, day: date) -> None:
        period = Period.holding(day, report.every)
        tx.enqueue(
            KIND, f"{pack}/{report.id}/{period.name}", calendar.at(period.after, 0), type=report.id,
            payload={"pack": pack, "report": report.id, "first": period.first.isoformat()},
        )  # fmt: skip


def _may_read(actor: Actor, pack: str) -> bool:
    """Whoever has a role in the pack, and auditors and administrators."""
    return any(m.partition("/")[0] in (pack, "*") for m in actor.all_memberships)


def _need_reader(actor: Actor, pack: str) -> None:
    if not _may_read(actor, pack):
        raise authority.NotAuthorised(person=actor.name, role=pack)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
