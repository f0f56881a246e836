"""Registers and statistics: what happened across cases, as far as the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import g

from api.rest.asked import office as s
from api.rest.endpoint import Api
from api.wiring import Parts
from engine.casebook import RegisterNotFound, RegisterView
from engine.errors import EngineError
from engine.policy import Label
from engine.store import CursorUnusable, PackNotFound
from engine.store.statistics import CaseTally, DoneTally, LimitTally, Load

api = Api()

#: Periods at most in one answer.
MOST_PERIODS = 120
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class RegisterLine:
    """A register of a procedure in force."""

    pack: str
    register: str
    label: Label


class TooManyPeriods(EngineError):
    """That would be more than {most} periods, or none; choose a shorter span or longer periods."""

    zh = "时段多于 {most} 个或一个也没有；请缩短区间或加长时段。"


class RegisterOfWhichPack(EngineError):
    """Several packs have a register called {register}: {packs}. Say which with ?pack=."""

    zh = "多个制度包有台账 {register}：{packs}。请用 ?pack= 指明。"


@api.operation(
    "GET", "/registers", "The registers of the procedures in force", tag="figures",
    gives={"registers": tuple[RegisterLine, ...]},
)  # fmt: skip
def registers(parts: Parts) -> Any:
    return {"registers": _all_registers(parts)}


@api.operation(
    "GET", "/registers/{name}", "A register: the cases entered in it, the latest first, page by page", tag="figures",
    query=s.RegisterQuery, gives=RegisterView, refuses=(RegisterNotFound, RegisterOfWhichPack, PackNotFound, CursorUnusable),
)  # fmt: skip
def register(parts: Parts, name: str, query: dict[str, Any]) -> Any:
    pack = query["pack"] or pack_of(parts, name)
    return parts.casebook.register(pack, name, g.actor, cursor=query["cursor"], limit=query["limit"])


@api.operation(
    "GET", "/statistics", "Cases opened and closed, limits kept, tasks done by period; work in hand", tag="figures",
    query=s.StatisticsQuery,
    gives={
        "periods": tuple[datetime, ...], "opened": tuple[CaseTally, ...], "closed": tuple[CaseTally, ...],
        "limits": tuple[LimitTally, ...], "task_limits": tuple[LimitTally, ...], "done": tuple[DoneTally, ...], "load": tuple[Load, ...],
    },
    refuses=(TooManyPeriods,),
)  # fmt: skip
def statistics(parts: Parts, query: dict[str, Any]) -> Any:
    until = query["until"] or parts.clock.now()
    since = query["since"] or until - timedelta(days=365)
    edges = _edges(since, until, query["every"])
    if not 2 <= len(edges) <= MOST_PERIODS:
        raise TooManyPeriods(most=MOST_PERIODS)
    of = {"pack": query["pack"], "flow": query["flow"]}
    with parts.store.look() as reading:
        return {
            "periods": edges, "opened": reading.opened(edges, g.actor, **of), "closed": reading.closed(edges, g.actor, **of),
            "limits": reading.kept(edges, g.actor, **of), "task_limits": reading.kept_by_tasks(edges, g.actor, **of),
            "done": reading.done(edges, g.actor, **of), "load": reading.load(g.actor, **of),
        }  # fmt: skip


def _edges(since: datetime, until: datetime, every: str) -> list[datetime]:
    """The begins of the periods, by the days of the office, and the end of the last."""
    day = since.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    if every == "week":
        day -= timedelta(days=day.weekday())
    elif every != "day":
        day = day.replace(day=1, month=1 if every == "year" else day.month)
    edges = [day]
    while edges[-1] < until and len(edges) <= MOST_PERIODS:
        last = edges[-1]
        if every == "year":
            edges.append(last.replace(year=last.year + 1))
        elif every == "month":
            edges.append(last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1))
        else:
            edges.append(last + timedelta(days=7 if every == "week" else 1))
    return edges


def _all_registers(parts: Parts) -> list[RegisterLine]:
    with parts.store.look() as reading:
        releases = [parts.shelf.release(row.digest, reading) for row in reading.releases() if row.in_force]
    return sorted(
        (
            RegisterLine(pack=release.pack, register=name, label=register.label)
            for release in releases
            for name, register in release.policy.registers.items()
        ),
        key=lambda row: (row.pack, row.register),
    )


def pack_of(parts: Parts, name: str) -> str:
    """Whose register it is, where only one pack has one of that name.

    Raises:
        RegisterNotFound, RegisterOfWhichPack.
    """
    known = _all_registers(parts)
    packs = [row.pack for row in known if row.register == name]
    if not packs:
        names = tuple(sorted({row.register for row in known}))
        raise RegisterNotFound(pack="*", register=name[:100], known=names or "-")
    if len(packs) > 1:
        raise RegisterOfWhichPack(register=name, packs=tuple(packs))
    return packs[0]
