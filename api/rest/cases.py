"""Cases: open, look at, replay, prove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from api.mining import FORMATS, logged
from api.problems import language
from api.rest import refusals as r
from api.rest.asked import cases as s
from api.rest.enclosures import enclosed
from api.rest.endpoint import Api
from api.rest.shapes import within
from api.showing import record, shown
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.casebook import (
    CaseView,
    DeadlineView,
    DiagramView,
    Found,
    NoSuchEvent,
    Proof,
    StateView,
    TaskLine,
    Wanted,
    lexicon_of,
)
from engine.desk import Done
from engine.history import Record
from engine.store import CaseQuery, Head, SealedLook
from engine.story import Teller

api = Api()


@dataclass(frozen=True, kw_only=True)
class Step:
    """An event of an action, in short."""

    seq: int
    kind: str
    task: str | None
    element: str | None
    due: datetime | None
    timer: str | None
    message: str | None
    deadline: str | None


@dataclass(frozen=True, kw_only=True)
class Came:
    """What an action came to; `seq` is the version of the case now."""

    case: str
    seq: int
    number: str | None
    status: str | None
    closed: bool
    events: tuple[Step, ...]


def done(what: Done) -> Came:
    """What an action came to."""
    head = what.head
    names = ("task", "element", "due", "timer", "message", "deadline")
    return Came(
        case=what.case, seq=what.seq, number=head.number, status=head.status, closed=head.closed_at is not None,
        events=tuple(
            Step(seq=r.seq, kind=r.event.kind, **{n: getattr(r.event, n, None) for n in names}) for r in what.records
        ),
    )  # fmt: skip


@api.operation(
    "POST", "/cases", "Receive a complaint", tag="cases", body=s.OpenCase, status=201, gives=Came, refuses=r.OPEN,
    example={"pack": "office", "channel": "phone", "answers": {"subject": "门坏了", "loss": "120.50"}},
)  # fmt: skip
def open_case(parts: Parts, body: dict[str, Any]) -> Any:
    answers, files = enclosed(body["answers"])
    found = parts.desk.open_case(
        body["pack"], answers, g.actor, channel=body["channel"], parent=body["parent"], barred=tuple(body["barred"]),
        files=files,
    )  # fmt: skip
    return done(found)


@api.operation(
    "GET", "/cases", "Find cases, the latest first", tag="cases", query=s.CaseListQuery,
    gives={"cases": tuple[Head, ...], "next": str | None}, refuses=r.PAGED,
)  # fmt: skip
def cases(parts: Parts, query: dict[str, Any]) -> Any:
    page = parts.casebook.cases(CaseQuery(**query), g.actor)
    return {"cases": page.rows, "next": page.next}


@dataclass(frozen=True, kw_only=True)
class Proving:
    """An event that proves a part of what was asked."""

    about: str
    seq: int
    at: datetime
    kind: str
    #: The sentence of the event in the reader's language.
    said: str
    #: Of words: the text around them.
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A case that was found, with the events that prove it."""

    case: Head
    proof: tuple[Proving, ...]


@api.operation(
    "GET", "/find", "Find cases by what was said and what happened in them, with the events that prove it", tag="cases",
    query=s.FindQuery, gives={"cases": tuple[Hit, ...], "next": str | None}, refuses=r.PAGED,
)  # fmt: skip
def find(parts: Parts, query: dict[str, Any]) -> Any:
    broken = query.pop("broken")
    page = parts.casebook.find(Wanted(**query, limit=broken), g.actor)
    return {"cases": [_hit(parts, found) for found in page.rows], "next": page.next}


def _hit(parts: Parts, found: Found) -> Hit:
    lexicon = lexicon_of(found.release, parts.shelf)
    teller = Teller(found.release, language(), lexicon=lexicon, known=parts.shelf.known)
    said = {record.seq: teller.tell(record) for record in found.records}
    return Hit(
        case=found.head,
        proof=tuple(
            Proving(
                about=one.about, seq=one.record.seq, at=one.record.event.at, kind=one.record.event.kind,
                said=said[one.record.seq], excerpt=one.excerpt,
            )
            for one in found.proof
        ),
    )  # fmt: skip


