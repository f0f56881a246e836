"""The almanac: calendars by version. Owners hand a version in, see what it would move, and a second person publishes it.

Publishing puts the version into a new release of every pack that reaches the calendar, so new cases count
by it. Running cases go on as they were until somebody re-plans them: one act, put down for ever, that
orders a job for each open case; the case hears of it and its deadlines move by events. Nothing moves silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine import authority
from engine import calendar as calendars
from engine.authority import Actor
from engine.calendar import Calendar
from engine.clock import Clock
from engine.desk import bounded, load
from engine.duties import Duties
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.history import CalendarReplaced, DeadlineMoved, DeadlineSet, TaskOpened
from engine.publishing import SecondPairNeeded, check
from engine.release import Release
from engine.shelf import Shelf
from engine.store import CalendarNotFound, CalendarRow, Reading, Store, Transaction
from engine.values import Value

#: The kind of the jobs that re-plan a case.
KIND = "replan"
#: Moves a preview names, at most; all are counted.
MOST_NAMED = 1000


class NothingToReplan(EngineError):
    """Every open case counts by the calendar {calendar} that is in force already, or was ordered to."""

    zh = "所有在办案件均已按（或已安排按）现行日历 {calendar} 计算。"


class AlreadyInForce(EngineError):
    """Version {version} of the calendar {calendar} is in force already."""

    zh = "日历 {calendar} 的版本 {version} 已经生效。"


class CalendarNameTaken(EngineError):
    """The file calls its calendar “{found}”; it should be called “{calendar}”."""

    zh = "文件中的日历名为“{found}”，应为“{calendar}”。"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A deadline that would be due at another time."""

    case: str
    deadline: str
    before: datetime
    after: datetime


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a version of a calendar would do if it were published and open cases re-planned."""

    name: str
    version: str
    #: Packs that reach it -> what bars their new release; empty: nothing.
    packs: Mapping[str, tuple[str, ...]]
    #: Open cases that do not count by it yet, and how many deadlines of theirs would move.
    cases: int
    moving: int
    #: The moves in cases the reader may see, by case.
    moves: tuple[Move, ...]


@dataclass(frozen=True, kw_only=True)
class Resting:
    """A running deadline that rests on years whose days off were not published when it was counted."""

    case: str
    deadline: str
    due: datetime
    calendar: str
    version: str
    years: tuple[int, ...]
    #: Whether the calendar in force knows these years by now: re-planning would settle it.
    known_by_now: bool


class Almanac:
    """What can be done to calendars."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store, self._clock, self._shelf = store, clock, shelf
        self._duties = Duties(store, clock, shelf)

    # --- reading ---

    def versions(self, name: str | None = None) -> list[CalendarRow]:
        """All versions of all calendars, or of one."""
        with self._store.look() as reading:
            return reading.calendars(name)

    def version(self, name: str, version: str | None = None) -> tuple[CalendarRow, Calendar]:
        """A version of a calendar; that in force when none is named.

        Raises:
            CalendarNotFound.
        """
        with self._store.look() as reading:
            row = reading.calendar(name, version)
        return row, calendars.load(row.source)

    def effect(self, name: str, version: str, actor: Actor) -> Effect:
        """What publishing a version and re-planning would move; changes nothing.

        Raises:
            NotAuthorised, CalendarNotFound.
        """
        _need_owner(actor)
        with self._store.look() as reading:
            row = reading.calendar(name, version)
            # Their gate is asked when it is published: it takes seconds, and only the calendar is another.
            barred = {
                pack: tuple(f.text(actor.locale) for f in _barring(release, name, row.source))
                for pack, release in self._reaching(reading, name, row.source)
            }
            changes = self._changes(reading, name, row.source)
            moves: list[Move] = []
            cases = moving = 0
            for case in _open_cases(reading, list(changes)):
                found = self._moves(reading, case, changes)
                if found is None:
                    continue
                cases, moving = cases + 1, moving + len(found)
                if found and reading.may_see(reading.head(case), actor):
                    moves += found
        return Effect(
            name=name, version=version, packs=barred, cases=cases, moving=moving, moves=tuple(moves[:MOST_NAMED])
        )

    def resting_on_unpublished(self, actor: Actor) -> list[Resting]:
        """Running deadlines, in cases the actor may see, that rest on a year that was not published, the earliest first."""
        found: list[Resting] = []
        with self._store.look() as reading:
            known = {row.name: calendars.load(row.source) for row in reading.calendars() if row.in_force}
            for one in reading.running(since=datetime(1970, 1, 1, tzinfo=UTC)):
                (record,) = reading.history(one.case, after=one.seq - 1, until=one.seq)
                trace = getattr(record.event, "trace", None)
                if isinstance(record.event, TaskOpened):
                    # An extension or a pause may have moved it since; the run knows.
                    moved = load(reading, reading.head(one.case), self._shelf).tasks.get(one.deadline)
                    trace = moved.trace if moved else None
                if not isinstance(record.event, TaskOpened | DeadlineSet | DeadlineMoved) or not trace:
                    continue
                years = tuple(int(str(y)) for y in trace.get("unpublished", ()))
                if not years or not reading.may_see(reading.head(one.case), actor):
                    continue
                calendar = str(trace["calendar"])
                found.append(
                    Resting(
                        case=one.case, deadline=one.deadline, due=one.due, calendar=calendar,
                        version=str(trace["version"]), years=years,
                        known_by_now=calendar in known and all(known[calendar].knows(y) for y in years),
                    )
                )  # fmt: skip
        return sorted(found, key=lambda r: (r.due, r.case, r.deadline))

    # --- changing ---

    def read(self, data: bytes, *, name: str | None = None, kind: str = "toml") -> Calendar:
        """A calendar file as it would be kept: whole, with what it extends laid in.

        Args:
            name: what it must be called; for iCalendar, the calendar its days are laid over.

        Raises:
            CalendarFault, CalendarNameTaken, CalendarNotFound.
        """
        with self._store.look() as reading:
            if kind == "ical":
                onto = calendars.load(reading.calendar(name or "").source)
                return calendars.from_ical(data, onto)

            def base(other: str) -> bytes | None:
                try:
                    return reading.calendar(other).source
                except CalendarNotFound:
                    return None

            found = calendars.load(data, base=base)
        if name is not None and found.name != name:
            raise CalendarNameTaken(calendar=name, found=found.name)
        return found

    def look_at(self, data: bytes, actor: Actor, *, name: str | None = None, kind: str = "toml") -> Calendar:
        """`read`, for whoever may hand it in; nothing is kept.

        Raises:
            NotAuthorised, CalendarFault, CalendarNameTaken, CalendarNotFound.
        """
        _need_owner(actor)
        return self.read(data, name=name, kind=kind)

    def propose(
        self, data: bytes, actor: Actor, *, note: str = "", name: str | None = None, kind: str = "toml"
    ) -> CalendarRow:
        """Hand in a version of a calendar.

        Raises:
            NotAuthorised, CalendarFault, CalendarNameTaken, CalendarNotFound, TextRefused.
        """
        found = self.look_at(data, actor, name=name, kind=kind)
        note = bounded("note", note)
        # A file that stands alone is kept as it was written, with its comments.
        alone = kind == "toml" and calendars.extends(data) is None
        source = data if alone else calendars.dump(found)
        now = self._clock.now()
        with self._store.begin() as tx:
            if tx.save_calendar(found.name, found.version, source, by=actor.name, at=now, note=note):
                tx.note_act("calendar-handed-in", f"{found.name}/{found.version}", actor=actor.name, at=now, reason=note)
            return tx.calendar(found.name, found.version)

    def publish(
        self, name: str, version: str, reason: str, actor: Actor, *, replan: bool = False
    ) -> tuple[str, ...]:
        """Put a version in force, as the second pair of eyes; returns the packs that were released anew.

        Args:
            replan: let every open case count by it, too, in the same transaction.

        Raises:
            NotAuthorised, CalendarNotFound, AlreadyInForce, SecondPairNeeded, TextRefused.
            Refused: a pack would not pass the gate with it.
        """
        _need_owner(actor)
        reason, now = bounded("reason", reason, least=1), self._clock.now()
        with self._store.begin() as tx:
            row = tx.calendar(name, version)
            if row.in_force:
                raise AlreadyInForce(calendar=name, version=version)
            if row.made_by == actor.name:
                raise SecondPairNeeded(person=actor.name)
            renewed = list(self._renewed(tx, name, row.source))
            for _, release, findings in renewed:
                if release is None:
                    raise Refused(findings)
            tx.publish_calendar(name, version, by=actor.name, at=now)
            for pack, release, _ in renewed:
                assert release is not None
                said = f"calendar {name} {version}"
                tx.save_release(release.digest, pack=pack, files=release.files, by=row.made_by, at=now, note=said)
                tx.publish_release(release.digest, by=actor.name, at=now)
                self._duties.order(tx, release, now)
            packs = tuple(pack for pack, _, _ in renewed)
            tx.note_act(
                "calendar-published", f"{name}/{version}", actor=actor.name, at=now, reason=reason,
                facts={"packs": list(packs)},
            )  # fmt: skip
            if replan:
                self._order_replan(tx, row, reason, actor)
        return packs

    def replan(self, name: str, reason: str, actor: Actor) -> int:
        """Let every open case count by the version in force; returns how many were ordered to.

        One act. Each case hears of it in a transaction of its own, done by the executor.

        Raises:
            NotAuthorised, CalendarNotFound, NothingToReplan, TextRefused.
        """
        _need_owner(actor)
        reason = bounded("reason", reason, least=1)
        with self._store.begin() as tx:
            ordered = self._order_replan(tx, tx.calendar(name), reason, actor)
            if not ordered:
                raise NothingToReplan(calendar=name)
        return ordered

    def bootstrap(self, folder: Path) -> list[str]:
        """Take in the shipped calendars: in force where there is none of the name yet, else as a proposal."""
        done, now = [], self._clock.now()
        for path in sorted(folder.glob("*.toml")):
            shipped = calendars.load(path.read_bytes(), base=lambda n: (folder / f"{n}.toml").read_bytes())
            with self._store.begin() as tx:
                known = tx.calendars(shipped.name)
                if any(row.version == shipped.version for row in known):
                    continue
                source = path.read_bytes() if calendars.extends(path.read_bytes()) is None else calendars.dump(shipped)
                tx.save_calendar(shipped.name, shipped.version, source, by="system", at=now, note="shipped")
                if not known:
                    tx.publish_calendar(shipped.name, shipped.version, by="system", at=now)
                done.append(shipped.name)
        return done

    # --- inside ---

    def _order_replan(self, tx: Transaction, row: CalendarRow, reason: str, actor: Actor) -> int:
        """Order a job for every open case that does not count by this version yet; returns how many."""
        changes, now = self._changes(tx, row.name, row.source), self._clock.now()
        cases = list(self._behind(tx, changes))
        if not cases:
            return 0
        facts: dict[str, Value] = {"cases": len(cases), "changes": {d: dict(c) for d, c in changes.items()}}
        about = f"{row.name}/{row.version}"
        act = tx.note_act("calendar-replanned", about, actor=actor.name, at=now, reason=reason, facts=facts)
        return sum(tx.enqueue(KIND, about, now, case=c, payload={"act": act}, at_once=True) for c in cases)

    def _renewed(
        self, reading: Reading, name: str, source: bytes
    ) -> Iterator[tuple[str, Release | None, tuple[Finding, ...]]]:
        """Packs in force that reach the calendar and have it otherwise, with their new release or what bars it."""
        for pack, release in self._reaching(reading, name, source):
            checked = check({**release.files, f"calendars/{name}.toml": source})
            yield pack, checked.release, tuple(f for f in checked.findings if f.severity == "error")

    def _reaching(self, reading: Reading, name: str, source: bytes) -> Iterator[tuple[str, Release]]:
        """Packs in force that reach the calendar and have it otherwise, with their release."""
        path, version = f"calendars/{name}.toml", calendars.load(source).version
        for pack, digest in reading.packs().items():
            release = self._shelf.release(digest, reading)
            if path in release.files and release.calendar(name).version != version:
                yield pack, release

    def _changes(self, reading: Reading, name: str, source: bytes) -> dict[str, dict[str, Value]]:
        """Release -> its calendars that would be others (also those that extend this one) -> version and changes."""
        path, found = f"calendars/{name}.toml", {}
        for row in reading.releases():
            release = self._shelf.release(row.digest, reading)
            if path not in release.files:
                continue
            found[row.digest] = _laid_over(release, {**release.files, path: source})
        return found

    def _behind(self, reading: Reading, changes: Mapping[str, Mapping[str, Value]]) -> Iterator[str]:
        for case in _open_cases(reading, list(changes)):
            head = reading.head(case)
            run = load(reading, head, self._shelf)
            wanted = changes[head.release].items()
            if any(run.release.calendar(n).version != c["version"] for n, c in wanted if isinstance(c, dict)):
                yield case

    def _moves(self, reading: Reading, case: str, changes: Mapping[str, Mapping[str, Value]]) -> list[Move] | None:
        head = reading.head(case)
        run = load(reading, head, self._shelf)
        before = {name: d.due for name, d in run.deadlines.items() if d.met is None}
        heard = False
        for name, said in changes[head.release].items():
            assert isinstance(said, dict)
            version = str(said["version"])
            if run.release.calendar(name).version == version:
                continue
            heard = True
            at = max(self._clock.now(), head.changed_at)
            run.apply(CalendarReplaced(at=at, calendar=name, version=version, changes=str(said["changes"])))
        if not heard:
            return None
        return [
            Move(case=case, deadline=name, before=due, after=run.deadlines[name].due)
            for name, due in sorted(before.items())
            if run.deadlines[name].due != due
        ]


def _laid_over(release: Release, files: Mapping[str, bytes]) -> dict[str, Value]:
    def base(name: str) -> bytes | None:
        return files.get(f"calendars/{name}.toml")

    found: dict[str, Value] = {}
    for name, own in release.calendars.items():
        new = calendars.load(files[f"calendars/{name}.toml"], base=base)
        found[name] = {"version": new.version, "changes": calendars.changes(own, new)}
    # A calendar that stays as the release has it needs no word, unless a case was moved off it before.
    return found


def _barring(release: Release, name: str, source: bytes) -> tuple[Finding, ...]:
    """What a new file of a calendar would make wrong in the calendars of a pack."""
    try:
        _laid_over(release, {**release.files, f"calendars/{name}.toml": source})
    except Refused as refused:
        return tuple(refused.findings)
    return ()


def _open_cases(reading: Reading, releases: list[str]) -> Iterator[str]:
    after = ""
    while found := reading.open_on(releases, after=after):
        yield from found
        after = found[-1]


def _need_owner(actor: Actor) -> None:
    authority.need_role(actor, "*", (authority.OWNER,))


__all__ = ["Almanac", "AlreadyInForce", "CalendarNameTaken", "Effect", "Move", "NothingToReplan", "Resting"]
