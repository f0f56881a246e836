"""The worklist: what is mine, my groups', overdue; by urgency, page by page; the task in hand beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages import words
from api.pages.bulk import ACTS, Order, carry_out, common, try_out
from api.pages.looks import ZONE, people
from api.pages.reports import waiting_for
from api.paper import handing, lists
from api.problems import language
from api.wiring import Parts
from engine.casebook import CaseView, Line, TaskLine, TaskView
from engine.errors import EngineError
from engine.store import Scope, TaskRow, WorklistQuery
from engine.story import Teller

_SCOPES: dict[str, Scope] = {"mine": "mine", "group": "group", "overdue": "overdue", "watching": "watching", "all": "all"}
_SORTS: dict[str, Literal["due", "opened"]] = {"due": "due", "opened": "opened"}
#: Tasks on one page.
PAGE = 50
#: Counts on the tabs go so far; from there on it is "100+".
MOST_COUNTED = 100
#: Longer questions are not kept.
_LONGEST_QUERY = 500
#: A longer entry of the intake form is a text, not a fact, in characters.
_SHORT = 40


def blueprint(parts: Parts) -> Blueprint:
    """The worklist."""
    pages = Blueprint("worklist", __name__)

    @pages.get("/")
    def worklist() -> str:
        query = _query()
        scope, sort, chosen = query.scope, query.sort, {"q": query.q, "pack": query.pack}
        page = parts.casebook.worklist(query, g.actor)
        with parts.store.look() as reading:
            filters = reading.filters(g.actor.name)
            counts = {s: reading.count_tasks(WorklistQuery(scope=s), g.actor) for s in _SCOPES.values() if s != "all"}
        kept = {**{k: v for k, v in chosen.items() if v}, **({"sort": sort} if sort != "due" else {})}
        lines = list(page.rows)
        return render_template(
            "worklist.html", scope=scope, sections=_sections(lines) if sort == "due" else [("", lines)] if lines else [], next=page.next,
            counts=counts, packs=parts.casebook.packs(g.actor), chosen=chosen, sort=sort, said=request.args.get("said"), most=MOST_COUNTED,
            query=urlencode(kept), whole=urlencode({"scope": scope, **kept}), filters=filters, shown=_mark(page.rows),
            first=_beside(parts, lines[0]) if lines else None, later=bool(request.args.get("cursor")),
            reports=waiting_for(parts),
        )  # fmt: skip

    @pages.get("/news")
    def news() -> Answer:
        """Which tasks the first page of the list holds now; asked by the page itself, and mostly answered by "as before"."""
        with parts.store.look() as reading:
            rows = reading.worklist(_query(), g.actor).rows
        answer = jsonify({"tasks": [f"{row.case}/{row.task}" for row in rows]})
        answer.set_etag(_mark(rows))
        return answer.make_conditional(request)

    @pages.post("/filters")
    def keep() -> Answer:
        query = _asked_again()
        if request.form.get("act") == "drop":
            parts.staff.drop_filter(request.form.get("name", ""), g.actor)
        else:
            parts.staff.keep_filter(request.form.get("name", ""), query, g.actor)
        return redirect(f"/?{query}")

    @pages.post("/cases/<case>/watch")
    def watch(case: str) -> Answer:
        (parts.staff.watch if request.form.get("on") == "1" else parts.staff.unwatch)(case, g.actor)
        return redirect(f"/cases/{case}")

    @pages.get("/worklist.<any(csv,xlsx,pdf):ending>")
    def listed(ending: str) -> Response:
        table = lists.worklist(parts, replace(_query(), cursor=None), g.actor, people())
        return handing.listed(parts, [table], table.title, ending)

    @pages.get("/cases/<case>/tasks/<task>/peek")
    def peek(case: str, task: str) -> str:
        return render_template("peek.html", beside=_beside_of(parts, case, task))

    @pages.post("/tasks")
    def several() -> str | tuple[str, int]:
        act = request.form.get("act", "")
        picks = [pick.partition("/")[::2] for pick in request.form.getlist("pick")[:PAGE]]
        order = Order(act=act, to=request.form.get("to", ""), reason=request.form.get("reason", ""))
        if act not in ACTS or not picks:
            return render_template("bulk.html", results=[], order=order, done=False, candidates=[]), 422
        does = request.form.get("step") == "do"
        results = [(carry_out if does else try_out)(parts, case, task, order, g.actor) for case, task in picks]
        return render_template(
            "bulk.html", results=results, order=order, done=does, candidates=common(parts, picks, g.actor)
        )

    return pages


def _query() -> WorklistQuery:
    """What the address asks for; what cannot be read is not asked."""
    return WorklistQuery(
        scope=_SCOPES.get(request.args.get("scope", ""), "mine"),
        q=request.args.get("q") or None,
        pack=request.args.get("pack") or None,
        sort=_SORTS.get(request.args.get("sort", ""), "due"),
        cursor=request.args.get("cursor") or None,
        limit=PAGE,
    )


def _asked_again() -> str:
    """The question of the list a form was sent from, and nothing else that was sent."""
    said = dict(parse_qsl(request.form.get("query", "")[:_LONGEST_QUERY]))
    return urlencode({key: said[key] for key in ("scope", "q", "pack", "sort") if said.get(key)})


def _mark(rows: Sequence[TaskLine | TaskRow]) -> str:
    """What tells one first page from another."""
    return hashlib.sha256("\n".join(f"{row.case}/{row.task}" for row in rows).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A task beside the list: what it is about and how long there is."""

    view: TaskView
    case: CaseView
    #: Short facts and the first long text of the intake form.
    facts: tuple[Line, ...]
    words: str
    #: The last sentences of the history.
    last: tuple[tuple[datetime, str], ...]


