"""Upkeep: jobs that were given up, what was done outside of cases, reports of the packs, overdue deadlines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g

from api.rest.asked import office as s
from api.rest.asked.handling import Reason
from api.rest.endpoint import Api
from api.wiring import Parts
from engine import authority
from engine.authority import NotAuthorised
from engine.casebook import OverdueLine
from engine.desk import TextRefused
from engine.duties import AlreadySeenTo, RemarkTooLong
from engine.policy import Label
from engine.store import Act, CursorUnusable, JobNotFound, PackNotFound, Queue, ReportNotFound, ReportRow
from engine.timekeeper import JobOfACase

api = Api()

_JOB = {
    "job": int, "case": str | None, "kind": str, "key": str, "due": datetime, "attempts": int, "error": str | None,
}  # fmt: skip
_REPORT = {
    "pack": str, "report": str, "period": str, "due": datetime, "made": datetime, "done_by": str | None,
    "done": datetime | None, "reminded": datetime | None, "title": Label,
}  # fmt: skip


@api.operation(
    "GET", "/jobs", "How the queue stands, and the jobs that were given up", tag="upkeep",
    gives={"queue": Queue, "given_up": [_JOB]}, refuses=(NotAuthorised,),
)  # fmt: skip
def jobs(parts: Parts) -> Any:
    queue, given_up = parts.mending.given_up(g.actor)
    rows = [
        {"job": j.id, "case": j.case or None, "kind": j.kind, "key": j.key, "due": j.due, "attempts": j.attempts,
         "error": j.error}
        for j in given_up
    ]  # fmt: skip
    return {"queue": queue, "given_up": rows}


@api.operation(
    "POST",
    "/jobs/{job}/resume",
    "Mend and resume: let a job be tried again",
    tag="upkeep",
    body=Reason,
    refuses=(NotAuthorised, JobNotFound, TextRefused),
    gives={},
)
def resume_job(parts: Parts, job: str, body: dict[str, Any]) -> Any:
    parts.mending.resume(_number(job), body["reason"], g.actor)
    return {}


@api.operation(
    "POST",
    "/jobs/{job}/drop",
    "Take a job that no case waits for off the queue",
    tag="upkeep",
    body=Reason,
    refuses=(NotAuthorised, JobNotFound, JobOfACase, TextRefused),
    gives={},
)
def drop_job(parts: Parts, job: str, body: dict[str, Any]) -> Any:
    parts.mending.drop(_number(job), body["reason"], g.actor)
    return {}


@api.operation(
    "GET", "/acts", "What was done outside of cases, the latest first", tag="upkeep",
    gives={"acts": tuple[Act, ...]}, refuses=(NotAuthorised,),
)  # fmt: skip
def acts(parts: Parts) -> Any:
    if not g.actor.has("*", authority.AUDITOR):
        authority.need_role(g.actor, "*", (authority.OWNER,))
    with parts.store.look() as reading:
        return {"acts": reading.acts()}


@api.operation(
    "GET",
    "/reports",
    "Reports of the packs, the latest first",
    tag="reports",
    query=s.ReportQuery,
    gives={"reports": [_REPORT]},
    refuses=(NotAuthorised, PackNotFound),
)
def reports(parts: Parts, query: dict[str, Any]) -> Any:
    rows = parts.duties.reports(g.actor, pack=query["pack"], open_only=query["open"])
    brief = ("pack", "report", "period", "due", "made", "reminded", "done_by", "done")
    return {"reports": [{**{k: getattr(r, k) for k in brief}, "title": r.content.get("title")} for r in rows]}


@api.operation(
    "GET",
    "/reports/{pack}/{report}/{period}",
    "One report with its figures",
    tag="reports",
    gives=ReportRow,
    refuses=(NotAuthorised, ReportNotFound, PackNotFound),
)
def report(parts: Parts, pack: str, report: str, period: str) -> Any:
    return parts.duties.report(pack, report, period, g.actor)


@api.operation(
    "POST",
    "/reports/{pack}/{report}/{period}/done",
    "Say that a report has been seen to",
    tag="reports",
    body=s.Remark,
    gives=ReportRow,
    refuses=(NotAuthorised, ReportNotFound, AlreadySeenTo, RemarkTooLong),
)
def report_done(parts: Parts, pack: str, report: str, period: str, body: dict[str, Any]) -> Any:
    return parts.duties.see_to(pack, report, period, body["remark"], g.actor)


@api.operation(
    "GET", "/deadlines/overdue", "Limits of cases and open tasks that are past due, whoever is to act, the oldest first",
    tag="reports", query=s.OverdueQuery, gives={"deadlines": tuple[OverdueLine, ...], "next": str | None},
    refuses=(CursorUnusable,),
)  # fmt: skip
def overdue(parts: Parts, query: dict[str, Any]) -> Any:
    page = parts.casebook.overdue(g.actor, **query)
    return {"deadlines": page.rows, "next": page.next}


def _number(text: str) -> int:
    # A number beyond what a database counts is no job of ours; nor is a word.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
