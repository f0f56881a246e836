"""A report as the form it is: whose it is and for which period, figures beside targets, the cases behind them, who signs.

The screen, the PDF, the workbook and CSV are made of this one value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api.paper.lists import ZONE, at_of, count_of, heads_of, one_decimal, register
from api.paper.tables import Cell, Table, cell
from api.paper.texts import day, said
from api.problems import language
from api.wiring import Parts
from engine.authority import Actor
from engine.policy import Label, Report
from engine.release import Release
from engine.store import CaseQuery, ReportRow

Called = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A line to sign on: for whom, and who did."""

    label: str
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A report with everything that stands on it."""

    row: ReportRow
    letterhead: str
    title: str
    #: From which day to which.
    period: str
    tables: tuple[Table, ...]
    signs: tuple[Signed, ...]
    zone: str


def statement(
    parts: Parts, row: ReportRow, release: Release | None, actor: Actor, *, channels: Mapping[str, str], names: Mapping[str, str]
) -> Statement:  # fmt: skip
    """A report as its reader may see it.

    Args:
        release: the one in force; None where the procedure is no more.
        channels, names: what channels and persons are called.
    """
    lang = language()
    asked = next((r for r in release.policy.reports if r.id == row.report), None) if release else None
    title = _label(row.content.get("title"), lang)
    zone = release.calendar().zone if release else ZONE
    tables = list(_figures(row, release, channels, title))
    if asked and asked.register and release:
        tables.append(_cases(parts, row, asked, release, actor))
    compiled = Signed(label=said("compiled"), name=names.get(row.done_by, row.done_by) if row.done_by else "", at=row.done)
    return Statement(
        row=row, letterhead=release.policy.heading.text(lang) if release else row.pack, title=title, zone=zone,
        period=said("from_to").format(day(row.since, zone), day(row.until - timedelta(microseconds=1), zone)),
        tables=tuple(tables),
        signs=(compiled, *(Signed(label=label.text(lang)) for label in (asked.signs if asked else ()))),
    )  # fmt: skip


def _cases(parts: Parts, row: ReportRow, asked: Report, release: Release, actor: Actor) -> Table:
    """The lines of a register for the cases that were closed or opened in the period, the earliest first."""
    span = CaseQuery(since=row.since, until=row.until, oldest_first=True)
    if asked.of == "closed":
        span = CaseQuery(closed_since=row.since, closed_until=row.until, oldest_first=True)
    found = register(parts, row.pack, asked.register, actor, span)
    return replace(found, name="cases", title=said("closed_cases_of" if asked.of == "closed" else "opened_cases_of").format(found.title))


def _figures(row: ReportRow, release: Release | None, channels: Mapping[str, str], title: str) -> Iterator[Table]:
    content, lang = row.content, language()
    statuses, limits = (release.policy.statuses, release.policy.limits) if release else ({}, {})

    def status(name: str) -> str:
        return statuses[name].text(lang) if name in statuses else name

    def limit(name: str) -> str:
        return limits[name].label.text(lang) if name in limits else _step(release, name, lang)

    yield Table(
        name="sums", title=title, heads=heads_of("figure", "count"),
        rows=[(cell(said(name)), count_of(_whole(content.get(name)))) for name in ("received", "closed", "open_at_the_end")],
    )  # fmt: skip
    if rates := _dicts(content.get("rates")):
        heads = heads_of("rate", "fell_due", "kept", "kept_share", "target_share", "target_met")
        yield Table(name="rates", title=said("rates"), heads=heads, rows=[_rate(one, lang) for one in rates])
    for name, key, called in (("by_channel", "channel", lambda n: channels.get(n, n)), ("closed_by_status", "status", status)):
        title = said("by_status") if key == "status" else said(name)
        yield Table(name=name, title=title, heads=heads_of(key, "count"), rows=_counts(content.get(name), called))
    yield Table(
        name="limits", title=said("by_limit"), heads=heads_of("limit", "kept", "kept_late", "overrun", "kept_share"),
        rows=[_limit(one, limit(str(one["limit"]))) for one in _dicts(content.get("limits"))],
    )  # fmt: skip
    yield Table(
        name="tasks", title=said("by_task"), heads=heads_of("task", "done", "done_late"),
        rows=[
            (cell(_step(release, str(o["element"]), lang)), count_of(_whole(o["done"])), count_of(_whole(o["late"])))
            for o in _dicts(content.get("tasks"))
        ],
    )  # fmt: skip
    for name in ("overdue", "closed_late"):
        yield Table(
            name=name, title=said(name), heads=heads_of("case", "number_of", "subject", "limit", "due"),
            rows=[_named(one, limit) for one in _dicts(content.get(name))],
        )  # fmt: skip


def _label(told: Any, lang: str) -> str:
    return Label(zh=str(told.get("zh", "")), en=str(told.get("en", ""))).text(lang) if isinstance(told, dict) else ""


def _rate(one: Mapping[str, Any], lang: str) -> tuple[Cell, ...]:
    percent, met = one.get("percent"), one.get("met")
    verdict = "nothing_due" if met is None else "target_kept" if met else "target_missed"
    return (
        cell(_label(one.get("label"), lang)), count_of(_whole(one.get("due"))), count_of(_whole(one.get("kept"))),
        cell("" if percent is None else f"{percent:.2f}%", percent), cell(f"{one.get('target')}%", one.get("target")), cell(said(verdict)),
    )  # fmt: skip


def _limit(one: Mapping[str, Any], label: str) -> tuple[Cell, ...]:
    kept, late, over = (_whole(one.get(name)) for name in ("kept", "late", "overrun"))
    every = kept + late + over
    share = one_decimal(100 * kept / every) if every else None
    shown = cell(f"{share}%" if share is not None else "", share)
    return cell(label), count_of(kept), count_of(late), count_of(over), shown


def _named(one: Mapping[str, Any], limit: Called) -> tuple[Cell, ...]:
    due, case = one.get("due"), str(one.get("case") or "")
    return (
        cell(case, case=case), cell(str(one.get("number") or "")), cell(str(one.get("title") or "")),
        cell(limit(str(one.get("deadline") or one.get("limit") or ""))),
        at_of(datetime.fromisoformat(due) if isinstance(due, str) else due),
    )  # fmt: skip


def _step(release: Release | None, name: str, lang: str) -> str:
    """What a step, or the limit of one of its tasks, is called in whichever process it is drawn."""
    if release is None:
        return name
    for _, process in release.processes.values():
        for asked in (name, name.rpartition("-")[0]):
            if asked in process.elements:
                return release.title(process.id, asked).text(lang)
    return name


def _counts(found: Any, called: Called) -> list[tuple[Cell, ...]]:
    return [(cell(called(name)), count_of(count)) for name, count in found.items()] if isinstance(found, dict) else []


def _dicts(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list | tuple) else []


def _whole(value: Any) -> int:
    return int(value or 0)
