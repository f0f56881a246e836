"""Calendars: versions, files in and out, what a change would move, publishing, re-planning."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Response, g

from api.filename import attached
from api.problems import language
from api.rest.asked import office as s
from api.rest.asked.handling import Reason
from api.rest.endpoint import Api
from api.showing import shown
from api.wiring import Parts
from engine import calendar as calendars
from engine.almanac import AlreadyInForce, CalendarNameTaken, Effect, NothingToReplan, Resting
from engine.authority import NotAuthorised
from engine.calendar import Calendar
from engine.calendar.reading import CalendarFault, runs, span_texts
from engine.desk import TextRefused
from engine.findings import Refused
from engine.publishing import SecondPairNeeded
from engine.store import CalendarNotFound, CalendarRow

api = Api()

_ROW = {
    "name": str, "version": str, "in_force": bool, "note": str, "made_by": str, "made": datetime,
    "published_by": str | None, "published": datetime | None,
}  # fmt: skip
_DAY = {"from": date, "to": date, "kind": str, "zh": str, "en": str, "hours": [str]}
#: What a calendar says: its zone, the years whose days off are known, the hours of each day of the week, special days.
_SAYS = {"zone": str, "published_years": [int], "week": [[str]], "days": [_DAY]}
#: Of a file that was only read, who made it when is not known.
_HANDED_IN = {**{n if n in ("name", "version") else f"{n}?": k for n, k in {**_ROW, **_SAYS}.items()}, "kept": bool}

_KNOWN = (CalendarNotFound,)
_OWNER = (NotAuthorised, CalendarNotFound, TextRefused)


def _row(row: CalendarRow) -> dict[str, Any]:
    return {
        "name": row.name, "version": row.version, "in_force": row.in_force, "note": row.note, "made_by": row.made_by,
        "made": row.made, "published_by": row.published_by, "published": row.published,
    }  # fmt: skip


def _said(calendar: Calendar) -> dict[str, Any]:
    return {
        "zone": calendar.zone, "published_years": sorted(calendar.published),
        "week": [span_texts(spans) for spans in calendar.week],
        "days": [
            {"from": first, "to": last, "kind": special.kind, "zh": special.zh, "en": special.en,
             "hours": span_texts(special.spans)}
            for first, last, special in runs(calendar.specials)
        ],
    }  # fmt: skip


@api.operation("GET", "/calendars", "Every calendar by version, and which is in force", tag="calendars", gives={"calendars": [_ROW]})
def calendar_versions(parts: Parts) -> Any:
    return {"calendars": [_row(row) for row in parts.almanac.versions()]}


@api.operation(
    "GET", "/calendars/{name}", "The calendar in force: hours, days off, make-up days", tag="calendars",
    gives={**_ROW, **_SAYS, "versions": [_ROW]}, refuses=_KNOWN,
)  # fmt: skip
def calendar(parts: Parts, name: str) -> Any:
    row, found = parts.almanac.version(name)
    return {**_row(row), **_said(found), "versions": [_row(r) for r in parts.almanac.versions(name)]}


@api.operation(
    "GET", "/calendars/{name}/{version}", "One version of a calendar", tag="calendars",
    gives={**_ROW, **_SAYS}, refuses=_KNOWN,
)  # fmt: skip
def calendar_version(parts: Parts, name: str, version: str) -> Any:
    row, found = parts.almanac.version(name, version)
    return {**_row(row), **_said(found)}


@api.operation(
    "GET", "/calendars/{name}/{version}/file", "A version as a file: TOML, or its days as iCalendar", tag="calendars",
    query=s.CalendarFormat, refuses=_KNOWN, gives=bytes)  # fmt: skip
def calendar_file(parts: Parts, name: str, version: str, query: dict[str, Any]) -> Any:
    row, found = parts.almanac.version(name, version)
    ical = query["format"] == "ical"
    response = Response(
        calendars.to_ical(found) if ical else row.source,
        mimetype="text/calendar" if ical else "application/toml",
    )
    return attached(response, f"{name}.{'ics' if ical else 'toml'}")


@api.operation(
    "POST",
    "/calendars/{name}",
    "Hand in a version of a calendar",
    tag="calendars",
    body=s.CalendarBody,
    gives=_HANDED_IN,
    refuses=(*_OWNER, CalendarFault, CalendarNameTaken),
)
def propose_calendar(parts: Parts, name: str, body: dict[str, Any]) -> Any:
    data = body["file"].encode()
    if body["check_only"]:
        found = parts.almanac.look_at(data, g.actor, name=name, kind=body["format"])
        return {"name": found.name, "version": found.version, "kept": False, **_said(found)}
    row = parts.almanac.propose(data, g.actor, note=body["note"], name=name, kind=body["format"])
    return {**_row(row), "kept": True}


@api.operation(
    "GET", "/calendars/{name}/{version}/effect", "Which open deadlines it would move, if open cases were re-planned",
    tag="calendars", gives=Effect, refuses=_OWNER)  # fmt: skip
def effect(parts: Parts, name: str, version: str) -> Any:
    return parts.almanac.effect(name, version, g.actor)


@api.operation(
    "POST", "/calendars/{name}/{version}/publish", "Put a version in force, as the second pair of eyes",
    tag="calendars", body=Reason, gives={"packs": [str]}, refuses=(*_OWNER, Refused, SecondPairNeeded, AlreadyInForce))  # fmt: skip
def publish_calendar(parts: Parts, name: str, version: str, body: dict[str, Any]) -> Any:
    return {"packs": parts.almanac.publish(name, version, body["reason"], g.actor)}


@api.operation(
    "POST", "/calendars/{name}/replan", "Let every open case count by the version in force", tag="calendars",
    body=Reason, gives={"cases": int}, refuses=(*_OWNER, NothingToReplan))  # fmt: skip
def replan(parts: Parts, name: str, body: dict[str, Any]) -> Any:
    return {"cases": parts.almanac.replan(name, body["reason"], g.actor)}


@api.operation(
    "GET", "/deadlines/unpublished", "Running deadlines that rest on years whose days off were not published",
    tag="calendars", gives={"deadlines": tuple[Resting, ...], "warning": str | None},
)  # fmt: skip
def unpublished(parts: Parts) -> Any:
    found = parts.almanac.resting_on_unpublished(g.actor)
    zh = language().startswith("zh")
    warning = "放假安排尚未公布，暂按普通周计算，公布后可能变动。" if zh else (
        "The days off of these years were not published; plain weeks were assumed, so the deadlines may move.")  # fmt: skip
    return {"deadlines": shown(found), "warning": warning if found else None}
