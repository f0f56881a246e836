"""The worklist: what is mine, my groups', overdue; by urgency, page by page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template, request

from api.pages import words
from api.pages.looks import ZONE
from api.problems import language
from api.wiring import Parts
from engine.casebook import TaskLine
from engine.store import Scope, WorklistQuery

_SCOPES: dict[str, Scope] = {"mine": "mine", "group": "group", "overdue": "overdue", "all": "all"}
#: Tasks on one page.
PAGE = 50


def blueprint(parts: Parts) -> Blueprint:
    """The worklist."""
    pages = Blueprint("worklist", __name__)

    @pages.get("/")
    def worklist() -> str:
        scope = _SCOPES.get(request.args.get("scope", ""), "mine")
        q, pack = request.args.get("q") or None, request.args.get("pack") or None
        query = WorklistQuery(scope=scope, q=q, pack=pack, cursor=request.args.get("cursor"), limit=PAGE)
        page = parts.casebook.worklist(query, g.actor)
        with parts.store.look() as reading:
            counts = {s: reading.count_tasks(WorklistQuery(scope=s), g.actor) for s in _SCOPES.values() if s != "all"}
        return render_template(
            "worklist.html", scope=scope, sections=_sections(list(page.rows)), next=page.next, counts=counts,
            packs=parts.casebook.packs(g.actor), chosen={"q": q, "pack": pack},
        )  # fmt: skip

    return pages


def _sections(lines: list[TaskLine]) -> list[tuple[str, list[TaskLine]]]:
    """The lines by urgency: overdue, today, this week, later, no limit."""
    now = g.parts.clock.now()
    today = now.astimezone(ZoneInfo(ZONE)).date()
    groups: dict[str, list[Any]] = {"late_now": [], "today": [], "this_week": [], "later": [], "undated": []}
    for line in lines:
        groups[_group(line, now, today)].append(line)
    return [(words.word(name, language()), found) for name, found in groups.items() if found]


def _group(line: TaskLine, now: datetime, today: date) -> str:
    if line.due is None:
        return "undated"
    if line.due < now:
        return "late_now"
    # A limit that ends at 24:00 belongs to the day that ends.
    last = (line.due - timedelta(microseconds=1)).astimezone(ZoneInfo(ZONE)).date()
    if last == today:
        return "today"
    return "this_week" if (last - today).days < 7 else "later"
