"""Moving running cases to another release: forecast, asked for by one owner, approved by a second, what became of each case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from api.problems import finding, language
from api.rest.asked import procedures as s
from api.rest.endpoint import Api
from api.rest.packs import Found
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.desk import TextRefused
from engine.foreseen import Change
from engine.moving import (
    MOST_AT_ONCE,
    Forecast,
    ForecastUnderWay,
    MoveDecided,
    NotAskedFor,
    NothingToMove,
    NotTwoReleases,
    TooManyToForesee,
)
from engine.publishing import SecondPairNeeded
from engine.store import CaseMove, MovedCase, MoveNotFound, PackNotFound, ReleaseNotFound

api = Api()
_PAIR = (NotAuthorised, PackNotFound, ReleaseNotFound, NotTwoReleases)
_KNOWN = (MoveNotFound, NotAuthorised)


@dataclass(frozen=True, kw_only=True)
class CaseOfMove:
    """A case, what is foreseen for it, and what became of it."""

    case: str
    #: Number of its last event when that was foreseen, or before it was moved.
    seq: int
    #: "barred", "waiting", "moved" or "left".
    state: str
    #: Why it was left: "closed", "elsewhere" or "otherwise".
    why: str
    #: What bars it, by element, with the remedy.
    bars: tuple[Found, ...]
    changes: tuple[Change, ...]
    done: datetime | None


_FORECAST = {
    "pack": str, "before": str, "after": str, "movable": int, "barred": int, "hidden": int, "cases": tuple[CaseOfMove, ...],
}  # fmt: skip
_VIEW = {"move": CaseMove, "tally": dict[str, int], "hidden": int, "cases": tuple[CaseOfMove, ...], "next": str | None}


@api.operation(
    "GET", "/packs/{pack}/moves/forecast", "What moving every running case from one release to another would do; changes nothing",
    tag="releases", query=s.MoveQuery, gives=_FORECAST, refuses=(*_PAIR, TooManyToForesee),
)  # fmt: skip
def forecast(parts: Parts, pack: str, query: dict[str, Any]) -> Any:
    return _forecast(parts.moving.forecast(pack, query["before"], query["after"], g.actor, most=MOST_AT_ONCE))


@api.operation(
    "GET", "/packs/{pack}/moves", "The moves of a pack, the latest first", tag="releases",
    gives={"moves": tuple[CaseMove, ...]}, refuses=(NotAuthorised,),
)  # fmt: skip
def moves(parts: Parts, pack: str) -> Any:
    return {"moves": tuple(parts.moving.moves(pack, g.actor))}


@api.operation(
    "POST", "/packs/{pack}/moves/foresee", "Have the forecast of a move put down, however many cases there are; `progress` tells how far it is",
    tag="releases", body=s.MoveQuery, gives=CaseMove, refuses=(*_PAIR, NothingToMove), status=201,
    example={"before": "0" * 64, "after": "1" * 64},
)  # fmt: skip
def foresee_move(parts: Parts, pack: str, body: dict[str, Any]) -> Any:
    return parts.moving.foresee(pack, body["before"], body["after"], g.actor)


@api.operation(
    "POST", "/moves/{move}/ask", "Ask for a move that was foreseen, for a second owner to approve", tag="releases", body=s.MoveReason,
    gives=CaseMove, refuses=(*_KNOWN, MoveDecided, ForecastUnderWay, NothingToMove, TextRefused), example={"reason": "shorter limits"},
)  # fmt: skip
def ask_move(parts: Parts, move: str, body: dict[str, Any]) -> Any:
    return parts.moving.ask(move, body["reason"], g.actor)


@api.operation(
    "POST", "/packs/{pack}/moves", "Ask for a move: its forecast is put down, for a second owner to approve once it is there", tag="releases",
    body=s.MoveAsked, gives=CaseMove, refuses=(*_PAIR, NothingToMove, TextRefused), status=201,
    example={"before": "0" * 64, "after": "1" * 64, "reason": "shorter limits"},
)  # fmt: skip
def ask_for_move(parts: Parts, pack: str, body: dict[str, Any]) -> Any:
    return parts.moving.propose(pack, body["before"], body["after"], body["reason"], g.actor)


@api.operation(
    "GET", "/moves/{move}", "A move and what became of its cases", tag="releases", query=s.MovedCasesQuery, gives=_VIEW, refuses=_KNOWN,
)  # fmt: skip
def one_move(parts: Parts, move: str, query: dict[str, Any]) -> Any:
    view = parts.moving.view(move, g.actor, after=query["cursor"] or "", limit=query["limit"])
    return {
        "move": view.move, "tally": dict(view.tally), "hidden": view.hidden, "cases": tuple(_case(c) for c in view.cases),
        "next": view.next,
    }  # fmt: skip


@api.operation(
    "POST", "/moves/{move}/approve", "Have a move done, as the second pair of eyes: one act, then case by case", tag="releases",
    gives=CaseMove, refuses=(*_KNOWN, SecondPairNeeded, MoveDecided, ForecastUnderWay, NotAskedFor),
)  # fmt: skip
def approve_move(parts: Parts, move: str) -> Any:
    return parts.moving.approve(move, g.actor)


@api.operation(
    "POST", "/moves/{move}/withdraw", "Take a move back that is not decided", tag="releases", gives=CaseMove,
    refuses=(*_KNOWN, MoveDecided),
)  # fmt: skip
def withdraw_move(parts: Parts, move: str) -> Any:
    return parts.moving.withdraw(move, g.actor)


def _forecast(found: Forecast) -> dict[str, Any]:
    return {
        "pack": found.pack, "before": found.before, "after": found.after, "movable": found.movable, "barred": found.barred,
        "hidden": found.hidden, "cases": tuple(_case(c) for c in found.cases),
    }  # fmt: skip


def _case(case: MovedCase) -> CaseOfMove:
    bars = tuple(Found(**finding(f, language())) for f in case.foreseen.bars)
    return CaseOfMove(
        case=case.case, seq=case.seq, state=case.state, why=case.why, bars=bars, changes=case.foreseen.changes, done=case.done
    )
