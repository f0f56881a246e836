"""Figures for those who look after the work of others; every number leads to the list it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, render_template, request

from api.pages import figures_pack, looks, marks
from api.pages.office import may_see_figures, may_see_figures_of
from api.pages.words import word
from api.paper import handing, lists
from api.problems import language
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.policy import Label
from engine.rates import Rated, rates_of
from engine.store import CursorUnusable, Page, Reading, Standing, TaskQuery, TaskRow, Took, Waiting
from engine.store.trouble import PackNotFound

#: Days back that can be asked for; the first is shown unasked.
PERIODS = (30, 90, 365)
#: Steps and persons shown at most.
MOST_LINES = 40


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A flow with its numbers."""

    flow: str
    now: Standing
    #: None: no case was closed.
    took: Took | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step with its numbers."""

    of: Waiting
    label: Label


def blueprint(parts: Parts) -> Blueprint:
    """The figures."""
    pages = Blueprint("figure_pages", __name__)

    @pages.get("/figures")
    def show() -> str:
        _need_manager(parts)
        days = _days()
        since = _since(parts, days)
        with parts.store.look() as reading:
            steps = [_step(parts, reading, w) for w in reading.waiting(g.actor)[:MOST_LINES]]
            load = reading.load(g.actor)[:MOST_LINES]
            flows = _flows(reading.standing(g.actor), reading.took(since, g.actor))
            rates = _rates(parts, reading, since)
        return render_template(
            "figures.html", packs=parts.casebook.packs(g.actor), flows=flows, load=load, steps=steps, rates=rates, days=days,
            periods=PERIODS,
            since=since.date().isoformat(), most=max((one.open for one in load), default=1),
            steepest=max((step.of.open for step in steps), default=1),
        )  # fmt: skip

    @pages.get("/figures/packs/<pack>")
    def one(pack: str) -> str:
        _need_manager(parts)
        asked = request.args.get("days", "")
        days = next((d for d in PERIODS if str(d) == asked), PERIODS[1])
        return figures_pack.page(parts, pack, days, PERIODS, _since(parts, days))

    @pages.get("/figures.<any(csv,xlsx,pdf):ending>")
    def file(ending: str) -> Response:
        _need_manager(parts)
        days = _days()
        with parts.store.look() as reading:
            steps = [_step(parts, reading, w) for w in reading.waiting(g.actor)]
            found = lists.figures(
                reading.standing(g.actor), reading.took(_since(parts, days), g.actor), reading.load(g.actor),
                [(s.of.pack, s.label, s.of.open, s.of.overdue) for s in steps], looks.people(), {f: marks.flow_name(f) for f in marks.FLOWS},
            )  # fmt: skip
        return handing.listed(parts, found, f"{word('figures', language())} {word('days_n', language()).format(days)}", ending)

    @pages.get("/figures/tasks")
    def tasks() -> str:
        _need_manager(parts)
        said = {name: request.args[name][:200] for name in ("holder", "pack", "process", "element") if name in request.args}
        late = request.args.get("late") == "1"
        cursor = request.args.get("cursor") or None

        def page(mark: str | None) -> Page[TaskRow]:
            with parts.store.look() as reading:
                query = TaskQuery(
                    holder=said.get("holder"), pack=said.get("pack"), process=said.get("process"), element=said.get("element"),
                    overdue=late, cursor=mark,
                )  # fmt: skip
                return reading.open_tasks(query, g.actor)

        try:
            found = page(cursor)
        except CursorUnusable:
            # Somebody cut the address short: the list begins again.
            cursor, found = None, page(None)
        with parts.store.look() as reading:
            lines = [(row, _label(parts, reading, row.pack, row.process, row.element)) for row in found.rows]
        asked = {**said, **({"late": "1"} if late else {})}
        return render_template("figures_tasks.html", lines=lines, next=found.next, first=cursor is None, asked=asked, late=late)

    return pages


def _days() -> int:
    """Days back that are asked for."""
    asked = request.args.get("days", "")
    return next((d for d in PERIODS if str(d) == asked), PERIODS[0])


def _need_manager(parts: Parts) -> None:
    if not may_see_figures(g.actor, parts.casebook):
        raise NotAuthorised(person=g.actor.name, role="manager")


def _since(parts: Parts, days: int) -> datetime:
    """The begin of the day so many days ago, by the days of the office."""
    zone = ZoneInfo(looks.ZONE)
    return datetime.combine(parts.clock.now().astimezone(zone).date() - timedelta(days=days), time(), zone)


def _flows(now: list[Standing], took: list[Took]) -> list[Flow]:
    standing, closed = {one.flow: one for one in now}, {one.flow: one for one in took}
    return [
        Flow(flow=flow, now=standing.get(flow, Standing(flow=flow, open=0, late=0)), took=closed.get(flow))
        for flow in sorted({*standing, *closed})
    ]


def _rates(parts: Parts, reading: Reading, since: datetime) -> list[tuple[str, Label, list[tuple[Rated, tuple[str, ...]]]]]:
    """The rates that procedures promise, of those the reader answers for, with what became of the deadlines since, and the limits counted."""
    found = []
    for _, digest in sorted(reading.packs().items()):
        policy = parts.shelf.release(digest, reading).policy
        if policy.rates and may_see_figures_of(g.actor, policy):
            rated = rates_of(reading, policy, since, parts.clock.now())
            found.append((policy.pack, policy.title, [(r, policy.rates[r.rate].limits) for r in rated]))
    return found


def _step(parts: Parts, reading: Reading, waiting: Waiting) -> Step:
    return Step(of=waiting, label=_label(parts, reading, waiting.pack, waiting.process, waiting.element))


def _label(parts: Parts, reading: Reading, pack: str, process: str, element: str) -> Label:
    """What a step is called in the release in force; an earlier one may have had it under its id alone."""
    try:
        release = parts.shelf.release(reading.current(pack), reading)
    except PackNotFound:
        return Label(zh=element, en=element)
    known = release.processes.get(process)
    if known is None or element not in known[1].elements:
        return Label(zh=element, en=element)
    return release.title(process, element)