@api.operation(
    "GET", "/log", "Cases that are not sealed as an event log for process mining: XES or OCEL 2.0; for auditors", tag="cases", query=s.LogQuery,
    gives=bytes, refuses=(NotAuthorised,),
)  # fmt: skip
def log(parts: Parts, query: dict[str, Any]) -> Any:
    kind, lang = FORMATS[query.pop("format")], query.pop("lang") or language()
    return kind.answer(logged(parts, CaseQuery(**query), g.actor, lang))


@api.operation(
    "GET", "/cases/{case}", "Everything about a case: tasks, deadlines, papers, remarks, files, what may be done", tag="cases",
    gives={"case": str, "seq": int, **within(CaseView)}, refuses=r.CASE,
)  # fmt: skip
def case(parts: Parts, case: str) -> Any:
    view = parts.casebook.case(case, g.actor)
    return {"case": case, "seq": view.head.seq, **shown(view)}


@api.operation(
    "GET", "/cases/{case}/tasks", "The open tasks of a case", tag="cases",
    gives={"case": str, "seq": int, "tasks": tuple[TaskLine, ...]}, refuses=r.CASE,
)  # fmt: skip
def tasks_of(parts: Parts, case: str) -> Any:
    view = parts.casebook.case(case, g.actor)
    return {"case": case, "seq": view.head.seq, "tasks": view.tasks}


@api.operation(
    "GET", "/cases/{case}/history", "The events of a case, with sentences", tag="cases", query=s.Span,
    gives={"case": str, "seq": int, "events": tuple[Record, ...], "next": int | None}, refuses=r.CASE,
)  # fmt: skip
def history(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    # Told from the beginning: later sentences name what earlier events opened.
    view = parts.casebook.history(case, g.actor, until=query["until"])
    with parts.store.look() as reading:
        release = parts.shelf.release(view.head.release, reading)
    teller = Teller(release, language(), names=view.names, lexicon=lexicon_of(release, parts.shelf), known=parts.shelf.known)
    told = [record(one, teller.tell(one)) for one in view.records]
    rest = [event for event in told if event["seq"] > query["after"]]
    page = rest[: query["limit"]]
    more = page[-1]["seq"] if len(rest) > len(page) else None
    return {"case": case, "seq": view.head.seq, "events": page, "next": more}


@api.operation(
    "GET", "/cases/{case}/deadlines", "The deadlines of a case and why they are when they are", tag="cases",
    gives={"case": str, "deadlines": tuple[DeadlineView, ...]}, refuses=r.CASE,
)  # fmt: skip
def deadlines(parts: Parts, case: str) -> Any:
    return {"case": case, "deadlines": parts.casebook.deadlines(case, g.actor)}


@api.operation(
    "GET", "/cases/{case}/state", "What is known now, or was after an event", tag="cases", query=s.At,
    gives=StateView, refuses=(*r.CASE, NoSuchEvent),
)  # fmt: skip
def state(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    return parts.casebook.state(case, g.actor, until=query["at"])


@api.operation(
    "GET", "/cases/{case}/diagram", "The diagrams a case runs on, with where it stands (or stood)", tag="cases", query=s.At,
    gives={"case": str, "diagrams": tuple[DiagramView, ...]}, refuses=(*r.CASE, NoSuchEvent),
)  # fmt: skip
def diagram(parts: Parts, case: str, query: dict[str, Any]) -> Any:
    return {"case": case, "diagrams": parts.casebook.diagram(case, g.actor, until=query["at"])}


@api.operation(
    "GET", "/cases/{case}/verify", "Replay a case and prove it: chain, outcomes, resulting state; for auditors and administrators", tag="cases",
    gives={"case": str, "agrees": bool, **within(Proof)}, refuses=(*r.CASE, NotAuthorised),
)  # fmt: skip
def verify(parts: Parts, case: str) -> Any:
    proof = parts.casebook.verify(case, g.actor)
    return {"case": case, "agrees": proof.verdict.agrees and proof.head_agrees, **shown(proof)}


@api.operation(
    "GET", "/cases/{case}/looks", "Who looked at a sealed case: for its overseers and auditors", tag="cases",
    gives={"case": str, "looks": tuple[SealedLook, ...]}, refuses=(*r.CASE, NotAuthorised),
)  # fmt: skip
def looks(parts: Parts, case: str) -> Any:
    return {"case": case, "looks": parts.casebook.looks(case, g.actor)}
