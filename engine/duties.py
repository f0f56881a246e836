"""Reports and duties that packs ask for at set times: monthly statistics, weekly lists, yearly surveys.

Each is a row of the job table, due at the first moment after its period in the zone of the pack's
calendar. When it is done, the figures of the period lie ready, somebody has until `by_day` of the next
period to see to them, and the next one is ordered. A report is made as of the end of its period, so an
outage changes nothing but when it was made; none is left out. Whoever is to see to one that lies there is
reminded: after two working days, when it is due, and once more a week later.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine import authority
from engine.authority import Actor
from engine.calendar import Calendar
from engine.clock import Clock
from engine.deadline import due
from engine.desk.house_rules import sight
from engine.errors import EngineError
from engine.policy import Report
from engine.rates import rates_of
from engine.release import Release
from engine.shelf import Shelf
from engine.store import CaseNotFound, PackNotFound, Reading, ReportRow, Store, Transaction
from engine.values import Value

_DAY = timedelta(days=1)
#: The kind of their jobs, and of those that remind of them.
KIND, REMINDER = "schedule", "remind"
#: Working days after which somebody is reminded: since a report lay ready, and since it was due.
FIRST_REMINDER, LAST_REMINDER = 2, 5
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


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """What is said to whoever is to see to a report."""

    #: "office/monthly/2026-01/1": the first of that report.
    key: str
    #: Who can be written to: person -> address.
    to: Mapping[str, str]
    subject: str
    text: str


class Duties:
    """Orders, makes and keeps reports, and reminds of them."""

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
            **tx.figures(pack, since, until), "rates": [rate.told() for rate in rates_of(tx, release.policy, since, until)],
        }  # fmt: skip
        last = calendar.day(period.after + (max(found.by_day, 1) - 1) * _DAY).end
        made = tx.save_report(pack, name, period.name, since=since, until=until, due=last, made=now, content=content)
        if made:
            self._order_reminder(tx, tx.report(pack, name, period.name), 1, due(now, FIRST_REMINDER, "workday", calendar).instant)
        self._order(tx, pack, found, calendar, period.after)

    def reminder(self, payload: Mapping[str, Value]) -> Reminder | None:
        """What to say of a report nobody has seen to; None when somebody has, or nobody is to any more."""
        with self._store.look() as reading:
            row = reading.report(*_which(payload))
            asked = self._asked_for(reading, row)
            if row.done is not None or asked is None:
                return None
            release, report = asked
            people = self._people(reading, release, report)
        ready, last = (release.calendar().local(m).strftime("%Y-%m-%d %H:%M") for m in (row.made, row.due))
        title = report.label
        return Reminder(
            key=_key(row, int(str(payload["number"]))), to=people,
            subject=f"请办理报表 Report to be seen to: {title.zh} {title.en} {row.period}",
            text=f"报表“{title.zh}”（{row.period}）自 {ready} 起可查，须在 {last} 前办理，目前尚无人办理。\n\n"
            f"The report “{title.en}” for {row.period} has been ready since {ready} and is to be seen to by {last}. "
            "Nobody has done so yet.\n",
        )  # fmt: skip

    def reminded(self, tx: Transaction, payload: Mapping[str, Value], *, now: datetime) -> None:
        """Put down that somebody was reminded of a report, and order the next reminder; nothing when it was seen to."""
        row = tx.report(*_which(payload))
        asked = self._asked_for(tx, row)
        if row.done is not None or asked is None:
            return
        tx.note_reminder(row.pack, row.report, row.period, at=now)
        number, calendar = int(str(payload["number"])), asked[0].calendar()
        if number == 1 and row.due > now:
            self._order_reminder(tx, row, 2, row.due)
        elif number < 3:
            self._order_reminder(tx, row, 3, due(now, LAST_REMINDER, "workday", calendar).instant)

    def waiting(self, actor: Actor) -> list[ReportRow]:
        """The reports nobody has seen to yet that are this actor's to see to, the first to be due first."""
        found = []
        with self._store.look() as reading:
            held = frozenset(pack for pack in reading.packs() if _may_read(actor, pack))
            for row in reading.reports(held, open_only=True) if held else ():
                asked = self._asked_for(reading, row)
                if asked is not None and any(actor.has(row.pack, role) for role in asked[0].policy.seen_to_by(asked[1])):
                    found.append(row)
        return sorted(found, key=lambda row: (row.due, row.pack, row.report, row.period))

    def reports(self, actor: Actor, *, pack: str | None = None, open_only: bool = False) -> list[ReportRow]:
        """The reports an actor may read, the latest first."""
        with self._store.look() as reading:
            packs = frozenset(p for p in reading.packs() if _may_read(actor, p) and pack in (None, p))
            return reading.reports(packs, open_only=open_only)

    def report(self, pack: str, name: str, period: str, actor: Actor) -> ReportRow:
        """One report; cases that the actor may not know of are counted on it and not named.

        Raises:
            NotAuthorised, ReportNotFound.
        """
        _need_reader(actor, pack)
        with self._store.look() as reading:
            row = reading.report(pack, name, period)
            named = {key: _known(reading, row.content.get(key), actor) for key in ("overdue", "closed_late")}
        return replace(row, content={**row.content, **named})

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


    def _order_reminder(self, tx: Transaction, row: ReportRow, number: int, at: datetime) -> None:
        payload: dict[str, Value] = {"pack": row.pack, "report": row.report, "period": row.period, "number": number}
        tx.enqueue(REMINDER, _key(row, number), at, type=row.report, payload=payload)

    def _asked_for(self, reading: Reading, row: ReportRow) -> tuple[Release, Report] | None:
        """The release in force of a report's pack, and what it says of the report; None when it asks for it no more."""
        try:
            release = self._shelf.release(reading.current(row.pack), reading)
        except PackNotFound:
            return None
        found = next((r for r in release.policy.reports if r.id == row.report), None)
        return (release, found) if found is not None else None

    def _people(self, reading: Reading, release: Release, report: Report) -> dict[str, str]:
        """Who is to see to a report and can be written to, by name."""
        found = (p for role in release.policy.seen_to_by(report) for p in reading.people(role=role, pack=release.pack))
        return {p.name: p.email for p in sorted(found, key=lambda p: p.name) if p.email}


def _which(payload: Mapping[str, Value]) -> tuple[str, str, str]:
    return str(payload["pack"]), str(payload["report"]), str(payload["period"])


def _key(row: ReportRow, number: int) -> str:
    return f"{row.pack}/{row.report}/{row.period}/{number}"


def _may_read(actor: Actor, pack: str) -> bool:
    """Whoever has a role in the pack, and auditors and administrators."""
    return any(m.partition("/")[0] in (pack, "*") for m in actor.all_memberships)


def _known(reading: Reading, named: Value, actor: Actor) -> Value:
    """The lines of a list whose cases the actor may know of."""
    found = []
    for one in named if isinstance(named, list) else ():
        if isinstance(one, dict):
            with suppress(CaseNotFound):
                sight(reading, reading.head(str(one["case"])), actor)
                found.append(one)
    return found


def _need_reader(actor: Actor, pack: str) -> None:
    if not _may_read(actor, pack):
        raise authority.NotAuthorised(person=actor.name, role=pack)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
