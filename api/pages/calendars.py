"""The calendars: those in force, a year of one, what a new version would move, and publishing it."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.filename import attached
from api.pages import words
from api.pages.office import may_change_calendars
from api.problems import language
from api.wiring import Parts
from engine import calendar as calendars
from engine.almanac import Effect, Move, Resting
from engine.authority import OWNER, NotAuthorised
from engine.calendar import Calendar, Day, Special, span_texts
from engine.calendar.reading import runs
from engine.errors import EngineError
from engine.findings import Refused
from engine.policy import Label
from engine.store import Head

#: Moves and deadlines shown on a page at most; all are counted.
MOST_SHOWN = 200
_YEARS = range(1970, 2100)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month on the sheet of a year."""

    number: int
    title: str
    days: tuple[Day, ...]
    #: Empty days before the first.
    pad: int
    worked: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """Days in a row of which a new version says the same, and the one in force something else."""

    first: date
    last: date
    #: What is said of them: none where they are as their weekday says.
    before: Special | None
    after: Special | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A deadline in a list, with its case."""

    head: Head
    label: Label
    #: What is said of it.
    of: Move | Resting


def blueprint(parts: Parts) -> Blueprint:
    """The calendars."""
    pages = Blueprint("calendar_pages", __name__)

    @pages.get("/calendars")
    def every() -> str:
        return _list(parts)

    @pages.post("/calendars")
    def receive() -> Answer | tuple[str, int]:
        return _receive(parts, None)

    @pages.get("/calendars/unpublished")
    def unpublished() -> str:
        found = parts.almanac.resting_on_unpublished(g.actor)
        return render_template("calendar_unpublished.html", lines=_lines(parts, found), count=len(found))

    @pages.get("/calendars/<name>")
    def one(name: str) -> str:
        return _one(parts, name, request.args.get("version") or None)

    @pages.post("/calendars/<name>")
    def receive_version(name: str) -> Answer | tuple[str, int]:
        return _receive(parts, name)

    @pages.get("/calendars/<name>/<version>/<any(toml,ics):kind>")
    def file(name: str, version: str, kind: str) -> Response:
        row, found = parts.almanac.version(name, version)
        answer = Response(
            calendars.to_ical(found) if kind == "ics" else row.source,
            mimetype="text/calendar" if kind == "ics" else "application/toml",
        )
        return attached(answer, f"{row.name}.{kind}")

    @pages.get("/calendars/<name>/<version>/effect")
    def effect(name: str, version: str) -> str:
        return _effect(parts, name, version, None)

    @pages.post("/calendars/<name>/<version>/publish")
    def publish(name: str, version: str) -> Answer | tuple[str, int]:
        both = request.form.get("act") == "both"
        reason = request.form.get("reason", "")
        try:
            parts.almanac.publish(name, version, reason, g.actor, replan=both)
        except Refused as error:
            return _effect(parts, name, version, error), 422
        return redirect(f"/calendars/{name}?said={'replanned' if both else 'published'}")

    @pages.post("/calendars/<name>/replan")
    def replan(name: str) -> Answer:
        parts.almanac.replan(name, request.form.get("reason", ""), g.actor)
        return redirect(f"/calendars/{name}?said=replanned")

    return pages


def _list(parts: Parts, trouble: EngineError | None = None) -> str:
    year = parts.clock.now().year
    found = [(row, calendars.load(row.source)) for row in parts.almanac.versions() if row.in_force]
    return render_template(
        "calendars.html",
        found=[(row, one, _unknown(one, year)) for row, one in found],
        waiting=[row for row in parts.almanac.versions() if row.published is None],
        may_change=may_change_calendars(g.actor),
        trouble=trouble,
    )


def _one(parts: Parts, name: str, version: str | None, trouble: EngineError | None = None) -> str:
    row, found = parts.almanac.version(name, version)
    this = found.local(parts.clock.now()).date()
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in _YEARS else this.year
    return render_template(
        "calendar.html",
        row=row,
        calendar=found,
        year=year,
        months=_months(found, year),
        specials=list(runs({day: special for day, special in found.specials.items() if day.year == year})),
        week=[(n, span_texts(spans)) for n, spans in enumerate(found.week)],
        worked=sum(found.works(d.date) for d in found.days(date(year, 1, 1), date(year, 12, 31))),
        unknown=_unknown(found, this.year),
        versions=parts.almanac.versions(name),
        may_change=may_change_calendars(g.actor),
        this=this,
        hours_of=span_texts,
        said=request.args.get("said"),
        trouble=trouble,
    )


def _unknown(found: Calendar, year: int) -> list[int]:
    """This year and the next, where their days off are not published."""
    return [one for one in (year, year + 1) if not found.knows(one)]


def _months(found: Calendar, year: int) -> list[Month]:
    sheet = []
    for number in range(1, 13):
        first, last = date(year, number, 1), date(year, number, months.monthrange(year, number)[1])
        days = tuple(found.days(first, last))
        title = words.word("month_short", language()).format(number=number, name=f"{first:%B}")
        sheet.append(
            Month(number=number, title=title, days=days, pad=first.weekday(), worked=sum(d.works for d in days))
        )
    return sheet


def _receive(parts: Parts, name: str | None) -> Answer | tuple[str, int]:
    upload = request.files.get("file")
    data = upload.read() if upload is not None else b""
    # A file that says nothing by its name is told by how it begins.
    ical = (upload is not None and (upload.filename or "").lower().endswith(".ics")) or data.lstrip().startswith(
        b"BEGIN:V"
    )
    try:
        row = parts.almanac.propose(
            data, g.actor, note=request.form.get("note", ""), name=name, kind="ical" if ical else "toml"
        )
    except NotAuthorised:
        raise
    except EngineError as error:
        return (_one(parts, name, None, error) if name else _list(parts, error)), 422
    return redirect(f"/calendars/{row.name}/{row.version}/effect")


def _effect(parts: Parts, name: str, version: str, trouble: EngineError | None) -> str:
    if not may_change_calendars(g.actor):
        raise NotAuthorised(person=g.actor.name, role=OWNER)
    row, found = parts.almanac.version(name, version)
    effect: Effect = parts.almanac.effect(name, version, g.actor)
    return render_template(
        "calendar_effect.html", row=row, calendar=found, effect=effect, lines=_lines(parts, effect.moves), trouble=trouble,
        packs={p.pack: p.title for p in parts.casebook.packs(g.actor)}, changes=_changes(parts, found), hours_of=span_texts,
    )  # fmt: skip


def _changes(parts: Parts, new: Calendar) -> list[Change]:
    """The days a version would change; all its special days where no version is in force."""
    in_force = [row for row in parts.almanac.versions(new.name) if row.in_force]
    old = calendars.load(in_force[0].source).specials if in_force else {}
    changes: list[Change] = []
    for day in sorted(d for d in {*old, *new.specials} if old.get(d) != new.specials.get(d)):
        before, after = old.get(day), new.specials.get(day)
        last = changes[-1] if changes else None
        if last and (last.last + timedelta(days=1), last.before, last.after) == (day, before, after):
            changes[-1] = replace(last, last=day)
        else:
            changes.append(Change(first=day, last=day, before=before, after=after))
    return changes


def _lines(parts: Parts, found: Sequence[Move | Resting]) -> list[Line]:
    with parts.store.look() as reading:
        lines = []
        for one in found[:MOST_SHOWN]:
            head = reading.head(one.case)
            release = parts.shelf.release(head.release, reading)
            row = release.policy.limits.get(one.deadline)
            if row is not None:
                lines.append(Line(head=head, label=row.label, of=one))
                continue
            task = reading.task(one.case, one.deadline)
            lines.append(Line(head=head, label=release.title(task.process, task.element), of=one))
        return lines