def _beside(parts: Parts, line: TaskLine) -> Beside | None:
    try:
        return _beside_of(parts, line.case, line.task)
    except EngineError:
        return None  # done or withdrawn while the list was read


def _beside_of(parts: Parts, case: str, task: str) -> Beside:
    view = parts.casebook.task(case, task, g.actor)
    found = parts.casebook.case(case, g.actor)
    lines = found.papers[0].lines if found.papers else ()
    history = parts.casebook.history(case, g.actor)
    with parts.store.look() as reading:
        release = parts.shelf.release(view.head.release, reading)
    diary = Teller(release, language(), names=people()).diary(history.records)
    # What people did says more than what the procedure did by itself.
    told = [entry for entry in diary if getattr(entry.record.event, "actor", "system") != "system"] or diary
    return Beside(
        view=view, case=found, facts=tuple(line for line in lines if len(line.text) <= _SHORT and line.text != view.head.title)[:5],
        words=next((line.text for line in lines if len(line.text) > _SHORT), "")[:240],
        last=tuple((entry.record.event.at, entry.sentence) for entry in told[-2:]),
    )  # fmt: skip


def _sections(lines: list[TaskLine]) -> list[tuple[str, list[TaskLine]]]:
    """The lines by urgency: overdue, today, this week, later, clock standing still, no limit."""
    now = g.parts.clock.now()
    today = now.astimezone(ZoneInfo(ZONE)).date()
    groups: dict[str, list[Any]] = {"late_now": [], "today": [], "this_week": [], "later": [], "paused": [], "undated": []}
    for line in lines:
        groups[_group(line, now, today)].append(line)
    return [(words.word(name, language()), found) for name, found in groups.items() if found]


def _group(line: TaskLine, now: datetime, today: date) -> str:
    if line.due is None:
        return "undated"
    if line.paused:
        return "paused"
    if line.due < now:
        return "late_now"
    # A limit that ends at 24:00 belongs to the day that ends.
    last = (line.due - timedelta(microseconds=1)).astimezone(ZoneInfo(ZONE)).date()
    if last == today:
        return "today"
    return "this_week" if (last - today).days < 7 else "later"
